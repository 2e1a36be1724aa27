package bolt_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
)

// writerFile names the file that this binary writes to when it is started as
// another process, by TestKilled.
const writerFile = "BOLT_TEST_WRITER_FILE"

func TestMain(m *testing.M) {
	if path := os.Getenv(writerFile); path != "" {
		fmt.Println(writeUntilKilled(path))
		os.Exit(1)
	}
	if path := os.Getenv(fillerFile); path != "" {
		if err := fillUntilFull(path); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// writeUntilKilled says what it has been promised to be kept.
func writeUntilKilled(path string) error {
	db, err := bolt.Open(path, time.Now)
	for i := 0; err == nil; i++ {
		err = db.Put(context.Background(), item(fmt.Sprint(i)), item(fmt.Sprint(i, " twin")))
		fmt.Println("written", i)
	}
	return err
}

func TestKilled(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	writer := exec.Command(os.Args[0])
	writer.Env = append(os.Environ(), writerFile+"="+path)
	out, err := writer.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := writer.Start(); err != nil {
		t.Fatal(err)
	}
	defer writer.Wait()
	defer writer.Process.Kill()

	var written []string
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		n, ok := strings.CutPrefix(lines.Text(), "written ")
		if !ok {
			t.Fatalf("the other process says %q", lines.Text())
		}
		if written = append(written, n); len(written) == 1 {
			if _, err := bolt.Open(path, time.Now); err == nil || !strings.Contains(err.Error(), "another process has it open") {
				t.Errorf("Open of a file in use = %v", err)
			}
		}
		if len(written) == 50 {
			if err := writer.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	writer.Wait()

	db, err := bolt.Open(path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, n := range written {
		items, err := db.Get(t.Context(), key(n), key(n+" twin"))
		if err != nil || items[0].Version == 0 || items[1].Version == 0 {
			t.Errorf("item %s is lost: %+v, %v", n, items, err)
		}
	}
}

func key(sort string) storage.Key {
	return storage.Key{Table: storage.Records, Part: "p", Sort: sort}
}

func item(sort string) storage.Item {
	return storage.Item{Key: key(sort), Kind: "thing", Schema: 1, Value: []byte(`{}`)}
}
