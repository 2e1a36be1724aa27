package showcase

import (
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
)

// A Home is where a listing stands. The zero Home is nowhere.
type Home struct {
	Mode   settings.Mode `json:"mode"`
	Parent string        `json:"parent"`           // what the settings named when it was made: a channel, a category or a forum
	Below  string        `json:"below,omitempty"`  // Channels: the category it is below, Parent or one of overflow
	Place  string        `json:"place"`            // the channel or post; empty while there is none
	Name   string        `json:"name,omitempty"`   // what it was called; people may rename it
	Barred string        `json:"barred,omitempty"` // a name that Discord refused: it has a plain one instead
	Tag    string        `json:"tag,omitempty"`    // Forum: the ID of the post's tag
	Turn   int           `json:"turn,omitempty"`   // Forum: how many bumps there were before the post
	Plain  bool          `json:"plain,omitempty"`  // Forum: the post begins with an embed
	Adrift bool          `json:"adrift,omitempty"` // people moved or opened it

	Trying Attempt   `json:"trying,omitzero"`  // at the next home: it may be there, and nobody knows
	Old    []Left    `json:"old,omitempty"`    // homes that this one replaced, still to be cleared
	Shown  Spot      `json:"shown,omitzero"`   // what the index was last told of
	Looked time.Time `json:"looked,omitzero"`  // as of when it was last seen to be in order
	Paused string    `json:"paused,omitempty"` // what the server is called, while it lets nobody join
	Led    time.Time `json:"led,omitzero"`     // when the invite was last seen to lead to the partner

	Repairs action.Repairs `json:"repairs,omitempty"`
}

// Kind implements [storage.Record].
func (Home) Kind() (string, int) { return "home", 1 }

// An Attempt is noted before a home is made: channels and posts have no nonce.
type Attempt struct {
	Mode   settings.Mode `json:"mode"`
	Parent string        `json:"parent"`
	Name   string        `json:"name,omitempty"` // what it is called
	Since  time.Time     `json:"since"`
}

// A Left is a home that a listing moved out of.
type Left struct {
	Mode  settings.Mode `json:"mode"`
	Place string        `json:"place"`
	Below string        `json:"below,omitempty"`
}

// A Spot is where a message stands.
type Spot struct {
	Channel string `json:"channel"`
	Message string `json:"message"`
}

// A Want is the home that a listing should have; the zero Want is none.
type Want struct {
	Mode   settings.Mode
	Parent string
	Name   string // of the channel or post
	Tag    string // of the post, an ID; "" for none
}

// A Step is what to do next about a home.
type Step string

const (
	Done   Step = "done"   // it is in line, but for what is to be cleared
	Search Step = "search" // look for the home of an attempt that is not wanted any more
	Settle Step = "settle" // the channel that was chosen is the home
	Try    Step = "try"    // note that a home is about to be made
	Make   Step = "make"   // make it
	Adjust Step = "adjust" // call it, tag it or put it as it should be
	Leave  Step = "leave"  // nothing is to stand there any more
)

// Next returns the step that brings h closer to w. A home that is left is
// cleared after the listing stands in the new one: see Old.
func (h Home) Next(w Want) Step {
	tries := h.Trying.Mode != ""
	moves := h.Place == "" || h.Mode != w.Mode || h.Parent != w.Parent
	switch {
	case tries && (h.Trying.Mode != w.Mode || h.Trying.Parent != w.Parent):
		return Search
	case w.Mode == "" && h.Place != "":
		return Leave
	case w.Mode == "":
		return Done
	case w.Mode == settings.Single && moves:
		return Settle
	case w.Mode == settings.Single:
		return Done
	case moves && !tries:
		return Try
	case moves:
		return Make
	case h.Adrift || h.Name != w.Name || w.Mode == settings.Forum && h.Tag != w.Tag:
		return Adjust
	}
	return Done
}

// Tries returns h before a home is made.
func (h Home) Tries(w Want, now time.Time) Home {
	h.Trying = Attempt{w.Mode, w.Parent, w.Name, now}
	return h
}

// Tried reports whether an attempt was one at w.
func (a Attempt) Tried(w Want) bool { return a.Mode == w.Mode && a.Parent == w.Parent && a.Mode != "" }

// Untried returns h after the home of an attempt was looked for and is not
// wanted any more: one that was found is to be cleared.
func (h Home) Untried(found string) Home {
	if found != "" {
		h.Old = append(slices.Clone(h.Old), Left{Mode: h.Trying.Mode, Place: found})
	}
	h.Trying = Attempt{}
	return h
}

// Made returns h after w was made, as place below the category below.
func (h Home) Made(w Want, place, below string) Home {
	h = h.Gone()
	h.Mode, h.Parent, h.Below, h.Place, h.Name, h.Tag = w.Mode, w.Parent, below, place, w.Name, w.Tag
	h.Trying, h.Turn, h.Plain = Attempt{}, 0, false
	return h
}

// Gone returns h after its listing moved out: what was made for it is to be
// cleared, whether or not it still stands.
func (h Home) Gone() Home {
	if h.Place != "" && h.Mode != settings.Single {
		h.Old = append(slices.Clone(h.Old), Left{h.Mode, h.Place, h.Below})
	}
	h.Place, h.Below, h.Adrift = "", "", false
	return h
}

// Cleared returns h after the first of Old was cleared.
func (h Home) Cleared() Home {
	h.Old = h.Old[1:]
	return h
}

// Leaving returns the channels and posts that are to be cleared. What stands in
// them goes with them.
func (h Home) Leaving() []string {
	var list []string
	for _, o := range h.Old {
		list = append(list, o.Place)
	}
	return list
}

// Knows reports whether place is a home of the listing's, or was one.
func (h Home) Knows(place string) bool {
	return place == h.Place || slices.Contains(h.Leaving(), place)
}

// Lost returns h after what was made for it turned out to be gone.
func (h Home) Lost() Home {
	h.Place, h.Below, h.Adrift = "", "", false
	return h
}

// made reports whether something may have been made by the attempt: clocks differ a little.
func (a Attempt) made(id string) bool {
	const apart = 5 * time.Minute
	return partnership.Created(id).After(a.Since.Add(-apart))
}

// Finds returns those of places that the attempt of h may have made.
func (h Home) Finds(places []Found) []Found {
	return slices.DeleteFunc(slices.Clone(places), func(f Found) bool {
		return h.Knows(f.ID) || !h.Trying.made(f.ID)
	})
}

// Seen returns h after its place, a partner's in guild, was looked at. People may
// rename it and tag it; moved or opened to all it is put back.
func (h Home) Seen(f Found, guild, partner string) Home {
	switch {
	case h.Mode == settings.Channels:
		h.Adrift = f.Parent != h.Below || !f.Shut(guild) || !f.Marked(partner)
	case !slices.Contains(f.Applied, h.Tag):
		h.Tag = ""
	}
	return h
}
