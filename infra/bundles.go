package main

import (
	"debug/buildinfo"
	"debug/elf"
	"fmt"
	"path/filepath"
)

// unversioned is the version of bundles that were built outside of a clone.
const unversioned = "unknown"

// checkBundles fails unless dist holds every function, built for what the stack
// runs it on, and all of them of one version. It returns that.
func checkBundles(dist string) (version string, err error) {
	for _, f := range functions() {
		path := filepath.Join(dist, f.bundle, "bootstrap")
		binary, err := elf.Open(path)
		if err != nil {
			return "", fmt.Errorf("there is no program in %s: run go run ./scripts/build", path)
		}
		machine := binary.Machine
		_ = binary.Close() // it was only read
		if machine != elf.EM_AARCH64 {
			return "", fmt.Errorf("%s is built for %s, and the stack runs arm64: run go run ./scripts/build", path, machine)
		}
		switch of := versionOf(path); {
		case version == "":
			version = of
		case of != version:
			return "", fmt.Errorf("%s is of version %s, and others of %s: run go run ./scripts/build", path, of, version)
		}
	}
	return version, nil
}

// versionOf returns what Go wrote into a program about its version.
func versionOf(path string) string {
	info, err := buildinfo.ReadFile(path)
	if err != nil || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return unversioned
	}
	return info.Main.Version
}
