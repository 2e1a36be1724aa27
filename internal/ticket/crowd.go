package ticket

import (
	"time"

	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/storage"
)

// A Crowd is how many tickets members opened lately that are open. A guild takes as
// many as pending applications: each has a thread, of which Discord lets 1,000 be
// active. One in which nobody wrote for a week is archived, so that one opened
// longer ago does not count.
type Crowd struct {
	Days map[string]int `json:"days"` // by the day on which they were opened
}

// Kind implements [storage.Record].
func (Crowd) Kind() (string, int) { return "crowd", 1 }

// CrowdKey is where the Crowd of a guild is kept.
func CrowdKey(guild string) storage.Key { return key(guild, "tickets") }

// crowdOf returns the Crowd of a guild as it counts at a time.
func crowdOf(tx *storage.Tx, guild string, now time.Time) Crowd {
	old, _ := storage.Read[Crowd](tx, CrowdKey(guild))
	c := Crowd{Days: map[string]int{}}
	for day, n := range old.Days {
		if n > 0 && day > date(now.Add(-ArchiveAfter)) {
			c.Days[day] = n
		}
	}
	return c
}

func date(at time.Time) string { return at.UTC().Format(time.DateOnly) }

// enter counts one more ticket. It refuses if there are too many.
func enter(tx *storage.Tx, guild string, l partnership.Limits, now time.Time) error {
	c, all := crowdOf(tx, guild, now), 0
	for _, n := range c.Days {
		all += n
	}
	if all >= l.Pending {
		return refuse.Because("ticket.too-many-open")
	}
	c.Days[date(now)]++
	tx.Set(CrowdKey(guild), c)
	return nil
}

// leave has t not count any more.
func (t *Ticket) leave(tx *storage.Tx, guild string, now time.Time) {
	c := crowdOf(tx, guild, now)
	if day := date(t.Opened); t.Counted && c.Days[day] > 0 {
		c.Days[day]--
		tx.Set(CrowdKey(guild), c)
	}
	t.Counted = false
}
