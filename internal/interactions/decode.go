package interactions

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The types of interactions, as Discord numbers them.
const (
	typePing         = 1
	typeCommand      = 2
	typeComponent    = 3
	typeAutocomplete = 4
	typeModal        = 5
)

// An interaction is what Discord sends, as far as Entente reads it. What it does
// not read cannot make it fail: forum channels and types yet to come included.
type interaction struct {
	ID            string   `json:"id"`
	ApplicationID string   `json:"application_id"`
	Type          int      `json:"type"`
	Token         string   `json:"token"`
	Guild         string   `json:"guild_id"`
	Locale        string   `json:"locale"`
	GuildLocale   string   `json:"guild_locale"`
	Channel       where    `json:"channel"` // it was used in
	Message       message  `json:"message"` // whose component was used
	User          struct { // in a direct message, instead of Member
		ID string `json:"id"`
	} `json:"user"`
	Member struct {
		User struct {
			ID string `json:"id"`
		} `json:"user"`
		Roles       []string `json:"roles"`
		Permissions string   `json:"permissions"`
	} `json:"member"`
	Data struct {
		Name       string      `json:"name"`      // of a command
		Options    []option    `json:"options"`   // of a command
		CustomID   string      `json:"custom_id"` // of a component or modal
		Values     []string    `json:"values"`    // of a select
		Components []component `json:"components"`
		Resolved   resolved    `json:"resolved"`
	} `json:"data"`
}

// A where is a channel. One that cannot be read is none: most of what people do
// does not ask where they are.
type where struct {
	ID   string
	Type int
}

// UnmarshalJSON implements [json.Unmarshaler]. It never fails.
func (w *where) UnmarshalJSON(b []byte) error {
	var read struct {
		ID   string `json:"id"`
		Type int    `json:"type"`
	}
	if json.Unmarshal(b, &read) == nil {
		*w = where(read)
	}
	return nil
}

// A message is one of ours, as far as a handler that changes it has to know it.
type message struct {
	Bare bool // it shows no picture
	Copy bool // only the caller sees it
}

// UnmarshalJSON implements [json.Unmarshaler]. It never fails.
func (m *message) UnmarshalJSON(b []byte) error {
	type part struct {
		Type       int    `json:"type"`
		Components []part `json:"components"`
		Flags      int    `json:"flags"`
	}
	var read part
	if json.Unmarshal(b, &read) != nil {
		return nil
	}
	const gallery, ephemeral = 12, 1 << 6
	m.Bare, m.Copy = len(read.Components) > 0, read.Flags&ephemeral != 0
	for _, c := range read.Components {
		if slices.ContainsFunc(c.Components, func(p part) bool { return p.Type == gallery }) {
			m.Bare = false
		}
	}
	return nil
}

type option struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Options []option        `json:"options"`
	Focused bool            `json:"focused"`
}

// A component of a submitted modal: a field, or what holds one.
type component struct {
	CustomID   string      `json:"custom_id"`
	Value      any         `json:"value"`
	Values     []string    `json:"values"`
	Component  *component  `json:"component"`  // of a label
	Components []component `json:"components"` // of an action row
}

// resolved describes what the IDs in a select's values are.
type resolved struct {
	Channels map[string]struct {
		Type int `json:"type"`
	} `json:"channels"`
	Attachments map[string]struct {
		ContentType string `json:"content_type"`
		Size        int    `json:"size"`
		Width       int    `json:"width"`
		Height      int    `json:"height"`
		URL         string `json:"url"`
	} `json:"attachments"`
	Users map[string]struct {
		Name string `json:"username"`
		Bot  bool   `json:"bot"`
	} `json:"users"`
	Roles map[string]struct {
		Managed     bool   `json:"managed"`
		Permissions string `json:"permissions"`
		Position    int    `json:"position"`
	} `json:"roles"`
}

// decode reads the body of a request that Discord signed.
func decode(body []byte) (interaction, error) {
	var in interaction
	if err := json.Unmarshal(body, &in); err != nil {
		return in, fmt.Errorf("decode interaction: %w", redact(err))
	}
	if in.Type != typePing && !isID(in.ID) {
		return in, errors.New("decode interaction: no ID")
	}
	return in, nil
}

// redact keeps what a person wrote out of an error of package json.
func redact(err error) error {
	if e := new(json.UnmarshalTypeError); errors.As(err, &e) {
		return fmt.Errorf("field %s is a %s", e.Field, strings.Fields(e.Value)[0])
	}
	return errors.New("not JSON")
}

// isID reports whether s is a snowflake: what a key may be made of.
func isID(s string) bool {
	if s == "" || len(s) > 20 {
		return false
	}
	return strings.Trim(s, "0123456789") == ""
}

// route names what was called: "partner apply", or "apply/approve" with what
// it is about: the parts of the custom ID behind the first colon.
func (in interaction) route() (name string, about []string) {
	if in.Type == typeCommand || in.Type == typeAutocomplete {
		name = in.Data.Name
		if len(in.Data.Options) > 0 && in.Data.Options[0].Type == 1 { // a subcommand
			name += " " + in.Data.Options[0].Name
		}
		return name, nil
	}
	parts := strings.Split(in.Data.CustomID, ":")
	return parts[0], parts[1:]
}

// direct reports whether a press comes from a direct message: from a user, who
// is no member there.
func (in interaction) direct() bool {
	return in.Type == typeComponent && in.Guild == "" && in.Member.User.ID == "" && isID(in.User.ID)
}

// within is a press from a direct message as if it came from a guild, by a
// member without roles or permissions.
func (in interaction) within(guild string) interaction {
	in.Guild, in.Member.User.ID = guild, in.User.ID
	return in
}

// options returns what was given to a command, and which option is being typed.
func (in interaction) options() (values map[string]string, focused string) {
	values = make(map[string]string)
	list := in.Data.Options
	if len(list) > 0 && list[0].Type == 1 {
		list = list[0].Options
	}
	for _, o := range list {
		var s string
		if json.Unmarshal(o.Value, &s) != nil {
			s = string(o.Value) // a number or a boolean stands for itself
		}
		values[o.Name] = s
		if o.Focused {
			focused = o.Name
		}
	}
	return values, focused
}

// fields returns what was filled into a modal: texts, and the first choice of selects.
func (in interaction) fields() map[string]string {
	values := make(map[string]string)
	var walk func(list []component)
	walk = func(list []component) {
		for _, c := range list {
			if text, ok := c.Value.(string); ok {
				values[c.CustomID] = text
			} else if len(c.Values) > 0 {
				values[c.CustomID] = c.Values[0]
			}
			if c.Component != nil {
				walk([]component{*c.Component})
			}
			walk(c.Components)
		}
	}
	walk(in.Data.Components)
	return values
}
