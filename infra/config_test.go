package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// aKey is a public key of RFC 8032's, of which everybody knows the other half.
const aKey = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"

// valid is what a stage needs.
func valid() map[string]any {
	return map[string]any{"applicationId": "123456789012345678", "publicKey": aKey}
}

// with returns what a stage needs, with one thing more, or without it if it is nil.
func with(name string, value any) map[string]any {
	told := valid()
	told[name] = value
	if value == nil {
		delete(told, name)
	}
	return told
}

func TestReadConfig(t *testing.T) {
	tests := []struct {
		name    string
		context any
		says    string // "" if it is fine
	}{
		{"a stage in cdk.json", map[string]any{"stage": "prod", "stages": map[string]any{"prod": valid()}}, ""},
		{"all passed with -c", with("stage", "test"), ""},
		{"a small number without quotes", map[string]any{"stage": "prod", "stages": map[string]any{"prod": with("maxReads", json.Number("2000"))}}, ""},
		{"what is the CDK's own", map[string]any{"stage": "prod", "stages": map[string]any{"prod": valid()}, "@aws-cdk/core:x": true, "aws:cdk:y": true}, ""},
		{"a domain", map[string]any{"stage": "prod", "stages": map[string]any{"prod": map[string]any{
			"applicationId": "123456789012345678", "publicKey": strings.ToUpper(aKey), "entry": "api", "domainName": "bot.example.org",
			"certificateArn": "arn:aws:acm:eu-central-1:123456789012:certificate/0a"}}}, ""},

		{"no stage", valid(), `the stage is "", and must be`},
		{"a stage with a space", with("stage", "my stage"), `the stage is "my stage"`},
		{"a stage that nobody wrote down", map[string]any{"stage": "prod", "stages": map[string]any{"test": valid()}},
			"stage prod has no applicationId: it is the application ID, 17 to 20 digits in quotes, from General Information in Discord's developer portal; write it into cdk.json under stages.prod, or pass -c applicationId="},
		{"no key", map[string]any{"stage": "prod", "stages": map[string]any{"prod": with("publicKey", nil)}}, "stage prod has no publicKey"},
		{"a key cut off", map[string]any{"stage": "prod", "stages": map[string]any{"prod": with("publicKey", "abc")}}, `publicKey of stage prod is "abc", and must be the public key, 64 hex digits`},
		{"the secret for the ID", map[string]any{"stage": "prod", "stages": map[string]any{"prod": with("applicationId", "abcdef")}}, `applicationId of stage prod is "abcdef"`},
		{"an ID without quotes", map[string]any{"stage": "prod", "stages": map[string]any{"prod": with("applicationId", json.Number("123456789012345680"))}},
			"applicationId of stage prod is a number, and Node rounds those: here it became 123456789012345680; put it in quotes in cdk.json"},
		{"an ID without quotes, in short", map[string]any{"stage": "prod", "stages": map[string]any{"prod": with("applicationId", json.Number("1.2345678901234568e+21"))}}, "put it in quotes in cdk.json"},
		{"the key of the documentation", map[string]any{"stage": "prod", "stages": map[string]any{"prod": with("publicKey", strings.Repeat("0", 64))}}, "publicKey of stage prod is a key of small order, under which signatures can be forged: copy it again"},
		{"a key with a typing error", map[string]any{"stage": "prod", "stages": map[string]any{"prod": with("publicKey", "02"+strings.Repeat("0", 62))}}, "publicKey of stage prod is no Ed25519 public key: copy it again"},
		{"a budget with a currency", map[string]any{"stage": "prod", "stages": map[string]any{"prod": with("budget", "$50")}}, "must be a whole number of US dollars a month"},
		{"no partners", map[string]any{"stage": "prod", "stages": map[string]any{"prod": with("maxPartners", "0")}}, "must be how many partners a server may have, from 1 to 1000"},
		{"more partners than fit", map[string]any{"stage": "prod", "stages": map[string]any{"prod": with("maxPartners", "1001")}}, "from 1 to 1000"},
		{"a word nobody reads", map[string]any{"stage": "prod", "stages": map[string]any{"prod": with("alarmMail", "x@example.org")}}, "stage prod has alarmMail, which nothing reads: there are applicationId, publicKey, alarmEmail"},
		{"a word nobody reads, with -c", map[string]any{"stage": "prod", "stages": map[string]any{"prod": valid()}, "pollbudget": "20"}, "stage prod has pollbudget, which nothing reads"},
		{"no address", map[string]any{"stage": "prod", "stages": map[string]any{"prod": with("alarmEmail", "me")}}, "must be the address that alarms are sent to"},
		{"a level that alarms do not hear", map[string]any{"stage": "prod", "stages": map[string]any{"prod": with("logLevel", "warn")}}, "must be debug or info"},
		{"an unknown entry", map[string]any{"stage": "prod", "stages": map[string]any{"prod": with("entry", "alb")}}, "must be url for a Lambda Function URL, or api for an HTTP API"},
		{"too large a budget", map[string]any{"stage": "prod", "stages": map[string]any{"prod": with("pollBudget", 46)}}, "from 1 to 45"},
		{"no maximum", map[string]any{"stage": "prod", "stages": map[string]any{"prod": with("maxWrites", "0")}}, "must be a whole number of write request units a second"},
		{"a domain of a Function URL", map[string]any{"stage": "prod", "stages": map[string]any{"prod": with("domainName", "bot.example.org")}}, "which only an HTTP API can have"},
		{"a domain without a certificate", map[string]any{"stage": "prod", "entry": "api", "stages": map[string]any{"prod": with("domainName", "bot.example.org")}}, "give both, or none"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data, err := json.Marshal(tt.context)
			if err != nil {
				t.Fatal(err)
			}
			cfg, err := readConfig(string(data))
			switch {
			case tt.says == "" && err != nil:
				t.Errorf("refused: %v", err)
			case tt.says == "" && cfg.applicationID != "123456789012345678":
				t.Errorf("the application is %q", cfg.applicationID)
			case tt.says != "" && (err == nil || !strings.Contains(err.Error(), tt.says)):
				t.Errorf("it says %v, want %q", err, tt.says)
			}
		})
	}
}

// TestPassedOverrulesWritten wants -c to count more than cdk.json.
func TestPassedOverrulesWritten(t *testing.T) {
	cfg := configOf(t, map[string]any{"stage": "prod", "stages": map[string]any{"prod": with("pollBudget", "30")}, "pollBudget": "10"})
	if cfg.pollBudget != "10" {
		t.Errorf("the budget is %s, want 10", cfg.pollBudget)
	}
}

// TestFaultsAreOneSentence runs the program as the CDK does: whatever an operator
// may have got wrong costs a line, before anything else is started.
func TestFaultsAreOneSentence(t *testing.T) {
	good, err := json.Marshal(with("stage", "prod"))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, context string
		dist          string // folder that becomes dist; "" for none
		says          string
	}{
		{"by hand", "", "", "run this as npx cdk synth"},
		{"a missing key", `{"stage": "prod"}`, "", "stage prod has no applicationId"},
		{"nothing built", string(good), "", "there is no program in dist/interactions/bootstrap: run go run ./scripts/build"},
		{"built for another machine", string(good), bundles(t, 62), "is built for EM_X86_64, and the stack runs arm64: run go run ./scripts/build"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root := t.TempDir()
			if err := os.Mkdir(filepath.Join(root, "infra"), 0o755); err != nil {
				t.Fatal(err)
			}
			if tt.dist != "" {
				if err := os.Symlink(tt.dist, filepath.Join(root, "dist")); err != nil {
					t.Fatal(err)
				}
			}
			self, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), self)
			cmd.Dir = filepath.Join(root, "infra")
			cmd.Env = append(os.Environ(), asProgram+"=1", contextVariable+"="+tt.context)
			out, err := cmd.CombinedOutput()
			said := strings.TrimSpace(string(out))
			if err == nil || !strings.HasPrefix(said, "infra: ") || !strings.Contains(said, tt.says) || strings.Contains(said, "\n") {
				t.Errorf("it says (%v):\n%s\nwant one line with %q", err, said, tt.says)
			}
		})
	}
}

// TestBundlesAreOfOneVersion builds programs as scripts/build does, and wants their
// version to be known, and those of another to be refused.
func TestBundlesAreOfOneVersion(t *testing.T) {
	dist := bundles(t, 183)
	if version, err := checkBundles(dist); err != nil || version != unversioned {
		t.Errorf("programs without a version: %q, %v", version, err)
	}
	source := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.test/bot\n\ngo 1.26\n", "main.go": "package main\n\nfunc main() {}\n"} {
		if err := os.WriteFile(filepath.Join(source, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, command := range [][]string{
		{"git", "init", "-q"}, {"git", "add", "."},
		{"git", "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-q", "-m", "x"}, {"git", "tag", "v1.4.0"},
		{"go", "build", "-buildvcs=true", "-o", filepath.Join(dist, "worker", "bootstrap")},
	} {
		cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
		cmd.Dir, cmd.Env = source, append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "GOFLAGS=", "GOWORK=off", "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", command, err, out)
		}
	}
	if got := versionOf(filepath.Join(dist, "worker", "bootstrap")); got != "v1.4.0" {
		t.Errorf("the version is %q, want v1.4.0", got)
	}
	if _, err := checkBundles(dist); err == nil || !strings.Contains(err.Error(), "is of version v1.4.0, and others of unknown") {
		t.Errorf("of two versions: %v", err)
	}
}

// TestDocumentsNameStage keeps commands that change an account from falling back
// to the stage of cdk.json, which is an example.
func TestDocumentsNameStage(t *testing.T) {
	found := 0
	for _, doc := range []string{"README.md", "docs/deploy.md", "docs/runbook.md", "docs/scale.md"} {
		content, err := os.ReadFile(filepath.Join("..", doc))
		if err != nil {
			t.Fatal(err)
		}
		for _, command := range regexp.MustCompile("npx cdk (?:deploy|destroy|diff)[^`\n]*").FindAllString(string(content), -1) {
			if found++; !strings.Contains(command, "-c stage=") {
				t.Errorf("%s: %q names no stage", doc, command)
			}
		}
	}
	if found == 0 {
		t.Error("no command was found")
	}
}
