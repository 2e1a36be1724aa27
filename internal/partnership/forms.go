package partnership

import (
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// MaxForms is how many of the forms that one member sent to a guild are kept after
// their check, to be edited and sent again: the latest. Whatever is written into
// more of them is gone, so that nobody can fill the store with words.
const MaxForms = 10

// FormsFor is how long a form is kept after its check.
const FormsFor = 7 * 24 * time.Hour

// Forms names the forms of one member that are kept.
type Forms struct {
	Drafts []string  `json:"drafts"` // the Sort of their records, oldest first
	Until  time.Time `json:"until"`  // when the latest is kept no longer
}

// Kind implements [storage.Record].
func (Forms) Kind() (string, int) { return "forms", 1 }

// ExpiresAt implements [storage.Expiring].
func (f Forms) ExpiresAt() time.Time { return f.Until }

// FormsKey is where the Forms of a user are kept.
func FormsKey(guild, user string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: "forms#" + user}
}

// NoteForm notes that a form of a user is kept under draft from now on, and deletes
// those that are too many then. tx must have read [FormsKey].
func NoteForm(tx *storage.Tx, guild, user string, draft storage.Key, now time.Time) {
	key := FormsKey(guild, user)
	f, _ := storage.Read[Forms](tx, key)
	kept := []string{draft.Sort}
	for i := len(f.Drafts) - 1; i >= 0; i-- {
		switch old := f.Drafts[i]; {
		case old == draft.Sort:
		case len(kept) < MaxForms:
			kept = append([]string{old}, kept...)
		default:
			tx.Unindex(storage.Key{Table: draft.Table, Part: draft.Part, Sort: old})
		}
	}
	tx.Set(key, Forms{kept, now.Add(FormsFor)})
}
