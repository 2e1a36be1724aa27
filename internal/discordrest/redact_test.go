package discordrest_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/discordrest"
)

// fails makes requests fail with err, on top of all that they hold.
func fails(err error) trip {
	return func(rq *http.Request) (*http.Response, error) {
		body, _ := io.ReadAll(rq.Body)
		leak := fmt.Errorf("%s %s %s: %w", rq.URL, rq.Header.Get("Authorization"), body, err)
		return nil, &url.Error{Op: rq.Method, URL: rq.URL.String(), Err: leak}
	}
}

// echo answers with all that a request holds.
func echo(status int, shape string) trip {
	return func(rq *http.Request) (*http.Response, error) {
		body, _ := io.ReadAll(rq.Body)
		all := fmt.Sprintf("%q", fmt.Sprint(rq.URL, rq.Header, string(body)))
		return answer(status, fmt.Sprintf(shape, all), "X-RateLimit-Bucket", all, "X-RateLimit-Scope", all, "Retry-After", "0.01"), nil
	}
}

// FAULTS S35: a canary through every error path is seen in no error and no log.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	paths := map[string]http.RoundTripper{
		"reset":              fails(syscall.ECONNRESET),
		"refused":            fails(syscall.ECONNREFUSED),
		"time-out":           fails(context.DeadlineExceeded),
		"given up":           fails(context.Canceled),
		"cut off":            fails(io.ErrUnexpectedEOF),
		"no such host":       fails(&net.DNSError{Err: content, Name: content, Server: content}),
		"certificate":        fails(&tls.CertificateVerificationError{Err: errors.New(content)}),
		"unknown":            fails(errors.New(content)),
		"success, not JSON":  echo(200, "%s %[1]s"),
		"success, wrong":     echo(200, `{"id":%s}`),
		"success, no object": echo(200, `%s`),
		"success, no ID":     echo(200, `{"content":%s}`),
		"404":                echo(404, `{"code":10003,"message":%s}`),
		"400 unknown":        echo(400, `{"code":7,"message":%s}`),
		"400 invalid":        echo(400, `{"code":50035,"message":%[1]s,"errors":{%[1]s:{"_errors":[{"code":%[1]s,"message":%[1]s}]}}}`),
		"400 odd":            echo(400, `{"code":50035,"errors":%s}`),
		"400 text":           echo(400, `%s`),
		"401":                echo(401, `{"code":0,"message":%s}`),
		"403 page":           echo(403, `<html>%s`),
		"429":                echo(429, `{"message":%s,"global":false}`),
		"500":                echo(500, `%s`),
		"503":                echo(503, `{"code":130000,"message":%s}`),
	}
	for name, d := range paths {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkNothingLeaks(t, d, base)
		})
	}
	t.Run("bad URL", func(t *testing.T) {
		t.Parallel()
		checkNothingLeaks(t, http.DefaultTransport, "http://[::1")
	})
	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(http.NotFoundHandler())
		server.Close()
		checkNothingLeaks(t, http.DefaultTransport, server.URL)
	})
	t.Run("unknown certificate", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.StartTLS()
		defer server.Close()
		checkNothingLeaks(t, &http.Transport{TLSClientConfig: &tls.Config{ServerName: "discord.test"}}, server.URL)
	})
	t.Run("mentions", func(t *testing.T) {
		t.Parallel()
		open := &discord.AllowedMentions{Parse: []discord.AllowedMentionType{content}}
		_, err := openLogging(t, always(200, `{}`), base, nil).CreateMessage(t.Context(), "7", discord.MessageCreate{Content: content, AllowedMentions: open})
		checkClean(t, err)
	})
}

// openLogging returns a client that logs everything to l.
func openLogging(t *testing.T, d http.RoundTripper, at string, l *logbook) *discordrest.Client {
	if l == nil {
		l = new(logbook)
	}
	c := open(d, to(l), func(cfg *discordrest.Config) { cfg.URL, cfg.Timeout = at, 5*time.Second })
	t.Cleanup(c.Close)
	return c
}

// checkNothingLeaks makes calls that hold the canaries and fail by d.
func checkNothingLeaks(t *testing.T, d http.RoundTripper, at string) {
	t.Helper()
	text := content
	file := &discord.File{Name: "a.png", Reader: strings.NewReader(content)}
	calls := map[string]func(c *discordrest.Client) error{
		"create": func(c *discordrest.Client) error {
			return second(c.CreateMessage(t.Context(), "7", discord.MessageCreate{Content: content, Nonce: "n"}))
		},
		"create with file": func(c *discordrest.Client) error {
			return second(c.CreateMessage(t.Context(), "7", discord.MessageCreate{Content: content, Files: []*discord.File{file}}))
		},
		"edit reply": func(c *discordrest.Client) error {
			return c.EditReply(t.Context(), replyToken, discord.MessageUpdate{Content: &text})
		},
		"follow up": func(c *discordrest.Client) error {
			return c.FollowUp(t.Context(), replyToken, discord.MessageCreate{Content: content})
		},
		"invite": func(c *discordrest.Client) error { return second(c.Invite(t.Context(), "canary-invite")) },
		"role":   func(c *discordrest.Client) error { return c.AddRole(t.Context(), "1", "2", "3", content) },
	}
	for name, do := range calls {
		var book logbook
		// A client of its own each: none is to be held back by another's circuit.
		err := do(openLogging(t, d, at, &book))
		if err == nil {
			continue // with this call, the answer counts as success
		}
		failure(t, err)
		checkClean(t, err)
		if strings.Contains(book.String(), "canary") {
			t.Errorf("%s logged %s", name, &book)
		}
	}
}

// checkClean looks for canaries in every layer of err.
func checkClean(t *testing.T, err error) {
	t.Helper()
	failure(t, err)
	for e := err; e != nil; e = errors.Unwrap(e) {
		if s := fmt.Sprintf("%v %+v %#v", e, e, e); strings.Contains(s, "canary") {
			t.Errorf("an error leaks: %s", s)
		}
	}
}

// FAULTS R2: a connection that breaks, whenever it does, is tried again later.
func TestBrokenConnections(t *testing.T) {
	t.Parallel()
	cut := func(w http.ResponseWriter, text string) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // resets instead of ending
		}
		_, _ = io.WriteString(conn, text)
		conn.Close()
	}
	tests := []struct {
		name   string
		handle http.HandlerFunc
		tells  string
	}{
		{"before the answer", func(w http.ResponseWriter, _ *http.Request) { cut(w, "") }, ""},
		{"in the headers", func(w http.ResponseWriter, _ *http.Request) { cut(w, "HTTP/1.1 200 OK\r\nContent-Le") }, ""},
		{"in the body", func(w http.ResponseWriter, _ *http.Request) {
			cut(w, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"id\":")
		}, ""},
		{"truncated JSON", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"id":"1","con`) }, "not all of it"},
		{"too large", func(w http.ResponseWriter, _ *http.Request) {
			for { // for ever, and it could still become JSON
				if _, err := w.Write(bytes.Repeat([]byte(" "), 1<<16)); err != nil {
					return
				}
			}
		}, "too large"},
		{"one byte at a time", func(w http.ResponseWriter, rq *http.Request) {
			tick := time.NewTicker(50 * time.Millisecond)
			defer tick.Stop()
			for {
				select {
				case <-rq.Context().Done():
					return
				case <-tick.C:
					_, _ = io.WriteString(w, "{")
					w.(http.Flusher).Flush()
				}
			}
		}, "in time"},
		{"redirect", func(w http.ResponseWriter, rq *http.Request) { http.Redirect(w, rq, "/elsewhere", http.StatusFound) }, "302"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(tt.handle)
			defer server.Close()
			transport := &http.Transport{}
			within := time.Minute
			if tt.tells == "in time" {
				within = time.Second
			}
			c := open(transport, func(cfg *discordrest.Config) { cfg.URL, cfg.Timeout = server.URL, within })
			defer c.Close()
			_, err := c.CreateMessage(t.Context(), "7", discord.MessageCreate{})
			if f := failure(t, err); f.Verdict != action.Again || !strings.Contains(err.Error(), tt.tells) {
				t.Errorf("verdict %d: %v", f.Verdict, err)
			}
		})
	}
}
