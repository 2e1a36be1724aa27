package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"runtime/debug"

	"go.etcd.io/bbolt"
)

// ErrDamaged means that the file, or the disk below it, does not hold what was
// written. It is mended by a copy that [DB.Backup] made. The error names the file and
// says so.
var ErrDamaged = errors.New("the file is damaged")

// damaged is [ErrDamaged] of the file at path.
func damaged(path, how string, args ...any) error {
	return fmt.Errorf("store %s: %w: %s: put the latest backup in its place", path, ErrDamaged, fmt.Sprintf(how, args...))
}

// shielded calls do, and returns what it panics with as [ErrDamaged] of the file at
// path: bbolt panics where a page is not what it should be, and a file that is cut
// short while it is in memory is a fault of memory where it ends.
func shielded(path string, do func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = damaged(path, "%v", p)
		}
	}()
	return do()
}

// inspect looks at the file before it is mapped into memory, where its end would be
// read as a fault. It reports whether there is none yet. Grown means that the file is
// as long as it says: see [Unsynced].
func inspect(path string, grown bool) (fresh bool, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return false, err
	case !info.Mode().IsRegular():
		return false, errors.New("it is no file")
	case info.Size() == 0:
		return false, damaged(path, "it is empty, with 0 bytes (to begin anew, delete it)")
	}
	need := extent(f, info.Size())
	switch {
	case need == 0:
		return false, damaged(path, "its beginning is not that of a store (to begin another one, name another file)")
	case grown && info.Size() < need:
		return false, damaged(path, "it was cut short, to %d of %d bytes", info.Size(), need)
	}
	return false, nil
}

// extent returns how many bytes of the file are in use, as its newest head says; 0 if
// it has none. There are two heads, written in turn, in the first two pages.
func extent(f *os.File, size int64) (bytes int64) {
	var newest uint64
	look := func(at int64) (page int64) {
		h, ok := readHead(f, at)
		if !ok {
			return 0
		}
		if used := int64(h.pages) * int64(h.page); bytes == 0 || h.tx > newest {
			bytes, newest = used, h.tx
		}
		return int64(h.page)
	}
	if page := look(0); page != 0 {
		look(page)
		return bytes
	}
	for page := int64(1 << 10); page < min(size, 1<<25); page <<= 1 { // any size that pages have
		if look(page) != 0 {
			return bytes
		}
	}
	return 0
}

// A head is what bbolt's meta page says that matters here.
type head struct {
	page  uint32 // bytes of each page
	pages uint64 // in use
	tx    uint64 // that wrote it
}

// readHead reads the meta page at an offset of the file, as bbolt writes it: in the
// order of bytes that the machine has, behind a header of 16, with a sum at the end.
func readHead(f *os.File, at int64) (h head, ok bool) {
	const header, sum, magic = 16, 56, 0xED0CDAED
	b := make([]byte, header+sum+8)
	if _, err := f.ReadAt(b, at); err != nil {
		return h, false
	}
	b = b[header:]
	check := fnv.New64a()
	_, _ = check.Write(b[:sum]) // never fails
	if binary.NativeEndian.Uint32(b) != magic || check.Sum64() != binary.NativeEndian.Uint64(b[sum:]) {
		return h, false
	}
	h = head{binary.NativeEndian.Uint32(b[8:]), binary.NativeEndian.Uint64(b[40:]), binary.NativeEndian.Uint64(b[48:])}
	return h, h.page >= 1<<10 && h.page <= 1<<24
}

// Check reads all of the file, and returns [ErrDamaged] if any of it cannot be read.
// It takes about a second for each gigabyte.
func (db *DB) Check() error {
	return db.view(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(_ []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(_, _ []byte) error { return nil })
		})
	})
}
