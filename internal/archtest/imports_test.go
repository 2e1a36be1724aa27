package archtest

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// importsGoOneWay checks which packages of ours, and of the standard library,
// each package imports. Tests may import anything of ours.
func importsGoOneWay(t tree) (complaints []string) {
	for _, f := range t.files {
		k, ok := kindOf(f.dir())
		if f.test() || !ok || k == infra {
			continue
		}
		for _, p := range f.imports() {
			name, ours := strings.CutPrefix(p, module)
			switch {
			case name == "internal/chart" && f.dir() != "internal/worker":
				complaints = append(complaints, fmt.Sprintf("%s imports %s: what draws is large, and in the worker only", f.path, name))
			case ours && !allowed(k, name):
				complaints = append(complaints, fmt.Sprintf("%s (%s) imports %s", f.path, k, name))
			case standard(p) && (k == domain || k == word) && reachesOut(p):
				complaints = append(complaints, fmt.Sprintf("%s (%s) imports %s: it decides, and reaches for nothing", f.path, k, p))
			}
		}
		if k == program && strings.HasPrefix(f.path, "functions/") {
			complaints = append(complaints, deployed(f)...)
		}
	}
	return complaints
}

// allowed reports whether a package of kind k may import the one of ours.
func allowed(k kind, name string) bool {
	of, ok := kindOf(name)
	return ok && slices.Contains(mayImport()[k], of)
}

// deployed complains of what scripts may import, and a Lambda function not.
func deployed(f file) (complaints []string) {
	for _, p := range f.imports() {
		name, ours := strings.CutPrefix(p, module)
		if of, _ := kindOf(name); ours && slices.Contains([]kind{stage, tool, wiring}, of) {
			complaints = append(complaints, fmt.Sprintf("%s: a function that is deployed imports %s", f.path, name))
		}
	}
	return complaints
}

// standard reports whether a path is one of the standard library.
func standard(p string) bool {
	first, _, _ := strings.Cut(p, "/")
	return !strings.Contains(first, ".")
}

// reachesOut reports whether a package of the standard library touches the world
// outside the process.
func reachesOut(p string) bool {
	return slices.Contains([]string{"net", "os", "syscall", "database/sql"}, p) ||
		strings.HasPrefix(p+"/", "net/http/") || strings.HasPrefix(p, "os/")
}

// A use says who may import a module, or a package of it.
type use struct {
	prefix string
	by     []string // kinds and packages of ours
}

// uses lists every module that code outside of tests imports. The first prefix
// that fits counts.
func uses() []use {
	values := []string{string(handler), string(view), "internal/discordrest", "internal/commands"} // plain values of Discord
	return []use{
		{"github.com/disgoorg/disgo/discord", values},
		{"github.com/disgoorg/disgo/rest", []string{"internal/discordrest"}},
		{"github.com/disgoorg/disgo/", nil}, // bot, handler and gateway pull in voice, websockets and compression
		{"github.com/disgoorg/json", values},
		{"github.com/disgoorg/omit", values},
		{"github.com/disgoorg/snowflake", values},
		{"github.com/aws/aws-lambda-go/", []string{string(handler), "functions", string(support)}},
		{"github.com/aws/", []string{string(adapter), string(program), string(wiring), string(support)}},
		{"filippo.io/edwards25519", []string{"internal/interactions"}},  // tells public keys that nobody holds
		{"github.com/microcosm-cc/bluemonday", []string{"scripts/dev"}}, // the playground
		{"github.com/yuin/goldmark", []string{"scripts/dev"}},           // the playground
		{"github.com/santhosh-tekuri/jsonschema/", []string{"internal/fakediscord/contract"}},
		{"gonum.org/v1/plot", []string{"internal/chart"}},
		{"go.etcd.io/bbolt", []string{"internal/storage/bolt"}},
		{"golang.org/x/text/unicode/norm", []string{"internal/partnership", "internal/fakediscord/contract"}},
		{"golang.org/x/text/", []string{"internal/fakediscord/contract"}},
		{"pgregory.net/rapid", []string{string(support)}},
	}
}

// modulesAreKnown checks who imports which module. Tests may import any, but for
// those that nobody may.
func modulesAreKnown(t tree) (complaints []string) {
	for _, f := range t.files {
		k, ok := kindOf(f.dir())
		if !ok || k == infra {
			continue
		}
		for _, p := range f.imports() {
			if standard(p) || strings.HasPrefix(p, module) {
				continue
			}
			if complaint := misused(f, k, p); complaint != "" {
				complaints = append(complaints, fmt.Sprintf("%s (%s) imports %s: %s", f.path, k, p, complaint))
			}
		}
	}
	return complaints
}

// misused says what is wrong with importing p in f; "" if nothing.
func misused(f file, k kind, p string) string {
	i := slices.IndexFunc(uses(), func(u use) bool { return strings.HasPrefix(p+"/", strings.TrimSuffix(u.prefix, "/")+"/") })
	if i < 0 {
		if f.test() {
			return ""
		}
		return "say in internal/archtest/imports_test.go who may"
	}
	by := uses()[i].by
	fits := slices.Contains(by, string(k)) || slices.Contains(by, f.dir()) || slices.Contains(by, path.Dir(f.dir()))
	switch {
	case len(by) == 0:
		return "nobody may"
	case f.test():
		return ""
	case !fits:
		return "it is for " + strings.Join(by, ", ")
	case k == handler && strings.HasPrefix(p, "github.com/aws/") && !slices.Contains([]string{"lambda.go", "sqs.go"}, path.Base(f.path)):
		return "what a handler knows of Lambda is in its lambda.go or sqs.go"
	}
	return ""
}

// infraStaysApart checks that the CDK app knows nothing of the bot but the names
// of its variables, and the bot nothing of the CDK app.
func infraStaysApart(t tree) (complaints []string) {
	for _, f := range t.files {
		k, _ := kindOf(f.dir())
		for _, p := range f.imports() {
			name, ours := strings.CutPrefix(p, module)
			of, _ := kindOf(name)
			switch {
			case ours && k == infra && !allowed(infra, name):
				complaints = append(complaints, fmt.Sprintf("%s: infra imports %s, and may import only internal/env", f.path, name))
			case ours && k != infra && of == infra:
				complaints = append(complaints, fmt.Sprintf("%s: imports %s, which is another module", f.path, name))
			case k == names && !standard(p) && of != names:
				complaints = append(complaints, fmt.Sprintf("%s: imports %s: infra would need it, too", f.path, p))
			}
		}
	}
	return complaints
}
