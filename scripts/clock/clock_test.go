package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestEverythingBelowIsAhead: a program that Go runs below takes the time for another.
func TestEverythingBelowIsAhead(t *testing.T) {
	dir := t.TempDir()
	program := "package main\n\nimport \"time\"\n\nfunc main() { print(time.Now().Unix()) }\n"
	tells, told := filepath.Join(dir, "main.go"), filepath.Join(dir, "told")
	if err := os.WriteFile(tells, []byte(program), 0o644); err != nil {
		t.Fatal(err)
	}
	by, err := shift(0, "2124-02-29", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), by, []string{"sh", "-c", `go run "$0" 2>"$1"`, tells, told}); err != nil {
		t.Fatal(err)
	}
	out, _ := os.ReadFile(told)
	seconds, err := strconv.ParseInt(string(out), 10, 64)
	if got := time.Unix(seconds, 0).UTC().Format(time.DateOnly); err != nil || got != "2124-02-29" {
		t.Errorf("the program says %q, which is %s (%v)", out, got, err)
	}
}

// TestOtherReleasesOfGo: where time.Now is another than it was, it is an error, and
// not a test by today's clock.
func TestOtherReleasesOfGo(t *testing.T) {
	t.Parallel()
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "src", "time", "time.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{asks, imports} {
		for _, n := range []int{0, 2} {
			_, err := change(strings.Replace(string(source), line, strings.Repeat(line, n), 1))
			if want := strconv.Quote(strings.TrimSpace(line)); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%d times: %v, want an error that names %s", n, err, want)
			}
		}
	}
}

func TestShift(t *testing.T) {
	t.Parallel()
	now := time.Date(2027, 2, 28, 9, 0, 0, 0, time.UTC)
	tests := []struct {
		ahead time.Duration
		at    string
		want  string // what the clock shows, or what is wrong
	}{
		{24 * time.Hour, "", "2027-03-01T09:00:00Z"},
		{0, "2028-02-29", "2028-02-29T12:00:00Z"},
		{0, "2028-02-29T23:59:00+14:00", "2028-02-29T09:59:00Z"},
		{0, "2027-02-29", "-at 2027-02-29 is no time: write it as 2028-02-29 or 2028-02-29T23:59:00Z"},
	}
	for _, tt := range tests {
		by, err := shift(tt.ahead, tt.at, now)
		got := now.Add(by).Format(time.RFC3339)
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%v, %q: %s, want %s", tt.ahead, tt.at, got, tt.want)
		}
	}
}

func TestNothingToRun(t *testing.T) {
	t.Parallel()
	if err := run(t.Context(), time.Hour, nil); err == nil || !strings.Contains(err.Error(), "no command") {
		t.Errorf("without a command: %v", err)
	}
}
