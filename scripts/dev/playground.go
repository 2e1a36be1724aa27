package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
)

// playground serves the simulated Discord, with a scene to try things on.
func playground(ctx context.Context, c config, l net.Listener, out io.Writer) error {
	stage, err := rehearse(ctx, c, l)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	fmt.Fprintf(out, "http://%s\n", l.Addr())
	err = stage.system.Serve(ctx, l, stage.system.Handler(c.controls))
	return errors.Join(err, stage.Close())
}
