// Package version says which version of Entente a program is.
package version

import "runtime/debug"

// unknown is the version of a program that was built outside of a clone, or run
// with go run or go test.
const unknown = "unknown"

// String returns the version of the running program, as Go wrote it into it when it
// was built: that of the tag, such as "v1.4.0", or else one made of the time and
// the revision of the commit, such as "v0.0.0-20261128041553-3419479abcde". It ends
// in "+dirty" if the clone had changes that were not committed.
func String() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return unknown
	}
	return of(info)
}

// of returns the version that info tells.
func of(info *debug.BuildInfo) string {
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return unknown
}
