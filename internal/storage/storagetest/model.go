package storagetest

import (
	"slices"
	"strings"

	"github.com/entente-bot/entente/internal/storage"
)

// A model is what a DB promises, in the plainest form. It counts versions.
type model struct {
	clock *Clock
	items map[storage.Key]storage.Item
	past  map[storage.Key][]int64 // the versions there have been
	next  int64
}

func newModel(clock *Clock) *model {
	return &model{clock: clock, items: make(map[storage.Key]storage.Item), past: make(map[storage.Key][]int64)}
}

func (m *model) get(k storage.Key) storage.Item {
	it, ok := m.items[k]
	if !ok || !storage.Live(it.Expires, m.clock.Now()) {
		return storage.Item{Key: k}
	}
	return it
}

func (m *model) put(items []storage.Item) error {
	for _, it := range items {
		if it.Version != storage.Any && it.Version != m.get(it.Key).Version {
			return storage.ErrConflict
		}
	}
	for _, it := range items {
		delete(m.items, it.Key)
		if it.Value == nil {
			continue
		}
		m.next++
		it.Version = m.next
		m.items[it.Key] = it
		m.past[it.Key] = append(m.past[it.Key], it.Version)
	}
	return nil
}

// list returns all that q selects, in its order, whatever its limit and cursor.
func (m *model) list(q storage.Query) (found []storage.Item) {
	for k := range m.items {
		if k.Table != q.Table || k.Part != q.Part || m.get(k).Version == 0 {
			continue
		}
		if strings.HasPrefix(k.Sort, q.Prefix) && k.Sort >= q.From && (q.Before == "" || k.Sort < q.Before) {
			found = append(found, m.items[k])
		}
	}
	slices.SortFunc(found, func(a, b storage.Item) int { return strings.Compare(a.Key.Sort, b.Key.Sort) })
	if q.Descending {
		slices.Reverse(found)
	}
	return found
}
