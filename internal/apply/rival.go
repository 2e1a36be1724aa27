package apply

import (
	"slices"

	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
)

// A Rival is an application that waits, beside others for the same server perhaps.
type Rival struct {
	Application string `json:"application"`
	Applicant   string `json:"applicant"`
	Own         bool   `json:"own,omitempty"` // the applicant made the invite themselves
}

// MaxRivals is how many applications for one server may wait at a time, from people
// who made the invite themselves, and as many again from all others: strangers who
// use a public invite never keep out who made one.
const MaxRivals = 3

// Others returns who else waits for the server of p, beside application id.
func (p Standing) Others(id string) (users []string) {
	for _, r := range p.Waiting {
		if r.Application != id {
			users = append(users, r.Applicant)
		}
	}
	return users
}

// joins refuses r if its applicant waits for the server already, or too many do.
func (p Standing) joins(r Rival, s partnership.Server) error {
	same := 0
	for _, w := range p.Waiting {
		if w.Applicant == r.Applicant {
			return refuse.Because("apply.already-pending", "server", partnership.Named(s))
		}
		if w.Own == r.Own {
			same++
		}
	}
	if same >= MaxRivals {
		return refuse.Because("apply.many-pending", "server", partnership.Named(s))
	}
	return nil
}

// Applications returns the applications that wait for the server of p.
func (p Standing) Applications() (ids []string) {
	for _, r := range p.Waiting {
		ids = append(ids, r.Application)
	}
	if p.Pending != "" {
		ids = append(ids, p.Pending)
	}
	return ids
}

// without returns p after an application does not wait any more.
func (p Standing) without(id string) Standing {
	p.Waiting = slices.DeleteFunc(slices.Clone(p.Waiting), func(r Rival) bool { return r.Application == id })
	if p.Pending == id {
		p.Pending = ""
	}
	return p
}
