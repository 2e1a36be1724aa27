// Package bolt keeps the tables in one file, for the local server, for
// self-hosting on one machine, and for tests.
//
// The file has a bucket for each table, and one more, "expiry", that orders the
// items with an end by it, so that [DB.Purge] costs what it removes.
package bolt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"github.com/entente-bot/entente/internal/storage"
)

// patience is how long Open waits for another process to let go of the file:
// enough for a restart that overlaps, short enough to be told.
const patience = time.Second

// A DB is a [storage.DB] in a file. It may be used by any number of goroutines,
// but by one process at a time.
type DB struct {
	file *bbolt.DB
	now  func() time.Time

	mu      sync.Mutex
	waiting []*put     // not yet in a transaction
	writing sync.Mutex // held by who commits
}

// An Option changes how a file is kept.
type Option func(*bbolt.Options)

// Unsynced does not wait for the disk at each write, nor when the file grows, and
// writes in smaller pages. What was written outlives the process, however it ends, but
// not the machine: it is for tests.
func Unsynced(o *bbolt.Options) {
	o.NoSync, o.NoGrowSync = true, true
	o.PageSize = 1 << 10 // of each page that is written, the race detector watches every byte
}

// Open opens the file at path, and makes it and its folder where there are none.
// What has expired goes by now. It fails within about a second if another
// process has the file open.
func Open(path string, now func() time.Time, options ...Option) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	how := bbolt.Options{Timeout: patience, FreelistType: bbolt.FreelistMapType}
	for _, set := range options {
		set(&how)
	}
	file, err := bbolt.Open(path, 0o600, &how)
	if errors.Is(err, berrors.ErrTimeout) {
		return nil, fmt.Errorf("open store %s: another process has it open", path)
	}
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	if err := file.Update(makeBuckets); err != nil {
		return nil, errors.Join(fmt.Errorf("open store %s: %w", path, err), file.Close())
	}
	return &DB{file: file, now: now}, nil
}

func makeBuckets(tx *bbolt.Tx) error {
	for _, name := range [][]byte{[]byte(storage.Records), []byte(storage.Actions), []byte(expiry)} {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return fmt.Errorf("make bucket %s: %w", name, err)
		}
	}
	return nil
}

// Close lets go of the file, after reads and writes in hand. Later calls of the
// other methods return an error.
func (db *DB) Close() error { return db.file.Close() }

// Get is [storage.DB.Get]. The items are of one instant.
func (db *DB) Get(ctx context.Context, keys ...storage.Key) ([]storage.Item, error) {
	if err := errors.Join(ctx.Err(), storage.CheckGet(keys)); err != nil {
		return nil, err
	}
	now := db.now()
	items := make([]storage.Item, len(keys))
	err := db.file.View(func(tx *bbolt.Tx) error {
		for i, k := range keys {
			it, err := read(tx, k)
			if err != nil {
				return err
			}
			items[i] = storage.Item{Key: k}
			if it.Version != 0 && storage.Live(it.Expires, now) {
				items[i] = it
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("get %d items: %w", len(keys), err)
	}
	return items, nil
}

// read returns the item under k, expired or not; where there is none, its Version is 0.
func read(tx *bbolt.Tx, k storage.Key) (storage.Item, error) {
	row := tx.Bucket([]byte(k.Table)).Get(rowKey(k))
	if row == nil {
		return storage.Item{Key: k}, nil
	}
	return decode(k, row)
}
