package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"

	"github.com/entente-bot/entente/internal/storage/bolt"
)

// serveScene serves the simulated Discord, with a page to try things on.
func serveScene(ctx context.Context, c config, l net.Listener, out io.Writer) error {
	if !c.keep {
		if err := beginAnew(c.Data); err != nil {
			return errors.Join(err, l.Close())
		}
	}
	stage, err := rehearse(ctx, c, l)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	g, err := newPlayground(stage)
	if err != nil {
		return errors.Join(err, l.Close(), stage.system.Close(), stage.Close())
	}
	mux := stage.system.Handler(true)
	g.serve(mux)
	welcome(out, c, pageURL(l))
	return errors.Join(stage.system.Serve(ctx, l, mux), stage.Close())
}

// pageURL is where a browser on this machine finds l.
func pageURL(l net.Listener) string {
	host, port, err := net.SplitHostPort(l.Addr().String())
	if ip := net.ParseIP(host); err == nil && ip.IsUnspecified() {
		return "http://" + net.JoinHostPort("127.0.0.1", port)
	}
	return "http://" + l.Addr().String()
}

// welcome says what there is to try.
func welcome(out io.Writer, c config, url string) {
	kept := c.Data + ", begun anew at each start; -keep goes on with it"
	if c.keep {
		kept = c.Data + ", and kept; the simulated Discord begins anew at each start, with new IDs"
	}
	fmt.Fprintf(out, `Entente is running, with a Discord of its own. Open this page:

    %[1]s

On it you are anybody in a server called Harbour:
    Ada   has Manage Server     start here: /partnerships setup
    Rio   wants to partner      then: /partner apply, with an invite from the page
    Max   has a manager role    then: Approve or Deny, in #reviews
    Nora  is a member           sees the ad in #partners

Time passes on the page, or here:
    curl -X POST '%[1]s/dev/advance?by=72h'    go 72 hours ahead, and do what is then due
    curl -X POST '%[1]s/dev/drain'             do what is due now

State is in %[2]s.
For a short tour in this terminal: go run ./scripts/dev -demo
For a real Discord: go run ./scripts/serve
Ctrl+C ends it.

`, url, kept)
}

// beginAnew removes the store that the last simulated Discord left at path: its IDs
// mean nothing to the next one. A file that it did not leave is not touched.
func beginAnew(path string) error {
	owner, err := bolt.Owner(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case owner == bolt.Simulation:
		_ = os.Remove(path + bolt.Earlier) // mostly there is none
		return os.Remove(path)
	}
	return fmt.Errorf("%s may hold the state of a real Discord: name another file with -data", path)
}
