package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"github.com/entente-bot/entente/internal/storage"
)

// List is [storage.DB.List].
func (db *DB) List(ctx context.Context, q storage.Query) (storage.Page, error) {
	span, err := q.Span()
	if err := errors.Join(ctx.Err(), err); err != nil {
		return storage.Page{}, err
	}
	if span.Empty() {
		return storage.Page{}, nil
	}
	now := db.now()
	var found []storage.Item
	err = db.view(func(tx *bbolt.Tx) error {
		part := partKey(q.Part)
		w := walk{tx.Bucket([]byte(q.Table)).Cursor(), part, span, q.Descending}
		for sort, row := w.first(); row != nil && len(found) <= q.Length(); sort, row = w.next() {
			it, err := decode(storage.Key{Table: q.Table, Part: q.Part, Sort: sort}, row)
			if err != nil {
				return err
			}
			if storage.Live(it.Expires, now) {
				found = append(found, it)
			}
		}
		return nil
	})
	if err != nil {
		return storage.Page{}, fmt.Errorf("list %s %s: %w", q.Table, q.Part, err)
	}
	return q.PageOf(found), nil
}

// A walk goes through the rows of a part that lie in span, in either direction.
type walk struct {
	c          *bbolt.Cursor
	part       []byte
	span       storage.Span
	descending bool
}

// first returns the first row in the direction of w; the row is nil at the end.
func (w walk) first() (string, []byte) {
	if !w.descending {
		sort, row := w.row(w.c.Seek(append(bytes.Clone(w.part), w.span.Low...)))
		if row != nil && w.span.After && sort == w.span.Low {
			return w.next()
		}
		return w.inside(sort, row)
	}
	// Go to the first row beyond the span, and one back.
	var k []byte
	if w.span.High != "" {
		k, _ = w.c.Seek(append(bytes.Clone(w.part), w.span.High...))
	} else {
		k, _ = w.c.Seek(after(w.part))
	}
	if k == nil {
		return w.inside(w.row(w.c.Last()))
	}
	return w.next()
}

// next returns the row after the last one returned.
func (w walk) next() (string, []byte) {
	if w.descending {
		return w.inside(w.row(w.c.Prev()))
	}
	return w.inside(w.row(w.c.Next()))
}

// row splits what a cursor returned; the row is nil beyond the part.
func (w walk) row(k, v []byte) (string, []byte) {
	sort, ours := bytes.CutPrefix(k, w.part)
	if k == nil || !ours {
		return "", nil
	}
	return string(sort), v
}

// inside ends the walk where the span ends.
func (w walk) inside(sort string, row []byte) (string, []byte) {
	if row == nil || !w.span.Has(sort) {
		return "", nil
	}
	return sort, row
}

// after returns a key behind all that begin with part. The part is at most
// 1,024 bytes long, so its length in front never overflows.
func after(part []byte) []byte {
	b := bytes.Clone(part)
	for i := len(b) - 1; i >= 0; i-- {
		b[i]++
		if b[i] != 0 {
			break
		}
	}
	return b
}
