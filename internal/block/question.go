package block

import (
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// A Question is what a manager asked to be blocked and has to confirm, because
// it ends a partnership. A custom ID has no room for what they wrote.
type Question struct {
	By      string    `json:"by"`
	Entries []Entry   `json:"entries"`
	Asked   time.Time `json:"asked"`
}

// Kind implements [storage.Record].
func (Question) Kind() (string, int) { return "question", 1 }

// askedFor is how long a question can be confirmed.
const askedFor = 15 * time.Minute

// ExpiresAt implements [storage.Expiring].
func (q Question) ExpiresAt() time.Time { return q.Asked.Add(askedFor) }

// QuestionKey is where a question is kept. Its ID is that of the interaction
// that led to it.
func QuestionKey(guild, id string) storage.Key {
	return storage.Key{Table: storage.Actions, Part: "block#" + guild, Sort: id}
}
