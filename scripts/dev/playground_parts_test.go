package main

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// TestParts shows every kind of component, and sees what the page makes of it.
func TestParts(t *testing.T) {
	t.Parallel()
	_, s := openPage(t)
	g := must(newPlayground(s))
	tests := []struct{ component, shown string }{
		{`{"type":1,"components":[{"type":2,"style":4,"label":"Deny","custom_id":"a/b:1"}]}`, `<button class="danger" name="button" value="a/b:1">Deny</button>`},
		{`{"type":2,"style":2,"emoji":{"name":"🎉"},"custom_id":"x","disabled":true}`, `value="x" disabled>🎉</button>`},
		{`{"type":2,"style":5,"label":"Join","url":"https://discord.gg/x"}`, `leads to https://discord.gg/x`},
		{`{"type":3,"custom_id":"m","placeholder":"Which?","options":[{"label":"One","value":"1","default":true}]}`, `<option value="1" selected>One</option>`},
		{`{"type":5,"custom_id":"m"}`, `>@Nora</option>`},
		{`{"type":6,"custom_id":"m","min_values":0,"max_values":3}`, `> @Reviewers</label>`},
		{`{"type":7,"custom_id":"m"}`, `>@Reviewers</option>`},
		{`{"type":8,"custom_id":"m","channel_types":[0]}`, `>#lobby</option>`},
		{`{"type":8,"custom_id":"m","channel_types":[2]}`, `<option value="">Choose</option></select>`},
		{`{"type":9,"components":[{"type":10,"content":"# Big"}],"accessory":{"type":11,"media":{"url":"https://cdn.example/x.png"},"description":"an icon"}}`, `role="img" aria-label="an icon"`},
		{`{"type":12,"items":[{"media":{"url":"` + g.origin() + `/attachments/1/2/x.png"},"description":"night"}]}`, `alt="night"`},
		{`{"type":13,"file":{"url":"attachment://list.csv"},"name":"list.csv"}`, `(file: list.csv)`},
		{`{"type":13,"file":{"url":"` + g.origin() + `/attachments/1/2/list.csv?ex=1"},"name":"list.csv","size":9}`, `<a href="` + g.origin() + `/attachments/1/2/list.csv?ex=1" target="_blank" rel="noopener">list.csv, 9 bytes</a>`},
		{`{"type":13,"file":{"url":"https://cdn.example/list.csv"},"name":"list.csv"}`, `(file: list.csv)`},
		{`{"type":3,"custom_id":"m","options":[]}`, `<select name="value" aria-label="Choose" required>`},
		{`{"type":14,"divider":false}`, `<div class="gap">`},
		{`{"type":14}`, `<hr>`},
		{`{"type":17,"accent_color":5793266,"components":[{"type":10,"content":"in it"}]}`, `style="--accent: #5865f2"`},
		{`{"type":99}`, `a component of type 99`},
	}
	for _, tt := range tests {
		var c any
		if err := json.Unmarshal([]byte(tt.component), &c); err != nil {
			t.Fatal(err)
		}
		parts, err := g.look("ada", s.Lobby).parts([]any{c}, target{})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := g.page.ExecuteTemplate(&b, "parts", parts); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), tt.shown) || strings.Contains(b.String(), "cdn.example") {
			t.Errorf("%s is shown as\n%s\nwant in it: %s", tt.component, b.String(), tt.shown)
		}
	}
}

// TestEmbeds shows a message of before there were components.
func TestEmbeds(t *testing.T) {
	t.Parallel()
	_, s := openPage(t)
	g := must(newPlayground(s))
	e := g.look("ada", s.Lobby)
	m := e.message(fakediscord.Message{Author: s.Ada, Content: "see", Embeds: []any{map[string]any{
		"title": "Head", "color": 255, "fields": []any{map[string]any{"name": "N", "value": "V"}},
	}}})
	var b bytes.Buffer
	if err := g.page.ExecuteTemplate(&b, "message", m); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"<p>see</p>", "<strong>Head</strong>", "<strong>N</strong><br>\nV", "#0000ff"} {
		if !strings.Contains(b.String(), part) {
			t.Errorf("the embed is shown as\n%s\nwant in it: %s", b.String(), part)
		}
	}
}

// everyField is a modal with one field of each kind.
func everyField() *fakediscord.Exchange {
	two := []fakediscord.SelectOption{{Label: "One", Value: "1"}, {Label: "Two", Value: "2"}}
	return &fakediscord.Exchange{Interaction: "77", Modal: &fakediscord.Modal{
		Title: "Everything", CustomID: "no/such", Notes: []string{"Please **read** this, <@1>."},
		Fields: []fakediscord.Field{
			{CustomID: "line", Label: "Line", Description: "A hint", Type: 4, Required: true, Value: `a "b"`, Min: 2, Max: 9},
			{CustomID: "role", Label: "Role", Type: 6, Min: 1, Max: 1},
			{CustomID: "file", Label: "File", Type: 19, Required: true, Min: 1, Max: 1},
			{CustomID: "radio", Label: "Radio", Type: 21, Options: two, Min: 1, Max: 1},
			{CustomID: "checks", Label: "Checks", Type: 22, Options: two, Min: 0, Max: 2},
			{CustomID: "check", Label: "Check", Type: 23},
		},
	}, Reply: []byte(`{"type":9,"data":{"components":[
		{"type":18,"component":{"type":4,"custom_id":"line","placeholder":"Here","style":1}},
		{"type":18,"component":{"type":6,"custom_id":"role"}},
		{"type":18,"component":{"type":21,"custom_id":"radio","options":[{"label":"One","value":"1"},{"label":"Two","value":"2"}]}},
		{"type":18,"component":{"type":22,"custom_id":"checks","options":[{"label":"One","value":"1"},{"label":"Two","value":"2"}]}}]}}`)}
}

// TestEveryField fills in every kind of field, and hands in a file.
func TestEveryField(t *testing.T) {
	t.Parallel()
	_, s := openPage(t)
	g := must(newPlayground(s))
	mux := http.NewServeMux()
	g.serve(mux)
	g.open(s.Ada, everyField())

	page := ask(t, mux, httptest.NewRequest(http.MethodGet, "/?as=ada&form=77", nil))
	for _, part := range []string{
		`inert`, `Please <strong>read</strong> this`, `@unknown-user`, `value="a &#34;b&#34;" placeholder="Here"`, `minlength="2" maxlength="9" required aria-describedby="d.f.line"`,
		`>@Reviewers</option>`, `<input type="file" id="f.file"`, `<option value="2">Two</option>`, `name="f.checks" value="1"> One`, `<input type="checkbox" name="f.check"`,
	} {
		if !strings.Contains(page.Body.String(), part) {
			t.Errorf("the form is shown as\n%s\nwant in it: %s", page.Body, part)
		}
	}

	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, value := range map[string]string{
		"as": "ada", "in": s.Lobby, "form": "77", "f.line": "text", "f.role": s.Reviewers, "f.radio": "2", "f.checks": "1", "f.check": "true",
	} {
		_ = w.WriteField(name, value)
	}
	_, _ = must(w.CreateFormFile("f.file", "x.png")).Write([]byte("\x89PNG\r\n\x1a\n"))
	_ = w.Close()
	r := httptest.NewRequest(http.MethodPost, "/submit", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	if sent := ask(t, mux, r); sent.Code != http.StatusSeeOther {
		t.Errorf("status %d: %s", sent.Code, sent.Body)
	}
	page = ask(t, mux, httptest.NewRequest(http.MethodGet, "/?as=ada&form=77&in="+s.Lobby, nil))
	if text := page.Body.String(); !strings.Contains(text, "no longer available") || strings.Contains(text, "Please <strong>") {
		t.Errorf("after it was sent, the page is\n%s", text)
	}
}

// ask sends a request from this machine.
func ask(t *testing.T, h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	r.RemoteAddr, r.Host = "127.0.0.1:9", "localhost"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r.WithContext(t.Context()))
	return w
}
