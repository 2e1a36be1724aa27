package joins

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// A Member is somebody of whom it is known by which partner they joined: their
// latest stay that was identified. A stay is a user and when they joined, so that
// who leaves and joins again has another one.
type Member struct {
	User    string    `json:"user"`
	Partner string    `json:"partner"`
	Joined  time.Time `json:"joined"`
	Day     string    `json:"day"`            // on which the stay is booked: 2006-01-02
	Seen    time.Time `json:"seen"`           // when a look began that found them; see stale
	Left    time.Time `json:"left,omitzero"`  // when a look had not found them, or they joined again
	Early   bool      `json:"early,omitzero"` // they left before the stay threshold
}

// Kind implements [storage.Record].
func (Member) Kind() (string, int) { return "member", 1 }

// How long a Member is kept: after they left, and after they were last seen in a
// guild that nobody looks at any more.
const (
	keptGone = 30 * 24 * time.Hour
	keptSeen = keptGone + freshFor
)

// freshFor is how old Seen becomes, at most, while a guild is looked at.
const freshFor = 7 * 24 * time.Hour

// lateMost is how long after they joined a member is identified, at most. It ends
// before their record may: so no stay is identified again that nobody remembers.
const lateMost = keptGone - 24*time.Hour

// ExpiresAt implements [storage.Expiring].
func (m Member) ExpiresAt() time.Time {
	if m.Left.IsZero() {
		return m.Seen.Add(keptSeen)
	}
	return m.Left.Add(keptGone)
}

const memberPrefix = "joins-member#"

// MemberKey is where the Member of a user is kept.
func MemberKey(guild, user string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: memberPrefix + user}
}

// Members lists the Members of a guild.
func Members(guild string) storage.Query {
	return storage.Query{Table: storage.Records, Part: "guild#" + guild, Prefix: memberPrefix, Limit: storage.MaxLimit}
}

// A Nobody is a mark that a user had their data deleted: they are never identified
// again.
type Nobody struct{}

// Kind implements [storage.Record].
func (Nobody) Kind() (string, int) { return "nobody", 1 }

const nobodyPrefix = "joins-nobody#"

// Nobodies lists the marks of a guild.
func Nobodies(guild string) storage.Query {
	return storage.Query{Table: storage.Records, Part: "guild#" + guild, Prefix: nobodyPrefix, Limit: storage.MaxLimit}
}

// NobodyKey is where the mark of a user is kept. It does not tell who they are, nor
// whether the mark of another guild is theirs: it can only be found by who knows
// both IDs.
func NobodyKey(guild, user string) storage.Key {
	h := hmac.New(sha256.New, []byte("joins-nobody "+guild))
	h.Write([]byte(user))
	return storage.Key{Table: storage.Records, Part: "guild#" + guild, Sort: nobodyPrefix + hex.EncodeToString(h.Sum(nil))}
}

// ForgetKeys are what Forget needs to have read.
func ForgetKeys(guild, user string) []storage.Key {
	return []storage.Key{MemberKey(guild, user), NobodyKey(guild, user)}
}

// Forget deletes who a user was, and sees to it that they are never identified
// again. What they add to the numbers stays. It reports whether there was a Member.
func Forget(tx *storage.Tx, guild, user string) bool {
	_, known := storage.Read[Member](tx, MemberKey(guild, user))
	tx.Delete(MemberKey(guild, user))
	if _, marked := storage.Read[Nobody](tx, NobodyKey(guild, user)); !marked {
		tx.Set(NobodyKey(guild, user), Nobody{})
	}
	return known
}
