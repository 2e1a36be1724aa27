package discordrest_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/action"
)

// TestFileHosts asks nobody but Discord for a file, and sends no token along.
func TestFileHosts(t *testing.T) {
	tests := []struct {
		link  string
		asked bool
	}{
		{"https://cdn.discordapp.com/ephemeral-attachments/1/2/a.png?ex=1&is=2&hm=3&", true},
		{"https://media.discordapp.net/attachments/1/2/a.png", true},
		{"https://discord.test/attachments/1/2/a.png", true},
		{"http://cdn.discordapp.com/attachments/1/2/a.png", false},
		{"http://discord.test/attachments/1/2/a.png", false},
		{"https://cdn.discordapp.com:8443/a.png", false},
		{"https://cdn.discordapp.com.evil.example/a.png", false},
		{"https://evil.example/cdn.discordapp.com/a.png", false},
		{"https://cdn.discordapp.com@evil.example/a.png", false},
		{"https://user:pass@cdn.discordapp.com/a.png", false},
		{"https://169.254.169.254/latest/meta-data/", false},
		{"file:///etc/passwd", false},
		{"//cdn.discordapp.com/a.png", false},
		{"", false},
		{"https://cdn.discordapp.com/%zz", false},
	}
	for _, tt := range tests {
		t.Run(tt.link, func(t *testing.T) {
			record := new(tape)
			_, err := open(record.on(always(200, "bytes"))).File(t.Context(), tt.link, 100)
			if asked := len(record.lines) > 0; asked != tt.asked || (err == nil) != tt.asked {
				t.Errorf("asked %v with error %v, want asked %v", record.lines, err, tt.asked)
			}
			if record.head.Get("Authorization") != "" {
				t.Error("the bot's token was sent to the CDN")
			}
		})
	}
}

// endless is a body that does not end, and tells how much of it was read.
type endless struct{ read int }

func (e *endless) Read(b []byte) (int, error) {
	e.read += len(b)
	return len(b), nil
}

func TestFileAnswers(t *testing.T) {
	const link = "https://cdn.discordapp.com/attachments/1/2/a.png?hm=canary-signature"
	body := new(endless)
	tests := []struct {
		name    string
		answer  trip
		verdict action.Verdict
		ok      bool
	}{
		{"as large as may be", always(200, "0123456789"), 0, true},
		{"a byte more", always(200, "0123456789+"), action.Bury, false},
		{"without end", func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, ContentLength: -1, Header: http.Header{}, Body: io.NopCloser(body)}, nil
		}, action.Bury, false},
		{"a length that is too large", func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, ContentLength: 11, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(""))}, nil
		}, action.Bury, false},
		{"over", always(404, ""), action.Bury, false},
		{"forbidden", always(403, ""), action.Bury, false},
		{"elsewhere", always(302, "", "Location", "https://evil.example/a.png"), action.Bury, false},
		{"down", always(503, ""), action.Again, false},
		{"limited", always(429, ""), action.Again, false},
		{"no answer", func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }, action.Again, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			record := new(tape)
			data, err := open(record.on(tt.answer)).File(t.Context(), link, 10)
			if tt.ok {
				if err != nil || string(data) != "0123456789" {
					t.Errorf("File = %q, %v", data, err)
				}
				return
			}
			f := new(action.Failure)
			if !errors.As(err, &f) || f.Verdict != tt.verdict {
				t.Fatalf("File = %v, want verdict %d", err, tt.verdict)
			}
			if strings.Contains(err.Error(), "canary") {
				t.Errorf("the link is in the error: %v", err)
			}
			if len(record.lines) != 1 {
				t.Errorf("%d requests, want 1", len(record.lines))
			}
		})
	}
	if body.read > 1<<16 {
		t.Errorf("%d bytes were read of a file that may have 10", body.read)
	}
}
