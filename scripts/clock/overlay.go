package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// asks is the line of time.Now that asks for the time, and asksAhead what stands
// there instead.
const (
	asks      = "\tsec, nsec, mono := runtimeNow()\n"
	asksAhead = "\tsec, nsec, mono := runtimeNow()\n\tif !runtimeIsBubbled() {\n\t\tsec += int64(clockAhead / Second)\n\t}\n"
)

// reads is the rest: how far ahead the clock is, read once when the program starts.
const reads = `
var clockAhead = readClockAhead()

func readClockAhead() Duration {
	text, set := syscall.Getenv("` + variable + `")
	if !set {
		return 0
	}
	d, err := ParseDuration(text)
	if err != nil {
		panic("` + variable + `: " + err.Error())
	}
	return d
}
`

// imports is where time.go begins to import, and importsToo what stands there instead.
const (
	imports    = "import (\n"
	importsToo = "import (\n\t\"syscall\"\n"
)

// write writes what Go is to build instead of its own package time to dir, and
// returns the path of the file that says so: the value of the flag -overlay.
func write(dir, goroot string) (string, error) {
	original := filepath.Join(goroot, "src", "time", "time.go")
	source, err := os.ReadFile(original)
	if err != nil {
		return "", fmt.Errorf("read what time.Now is made of: %w", err)
	}
	changed, err := change(string(source))
	if err != nil {
		return "", err
	}
	instead, overlay := filepath.Join(dir, "time.go"), filepath.Join(dir, "overlay.json")
	list, err := json.Marshal(map[string]any{"Replace": map[string]string{original: instead}})
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(instead, []byte(changed), 0o644); err != nil {
		return "", err
	}
	return overlay, os.WriteFile(overlay, list, 0o644)
}

// change returns time.go with a time.Now that is ahead.
func change(source string) (string, error) {
	for _, line := range []string{asks, imports} {
		if n := strings.Count(source, line); n != 1 {
			return "", fmt.Errorf("the line %q stands %d times in the time.go of %s, not once: bring scripts/clock up to this release of Go", strings.TrimSpace(line), n, runtime.Version())
		}
	}
	return strings.NewReplacer(asks, asksAhead, imports, importsToo).Replace(source) + reads, nil
}
