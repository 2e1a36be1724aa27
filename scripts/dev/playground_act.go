package main

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/fakediscord"
)

// maxSent is how many bytes a form of the page may have, files included.
const maxSent = 16 << 20

// A deed is something that a player does on the page, read from a form that was
// sent. It returns what it led to, nil for nothing in Discord.
type deed func(r *http.Request, e eyes) (*fakediscord.Exchange, error)

// act lets a player do something, and shows where that leads. What cannot be
// done is told on the page as it was.
func (g *playground) act(do deed) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxSent)
		if err := r.ParseMultipartForm(maxSent); err != nil && !errors.Is(err, http.ErrNotMultipart) {
			http.Error(w, "The form cannot be read: "+err.Error(), http.StatusBadRequest)
			return
		}
		e := g.look(r.PostFormValue("as"), r.PostFormValue("in"))
		ex, err := do(r, e)
		if err != nil {
			g.show(w, r, http.StatusUnprocessableEntity, e.told(err))
			return
		}
		g.keep(e.player.ID, ex)
		http.Redirect(w, r, g.next(e, ex), http.StatusSeeOther)
	}
}

// next is the address of what an exchange led to: a form, or a message.
func (g *playground) next(e eyes, ex *fakediscord.Exchange) string {
	switch {
	case ex == nil:
		return e.at()
	case ex.Modal != nil:
		return e.at("form", g.open(e.player.ID, ex))
	}
	return e.at() + "#m" + ex.Message.ID
}

// told says what went wrong, in the words of the page.
func (e eyes) told(err error) string {
	if own := mistake(""); errors.As(err, &own) {
		return own.Error()
	}
	if errors.Is(err, fakediscord.ErrNotPossible) {
		why := strings.TrimSuffix(err.Error(), ": "+fakediscord.ErrNotPossible.Error())
		return "Discord would not let " + e.player.Name + " do this: " + why + "."
	}
	return "The application did not respond: " + err.Error()
}

// on is the message that a form is about.
func on(r *http.Request) fakediscord.Ref {
	return fakediscord.Ref{Channel: r.PostFormValue("channel"), ID: r.PostFormValue("message")}
}

// press handles a button of a message, as it was on the page that the player has.
func (g *playground) press(r *http.Request, e eyes) (*fakediscord.Exchange, error) {
	return e.person().Late().Press(r.Context(), on(r), r.PostFormValue("button"))
}

// choose handles a menu of a message, as it was on the page that the player has.
func (g *playground) choose(r *http.Request, e eyes) (*fakediscord.Exchange, error) {
	return e.person().Late().Choose(r.Context(), on(r), r.PostFormValue("menu"), chosen(r.PostForm["value"])...)
}

// chosen is values without the empty one, which stands for nothing chosen.
func chosen(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
}

// dismiss forgets a private reply, as the client does.
func (g *playground) dismiss(r *http.Request, e eyes) (*fakediscord.Exchange, error) {
	g.forget(e.player.ID, on(r).ID)
	return nil, nil
}

// maxAdvance is how far one request moves the clock.
const maxAdvance = 366 * 24 * time.Hour

// advance moves the clock. What is then due is done before the page is shown.
func (g *playground) advance(r *http.Request, _ eyes) (*fakediscord.Exchange, error) {
	by, err := time.ParseDuration(r.PostFormValue("by"))
	if err != nil || by <= 0 || by > maxAdvance {
		return nil, mistake(fmt.Sprintf("The clock cannot be moved by %q.", r.PostFormValue("by")))
	}
	return nil, g.system.Advance(r.Context(), by)
}
