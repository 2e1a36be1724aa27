package bundle_test

import (
	"bytes"
	"debug/buildinfo"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/bundle"
)

// lambda is what every bundle of a deployment is built for.
func lambda() bundle.Target { return bundle.Target{OS: "linux", Arch: "arm64"} }

// module writes a module with two functions, and a folder that is none, to a new
// folder.
func module(t *testing.T) (root string) {
	t.Helper()
	root = t.TempDir()
	files := map[string]string{
		"go.mod":                   "module example.test/bot\n\ngo 1.26\n",
		"functions/hello/main.go":  "package main\n\nfunc main() { println(\"hello\") }\n",
		"functions/broken/main.go": "package main\n\nfunc main() { nowhere() }\n",
		"functions/README.md":      "no function\n",
		"functions/empty/notes.md": "no function\n",
	}
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestFunctionsAreTheFoldersWithCode(t *testing.T) {
	t.Parallel()
	got, err := bundle.Functions(module(t))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"broken", "hello"}; !slices.Equal(got, want) {
		t.Errorf("functions = %q, want %q", got, want)
	}
}

func TestModuleWithoutFunctions(t *testing.T) {
	t.Parallel()
	if got, err := bundle.Functions(t.TempDir()); err != nil || len(got) > 0 {
		t.Errorf("functions = %q, %v, want none", got, err)
	}
}

func TestRootIsFoundFromBelow(t *testing.T) {
	t.Parallel()
	root := module(t)
	got, err := bundle.Root(filepath.Join(root, "functions", "hello"))
	if err != nil || got != root {
		t.Errorf("root = %q, %v, want %q", got, err, root)
	}
	if got, err := bundle.Root(string(filepath.Separator)); err == nil {
		t.Errorf("found a module in the file system's root: %q", got)
	}
}

func TestBuildIsForLambdaAndReproducible(t *testing.T) {
	t.Parallel()
	var built [][]byte
	for range 2 { // in two places
		out := t.TempDir()
		b, err := bundle.Build(t.Context(), module(t), "./functions/hello", out, lambda())
		if err != nil {
			t.Fatal(err)
		}
		if want := filepath.Join(out, "bootstrap"); b.Path != want || b.Name != "hello" {
			t.Errorf("built %q at %s, want hello at %s", b.Name, b.Path, want)
		}
		code, err := os.ReadFile(b.Path)
		if err != nil {
			t.Fatal(err)
		}
		if int64(len(code)) != b.Size {
			t.Errorf("Size = %d, and the file has %d bytes", b.Size, len(code))
		}
		built = append(built, code)
	}
	if !bytes.Equal(built[0], built[1]) {
		t.Error("the same source gave two different bundles")
	}
	binary, err := elf.NewFile(bytes.NewReader(built[0]))
	if err != nil {
		t.Fatal(err)
	}
	if binary.Machine != elf.EM_AARCH64 || binary.Section(".debug_info") != nil || binary.Section(".interp") != nil {
		t.Errorf("built for %v, with sections %v; want arm64, stripped, static", binary.Machine, binary.Sections)
	}
}

// TestBundleKnowsItsVersion builds the same commit of two clones: the bytes are the
// same, and tell the version. A change that was not committed is told, too.
func TestBundleKnowsItsVersion(t *testing.T) {
	t.Parallel()
	var built [][]byte
	for range 2 {
		root := clone(t)
		built = append(built, bytesOf(t, root))
		if got := versionIn(t, built[0]); got != "v1.4.0" {
			t.Errorf("the version is %q, want v1.4.0", got)
		}
		if err := os.WriteFile(filepath.Join(root, "functions", "README.md"), []byte("changed\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := versionIn(t, bytesOf(t, root)); got != "v1.4.0+dirty" {
			t.Errorf("changed, the version is %q, want v1.4.0+dirty", got)
		}
	}
	if !bytes.Equal(built[0], built[1]) {
		t.Error("the same commit gave two different bundles")
	}
}

// clone is module, committed and tagged.
func clone(t *testing.T) (root string) {
	t.Helper()
	root = module(t)
	for _, args := range [][]string{
		{"init", "-q"}, {"add", "."}, {"-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-q", "-m", "x"}, {"tag", "v1.4.0"},
	} {
		cmd := exec.CommandContext(t.Context(), "git", args...)
		cmd.Dir, cmd.Env = root, append(os.Environ(), "GIT_AUTHOR_DATE=2026-06-01T00:00:00Z", "GIT_COMMITTER_DATE=2026-06-01T00:00:00Z")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	return root
}

// bytesOf builds the function hello of a module.
func bytesOf(t *testing.T, root string) []byte {
	t.Helper()
	b, err := bundle.Build(t.Context(), root, "./functions/hello", t.TempDir(), lambda())
	if err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile(b.Path)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// versionIn returns the version that Go wrote into a program.
func versionIn(t *testing.T, code []byte) string {
	t.Helper()
	info, err := buildinfo.Read(bytes.NewReader(code))
	if err != nil {
		t.Fatal(err)
	}
	return info.Main.Version
}

func TestBuildShowsWhatTheCompilerSaid(t *testing.T) {
	t.Parallel()
	_, err := bundle.Build(t.Context(), module(t), "./functions/broken", t.TempDir(), lambda())
	if err == nil || !strings.Contains(err.Error(), "undefined: nowhere") {
		t.Errorf("error = %v, want the compiler's words", err)
	}
}

func TestBarHoldsInteractionsDown(t *testing.T) {
	t.Parallel()
	tests := []struct {
		function string
		arch     string
		size     int64
		failed   string // "" if it passes
	}{
		{"interactions", "arm64", 12_000_000, ""},
		{"interactions", "amd64", 12_600_000, ""},
		{"interactions", "arm64", 12_600_000, "interactions is 12.6 MB, and may be 12.0 MB: see what it imports"},
		{"worker", "arm64", 30_000_000, ""},
	}
	for _, tt := range tests {
		err := bundle.Bundle{Name: tt.function, Arch: tt.arch, Size: tt.size}.Check()
		if got := message(err); got != tt.failed {
			t.Errorf("%s of %d bytes: %q, want %q", tt.function, tt.size, got, tt.failed)
		}
	}
}

// message is what err says; "" if it is nil.
func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
