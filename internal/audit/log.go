package audit

import (
	"cmp"
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/storage"
)

// waitsFor is how long an entry waits for its log channel. What cannot be posted
// for a week is in the trail all the same.
const waitsFor = 7 * 24 * time.Hour

// A waiting entry is to be posted in the log channel.
type waiting struct {
	Entry
	Channel string `json:"channel,omitempty"` // where to, if not in the log: see [Farewell]
}

// ExpiresAt implements [storage.Expiring].
func (w waiting) ExpiresAt() time.Time { return w.At.Add(waitsFor) }

// A Log is how far the log channel is. Between two messages Batch is empty.
type Log struct {
	Number  int      `json:"number"`            // how many messages were posted
	Channel string   `json:"channel,omitempty"` // where the message stands that is being posted
	Batch   []string `json:"batch,omitempty"`   // the entries it holds
	Old     bool     `json:"old,omitempty"`     // they are for Channel alone, which was the log
}

// Kind implements [storage.Record].
func (Log) Kind() (string, int) { return "log", 1 }

// PerMessage is how many entries one message of the log channel holds.
const PerMessage = 12

// roomPerMessage is about how many characters the entries of a message may take:
// Discord shows 4,000.
const roomPerMessage = 3400

// size is about how many characters the line of e takes.
func (e Entry) size() int {
	n := 250
	for _, c := range e.Changes {
		n += len(c.Was) + len(c.Is) + 40
	}
	return n
}

func logPart(guild string) string { return "log#" + guild }

// LogKey is where the Log of a guild is kept.
func LogKey(guild string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: "auditlog"}
}

// Post is the action that posts in the log channel what waits for it.
func Post(guild string) action.Ref {
	return action.Ref{Name: "audit.post", Guild: guild, Subject: "log"}
}

// Waiting lists the entries that wait for the log channel, earliest first.
func Waiting(guild string) storage.Query {
	return storage.Query{Table: storage.Actions, Part: logPart(guild), Limit: storage.MaxGet}
}

// Next returns l with the entries of a page of Waiting as its batch, and these
// entries. A batch that was begun is not changed: a message that may stand
// already is posted again as it was, so that it is the same message.
func (l Log) Next(page storage.Page, channel string) (Log, []Entry, error) {
	if len(l.Batch) == 0 {
		if err := l.fill(page, channel); err != nil {
			return l, nil, err
		}
	}
	var list []Entry
	for _, it := range page.Items {
		if !slices.Contains(l.Batch, it.Key.Sort) {
			continue
		}
		e, err := storage.Decode[Entry](it)
		if err != nil {
			return l, nil, err
		}
		list = append(list, e)
	}
	return l, list, nil
}

// fill takes the first entries of a page that are for one channel.
func (l *Log) fill(page storage.Page, channel string) error {
	l.Channel, l.Old = channel, false
	room := roomPerMessage
	for i, it := range page.Items[:min(len(page.Items), PerMessage)] {
		w, err := storage.Decode[waiting](it)
		if err != nil {
			return err
		}
		if to := cmp.Or(w.Channel, channel); i == 0 {
			l.Channel, l.Old = to, w.Channel != ""
		} else if to != l.Channel || l.Old != (w.Channel != "") {
			break
		}
		if room -= w.size(); room < 0 && i > 0 {
			break
		}
		l.Batch = append(l.Batch, it.Key.Sort)
	}
	return nil
}

// Posted writes that the message with l's batch stands.
func (l Log) Posted(tx *storage.Tx, guild string) {
	l.Drop(tx, guild)
	tx.Set(LogKey(guild), Log{Number: l.Number + 1})
}

// Drop deletes the batch: it was posted, or there is no log channel any more.
func (l Log) Drop(tx *storage.Tx, guild string) {
	for _, sort := range l.Batch {
		tx.Unindex(storage.Key{Table: storage.Actions, Part: logPart(guild), Sort: sort})
	}
}

// Last names the last entry of the batch: by it the message is found again.
func (l Log) Last() string {
	if len(l.Batch) == 0 {
		return ""
	}
	return l.Batch[len(l.Batch)-1]
}
