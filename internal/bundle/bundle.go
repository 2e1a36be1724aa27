// Package bundle builds what Lambda runs: one binary, named bootstrap, for each
// folder below functions/.
//
// A bundle depends on the source, its commit, the Go release and the target alone,
// not on where or when it was built: from the same commit come the same bytes. The
// commit is in it as its version, see package version.
package bundle

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A Target is what a bundle is built for, in Go's words.
type Target struct {
	OS   string // "linux" on Lambda
	Arch string // "arm64" or "amd64"
}

// A Bundle is one binary that was built.
type Bundle struct {
	Name string // the function, or the last element of the package's path
	Arch string
	Path string
	Size int64 // in bytes
}

// Root returns the folder of the module that dir lies in.
func Root(dir string) (string, error) {
	at, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("no go.mod in %s or above it", dir)
		}
		at = filepath.Dir(at)
	}
}

// Functions returns the names of the functions of the module at root, sorted:
// the folders below functions/ that hold Go files.
func Functions(root string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(root, "functions"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the functions: %w", err)
	}
	var names []string
	for _, e := range entries {
		files, err := filepath.Glob(filepath.Join(root, "functions", e.Name(), "*.go"))
		if err != nil {
			return nil, fmt.Errorf("list the functions: %w", err)
		}
		if len(files) > 0 {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// Build compiles the main package pkg ("./functions/worker") of the module at
// root into the file dir/bootstrap. The error of a build that failed holds what
// the compiler said.
func Build(ctx context.Context, root, pkg, dir string, to Target) (Bundle, error) {
	path, err := filepath.Abs(filepath.Join(dir, "bootstrap"))
	if err != nil {
		return Bundle{}, fmt.Errorf("build %s: %w", pkg, err)
	}
	// lambda.norpc leaves out the protocol of a runtime that is gone; -s -w leave
	// out what only a debugger reads. -buildvcs=auto takes the version from the
	// clone, if it is built in one.
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=auto",
		"-tags=lambda.norpc", "-ldflags=-s -w", "-o", path, pkg)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+to.OS, "GOARCH="+to.Arch,
		"GOFLAGS="+overlay(), "GOWORK=off", "GOEXPERIMENT=", "GOAMD64=v1", "GOARM64=v8.0") // whatever this machine's defaults are
	if out, err := cmd.CombinedOutput(); err != nil {
		return Bundle{}, fmt.Errorf("build %s for %s/%s: %w\n%s", pkg, to.OS, to.Arch, err, strings.TrimSpace(string(out)))
	}
	info, err := os.Stat(path)
	if err != nil {
		return Bundle{}, fmt.Errorf("build %s: %w", pkg, err)
	}
	return Bundle{Name: filepath.Base(pkg), Arch: to.Arch, Path: path, Size: info.Size()}, nil
}

// overlay is the flag that has Go build other files in the place of some, if GOFLAGS
// has it: by that, scripts/clock has everything run by another clock.
func overlay() string {
	for flag := range strings.FieldsSeq(os.Getenv("GOFLAGS")) {
		if strings.HasPrefix(flag, "-overlay=") {
			return flag
		}
	}
	return ""
}

// Bars says how large the bundles of functions may be, in bytes, for arm64: that
// is what the stack deploys, and amd64 takes more bytes for the same code. A bundle
// is read before the first line of it runs, and Discord waits 3 s.
func Bars() map[string]int64 {
	return map[string]int64{"interactions": 12_000_000}
}

// Check fails if b has a bar and is larger.
func (b Bundle) Check() error {
	if bar, ok := Bars()[b.Name]; ok && b.Arch == "arm64" && b.Size > bar {
		return fmt.Errorf("%s is %s, and may be %s: see what it imports", b.Name, Megabytes(b.Size), Megabytes(bar))
	}
	return nil
}

// Megabytes writes a size for people: "11.2 MB".
func Megabytes(bytes int64) string { return fmt.Sprintf("%.1f MB", float64(bytes)/1e6) }
