// Package roll keeps which guilds there are, so that each can be looked at again:
// everything that is due follows from what is kept of a guild, and what the actions
// table lost of it is made again.
//
// It keeps:
//
//	guilds#<shard>   <g>        one Entry, from when a guild chose something (records table)
//	roll             mark       one Mark: all guilds were called since the actions table is there
//	roll             progress   one Progress, while they are being called
package roll

import (
	"fmt"
	"hash/fnv"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/storage"
)

// An Entry is a guild on the roll.
type Entry struct {
	Guild string `json:"guild"`
}

// Kind implements [storage.Record].
func (Entry) Kind() (string, int) { return "guild", 1 }

// Shards is over how many parts the roll is spread. It must not shrink: a guild in
// a shard that is no longer read would be called no more.
const Shards = 16

// Key is where the entry of a guild is kept.
func Key(guild string) storage.Key {
	h := fnv.New32a()
	h.Write([]byte(guild))
	return storage.Key{Table: storage.Records, Part: part(int(h.Sum32() % Shards)), Sort: guild}
}

func part(shard int) string { return fmt.Sprintf("guilds#%02d", shard) }

// Enter puts a guild on the roll, whether or not it is there.
func Enter(tx *storage.Tx, guild string) { tx.Index(Key(guild), Entry{guild}) }

// Strike takes a guild off the roll.
func Strike(tx *storage.Tx, guild string) { tx.Unindex(Key(guild)) }

// In lists the guilds of one shard, for [Guilds].
func In(shard int) storage.Query {
	return storage.Query{Table: storage.Records, Part: part(shard), Limit: storage.DefaultLimit}
}

// Guilds returns the guilds of a page of [In].
func Guilds(page storage.Page) (list []string) {
	for _, it := range page.Items {
		list = append(list, it.Key.Sort)
	}
	return list
}

// Look is the action that looks at a guild: what follows from its records, and is
// not planned, is planned.
func Look(guild string) action.Ref {
	return action.Ref{Name: "guild.look", Guild: guild, Subject: "all"}
}

// nobody stands for the guild of what is done for all guilds.
const nobody = "0"

// Call is the action that has every guild on the roll looked at, and what was given
// up tried again.
func Call() action.Ref {
	return action.Ref{Name: "guild.call", Guild: nobody, Subject: "all"}
}

// A Mark is in an actions table from when all guilds are called: one without it is
// new, or has lost what was due.
type Mark struct {
	At time.Time `json:"at"`
}

// Kind implements [storage.Record].
func (Mark) Kind() (string, int) { return "mark", 1 }

// A Progress is how far the call is.
type Progress struct {
	Shard  int    `json:"shard"`            // all before it were called
	Cursor string `json:"cursor,omitempty"` // after which page of it the call goes on
}

// Kind implements [storage.Record].
func (Progress) Kind() (string, int) { return "progress", 1 }

func key(sort string) storage.Key {
	return storage.Key{Table: storage.Actions, Part: "roll", Sort: sort}
}

// MarkKey is where the Mark is kept.
func MarkKey() storage.Key { return key("mark") }

// ProgressKey is where the Progress is kept.
func ProgressKey() storage.Key { return key("progress") }

// Keys are what Begin and Missing need to have read.
func Keys() []storage.Key { return append(action.Keys(Call()), MarkKey(), ProgressKey()) }

// Missing reports whether the actions table has lost what was due, or is new.
func Missing(tx *storage.Tx) bool {
	_, there := storage.Read[Mark](tx, MarkKey())
	return !there
}

// Begin has all guilds called, from the first.
func Begin(tx *storage.Tx, now time.Time) {
	tx.Set(MarkKey(), Mark{now})
	tx.Delete(ProgressKey())
	action.Cause(tx, Call(), now)
}
