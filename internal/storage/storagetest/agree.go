package storagetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/entente-bot/entente/internal/storage"
)

// Agree plays random histories on a model and on every one of dbs, and fails
// where they differ. The dbs go by clock. What is in them does not matter.
func Agree(t rapid.TB, clock *Clock, dbs map[string]storage.DB) {
	history := 0
	rapid.Check(t, func(t *rapid.T) {
		history++ // a part of its own for each
		p := &play{T: t, clock: clock, model: newModel(clock), part: fmt.Sprint("history", history), dbs: dbs}
		p.versions = make(map[string]map[int64]int64)
		for name := range dbs {
			p.versions[name] = map[int64]int64{0: 0, storage.Any: storage.Any}
		}
		steps := []func(){p.put, p.put, p.put, p.get, p.list, p.list, p.advance}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			rapid.SampledFrom(steps).Draw(t, "step")()
		}
		p.get()
	})
}

// A play is one history.
type play struct {
	*rapid.T
	clock *Clock
	model *model
	part  string
	dbs   map[string]storage.DB

	// Versions are random: what the model calls version 7 is another number in
	// each DB, which it learns by reading after the write.
	versions map[string]map[int64]int64
}

// keys are few, so that histories meet.
func (p *play) keys() []storage.Key {
	var keys []storage.Key
	for _, s := range []string{"a", "a\x00", "ab", "b", "é", "\uFFFD", "𝄞"} {
		keys = append(keys, record(p.part, s))
	}
	return append(keys, action(p.part, "a"), action(p.part, "b"), record(p.part+"#", "a"))
}

func (p *play) put() {
	keys := rapid.SliceOfNDistinct(rapid.SampledFrom(p.keys()), 1, 4, rapid.ID).Draw(p.T, "keys")
	var items []storage.Item
	for i, k := range keys {
		it := storage.Item{Key: k, Version: p.version(k)}
		if rapid.IntRange(0, 4).Draw(p.T, "delete") > 0 {
			it.Kind, it.Schema = "thing", 1+i
			it.Value = json.RawMessage(fmt.Sprintf(`{"n":%d}`, rapid.Int().Draw(p.T, "n")))
			if in := rapid.IntRange(-1, 3).Draw(p.T, "expires"); in > 0 {
				it.Expires = p.clock.Now().Add(time.Duration(in) * time.Second)
			}
		}
		items = append(items, it)
	}
	want := p.model.put(items)
	for name, db := range p.dbs {
		own := slices.Clone(items)
		for i := range own {
			own[i].Version = p.versions[name][own[i].Version]
		}
		if err := db.Put(p.Context(), own...); !errors.Is(err, want) {
			p.Fatalf("%s: Put %v = %v, want %v", name, items, err, want)
		}
	}
	p.get()
}

// version draws what a writer might hold: the truth, something old, or nothing.
func (p *play) version(k storage.Key) int64 {
	choices := append([]int64{p.model.get(k).Version, p.model.get(k).Version, 0, storage.Any}, p.model.past[k]...)
	return rapid.SampledFrom(choices).Draw(p.T, "version")
}

// get compares all items, and notes their versions.
func (p *play) get() {
	for name, db := range p.dbs {
		items, err := db.Get(p.Context(), p.keys()...)
		if err != nil {
			p.Fatalf("%s: Get = %v", name, err)
		}
		for i, k := range p.keys() {
			p.same(name, items[i], p.model.get(k))
		}
	}
}

func (p *play) same(name string, got, want storage.Item) {
	if (got.Version == 0) != (want.Version == 0) {
		p.Fatalf("%s: %v is %+v, want %+v", name, want.Key, got, want)
	}
	if want.Version == 0 {
		return
	}
	known, seen := p.versions[name][want.Version]
	if seen && known != got.Version {
		p.Fatalf("%s: the version of %v changed from %d to %d without a write", name, want.Key, known, got.Version)
	}
	p.versions[name][want.Version] = got.Version
	if got.Key != want.Key || !equal(got.Value, want.Value) || got.Kind != want.Kind || got.Schema != want.Schema || !got.Expires.Equal(want.Expires) {
		p.Fatalf("%s: %+v, want %+v", name, got, want)
	}
}

func (p *play) list() {
	bound := rapid.SampledFrom([]string{"", "", "", "a", "a\x00", "ab", "b", "c", "é", "\uFFFD"})
	q := storage.Query{
		Table:      storage.Records,
		Part:       p.part,
		Prefix:     bound.Draw(p.T, "prefix"),
		From:       bound.Draw(p.T, "from"),
		Before:     bound.Draw(p.T, "before"),
		Descending: rapid.Bool().Draw(p.T, "descending"),
		Limit:      rapid.IntRange(1, 4).Draw(p.T, "limit"),
	}
	want := p.model.list(q)
	for name, db := range p.dbs {
		p.listAll(name, db, q, want)
	}
}

// listAll compares page by page.
func (p *play) listAll(name string, db storage.DB, q storage.Query, want []storage.Item) {
	for {
		page, err := db.List(p.Context(), q)
		if err != nil {
			p.Fatalf("%s: List %+v = %v", name, q, err)
		}
		n := min(q.Limit, len(want))
		if len(page.Items) != n || (page.Cursor == "") != (n == len(want)) {
			p.Fatalf("%s: List %+v has %q and the cursor %q, want %d of %q", name, q, sorts(page.Items), page.Cursor, n, sorts(want))
		}
		for i, it := range page.Items {
			p.same(name, it, want[i])
		}
		if want, q.Cursor = want[n:], page.Cursor; q.Cursor == "" {
			return
		}
	}
}

func (p *play) advance() { p.clock.Advance(time.Second) }
