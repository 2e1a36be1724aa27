package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"github.com/entente-bot/entente/internal/storage"
)

// A put is one Put on its way.
type put struct {
	items []storage.Item
	done  bool
	err   error
}

// Put is [storage.DB.Put]. It returns after the disk has the items. Puts that
// arrive while another is being written share one transaction and one flush,
// and are judged in turn: one that conflicts does not fail the others.
//
// A Put that has begun is not given up when ctx ends.
func (db *DB) Put(ctx context.Context, items ...storage.Item) error {
	if err := errors.Join(ctx.Err(), storage.CheckPut(items)); err != nil || len(items) == 0 {
		return err
	}
	p := &put{items: items}
	db.mu.Lock()
	db.waiting = append(db.waiting, p)
	db.mu.Unlock()

	db.writing.Lock()
	defer db.writing.Unlock()
	if !p.done { // else it went with the one who wrote before
		db.commitWaiting()
	}
	return p.err
}

// commitWaiting writes all that wait. The caller holds db.writing. Whatever goes
// wrong, a panic included, is an error of all of them: none may take a write that
// did not happen for one that did.
func (db *DB) commitWaiting() {
	db.mu.Lock()
	batch := db.waiting
	db.waiting = nil
	db.mu.Unlock()

	err := db.update(func(tx *bbolt.Tx) (changed bool, err error) {
		for _, p := range batch {
			switch p.err = check(tx, p.items, db.now()); {
			case errors.Is(p.err, storage.ErrConflict):
				continue
			case p.err != nil:
				return false, p.err
			}
			if err := write(tx, p.items); err != nil {
				return false, err
			}
			changed = true
		}
		return changed, nil
	})
	for _, p := range batch {
		p.done = true
		if err != nil {
			p.err = fmt.Errorf("put %d items: %w", len(p.items), err)
		}
	}
}

// check returns ErrConflict unless every item stands at its Version.
func check(tx *bbolt.Tx, items []storage.Item, now time.Time) error {
	for _, it := range items {
		old, err := read(tx, it.Key)
		if err != nil {
			return err
		}
		version := old.Version
		if !storage.Live(old.Expires, now) {
			version = 0
		}
		if it.Version != storage.Any && it.Version != version {
			return fmt.Errorf("put %v: %w", it.Key, storage.ErrConflict)
		}
	}
	return nil
}

func write(tx *bbolt.Tx, items []storage.Item) error {
	ends := tx.Bucket([]byte(expiry))
	for _, it := range items {
		old, err := read(tx, it.Key)
		if err != nil {
			return err
		}
		if !old.Expires.IsZero() {
			err = ends.Delete(expiryKey(it.Key, old.Expires))
		}
		if err == nil && it.Value != nil && !it.Expires.IsZero() {
			err = ends.Put(expiryKey(it.Key, it.Expires), nil)
		}
		if err == nil {
			err = writeRow(tx.Bucket([]byte(it.Key.Table)), it)
		}
		if err != nil {
			return fmt.Errorf("write %v: %w", it.Key, err)
		}
	}
	return nil
}

func writeRow(table *bbolt.Bucket, it storage.Item) error {
	if it.Value == nil {
		return table.Delete(rowKey(it.Key))
	}
	it.Version = storage.NewVersion()
	return table.Put(rowKey(it.Key), encode(it))
}

// Purge removes up to limit items that have expired, and returns how many. To
// readers they are gone already: it only frees their room. The scheduler of a
// self-hosted Entente calls it now and then, again while it returns limit.
func (db *DB) Purge(ctx context.Context, limit int) (n int, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	err = db.view(func(tx *bbolt.Tx) error { // mostly nothing is over, and nobody has to wait
		over, err := ended(tx, db.now(), 1)
		n = len(over)
		return err
	})
	if err == nil && n > 0 {
		db.writing.Lock()
		defer db.writing.Unlock()
		err = db.update(func(tx *bbolt.Tx) (bool, error) {
			n, err = purge(tx, db.now(), limit)
			return n > 0, err
		})
	}
	if err != nil {
		return 0, fmt.Errorf("purge expired items: %w", err)
	}
	return n, nil
}

func purge(tx *bbolt.Tx, now time.Time, limit int) (int, error) {
	ends := tx.Bucket([]byte(expiry))
	due, err := ended(tx, now, limit)
	if err != nil {
		return 0, err
	}
	for _, k := range due {
		_, table, row, err := parseExpiryKey(k)
		if err == nil {
			err = tx.Bucket(table).Delete(row)
		}
		if err == nil {
			err = ends.Delete(k)
		}
		if err != nil {
			return 0, err
		}
	}
	return len(due), nil
}

// ended returns up to limit expiry keys of items that have expired, earliest first.
func ended(tx *bbolt.Tx, now time.Time, limit int) (keys [][]byte, err error) {
	c := tx.Bucket([]byte(expiry)).Cursor()
	for k, _ := c.First(); k != nil && len(keys) < limit; k, _ = c.Next() {
		expires, _, _, err := parseExpiryKey(k)
		if err != nil {
			return nil, err
		}
		if storage.Live(expires, now) {
			break
		}
		keys = append(keys, bytes.Clone(k)) // deleting under a cursor would make it skip
	}
	return keys, nil
}
