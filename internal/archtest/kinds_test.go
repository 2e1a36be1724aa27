package archtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A kind is what a package is for. It decides who may import whom.
type kind string

const (
	word    kind = "shared word"  // what all domain packages speak of
	domain  kind = "domain"       // decides; one package per capability
	view    kind = "view"         // turns domain values into what Discord shows
	handler kind = "handler"      // translates between the outside and the domain
	adapter kind = "adapter"      // reaches out
	names   kind = "names"        // the contract with operators; all that infra imports
	wiring  kind = "wiring"       // puts everything together for one process
	program kind = "program"      // a main package
	stage   kind = "stage"        // the simulated Discord: for scripts/dev and tests
	support kind = "test support" // for tests only
	tool    kind = "tool"         // builds or checks the project itself
	infra   kind = "infra"        // the CDK app, a module of its own
)

// kinds says what kind each package is. Those below functions/, scripts/ and
// infra/ are known by their folder.
func kinds() map[string]kind {
	return map[string]kind{
		"internal/access":      word,
		"internal/action":      word,
		"internal/block":       word,
		"internal/partnership": word,
		"internal/refuse":      word,
		"internal/settings":    word,
		"internal/roll":        word,
		"internal/storage":     word,

		"internal/apply":    domain,
		"internal/audit":    domain,
		"internal/bump":     domain,
		"internal/export":   domain,
		"internal/forget":   domain,
		"internal/contact":  domain,
		"internal/edit":     domain,
		"internal/drift":    domain,
		"internal/index":    domain,
		"internal/invite":   domain,
		"internal/joins":    domain,
		"internal/panel":    domain,
		"internal/poll":     domain,
		"internal/post":     domain,
		"internal/removal":  domain,
		"internal/setup":    domain,
		"internal/showcase": domain,
		"internal/stats":    domain,
		"internal/text":     domain,
		"internal/ticket":   domain,

		"internal/chart": view,
		"internal/view":  view,

		"internal/interactions": handler,
		"internal/poller":       handler,
		"internal/scheduler":    handler,
		"internal/worker":       handler,

		"internal/discordrest":    adapter,
		"internal/queue/memory":   adapter,
		"internal/queue/sqs":      adapter,
		"internal/secret":         adapter,
		"internal/storage/bolt":   adapter,
		"internal/storage/dynamo": adapter,

		"internal/env":     names,
		"internal/version": names,
		"internal/local":   wiring,

		"internal/fakediscord":          stage,
		"internal/fakediscord/contract": stage,
		"internal/scene":                stage,

		"internal/assembly":                  support,
		"internal/lambdahost":                support,
		"internal/storage/dynamo/dynamotest": support,
		"internal/storage/dynamolocal":       support,
		"internal/storage/storagetest":       support,

		"internal/archtest": tool,
		"internal/bundle":   tool,
		"internal/commands": tool,
		"internal/halves":   tool,
	}
}

// mayImport says which kinds of our packages each kind may import.
func mayImport() map[kind][]kind {
	return map[kind][]kind{
		word:    {word},
		domain:  {word},
		view:    {word, domain},
		handler: {word, domain, view, names},
		adapter: {word, domain, names},
		names:   {names},
		wiring:  {word, domain, view, handler, adapter, names},
		program: {word, domain, view, handler, adapter, names, wiring, stage, tool},
		stage:   {stage},
		support: {word, adapter, support, stage, tool},
		tool:    {tool},
		infra:   {names, infra},
	}
}

// kindOf returns the kind of the package in a folder.
func kindOf(dir string) (kind, bool) {
	for prefix, k := range map[string]kind{"functions/": program, "scripts/": program, "infra/": infra} {
		if strings.HasPrefix(dir+"/", prefix) {
			return k, true
		}
	}
	k, ok := kinds()[dir]
	return k, ok
}

// packages returns the folders that hold Go files, sorted.
func packages(t tree) []string {
	dirs := map[string]bool{}
	for _, f := range t.files {
		dirs[f.dir()] = true
	}
	return slices.Sorted(maps.Keys(dirs))
}

// kindsAreKnown wants a kind for every package.
func kindsAreKnown(t tree) (complaints []string) {
	for _, dir := range packages(t) {
		if _, ok := kindOf(dir); !ok {
			complaints = append(complaints, fmt.Sprintf("say in internal/archtest/kinds_test.go what kind of package %s is", dir))
		}
	}
	return complaints
}

// kindsAreTrue wants a package for every row.
func kindsAreTrue(t tree) (complaints []string) {
	there := packages(t)
	for dir := range kinds() {
		if !slices.Contains(there, dir) {
			complaints = append(complaints, fmt.Sprintf("internal/archtest/kinds_test.go has a row for %s, and there is no such package", dir))
		}
	}
	return complaints
}
