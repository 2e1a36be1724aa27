package assembly_test

import (
	"bytes"
	"debug/elf"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/bundle"
	"github.com/entente-bot/entente/internal/env"
	"github.com/entente-bot/entente/internal/lambdahost"
)

// The bars for a start without anything warm, of the function that Discord waits
// for. They are of work, not of time: a busy machine takes longer for the same.
const (
	startBar = 150 * time.Millisecond // processor time, from the start of the process until it asks for its first event
	initBar  = 13_000                 // allocations of packages before main
	tries    = 20                     // the least counts: the others shared their processor; the first below the bar is enough
)

// own is an environment in which every function starts, and calls nobody.
func own() map[string]string {
	return map[string]string{
		env.PublicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", env.ApplicationID: "100000000000000001",
		env.Token: "none", env.RecordsTable: "records", env.ActionsTable: "actions", env.QueueURL: "https://queue.invalid/1/actions",
	}
}

// TestColdStart reports what a cold start of each function takes on this machine,
// and holds the one that Discord waits for to the bars.
func TestColdStart(t *testing.T) {
	for name, path := range bootstraps(t) {
		t.Run(name, func(t *testing.T) {
			start, packages := cold(t, path)
			for n := 1; n < tries && start > startBar && name == "interactions"; n++ {
				took, _ := cold(t, path)
				start = min(start, took)
			}
			t.Logf("%s: %.1f ms of a processor to its first event, %d allocations before main", name, start.Seconds()*1000, packages)
			if name != "interactions" {
				return
			}
			if start > startBar {
				t.Errorf("it asks for its first event after %v of a processor, and may after %v", start, startBar)
			}
			if packages > initBar {
				t.Errorf("its packages make %d allocations before main, and may make %d", packages, initBar)
			}
		})
	}
}

// cold starts a function, ends it when it asks for its first event, and returns the
// processor time of its process, and how often its packages allocated before main.
func cold(t *testing.T, path string) (start time.Duration, packages int) {
	t.Helper()
	asked := make(chan bool, 1)
	api := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case asked <- true:
		default:
		}
		<-r.Context().Done()
	}))
	defer api.Close()
	var log bytes.Buffer
	cmd := exec.Command(path)
	cmd.Stdout, cmd.Stderr = &log, &log
	cmd.Env = append(os.Environ(), "AWS_LAMBDA_RUNTIME_API="+strings.TrimPrefix(api.URL, "http://"), "GODEBUG=inittrace=1", "AWS_REGION=eu-central-1")
	for k, v := range own() {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-asked:
		_ = cmd.Process.Kill()
		<-ended // killed, as it should be
	case err := <-ended:
		t.Fatalf("it ended before it asked for an event: %v\n%s", err, log.String())
	}
	lines := regexp.MustCompile(`(?m)^init \S+ @\S+ ms, \S+ ms clock, \d+ bytes, (\d+) allocs`).FindAllStringSubmatch(log.String(), -1)
	if len(lines) == 0 {
		t.Fatalf("no trace of what packages do: %s", log.String())
	}
	for _, l := range lines {
		n, err := strconv.Atoi(l[1])
		if err != nil {
			t.Fatal(err)
		}
		packages += n
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), packages
}

// TestNothingIsFetchedAtStart starts the function that Discord waits for with an
// AWS that would note every request: each would make a cold start longer.
func TestNothingIsFetchedAtStart(t *testing.T) {
	asked := make(chan string, 100)
	aws := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r.Header.Get("X-Amz-Target") }))
	defer aws.Close()
	vars := own()
	delete(vars, env.Token)
	vars["AWS_ENDPOINT_URL"] = aws.URL
	f, err := lambdahost.Start(t.Context(), lambdahost.Config{Name: "interactions", Bootstrap: bootstraps(t)["interactions"], Env: vars})
	if err != nil {
		t.Fatal(err)
	}
	f.Stop()
	if len(asked) > 0 {
		t.Errorf("it asks AWS before its first event: %s", <-asked)
	}
}

// TestBundles reports the sizes of the bundles that scripts/build made, and
// holds them to their bars.
func TestBundles(t *testing.T) {
	var files []string
	for _, pattern := range []string{"*/bootstrap", "*/*/bootstrap"} {
		more, err := filepath.Glob(filepath.Join(root(t), "dist", pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	if len(files) == 0 && os.Getenv("CI") == "true" {
		t.Fatal("THERE ARE NO BUNDLES in dist, and with CI=true there must be: run go run ./scripts/build")
	}
	if len(files) == 0 {
		t.Log("THERE ARE NO BUNDLES in dist, NO SIZE WAS TESTED: run go run ./scripts/build")
	}
	for _, file := range files {
		binary, err := elf.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		arch := map[elf.Machine]string{elf.EM_AARCH64: "arm64", elf.EM_X86_64: "amd64"}[binary.Machine]
		_ = binary.Close() // it was only read
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		b := bundle.Bundle{Name: filepath.Base(filepath.Dir(file)), Arch: arch, Path: file, Size: info.Size()}
		t.Logf("%s for %s: %s", b.Name, b.Arch, bundle.Megabytes(b.Size))
		if err := b.Check(); err != nil {
			t.Error(err)
		}
	}
}
