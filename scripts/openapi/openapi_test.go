package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const text = `{"openapi":"3.1.0"}`

func sumOf(text string) string {
	s := sha256.Sum256([]byte(text))
	return hex.EncodeToString(s[:])
}

// TestFetchedOnce: the document is fetched, and found where it was put the next time;
// what was put in its place is not taken for it.
func TestFetchedOnce(t *testing.T) {
	t.Parallel()
	asked := 0
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		_, _ = w.Write([]byte(text))
	}))
	defer host.Close()
	file := filepath.Join(t.TempDir(), "below", "openapi.json")
	for i, want := range []int{1, 1, 2} {
		if i == 2 {
			if err := os.WriteFile(file, []byte("{}"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		out := new(bytes.Buffer)
		if err := run(t.Context(), []string{"-o", file}, document{host.URL, sumOf(text)}, out, out); err != nil || out.String() != file+"\n" {
			t.Fatalf("%v, and it prints %q", err, out)
		}
		if got, err := os.ReadFile(file); string(got) != text || asked != want {
			t.Errorf("the file holds %q (%v) after %d requests, want %d", got, err, asked, want)
		}
	}
}

// TestNotTheDocument: what is no document, or another one, is not written.
func TestNotTheDocument(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, args, says string
		answer           http.HandlerFunc
	}{
		{"another", "", "its checksum is another one", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text + " ")) }},
		{"none", "", "404", http.NotFound},
		{"nobody there", "", "set DISCORD_OPENAPI to a file that holds it", nil},
		{"an argument", "all", `it takes no "all"`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			host := httptest.NewServer(tt.answer)
			defer host.Close()
			if tt.answer == nil {
				host.Close()
			}
			file := filepath.Join(t.TempDir(), "openapi.json")
			out := new(bytes.Buffer)
			err := run(t.Context(), append([]string{"-o", file}, strings.Fields(tt.args)...), document{host.URL, sumOf(text)}, out, out)
			if err == nil || !strings.Contains(err.Error(), tt.says) || out.Len() > 0 {
				t.Errorf("%v, and it prints %q; want %s", err, out, tt.says)
			}
			if left, _ := filepath.Glob(file + "*"); len(left) > 0 {
				t.Errorf("it leaves %v", left)
			}
		})
	}
}
