package assembly_test

import (
	"debug/elf"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/bundle"
	"github.com/entente-bot/entente/internal/env"
	"github.com/entente-bot/entente/internal/lambdahost"
)

// The bars for a start without anything warm, of the function that Discord waits
// for.
const (
	startBar = 15 * time.Millisecond // from the start of the process until it asks for its first event
	initBar  = 5 * time.Millisecond  // what packages do before main
	tries    = 20                    // the quickest counts: others had to wait for this machine
	most     = 400                   // where it is so busy that each had to wait
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
			start, packages := time.Hour, time.Hour
			for n := 0; n < tries || n < most && name == "interactions" && (start > startBar || packages > initBar); n++ {
				took, before := cold(t, name, path)
				start, packages = min(start, took), min(packages, before)
			}
			t.Logf("%s: %.1f ms to its first event, %.2f ms of them before main", name, ms(start), ms(packages))
			if name != "interactions" {
				return
			}
			if start > startBar {
				t.Errorf("it asks for its first event after %.1f ms, and may after %.1f", ms(start), ms(startBar))
			}
			if packages > initBar {
				t.Errorf("its packages take %.2f ms to initialize, and may take %.2f", ms(packages), ms(initBar))
			}
		})
	}
}

// cold starts a function twice: for the time until it asks for its first event, and
// for that of its packages, which is written down while it is measured.
func cold(t *testing.T, name, path string) (start, packages time.Duration) {
	t.Helper()
	began := time.Now()
	f, err := lambdahost.Start(t.Context(), lambdahost.Config{Name: name, Bootstrap: path, Env: own(), Memory: 256})
	if err != nil {
		t.Fatal(err)
	}
	start = time.Since(began)
	f.Stop()
	traced := own()
	traced["GODEBUG"] = "inittrace=1"
	if f, err = lambdahost.Start(t.Context(), lambdahost.Config{Name: name, Bootstrap: path, Env: traced}); err != nil {
		t.Fatal(err)
	}
	f.Stop()
	lines := regexp.MustCompile(`(?m)^init \S+ @\S+ ms, (\S+) ms clock`).FindAllStringSubmatch(f.Logs(), -1)
	if len(lines) == 0 {
		t.Fatalf("no trace of what packages do: %s", f.Logs())
	}
	for _, l := range lines {
		n, err := strconv.ParseFloat(l[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		packages += time.Duration(n * float64(time.Millisecond))
	}
	return start, packages
}

// ms is a time in milliseconds.
func ms(d time.Duration) float64 { return d.Seconds() * 1000 }

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
