package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/entente-bot/entente/internal/removal"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/bolt"
)

// A Task is what an operator has done with the embedded store: the first field that is
// set.
type Task struct {
	Backup  string // copy it to this file, an absolute path where there is none
	Release string // have the guilds deleted that were lost on this day, as 2006-01-02
	Compact bool   // write it anew, without the room that deleted items left
}

// socket is where the program that has a store open takes tasks. Who may enter the
// store's folder may give them, and nobody from the network: not even one whose
// requests a web server on this machine passes on.
func socket(data string) string { return data + ".sock" }

// Upkeep takes tasks for the embedded store until end is called.
func (s *System) Upkeep() (end func(), err error) {
	if s.file == nil {
		return func() {}, nil
	}
	path := socket(s.file.Path())
	_ = os.Remove(path) // a process left it that was killed; no other has the store open
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	srv := &http.Server{Handler: http.HandlerFunc(s.upkeep), ReadHeaderTimeout: 5 * time.Second}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(l) }()
	return func() {
		_ = srv.Shutdown(context.Background()) // what is in hand is finished
		<-served
	}, nil
}

// upkeep does the task of a request, and answers with a line of what came of it.
func (s *System) upkeep(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	line, err := Task{Backup: q.Get("backup"), Release: q.Get("release"), Compact: q.Has("compact")}.do(r.Context(), s.file)
	if err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	fmt.Fprint(w, line)
}

// Do has the task done by the program that has the store open, or does it itself if
// none has. It returns a line of what came of it.
func (t Task) Do(ctx context.Context, data string) (string, error) {
	if _, err := os.Stat(data); errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("there is no store %s: name one with -data", data)
	}
	if line, running, err := t.ask(ctx, data); running {
		return line, err
	}
	db, err := bolt.Open(data, time.Now)
	if err != nil {
		return "", err
	}
	line, err := t.do(ctx, db)
	return line, errors.Join(err, db.Close())
}

// ask gives the task to the program that has the store open. It reports whether there
// is one.
func (t Task) ask(ctx context.Context, data string) (line string, running bool, err error) {
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket(data))
	}}}
	defer client.CloseIdleConnections()
	q := url.Values{"backup": {t.Backup}, "release": {t.Release}}
	if t.Compact {
		q.Set("compact", "1")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://store/?"+q.Encode(), nil)
	if err != nil {
		return "", true, err
	}
	answer, err := client.Do(r)
	if err != nil {
		return "", false, err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = errors.New(string(said))
	}
	return string(said), true, err
}

// do does the task.
func (t Task) do(ctx context.Context, db *bolt.DB) (string, error) {
	switch {
	case t.Backup != "":
		return "The backup is " + t.Backup, db.Backup(t.Backup)
	case t.Release != "":
		return "The servers that were lost on " + t.Release + " are deleted within a day", release(ctx, db, t.Release)
	case t.Compact:
		before, after, err := db.Compact()
		return fmt.Sprintf("The store had %d bytes, and has %d", before, after), err
	}
	return "", errors.New("there is nothing to do")
}

// release has the guilds deleted that were lost on a day.
func release(ctx context.Context, db storage.DB, date string) error {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return fmt.Errorf("%q is no day such as 2026-11-28", date)
	}
	key := removal.LossesKey(day)
	return storage.Update(ctx, db, []storage.Key{key}, func(tx *storage.Tx) error {
		if !removal.Release(tx, key) {
			return fmt.Errorf("no server was lost on %s", date)
		}
		return nil
	})
}
