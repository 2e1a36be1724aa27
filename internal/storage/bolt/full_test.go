package bolt_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
)

// fillerFile names the file that this binary fills when it is started as another
// process, by TestDiskFull.
const fillerFile = "BOLT_TEST_FILLER_FILE"

// fillUntilFull writes until nothing more goes into the file, and says what it was
// promised. The limit of the process stands for the end of the disk.
func fillUntilFull(path string) error {
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: 512 << 10, Max: 512 << 10}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	db, err := bolt.Open(path, time.Now)
	if err != nil {
		return err
	}
	for i := 0; db.Trouble() == nil; i++ {
		if err := db.Put(context.Background(), large(i)); err == nil {
			fmt.Println("written", i)
		}
	}
	if _, err := db.Get(context.Background(), large(0).Key); err != nil {
		return fmt.Errorf("read while full: %w", err)
	}
	return db.Close()
}

// TestDiskFull: what was confirmed before the disk was full is there, nothing else is,
// and where there is room again it goes on.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "db")
	filler := exec.CommandContext(t.Context(), os.Args[0])
	filler.Env = append(os.Environ(), fillerFile+"="+path)
	out, err := filler.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	confirmed := make(map[string]bool)
	for lines := bufio.NewScanner(strings.NewReader(string(out))); lines.Scan(); {
		n, ok := strings.CutPrefix(lines.Text(), "written ")
		i, err := strconv.Atoi(n)
		if !ok || err != nil {
			t.Fatalf("the other process says %q", lines.Text())
		}
		confirmed[large(i).Key.Sort] = true
	}
	db, err := bolt.Open(path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	page, err := db.List(t.Context(), storage.Query{Table: storage.Records, Part: "p", Limit: 1000})
	if err != nil || len(page.Items) != len(confirmed) || len(confirmed) < 100 {
		t.Errorf("%d items are there, %d were confirmed, %v", len(page.Items), len(confirmed), err)
	}
	for _, it := range page.Items {
		if !confirmed[it.Key.Sort] {
			t.Errorf("%s is there, and was not confirmed", it.Key.Sort)
		}
	}
	if err := db.Put(t.Context(), item("later")); err != nil || db.Trouble() != nil {
		t.Errorf("with room again: %v, %v", err, db.Trouble())
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}
