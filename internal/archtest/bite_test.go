package archtest

import (
	"strings"
	"testing"
	"testing/fstest"
)

// clean is a file that no rule complains of.
const clean = `// Package apply decides.
package apply

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/entente-bot/entente/internal/storage"
)

// ErrGone means that it is gone.
var ErrGone = errors.New("gone")

var _ fmt.Stringer = URL{}

// The modes.
const (
	Single = "single"
)

const (
	Forum = "forum" // a post each
)

// A URL is one.
type URL struct{ url.URL }

// String returns it.
func (u URL) String() string { return fmt.Sprint(u.URL, storage.Records) }

type inner struct{}

func (inner) Init() { _ = recover() }
`

// A bite is a tree with one fault: a file, beside a clean one.
type bite struct {
	rule string // the one that complains
	path string
	text string
	want string // what it says, in part; "" if it says nothing
}

// play loads the tree of b and returns what its rule complains of.
func play(t *testing.T, b bite) []string {
	t.Helper()
	tree, err := load(fstest.MapFS{
		".gitignore":                       {Data: []byte("/dist/\n*.out\n")},
		"dist/worker/broken.go":            {Data: []byte("not Go")},
		"cover.out":                        {},
		"internal/apply/apply.go":          {Data: []byte(clean)},
		"internal/apply/testdata/wrong.go": {Data: []byte("not Go")},
		b.path:                             {Data: []byte(b.text)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return rules()[b.rule](tree)
}

// importing is a file that imports one package.
func importing(path string) string {
	return "package x\n\nimport _ \"" + path + "\"\n"
}

// check plays bites and looks for what they want.
func check(t *testing.T, bites []bite) {
	t.Helper()
	for _, b := range bites {
		t.Run(b.rule+"/"+b.path, func(t *testing.T) {
			t.Parallel()
			got := play(t, b)
			switch {
			case b.want == "" && len(got) > 0:
				t.Errorf("complaints %q, want none", got)
			case b.want != "" && (len(got) != 1 || !strings.Contains(got[0], b.want)):
				t.Errorf("complaints %q, want one: …%s…", got, b.want)
			}
		})
	}
}

func TestNoRuleComplainsOfACleanFile(t *testing.T) {
	t.Parallel()
	for name := range rules() {
		if name == "every kind has its package" {
			continue // the tree is too small for that
		}
		if got := play(t, bite{rule: name, path: "go.mod"}); len(got) > 0 {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestEveryRowNeedsItsPackage(t *testing.T) {
	t.Parallel()
	got := play(t, bite{rule: "every kind has its package", path: "go.mod"})
	if len(got) != len(kinds())-1 {
		t.Errorf("%d complaints, want one for each row but internal/apply's", len(got))
	}
}

func TestImportRulesBite(t *testing.T) {
	t.Parallel()
	const (
		known   = "every package has a kind"
		oneWay  = "imports go one way"
		modules = "modules are used where known"
		apart   = "infra stays apart"
		disgo   = "github.com/disgoorg/disgo/"
	)
	check(t, []bite{
		{known, "internal/util/util.go", "package util\n", "what kind of package internal/util is"},
		{known, "scripts/new/main.go", "package main\n", ""},

		{oneWay, "internal/apply/http.go", importing("net/http"), "(domain) imports net/http"},
		{oneWay, "internal/apply/trace.go", importing("net/http/httptrace"), "(domain) imports net/http/httptrace"},
		{oneWay, "internal/action/os.go", importing("os"), "(shared word) imports os"},
		{oneWay, "internal/apply/word.go", importing(module + "internal/settings"), ""},
		{oneWay, "internal/apply/other.go", importing(module + "internal/showcase"), "(domain) imports internal/showcase"},
		{oneWay, "internal/action/up.go", importing(module + "internal/apply"), "(shared word) imports internal/apply"},
		{oneWay, "internal/worker/two.go", importing(module + "internal/interactions"), "(handler) imports internal/interactions"},
		{oneWay, "internal/view/picture.go", importing(module + "internal/chart"), "in the worker only"},
		{oneWay, "internal/interactions/picture.go", importing(module + "internal/chart"), "in the worker only"},
		{oneWay, "internal/worker/picture.go", importing(module + "internal/chart"), ""},
		{oneWay, "internal/worker/out.go", importing(module + "internal/discordrest"), "(handler) imports internal/discordrest"},
		{oneWay, "internal/worker/out_test.go", importing(module + "internal/storage/bolt"), ""},
		{oneWay, "internal/discordrest/up.go", importing(module + "internal/worker"), "(adapter) imports internal/worker"},
		{oneWay, "internal/worker/fake.go", importing(module + "internal/lambdahost"), "(handler) imports internal/lambdahost"},
		{oneWay, "scripts/dev/stage.go", importing(module + "internal/fakediscord"), ""},
		{oneWay, "scripts/dev/host.go", importing(module + "internal/lambdahost"), "(program) imports internal/lambdahost"},
		{oneWay, "functions/worker/main.go", importing(module + "internal/fakediscord"), "a function that is deployed imports internal/fakediscord"},
		{oneWay, "internal/worker/none.go", importing(module + "internal/nothing"), "(handler) imports internal/nothing"},

		{modules, "internal/worker/rest.go", importing(disgo + "rest"), "(handler) imports " + disgo + "rest"},
		{modules, "internal/worker/values.go", importing(disgo + "discord"), ""},
		{modules, "internal/apply/values.go", importing(disgo + "discord"), "(domain) imports " + disgo + "discord"},
		{modules, "internal/apply/id.go", importing("github.com/disgoorg/snowflake/v2"), "(domain) imports"},
		{modules, "internal/discordrest/bot.go", importing(disgo + "bot"), "nobody may"},
		{modules, "internal/worker/bot_test.go", importing(disgo + "gateway"), "nobody may"},
		{modules, "internal/worker/rest_test.go", importing(disgo + "rest"), ""},
		{modules, "internal/worker/events.go", importing("github.com/aws/aws-lambda-go/events"), "in its lambda.go or sqs.go"},
		{modules, "internal/interactions/key.go", importing("filippo.io/edwards25519"), ""},
		{modules, "internal/worker/lambda.go", importing("github.com/aws/aws-lambda-go/events"), ""},
		{modules, "internal/worker/sdk.go", importing("github.com/aws/aws-sdk-go-v2/service/sqs"), "(handler) imports"},
		{modules, "internal/queue/sqs/sdk.go", importing("github.com/aws/aws-sdk-go-v2/service/sqs"), ""},
		{modules, "internal/queue/memory/bolt.go", importing("go.etcd.io/bbolt"), "(adapter) imports go.etcd.io/bbolt"},
		{modules, "internal/worker/new.go", importing("example.com/new"), "imports example.com/new: say in"},
		{modules, "internal/worker/new_test.go", importing("example.com/new"), ""},

		{apart, "infra/stack.go", importing(module + "internal/storage"), "infra imports internal/storage"},
		{apart, "infra/names.go", importing(module + "internal/env"), ""},
		{apart, "infra/stack/stack.go", importing("github.com/aws/aws-cdk-go/awscdk/v2"), ""},
		{apart, "scripts/dev/infra.go", importing(module + "infra"), "another module"},
		{apart, "internal/env/more.go", importing("github.com/aws/aws-sdk-go-v2/aws"), "infra would need it, too"},
	})
}

func TestHabitRulesBite(t *testing.T) {
	t.Parallel()
	const (
		packages = "packages say what they are"
		exports  = "exported names are described"
		short    = "files are short"
		state    = "packages keep no state"
		skips    = "tests are not skipped"
		sleeps   = "nothing sleeps"
		root     = "the root is tidy"
		minds    = "programs mind arguments"
		initial  = "nothing runs by import"
		sleep    = "package x\n\nimport \"time\"\n\nfunc f() { time.Sleep(1) }\n"
		skip     = "package x\n\nimport \"testing\"\n\nfunc TestF(t *testing.T) { t.Run(\"\", func(t *testing.T) { t.Skipf(\"\") }) }\n"
	)
	check(t, []bite{
		{packages, "internal/view/view.go", "package view\n", "no file says what package view is"},
		{packages, "internal/view/echo.go", "// What a view.\npackage view\n", "no file says what package view is"},
		{packages, "scripts/dev/main.go", "// Command dev is all.\npackage main\n", ""},
		{packages, "internal/view/view_test.go", "package view\n", ""},

		{exports, "internal/view/func.go", "package view\n\nfunc Card() {}\n", "func.go:3: Card is exported"},
		{exports, "internal/view/method.go", "package view\n\n// A B is.\ntype B[T any] struct{}\n\nfunc (*B[T]) Card() {}\n", "Card is exported"},
		{exports, "internal/view/type.go", "package view\n\ntype (\n\tCard int\n)\n", "Card is exported"},
		{exports, "internal/view/const.go", "package view\n\nconst a, Card = 1, 2\n", "Card is exported"},
		{exports, "internal/view/card_test.go", "package view\n\nfunc TestCard() {}\n", ""},

		{short, "internal/view/long.go", "package view\n" + strings.Repeat("\n", 399), ""},
		{short, "internal/view/longer_test.go", "package view\n" + strings.Repeat("\n", 400), "has 401 lines, and may have 400"},
		{short, "functions/worker/main.go", "package main\n" + strings.Repeat("\n", 60), "has 61 lines, and may have 60"},

		{initial, "internal/view/init.go", "package view\n\nfunc init() {}\n", "init.go:3: an init function"},

		{state, "internal/view/table.go", "package view\n\nvar cards = map[string]int{\"a\": 1}\n\nfunc f(a string) int { return cards[a] }\n", ""},
		{state, "internal/view/public.go", "package view\n\nvar Cards = map[string]int{\"a\": 1}\n", "Cards is state"},
		{state, "internal/view/set.go", "package view\n\nvar cards = map[string]int{}\n\nfunc f() { cards[\"a\"] = 1 }\n", "cards is state"},
		{state, "internal/view/grow.go", "package view\n\nvar cards = []int{1}\n\nfunc f() { cards = append(cards, 2) }\n", "cards is state"},
		{state, "internal/view/count.go", "package view\n\nvar card = struct{ n int }{}\n\nfunc f() { card.n++ }\n", "card is state"},
		{state, "internal/view/clear.go", "package view\n\nvar cards = map[string]int{}\n\nfunc f() { clear(cards) }\n", "cards is state"},
		{state, "internal/view/lend.go", "package view\n\nvar card = struct{ n int }{}\n\nfunc f() any { return &card }\n", "card is state"},
		{state, "internal/view/zero.go", "package view\n\nvar count int\n", "count is state"},
		{state, "internal/view/call.go", "package view\n\nvar now = time.Now()\n", "now is state"},
		{state, "internal/view/group.go", "package view\n\nvar (\n\terr = errors.New(\"\")\n\tmu sync.Mutex\n)\n", "mu is state"},
		{state, "internal/view/state_test.go", "package view\n\nvar seen []string\n", "seen is state"},
		{state, "internal/view/flag.go", "package view\n\nvar update = flag.Bool(\"update\", false, \"\")\n", "update is state"},
		{state, "internal/view/flag_test.go", "package view\n\nvar update = flag.Bool(\"update\", false, \"\")\n", ""},
		{state, "internal/view/once.go", "package view\n\nvar open = sync.OnceValue(f)\n", "open is state"},
		{state, "internal/view/once_test.go", "package view\n\nvar open = sync.OnceValue(f)\n", ""},
		{state, "internal/view/regexp.go", "package view\n\nvar code = regexp.MustCompile(`x`)\n", ""},
		{state, "internal/view/embed.go", "package view\n\n//go:embed en.json\nvar english []byte\n", ""},

		{minds, "scripts/new/main.go", "package main\n\nfunc main() { flag.Parse(); println(flag.NArg()) }\n", ""},
		{minds, "scripts/new/main.go", "package main\n\nfunc main() { flag.Parse() }\n", "scripts/new: does not look at its arguments"},
		{sleeps, "internal/view/sleep.go", sleep, "sleep.go:5: sleeps"},
		{sleeps, "internal/view/sleep_test.go", sleep, "sleep_test.go:5: sleeps"},

		{skips, "internal/view/skip_test.go", skip, "skip_test.go:5: skips a test"},
		{skips, "internal/storage/storagetest/skip.go", skip, "skips a test"},
		{skips, "internal/storage/dynamolocal/dynamolocal.go", skip, ""},
		{skips, "internal/fakediscord/contract_test.go", skip, ""},

		{root, "util/util.go", "package util\n", "util: not in the root"},
		{root, "notes.txt", "", "notes.txt: not in the root"},
		{root, "CHANGELOG.md", "", ""},
	})
}
