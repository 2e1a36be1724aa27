package main

import (
	"encoding/json"
	"html/template"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// maxForms is how many forms may be open at once; older ones are closed.
const maxForms = 32

// An openForm is a modal that somebody has open.
type openForm struct {
	user string
	ex   *fakediscord.Exchange
}

// open remembers the modal of an exchange, and returns the name of the form.
func (g *playground) open(user string, ex *fakediscord.Exchange) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.forms = append(g.forms, openForm{user, ex})
	g.forms = g.forms[max(0, len(g.forms)-maxForms):]
	return ex.Interaction
}

// modal returns the exchange that opened the form which r names, nil if the
// player has no such form open.
func (e eyes) modal(r *http.Request) *fakediscord.Exchange {
	e.mu.Lock()
	defer e.mu.Unlock()
	i := slices.IndexFunc(e.forms, func(f openForm) bool {
		return f.user == e.player.ID && f.ex.Interaction == r.FormValue("form")
	})
	if i < 0 {
		return nil
	}
	return e.forms[i].ex
}

// close forgets a form.
func (g *playground) close(ex *fakediscord.Exchange) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.forms = slices.DeleteFunc(g.forms, func(f openForm) bool { return f.ex == ex })
}

// A form is a modal as the page shows it.
type form struct {
	Name, Title string
	Notes       []template.HTML
	Fields      []field
}

// A field is one input of a form.
type field struct {
	fakediscord.Field
	Kind        string // names the piece of the template that shows it
	Name        string
	Placeholder string
	Long        bool // takes several lines
	Choices     []option
}

// kinds are how the fields of a modal are shown, by Discord's numbers.
func kinds() map[int]string {
	return map[int]string{
		4: "text", 3: "choice", 5: "choice", 6: "choice", 7: "choice", 8: "choice", 19: "files", 21: "choice", 22: "choice", 23: "check",
	}
}

// form is the form that r names, with what was written in it if it was refused.
func (e eyes) form(r *http.Request) *form {
	ex := e.modal(r)
	if ex == nil {
		return nil
	}
	inputs := inputs(ex)
	f := &form{Name: ex.Interaction, Title: ex.Modal.Title}
	for _, note := range ex.Modal.Notes {
		f.Notes = append(f.Notes, written(e.markdown, note))
	}
	for _, of := range ex.Modal.Fields {
		c := inputs[of.CustomID]
		shown := field{
			Field: of, Kind: kinds()[of.Type], Name: "f." + of.CustomID, Placeholder: c.Placeholder, Long: c.Style == 2, Choices: e.offered(c),
		}
		if sent, ok := r.PostForm[shown.Name]; ok {
			shown.Value, shown.Values = sent[0], sent
		}
		for i := range shown.Choices {
			shown.Choices[i].Chosen = slices.Contains(shown.Values, shown.Choices[i].Value)
		}
		f.Fields = append(f.Fields, shown)
	}
	return f
}

// inputs returns the inputs of a modal by custom ID, for what
// [fakediscord.Field] does not tell of them.
func inputs(ex *fakediscord.Exchange) map[string]component {
	var reply struct {
		Data struct {
			Components []component `json:"components"`
		} `json:"data"`
	}
	found := make(map[string]component)
	if json.Unmarshal(ex.Reply, &reply) != nil {
		return found // it was read before: this does not happen
	}
	for _, top := range reply.Data.Components {
		if top.Component != nil {
			found[top.Component.CustomID] = *top.Component
		}
		for _, c := range top.Components {
			found[c.CustomID] = c
		}
	}
	return found
}

// Many reports whether more than one can be chosen.
func (f field) Many() bool { return f.Max > 1 || f.Max == 0 }

// Invites reports whether the field asks for an invite: those to try are suggested.
func (f field) Invites() bool { return strings.Contains(f.Placeholder, "discord.gg") }

// submit handles a form that was filled in.
func (g *playground) submit(r *http.Request, e eyes) (*fakediscord.Exchange, error) {
	opened := e.modal(r)
	if opened == nil {
		return nil, gone("send a form that is closed already")
	}
	values := make(map[string]any)
	for _, f := range opened.Modal.Fields {
		value, err := g.filled(r, f)
		if err != nil {
			return nil, err
		}
		values[f.CustomID] = value
	}
	ex, err := e.person().Submit(r.Context(), opened, values)
	if err == nil {
		g.close(opened)
	}
	return ex, err
}

// filled is what stands in a field of a form that was sent.
func (g *playground) filled(r *http.Request, f fakediscord.Field) (any, error) {
	name := "f." + f.CustomID
	switch kinds()[f.Type] {
	case "check":
		return r.PostFormValue(name) != "", nil
	case "files":
		return g.uploaded(r, name)
	case "choice":
		if f.Type == 21 {
			return r.PostFormValue(name), nil
		}
		return chosen(r.PostForm[name]), nil
	}
	return strings.ReplaceAll(r.PostFormValue(name), "\r\n", "\n"), nil
}

// uploaded hands the files of a field to Discord and returns their IDs.
func (g *playground) uploaded(r *http.Request, name string) ([]string, error) {
	ids := []string{}
	if r.MultipartForm == nil {
		return ids, nil
	}
	for _, file := range r.MultipartForm.File[name] {
		data, err := content(file)
		if err != nil {
			return nil, err
		}
		ids = append(ids, g.Upload(file.Filename, data))
	}
	return ids, nil
}

func content(file *multipart.FileHeader) ([]byte, error) {
	f, err := file.Open()
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(f)
	if err := f.Close(); err != nil {
		return nil, err
	}
	return data, err
}
