// Package storage is the one way to keep state: versioned items in two tables,
// written together or not at all.
//
// Domain packages say what an item means; adapters ([storage/bolt], [storage/dynamo])
// say where it lies. What every adapter must do is written once, as tests, in
// [storage/storagetest].
//
// The items of the whole system. <g> is a guild's ID, <p> a partner's guild ID,
// <u> a user's ID; IDs are Discord snowflakes in decimal.
//
//	table    pk               sk                    kind          owner
//	records  guild#<g>        settings              settings      settings
//	records  guild#<g>        setup#health          health        setup
//	records  guild#<g>        counts                counts        partnership
//	records  guild#<g>        apply#<id>            application   apply
//	records  guild#<g>        draft#<id>            draft         apply
//	records  guild#<g>        forms#<u>             forms         partnership
//	records  guild#<g>        taken#<ticket>        taken         apply
//	records  guild#<g>        standing#partner#<p>  standing      apply
//	records  guild#<g>        standing#user#<u>     standing      apply
//	records  guild#<g>        card#<id>             post          apply
//	records  guild#<g>        pending#<id>          waiting       apply
//	records  guild#<g>        queue                 post          apply
//	records  guild#<g>        partnership#<p>       partnership   partnership
//	records  guild#<g>        names                 names         partnership
//	records  guild#<g>        names-others          names         partnership
//	records  guild#<g>        ended#<p>#<id>        ended         partnership
//	records  guild#<g>        end-post#<p>#<id>     post          worker
//	records  guild#<g>        contact#<p>           contact       contact
//	records  guild#<g>        contacts-left         absence       contact
//	records  guild#<g>        edit#<p>              edit          edit
//	records  guild#<g>        edit-past#<id>        edit          edit
//	records  guild#<g>        edit-draft#<id>       edit-draft    edit
//	records  guild#<g>        drift-card#<p>        post          drift
//	records  guild#<g>        drift-word#<p>        post          drift
//	records  guild#<g>        edit-card#<id>        post          edit
//	records  guild#<g>        edit-notice#<id>      post          edit
//	records  guild#<g>        listing#<p>           post          showcase
//	records  guild#<g>        home#<p>              home          showcase
//	records  guild#<g>        lift#<p>              post          showcase
//	records  guild#<g>        overflow              overflow      showcase
//	records  guild#<g>        index                 index         index
//	records  guild#<g>        index#<n>             post          index
//	records  guild#<g>        joins                 ledger        joins
//	records  guild#<g>        joins-others          others        joins
//	records  guild#<g>        joins-others#<n>      others-part   joins
//	records  guild#<g>        joins-day#<date>      day           joins
//	records  guild#<g>        joins-member#<u>      member        joins
//	records  guild#<g>        joins-nobody#<hash>   nobody        joins
//	records  guild#<g>        joins-past#<p>#<id>   past          joins
//	records  guild#<g>        joins-making#<p>      making        joins
//	records  guild#<g>        joins-post#<p>        post          joins
//	records  guild#<g>        bump#<p>              bump          bump
//	records  guild#<g>        bump-here#<p>         post          bump
//	records  guild#<g>        bump-direct#<p>       post          bump
//	records  guild#<g>        notice#<id>           post          apply
//	records  guild#<g>        block#<what>#<id>     block         block
//	records  guild#<g>        panel#<channel>       panel         panel
//	records  guild#<g>        panel-post#<channel>  post          panel
//	records  guild#<g>        ticket#<id>           ticket        ticket
//	records  guild#<g>        ticket-user#<u>       current       ticket
//	records  guild#<g>        tickets               crowd         ticket
//	records  guild#<g>        ticket-post#<id>…     post          ticket
//	records  guild#<g>        ticket-notice#<id>    post          ticket
//	records  guild#<g>        removal               removal       removal
//	records  losses           <date>                losses        removal
//	records  guild#<g>        audit#<time>#<id>     entry         audit
//	records  guild#<g>        trail#<x>#<time>#<id> entry         audit
//	records  guild#<g>        auditlog              log           audit
//	records  guild#<g>        probes                probes        action
//	actions  action#<action>  action                action        action
//	actions  due#<shard>      <time>#<action>       pointer       action
//	actions  blocked#<g>      <action>              stop          action
//	actions  dead#<shard>     <action>              pointer       action
//	actions  interaction#<id> reply                 reply         interactions
//	actions  token#<id>       token                 token         apply
//	actions  token#<id>       edit                  token         edit
//	actions  block#<g>        <id>                  question      block
//	actions  log#<g>          <time>#<id>           entry         audit
//	actions  setup#<g>        panels                panels        setup
//	actions  export#<g>       request               request       export
//	actions  stats#<g>        <u>#<id>              stats         stats
//	actions  poll#<shard>     <g>                   watch         poll
//	actions  forget#<g>       <u>                   progress      forget
//	actions  forget#<g>       <u>#answer            answer        forget
//	actions  invite#<code>    server                invite        invite
//	actions  invite           budget                budget        invite
//	actions  poller           lease                 lease         poller
//	records  guilds#<shard>   <g>                   guild         roll
//	actions  roll             mark                  mark          roll
//	actions  roll             progress              progress      roll
package storage

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"time"
)

// A Table is one of the two tables.
type Table string

const (
	// Records holds guild data: backed up, kept when the stack is deleted.
	Records Table = "records"
	// Actions holds work to do, deduplication and leases: disposable.
	Actions Table = "actions"
)

// A Key names one item. Part and Sort are not empty, valid UTF-8, and hold at most
// 1,024 bytes each.
type Key struct {
	Table Table
	Part  string // items of one Part can be listed together
	Sort  string // in the byte order of Sort
}

// An Item is a value as it is kept.
type Item struct {
	Key Key

	// Version changes with every write. As read, 0 means that there is no such
	// item. As written, it is the version the item was read at, so 0 means that
	// there must not be one. Versions are drawn at random: an item deleted and
	// made again is never mistaken for its predecessor.
	Version int64

	// Expires is when the item stops to exist, for readers and for the Version
	// of writers; zero means never. Whole seconds count: the fraction is cut off.
	Expires time.Time

	Kind   string // what Value is, e.g. "application"
	Schema int    // the version of Kind's fields, from 1

	// Value is a JSON object. Nil means none: as read, that there is no such
	// item; as written, that the item is to be deleted.
	//
	// It comes back as an equal object, not as the same bytes. Within the limits
	// of DynamoDB: at most 30 levels deep, no empty field names, and numbers of
	// at most 38 digits between 1e-130 and 1e126.
	Value json.RawMessage
}

// Any as the Version of an item to be written means: whatever stands there.
// It is for an index item, which only follows another item of the same Put
// and is kept right by that other item's version.
const Any int64 = -1

// MaxValue is how large an item may be, in bytes: DynamoDB's limit of 400 KB,
// by DynamoDB's arithmetic. Every adapter goes by it (see [CheckPut]).
const MaxValue = 400 << 10

// MaxPut is how many items one Put takes: DynamoDB's limit for a transaction.
const MaxPut = 100

// MaxTotal is how large the items of one Put may be together, in bytes:
// DynamoDB's limit of 4 MB for a transaction.
const MaxTotal = 4 << 20

// MaxGet is how many keys one Get takes: DynamoDB's limit for a batch.
const MaxGet = 100

var (
	// ErrConflict means that an item has moved on from the version it was read
	// at, or that somebody is writing it right now. Nothing was written. Read
	// again and decide again.
	ErrConflict = errors.New("storage: an item changed since it was read")

	// ErrTooLarge means that an item is larger than [MaxValue], or a Put longer
	// than [MaxPut] or larger than [MaxTotal]. Nothing was written, and trying
	// again will not help.
	ErrTooLarge = errors.New("storage: too large")
)

// A DB is the two tables.
//
// Every method may fail with an error other than those it names: the tables
// cannot be reached, are throttled beyond patience, or ctx ended. Nothing is
// known then about whether a Put was applied.
type DB interface {
	// Get returns the items under keys, in the order of keys; where there is
	// none, the item has the key and Version 0. It sees every Put that returned
	// before. At most [MaxGet] keys; no key twice. The items need not be of one
	// instant: a Put between them is noticed by the Put that relies on them.
	Get(ctx context.Context, keys ...Key) ([]Item, error)

	// Put writes and deletes all of items or none of them. It returns
	// [ErrConflict] if any has moved on from its Version, and [ErrTooLarge].
	// No key twice. A Put of nothing does nothing. A deletion at Version 0
	// only asserts that there is no item.
	Put(ctx context.Context, items ...Item) error

	// List returns one page of a part, in the order of Sort. A page is full
	// unless it is the last. It sees every Put that returned before, unless q may
	// be stale.
	List(ctx context.Context, q Query) (Page, error)
}

// A Query selects items of one part.
type Query struct {
	Table Table
	Part  string

	Prefix string // Sort begins with it
	From   string // Sort is at or after it; "" means from the first
	Before string // Sort is before it; "" means to the last

	Descending bool   // last first
	Limit      int    // items a page, 1 to 1,000; 0 means 100
	Cursor     string // the Cursor of the page before; "" for the first page
	Stale      bool   // the page may be as it was a second ago: so it costs half
}

// A Page is a part of what a [Query] selects.
type Page struct {
	Items  []Item
	Cursor string // where the next page goes on; "" on the last
}

// DefaultLimit is the length of a page when a [Query] names none.
const DefaultLimit = 100

// NewVersion draws the version of a written item. Adapters use it.
func NewVersion() int64 { return rand.Int64N(1<<53-1) + 1 }

// Live reports whether an item that expires at the given time exists at now.
// Adapters use it: DynamoDB deletes an expired item only days later.
func Live(expires, now time.Time) bool {
	return expires.IsZero() || now.Unix() < expires.Unix()
}
