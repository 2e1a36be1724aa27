package main_test

import (
	"bytes"
	"errors"
	"net/http"
	"os/exec"
	"strings"
	"testing"
)

// TestWrongEnvironment: the program ends at once, with one line that names the
// variable.
func TestWrongEnvironment(t *testing.T) {
	t.Parallel()
	program := built(t)
	key := strings.Repeat("0123456789abcdef", 4)
	full := map[string]string{
		"DISCORD_PUBLIC_KEY": key, "DISCORD_APPLICATION_ID": "1234567890123456789", "DISCORD_TOKEN": "x", "DISCORD_API_URL": "http://127.0.0.1:9/api/v10",
	}
	tests := []struct{ name, variable, value string }{
		{"no key", "DISCORD_PUBLIC_KEY", ""},
		{"key too short", "DISCORD_PUBLIC_KEY", key[:62]},
		{"key too long", "DISCORD_PUBLIC_KEY", key + "00"},
		{"key of zeros", "DISCORD_PUBLIC_KEY", strings.Repeat("0", 64)},
		{"key is no hex", "DISCORD_PUBLIC_KEY", strings.Repeat("xy", 32)},
		{"no application", "DISCORD_APPLICATION_ID", ""},
		{"application is no ID", "DISCORD_APPLICATION_ID", "entente"},
		{"no token", "DISCORD_TOKEN", ""},
		{"token misspelt", "DISCORD_TOKN", "x"},
		{"URL misspelt", "DISCORD_API_ULR", "http://127.0.0.1:9/api/v10"},
		{"a variable of nobody", "ENTENTE_PARTNERS", "100"},
		{"tables without DynamoDB", "AWS_ENDPOINT_URL_DYNAMODB", ""},
		{"URL without a scheme", "DISCORD_API_URL", "discord.example/api"},
		{"URL of another machine, with controls", "DISCORD_API_URL", "https://discord.example/api"},
		{"unknown level", "ENTENTE_LOG_LEVEL", "loud"},
		{"DynamoDB without tables", "ENTENTE_RECORDS_TABLE", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			environment := map[string]string{tt.variable: tt.value}
			for name, value := range full {
				if name != tt.variable {
					environment[name] = value
				}
			}
			switch tt.name {
			case "DynamoDB without tables":
				environment["AWS_ENDPOINT_URL_DYNAMODB"] = "http://127.0.0.1:9"
			case "tables without DynamoDB":
				environment["ENTENTE_RECORDS_TABLE"], environment["ENTENTE_ACTIONS_TABLE"] = "records", "actions"
			}
			cmd := command(t.Context(), program, environment, "-addr", "127.0.0.1:0", "-data", t.TempDir()+"/db", "-dev-controls")
			refused(t, cmd, tt.variable)
		})
	}
}

// TestVersion: the program says which one it is, without any of what it needs to serve.
func TestVersion(t *testing.T) {
	t.Parallel()
	out, err := command(t.Context(), built(t), nil, "-version").Output()
	if fields := strings.Fields(string(out)); err != nil || len(fields) != 2 || fields[0] != "entente" {
		t.Errorf("it says %q, %v", out, err)
	}
}

// refused runs the program, and fails the test unless it ends at once with status 1
// and one line that holds all of words. What is logged comes before.
func refused(t *testing.T, cmd *exec.Cmd, words ...string) {
	t.Helper()
	var said bytes.Buffer
	cmd.Stderr = &said
	err := cmd.Run()
	if exit := new(exec.ExitError); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("it ended with %v, want exit status 1", err)
	}
	logged, line, _ := strings.Cut(said.String(), "serve: ")
	for _, w := range words {
		if strings.Count(line, "\n") != 1 || !strings.Contains(line, w) || logged != "" && !strings.HasPrefix(logged, "time=") {
			t.Errorf("it said %q, want one line that holds %q", said.String(), w)
		}
	}
}

// TestEndsWhenAsked: SIGTERM ends the program with status 0, and what it had
// accepted is done by the next.
func TestEndsWhenAsked(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.start()
	answer, err := http.Get(h.base + "/healthz")
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("healthz: %v, %v", answer, err)
	}
	_ = answer.Body.Close()
	if err := h.SetUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Apply(t.Context(), h.Rio, h.Form()); err != nil {
		t.Fatal(err)
	}
	if err := h.end(); err != nil {
		t.Errorf("asked to end, the program said %v", err)
	}
	h.start()
	h.settle()
	if n := len(h.Messages(h.Review)); n != 1 {
		t.Errorf("%d cards stand, want 1", n)
	}
	if err := h.end(); err != nil {
		t.Errorf("asked to end, the program said %v", err)
	}
}
