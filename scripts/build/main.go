// Command build makes the bundles that are deployed: dist/<function>/bootstrap
// for every folder below functions/, or for those named as arguments.
//
//	go run ./scripts/build [-arch arm64] [-o dist] [function …]
//
// With several architectures ("-arch arm64,amd64") they are kept apart:
// dist/<architecture>/<function>/bootstrap. It fails if a bundle is larger than
// its bar.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/entente-bot/entente/internal/bundle"
)

func main() {
	archs := flag.String("arch", "arm64", "architectures to build for, separated by commas")
	out := flag.String("o", "dist", "folder for the bundles, within the module unless absolute")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := build(ctx, strings.Split(*archs, ","), *out, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

// build makes the bundles of the named functions, or of all.
func build(ctx context.Context, archs []string, out string, names []string) error {
	root, err := bundle.Root(".")
	if err != nil {
		return err
	}
	if len(names) == 0 {
		if names, err = bundle.Functions(root); err != nil {
			return err
		}
	}
	if len(names) == 0 {
		return errors.New("there is nothing below functions/")
	}
	if !filepath.IsAbs(out) {
		out = filepath.Join(root, out)
	}
	var tooLarge []error
	for _, arch := range archs {
		for _, name := range names {
			dir := filepath.Join(out, name)
			if len(archs) > 1 {
				dir = filepath.Join(out, arch, name)
			}
			b, err := bundle.Build(ctx, root, "./functions/"+name, dir, bundle.Target{OS: "linux", Arch: arch})
			if err != nil {
				return err
			}
			fmt.Printf("%-14s %-6s %8s  %s\n", name, arch, bundle.Megabytes(b.Size), b.Path)
			tooLarge = append(tooLarge, b.Check())
		}
	}
	return errors.Join(tooLarge...)
}
