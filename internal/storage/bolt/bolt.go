// Package bolt keeps the tables in one file, for self-hosting on one machine, for
// the local playground, and for tests.
//
// The file has a bucket for each table; "expiry", which orders the items with an end
// by it, so that [DB.Purge] costs what it removes; and "store", which says whose the
// file is: see [Of].
//
// A damaged file is an error, [ErrDamaged], never a crash; and nothing is reported as
// stored that is not.
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
	path string
	how  options
	now  func() time.Time

	mu      sync.Mutex
	waiting []*put     // not yet in a transaction
	writing sync.Mutex // held by who commits

	copying   sync.Mutex   // held by who copies the file
	beginning sync.Mutex   // held by who begins a transaction
	swap      sync.RWMutex // held while file is used, and, for writing, while it is replaced
	file      *bbolt.DB
	trouble   trouble
}

type options struct {
	bbolt.Options
	owner string // see Of
}

// An Option changes how a file is kept.
type Option func(*options)

// Unsynced does not wait for the disk at each write, nor when the file grows, and
// writes in smaller pages. What was written outlives the process, however it ends, but
// not the machine: it is for tests.
func Unsynced(o *options) {
	o.NoSync, o.NoGrowSync = true, true
	o.PageSize = 1 << 10 // of each page that is written, the race detector watches every byte
}

// Open opens the file at path, and makes it and its folder where there are none.
// What has expired goes by now. It fails within about a second if another
// process has the file open; with [ErrForeign] if the file is not what [Of] names, or
// was written by a later version; with [ErrDamaged] if it is empty, was cut short, or
// is no such file at all. The error is one line that names the file and what to do.
func Open(path string, now func() time.Time, set ...Option) (*DB, error) {
	db := &DB{
		path: path, now: now, trouble: trouble{hung: make(chan struct{})},
		how: options{Options: bbolt.Options{Timeout: patience, FreelistType: bbolt.FreelistMapType}},
	}
	for _, o := range set {
		o(&db.how)
	}
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = db.open()
	}
	if err != nil {
		return nil, opening(path, err)
	}
	return db, nil
}

// opening says of an error which file was being opened, unless it says so itself.
func opening(path string, err error) error {
	if err == nil || errors.Is(err, ErrDamaged) {
		return err
	}
	return fmt.Errorf("open store %s: %w", path, err)
}

// open opens the file, whose folder is there, and makes it if it is not.
func (db *DB) open() error {
	fresh, err := inspect(db.path, !db.how.NoGrowSync)
	if err != nil {
		return err
	}
	if db.file, err = openFile(db.path, db.how.Options); err == nil {
		if err = db.claim(fresh); err != nil {
			err = errors.Join(err, db.Close())
		}
	}
	if err != nil && fresh { // nothing is in it, and the next start would find it damaged
		_ = os.Remove(db.path)
	}
	return err
}

// openFile is bbolt's Open, whose panics are errors.
func openFile(path string, how bbolt.Options) (file *bbolt.DB, err error) {
	err = shielded(path, func() error {
		file, err = bbolt.Open(path, 0o600, &how)
		return err
	})
	if errors.Is(err, berrors.ErrTimeout) {
		return nil, errors.New("another process has it open")
	}
	return file, err
}

// Path returns where the file is.
func (db *DB) Path() string { return db.path }

// Close lets go of the file, after reads and writes in hand. Later calls of the
// other methods return an error.
func (db *DB) Close() error {
	db.swap.RLock()
	defer db.swap.RUnlock()
	err := db.unlessHung(db.file.Close)
	if db.trouble.stuck() {
		return nil // it cannot be closed; the file is let go with the process
	}
	return err
}

// Get is [storage.DB.Get]. The items are of one instant.
func (db *DB) Get(ctx context.Context, keys ...storage.Key) ([]storage.Item, error) {
	if err := errors.Join(ctx.Err(), storage.CheckGet(keys)); err != nil {
		return nil, err
	}
	now := db.now()
	items := make([]storage.Item, len(keys))
	err := db.view(func(tx *bbolt.Tx) error {
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
