package bolt

import (
	"errors"
	"sync"

	"go.etcd.io/bbolt"
)

// view runs do in a transaction that reads.
func (db *DB) view(do func(*bbolt.Tx) error) error {
	return db.within(false, func(tx *bbolt.Tx) (bool, error) { return false, do(tx) })
}

// update runs do in a transaction that writes, and commits it if do changed
// something: what changes nothing saves the flush. The caller holds db.writing.
func (db *DB) update(do func(*bbolt.Tx) (changed bool, err error)) error {
	err := db.within(true, do)
	db.trouble.wrote(err)
	return err
}

// within runs do in a transaction. What it panics with is damage: nothing is written
// any more then, because nobody knows what of it would be read again.
func (db *DB) within(writable bool, do func(*bbolt.Tx) (commit bool, err error)) error {
	db.swap.RLock()
	defer db.swap.RUnlock()
	tx, err := db.begin(writable)
	if err != nil {
		return err
	}
	err = shielded(db.path, func() error {
		commit, err := do(tx)
		if err == nil && commit {
			err = tx.Commit()
		}
		return err
	})
	ended := !errors.Is(shielded(db.path, tx.Rollback), ErrDamaged) // of what is over it does nothing
	if errors.Is(err, ErrDamaged) {
		db.trouble.damage(err, !ended)
	}
	return err
}

// begin begins a transaction. If that panics, bbolt's locks stay locked: so one begins
// after the other, and none after that.
func (db *DB) begin(writable bool) (tx *bbolt.Tx, err error) {
	db.beginning.Lock()
	defer db.beginning.Unlock()
	if err := db.trouble.forbids(writable); err != nil {
		return nil, err
	}
	err = shielded(db.path, func() error {
		tx, err = db.file.Begin(writable)
		return err
	})
	if errors.Is(err, ErrDamaged) {
		db.trouble.damage(err, true)
	}
	return tx, err
}

// trouble is what keeps a file from being written, or from being read.
type trouble struct {
	mu      sync.Mutex
	damaged error // for good: nothing is written any more
	hangs   bool  // a transaction could not begin, or end: the next would wait for ever
	failed  error // the last write failed; nil after one that did not
}

// damage notes that the file is damaged.
func (t *trouble) damage(err error, hangs bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.damaged, t.hangs = err, t.hangs || hangs
}

// wrote notes how a write ended.
func (t *trouble) wrote(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failed = err
}

// forbids returns why no transaction may begin; nil if one may.
func (t *trouble) forbids(writable bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if writable || t.hangs {
		return t.damaged
	}
	return nil
}

// stuck reports whether the file cannot be closed.
func (t *trouble) stuck() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.hangs
}

// Trouble returns why nothing can be written: the file is damaged, or the last write
// failed, as on a disk that is full. It is nil if nothing is known to be wrong.
func (db *DB) Trouble() error {
	db.trouble.mu.Lock()
	defer db.trouble.mu.Unlock()
	if db.trouble.damaged != nil {
		return db.trouble.damaged
	}
	return db.trouble.failed
}
