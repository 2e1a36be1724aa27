package bolt

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"
)

// perCopy is how many bytes of items a copy writes at once.
const perCopy = 4 << 20

// Backup writes a copy of the file to path, where there must be none yet: of one
// instant, with the owner of the file, and without the room that deleted items left.
// Reads and writes go on meanwhile. All of the file is read: a damaged one is an
// error, and leaves no copy.
func (db *DB) Backup(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("back up to %s: it is there already: name another file", path)
	}
	db.copying.Lock()
	defer db.copying.Unlock()
	if err := db.copyTo(path); err != nil {
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	return nil
}

// Compact writes the file anew, without the room that deleted items left, and returns
// its sizes in bytes. Reads go on meanwhile, and writes wait. Whenever the process
// ends, the old file or the new one is in its place, and whole.
func (db *DB) Compact() (before, after int64, err error) {
	db.copying.Lock()
	defer db.copying.Unlock()
	db.writing.Lock()
	defer db.writing.Unlock()
	before, err = db.size()
	if err == nil {
		err = db.copyTo(db.path + ".compact")
	}
	if err == nil {
		err = db.replace(db.path + ".compact")
	}
	if err == nil {
		after, err = db.size()
	}
	if err != nil {
		return before, after, fmt.Errorf("compact %s: %w", db.path, err)
	}
	return before, after, nil
}

func (db *DB) size() (int64, error) {
	info, err := os.Stat(db.path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// copyTo makes a copy of the file at path, in one step when it is whole.
func (db *DB) copyTo(path string) error {
	if err := db.trouble.forbids(true); err != nil {
		return err
	}
	part := path + ".part"
	_ = os.Remove(part) // of a copy that was not finished
	defer os.Remove(part)
	how := db.how.Options
	how.NoSync, how.NoGrowSync = true, false // it is flushed once, at the end
	to, err := openFile(part, how)
	if err != nil {
		return err
	}
	err = db.view(func(tx *bbolt.Tx) error { return copyAll(to, tx) })
	if err = errors.Join(err, to.Sync(), to.Close()); err != nil {
		return err
	}
	return move(part, path)
}

// copyAll copies all buckets. What a transaction of to writes is read from the memory of
// from, so that it ends before the one that reads: bbolt's own Compact ends one later,
// and so copies what a writer put there meanwhile.
func copyAll(to *bbolt.DB, from *bbolt.Tx) error {
	return from.ForEach(func(name []byte, b *bbolt.Bucket) error { return copyBucket(to, name, b.Cursor()) })
}

func copyBucket(to *bbolt.DB, name []byte, from *bbolt.Cursor) error {
	k, v := from.First()
	for {
		err := to.Update(func(tx *bbolt.Tx) error {
			b, err := tx.CreateBucketIfNotExists(name)
			if err != nil {
				return err
			}
			b.FillPercent = 1 // what comes is in order
			for size := 0; k != nil && size < perCopy; k, v = from.Next() {
				size += len(k) + len(v)
				if err := b.Put(k, v); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || k == nil {
			return err
		}
	}
}

// replace puts the file at path in the place of the one that is open.
func (db *DB) replace(path string) error {
	db.swap.Lock()
	defer db.swap.Unlock()
	if err := db.file.Close(); err != nil {
		return err
	}
	moved := move(path, db.path)
	file, err := openFile(db.path, db.how.Options) // the old one, if it was not replaced
	if err != nil {
		db.trouble.damage(opening(db.path, err), true)
		return errors.Join(moved, err)
	}
	db.file = file
	return moved
}

// move gives a file another name, for good: its folder is flushed, too.
func move(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(to))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
