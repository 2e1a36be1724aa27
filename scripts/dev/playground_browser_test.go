package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

// A browser shows one page after another, and sends only what its forms hold.
type browser struct {
	*testing.T
	client http.Client
	base   string
	at     *url.URL
	status int
	raw    string // the page as it came
	text   string // what can be read on it
	links  []control
	forms  []sheetForm
}

// A control is a link or a button.
type control struct{ text, name, value, href string }

// A sheetForm is a form with what stands in it.
type sheetForm struct {
	action  string
	fields  url.Values
	buttons []control
}

// openPage starts a system with the page, and a browser on it.
func openPage(t *testing.T) (*browser, *stage) {
	t.Helper()
	var c config
	c.Log, c.Data = slog.New(slog.NewTextHandler(t.Output(), nil)), filepath.Join(t.TempDir(), "db")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := rehearse(t.Context(), c, l)
	if err != nil {
		t.Fatal(err)
	}
	g, err := newPlayground(s)
	if err != nil {
		t.Fatal(err)
	}
	mux := s.system.Handler(true)
	g.serve(mux)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.system.Serve(ctx, l, mux) }()
	b := &browser{T: t, base: pageURL(l)}
	t.Cleanup(func() {
		b.client.CloseIdleConnections()
		cancel()
		if err := errors.Join(<-served, s.Close()); err != nil {
			t.Error(err)
		}
		if v := s.Violations(); len(v) > 0 {
			t.Errorf("Discord would have refused:\n%s", strings.Join(v, "\n"))
		}
	})
	b.open("/")
	return b, s
}

// open shows a page of the site.
func (b *browser) open(path string) {
	b.Helper()
	b.request(http.MethodGet, b.base+path, nil)
}

// request asks for a page and reads it.
func (b *browser) request(method, address string, fields url.Values) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), method, address, strings.NewReader(fields.Encode()))
	if err != nil {
		b.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", b.base)
	}
	res, err := b.client.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	b.at, b.status, b.raw = res.Request.URL, res.StatusCode, string(body)
	b.read(body)
}

// read finds what stands on a page.
func (b *browser) read(body []byte) {
	b.Helper()
	b.links, b.forms, b.text = nil, nil, ""
	d := xml.NewDecoder(bytes.NewReader(body))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var r reading
	for {
		token, err := d.Token()
		if err == io.EOF {
			b.links, b.forms = r.links, r.forms
			b.text = strings.Join(strings.Fields(r.text.String()), " ")
			return
		}
		if err != nil {
			b.Fatalf("the page is no HTML: %v\n%s", err, body)
		}
		switch token := token.(type) {
		case xml.StartElement:
			r.start(token.Name.Local, attributes(token))
		case xml.EndElement:
			r.end(token.Name.Local)
		case xml.CharData:
			r.text.Write(token)
		}
	}
}

func attributes(e xml.StartElement) map[string]string {
	list := make(map[string]string)
	for _, a := range e.Attr {
		list[a.Name.Local] = a.Value
	}
	return list
}

// A reading is a page that is read half.
type reading struct {
	text   strings.Builder
	links  []control
	forms  []sheetForm
	from   int     // where the text of the current control begins
	ctrl   control // the current link, button or text area
	off    bool
	choice string // name of the current select
}

func (r *reading) start(name string, a map[string]string) {
	form := &sheetForm{fields: url.Values{}}
	if len(r.forms) > 0 {
		form = &r.forms[len(r.forms)-1]
	}
	_, checked := a["checked"]
	_, selected := a["selected"]
	switch name {
	case "form":
		r.forms = append(r.forms, sheetForm{action: a["action"], fields: url.Values{}})
	case "a", "button", "textarea":
		r.from, r.ctrl = r.text.Len(), control{name: a["name"], value: a["value"], href: a["href"]}
		_, r.off = a["disabled"]
	case "select":
		r.choice = a["name"]
	case "option":
		if selected {
			form.fields.Set(r.choice, a["value"])
		}
	case "input":
		if a["type"] != "checkbox" || checked {
			form.fields.Add(a["name"], a["value"])
		}
	}
}

func (r *reading) end(name string) {
	text := r.text.String()[min(r.from, r.text.Len()):]
	r.ctrl.text = strings.Join(strings.Fields(text), " ")
	switch {
	case name == "a":
		r.links = append(r.links, r.ctrl)
	case name == "textarea":
		r.forms[len(r.forms)-1].fields.Set(r.ctrl.name, strings.TrimPrefix(text, "\n"))
	case name == "button" && !r.off:
		form := &r.forms[len(r.forms)-1]
		form.buttons = append(form.buttons, r.ctrl)
	}
}

// follow follows the first link whose text begins so.
func (b *browser) follow(text string) {
	b.Helper()
	for _, l := range b.links {
		if strings.HasPrefix(l.text, text) {
			b.request(http.MethodGet, b.at.ResolveReference(must(url.Parse(l.href))).String(), nil)
			return
		}
	}
	b.Fatalf("there is no link %q on the page:\n%s", text, b.text)
}

// press presses the last button with that text whose form has all the fields,
// after they were filled in: name, value …
func (b *browser) press(text string, fill ...string) {
	b.Helper()
	for i := len(b.forms) - 1; i >= 0; i-- {
		for _, button := range b.forms[i].buttons {
			if button.text == text && b.forms[i].fill(fill) {
				if button.name != "" {
					b.forms[i].fields.Set(button.name, button.value)
				}
				b.request(http.MethodPost, b.base+b.forms[i].action, b.forms[i].fields)
				return
			}
		}
	}
	b.Fatalf("there is no button %q on the page:\n%s", text, b.text)
}

// fill fills in fields. A menu of a message is named by its custom ID.
func (f *sheetForm) fill(fields []string) bool {
	for i := 0; i+1 < len(fields); i += 2 {
		if fields[i] == "menu" && f.fields.Get("menu") != fields[i+1] {
			return false
		}
		f.fields.Set(fields[i], fields[i+1])
	}
	return true
}

// as plays somebody, somewhere.
func (b *browser) as(who, channel string) {
	b.Helper()
	b.follow(who[:1] + who) // behind a face, which is a letter
	b.follow(channel)
}

// sees fails the test unless the page can be read so.
func (b *browser) sees(parts ...string) {
	b.Helper()
	for _, part := range parts {
		if !strings.Contains(b.text, part) {
			b.Errorf("the page at %s says:\n%s\nwant in it: %s", b.at, b.text, part)
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
