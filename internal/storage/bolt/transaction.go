package bolt

import (
	"cmp"
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
	var commit bool
	err = shielded(db.path, func() (err error) {
		commit, err = do(tx)
		return err
	})
	if errors.Is(err, ErrDamaged) {
		db.trouble.damage(err, false)
	}
	ended := db.unlessHung(func() error { return db.end(tx, commit && err == nil) })
	return cmp.Or(err, ended)
}

// end commits a transaction, or takes it back.
func (db *DB) end(tx *bbolt.Tx, commit bool) (err error) {
	if commit {
		err = shielded(db.path, tx.Commit)
	}
	if errors.Is(err, ErrDamaged) {
		db.trouble.damage(err, false)
	}
	if err := shielded(db.path, tx.Rollback); errors.Is(err, ErrDamaged) { // of what is over it does nothing
		db.trouble.damage(err, true)
	}
	return err
}

// unlessHung returns what do returns, which waits for locks of bbolt's. Where one of
// them stays locked, do goes on waiting alone, and the damage is returned.
func (db *DB) unlessHung(do func() error) error {
	over := make(chan error, 1)
	go func() { over <- do() }()
	select {
	case err := <-over:
		return err
	case <-db.trouble.hung:
		return db.trouble.forbids(true)
	}
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
	damaged error         // for good: nothing is written any more
	hung    chan struct{} // closed when a transaction could not begin, or end: bbolt's locks stay locked
	failed  error         // the last write failed; nil after one that did not
}

// damage notes that the file is damaged.
func (t *trouble) damage(err error, hangs bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.damaged = err
	if hangs && !t.stuck() {
		close(t.hung)
	}
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
	if writable || t.stuck() {
		return t.damaged
	}
	return nil
}

// stuck reports whether bbolt's locks stay locked.
func (t *trouble) stuck() bool {
	select {
	case <-t.hung:
		return true
	default:
		return false
	}
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
