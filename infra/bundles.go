package main

import (
	"debug/elf"
	"fmt"
	"path/filepath"
)

// checkBundles fails unless dist holds every function, built for what the stack
// runs it on.
func checkBundles(dist string) error {
	for _, f := range functions() {
		path := filepath.Join(dist, f.bundle, "bootstrap")
		binary, err := elf.Open(path)
		if err != nil {
			return fmt.Errorf("there is no program in %s: run go run ./scripts/build", path)
		}
		machine := binary.Machine
		_ = binary.Close() // it was only read
		if machine != elf.EM_AARCH64 {
			return fmt.Errorf("%s is built for %s, and the stack runs arm64: run go run ./scripts/build", path, machine)
		}
	}
	return nil
}
