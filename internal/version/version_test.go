package version

import (
	"runtime/debug"
	"testing"
)

func TestOf(t *testing.T) {
	t.Parallel()
	const commit = "3419479abcde0123456789abcdef0123456789ab"
	stamped := []debug.BuildSetting{{Key: "vcs", Value: "git"}, {Key: "vcs.revision", Value: commit}}
	tests := []struct {
		name, main string
		settings   []debug.BuildSetting
		want       string
	}{
		{"a tag", "v1.4.0", stamped, "v1.4.0"},
		{"a commit", "v0.0.0-20261128041553-3419479abcde+dirty", stamped, "v0.0.0-20261128041553-3419479abcde+dirty"},
		{"only the revision", "(devel)", stamped, commit},
		{"nothing", "", nil, "unknown"},
		{"no clone", "(devel)", nil, "unknown"},
	}
	for _, tt := range tests {
		if got := of(&debug.BuildInfo{Main: debug.Module{Version: tt.main}, Settings: tt.settings}); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
