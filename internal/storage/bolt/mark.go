package bolt

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"go.etcd.io/bbolt"

	"github.com/entente-bot/entente/internal/storage"
)

// layout is the number of the format that files have: how buckets are named and what
// their rows look like. A version that changes it reads what earlier ones wrote.
const layout = 1

// Simulation is the owner of a file whose Discord is simulated: see [Of].
const Simulation = "simulation"

// ErrForeign means that a file is not for who wants to open it: it belongs to somebody
// else, or was written by a later version of Entente.
var ErrForeign = errors.New("it is not for this program")

// Of has the file belong to owner, an application's ID or [Simulation], and keeps
// files of others from being opened. Earlier versions wrote files that say nothing:
// they become an application's, and are refused to a simulation, unless [Earlier] is
// there.
func Of(owner string) Option { return func(o *options) { o.owner = owner } }

// The bucket "store", and what it says.
const (
	store     = "store"
	formatKey = "format"
	ownerKey  = "owner"
)

// Earlier is what earlier versions added to the name of a simulation's file, for an
// empty one beside it.
const Earlier = ".simulated"

// claim checks that the file is one to be opened, and makes the buckets and the mark
// that it lacks. Nothing is written if it lacks none, as on a disk that is full.
func (db *DB) claim(fresh bool) error {
	complete := false
	if err := db.view(func(tx *bbolt.Tx) (err error) {
		first, _ := tx.Cursor().First()
		complete, err = db.admit(tx, fresh || first == nil) // a start may have died before the first write
		return err
	}); err != nil || complete {
		return err
	}
	return db.update(func(tx *bbolt.Tx) (bool, error) { return true, mark(tx, db.how.owner) })
}

// admit reports whether the file has its buckets and its mark, or why it is not to be
// opened.
func (db *DB) admit(tx *bbolt.Tx, empty bool) (complete bool, err error) {
	owner, format, err := markOf(db.path, tx)
	mine := db.how.owner
	switch {
	case err != nil:
		return false, err
	case format > layout:
		return false, fmt.Errorf("%w: a later version of Entente wrote it (format %d, and this one knows %d): use that version", ErrForeign, format, layout)
	case mine == "" || mine == owner:
		return format != 0, nil
	case owner == "" && (empty || mine != Simulation):
		return false, nil
	case owner == "":
		return false, fmt.Errorf("%w: it may hold the state of a real Discord, and this one is simulated: name another file", ErrForeign)
	case owner == Simulation:
		return false, fmt.Errorf("%w: a simulated Discord filled it, and its servers are none of application %s: name another file", ErrForeign, mine)
	}
	return false, fmt.Errorf("%w: it belongs to application %s, not to %s: name another file", ErrForeign, owner, mine)
}

// markOf reads whose a file is and which format it has: "" and 0 if it does not say.
func markOf(path string, tx *bbolt.Tx) (owner string, format int, err error) {
	if b := tx.Bucket([]byte(store)); b != nil {
		if format, err = strconv.Atoi(string(b.Get([]byte(formatKey)))); err != nil {
			return "", 0, damaged(path, "its format is %q", b.Get([]byte(formatKey)))
		}
		owner = string(b.Get([]byte(ownerKey)))
	}
	if _, err := os.Stat(path + Earlier); owner == "" && err == nil {
		owner = Simulation
	}
	return owner, format, nil
}

// mark makes the buckets and the mark.
func mark(tx *bbolt.Tx, owner string) error {
	for _, name := range []string{string(storage.Records), string(storage.Actions), expiry, store} {
		if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
			return fmt.Errorf("make bucket %s: %w", name, err)
		}
	}
	b := tx.Bucket([]byte(store))
	if err := b.Put([]byte(formatKey), []byte(strconv.Itoa(layout))); err != nil || owner == "" {
		return err
	}
	return b.Put([]byte(ownerKey), []byte(owner))
}

// Owner returns whose the file at path is: "" if it does not say. There must be one,
// and no other process may have it open. Nothing is written.
func Owner(path string) (owner string, err error) {
	if _, err := inspect(path, true); err != nil {
		return "", opening(path, err)
	}
	file, err := openFile(path, bbolt.Options{Timeout: patience, ReadOnly: true})
	if err != nil {
		return "", opening(path, err)
	}
	err = shielded(path, func() error {
		return file.View(func(tx *bbolt.Tx) error { owner, _, err = markOf(path, tx); return err })
	})
	return owner, opening(path, errors.Join(err, file.Close()))
}
