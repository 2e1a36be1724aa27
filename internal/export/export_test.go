package export_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/entente-bot/entente/internal/export"
	"github.com/entente-bot/entente/internal/storage"
)

func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

func TestHarmless(t *testing.T) {
	t.Parallel()
	tests := []struct{ cell, want string }{
		{"", ""},
		{"Lighthouse", "Lighthouse"},
		{"1204", "1204"},
		{"a=b", "a=b"},
		{"=1+1", "'=1+1"},
		{`=HYPERLINK("https://example.org?"&A1)`, `'=HYPERLINK("https://example.org?"&A1)`},
		{"+49", "'+49"},
		{"-1", "'-1"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"\t=1", "'\t=1"},
		{"\r=1", "'\r=1"},
		{"\n=1", "'\n=1"},
		{"  =1", "'  =1"},
		{"\u00a0=1", "'\u00a0=1"},
		{"\u200b=1", "'\u200b=1"},
		{"＝1", "'＝1"},
		{"＠SUM(A1)", "'＠SUM(A1)"},
		{"'=1", "'=1"},
		{"🦆", "🦆"},
	}
	for _, tt := range tests {
		if got := export.Harmless(tt.cell); got != tt.want {
			t.Errorf("Harmless(%q) = %q, want %q", tt.cell, got, tt.want)
		}
	}
}

// records are what a guild has, by Sort. It lists them as a store does.
type records map[string]any

func (r records) List(_ context.Context, q storage.Query) (page storage.Page, err error) {
	var keys []string
	for k := range r {
		if strings.HasPrefix(k, q.Prefix) && (q.Cursor == "" || k < q.Cursor) && (q.Before == "" || k < q.Before) {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	slices.Reverse(keys)
	for _, k := range keys[:min(len(keys), q.Limit)] {
		value, err := json.Marshal(r[k])
		if err != nil {
			return page, err
		}
		page.Items = append(page.Items, storage.Item{Key: storage.Key{Table: q.Table, Part: q.Part, Sort: k}, Value: value})
	}
	if len(keys) > q.Limit {
		page.Cursor = keys[q.Limit-1]
	}
	return page, nil
}

// fields are those of a record.
type fields = map[string]any

// files gathers r and returns the tables as their rows, and the JSON.
func files(t *testing.T, r records, most int) (tables map[string][][]string, all map[string]any, made export.Made) {
	t.Helper()
	made, err := export.Gather(t.Context(), r, "1", most, noon())
	if err != nil {
		t.Fatal(err)
	}
	size := 0
	tables = map[string][][]string{}
	for _, f := range made.Files {
		size += len(f.Data)
		if !utf8.Valid(f.Data) {
			t.Errorf("%s is no UTF-8", f.Name)
		}
		name, isTable := strings.CutSuffix(f.Name, ".csv")
		if !isTable {
			if err := json.Unmarshal(f.Data, &all); err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			continue
		}
		if bytes.Count(f.Data, []byte("\n")) != bytes.Count(f.Data, []byte("\r\n")) {
			t.Errorf("%s has lines that do not end as RFC 4180 wants", f.Name)
		}
		rows, err := csv.NewReader(bytes.NewReader(f.Data)).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		tables[name] = rows
	}
	if size > most {
		t.Errorf("the files have %d bytes, at most %d were wanted", size, most)
	}
	return tables, all, made
}

func TestGather(t *testing.T) {
	t.Parallel()
	tables, all, made := files(t, records{
		"settings":      fields{"review": "5"},
		"counts":        fields{"active": 1},
		"listing#7":     fields{"channel": "5", "hash": "canary"},
		"draft#9":       fields{"id": "9", "form": "canary"},
		"partnership#7": fields{"partner": "7", "server": fields{"name": "=cmd|'/C calc'!A0", "members": 1204}, "ad": fields{"description": "one,\n\"two\""}},
		"ended#6#60":    fields{"partner": "6", "ended": "2026-10-01T00:00:00Z", "why": "blocked"},
		"ended#8#50":    fields{"partner": "8", "ended": "2026-11-01T00:00:00Z"},
		"apply#80":      fields{"id": "80", "status": "denied", "server": fields{"id": "8"}},
		"apply#90":      fields{"id": "90", "status": "pending", "server": fields{"id": "9"}},
		"block#user#3":  fields{"what": "user", "id": "3", "reason": "+1"},
		"audit#000#1":   fields{"at": "2026-11-01T00:00:00Z", "by": "2", "refused": true},
		"standing#x#2":  fields{"tries": []int64{1700000000}},
		"joins": fields{"polled": "2026-11-01T00:00:00Z", "accounts": []fields{
			{"partner": "7", "counted": 12, "code": "abc", "gaps": []fields{{"from": "2026-11-01T00:00:00Z", "to": "2026-11-02T00:00:00Z", "why": "deleted"}}},
			{"partner": "9", "counted": 0},
		}},
		"joins-others":         fields{"invites": []fields{{"code": "xyz", "uses": 3}}},
		"joins-past#8#50":      fields{"partner": "8", "counted": 3, "application": "50", "closed": "2026-11-01T00:00:00Z"},
		"joins-day#2026-11-01": fields{"date": "2026-11-01", "books": fields{"7": fields{"counted": 2, "identified": 1, "here": 5}, "other": fields{"counted": 4}}},
		"joins-day#2026-11-02": fields{"date": "2026-11-02", "books": fields{"7": fields{"counted": 10}}},
		"joins-member#4":       fields{"user": "4", "partner": "7", "joined": "2026-11-01T00:00:00Z", "early": true},
		"joins-making#7":       fields{"partner": "7", "told": "canary"},
		"joins-nobody#ab":      fields{"mark": "canary"},
	}, export.MaxSize)
	if len(made.Cut) > 0 || len(made.Files) != 8 {
		t.Errorf("%d files, cut: %v", len(made.Files), made.Cut)
	}
	want := map[string]string{ // the first cells of all rows
		"partnerships": "status partner name|active 7 '=cmd|'/C calc'!A0|ended 6 |ended 8 ",
		"applications": "id status partner|90 pending 9|80 denied 8",
		"blocklist":    "what id name|user 3 ",
		"audit":        "at by what|2026-11-01T00:00:00Z 2 ",
		"joins":        "date partner counted|2026-11-02 7 10|2026-11-01 7 2|2026-11-01 other 4",
		"accounts":     "status partner since|active 7 |active 9 |ended 8 ",
		"members":      "user partner joined|4 7 2026-11-01T00:00:00Z",
	}
	for table, rows := range tables {
		var lines []string
		for _, r := range rows {
			lines = append(lines, strings.Join(r[:3], " "))
		}
		if table == "partnerships" {
			slices.Sort(lines[2:])
		}
		if got := strings.Join(lines, "|"); got != want[table] {
			t.Errorf("%s: %s\nwant %s", table, got, want[table])
		}
	}
	if p := tables["partnerships"][1]; p[len(p)-2] != "one,\n\"two\"" {
		t.Errorf("the description is %q", p)
	}
	if a := tables["accounts"]; a[1][5] != "12" || a[3][4] != "50" || a[1][10] != "from=2026-11-01T00:00:00Z to=2026-11-02T00:00:00Z why=deleted" {
		t.Errorf("the accounts are %q", a)
	}
	if j := tables["joins"]; fmt.Sprint(j[2]) != "[2026-11-01 7 2 1    5]" {
		t.Errorf("a day is %q", j[2])
	}
	if fmt.Sprint(all["settings"]) != "map[review:5]" || len(all["ended"].([]any)) != 2 || len(all["standings"].([]any)) != 1 {
		t.Errorf("the JSON has %v", all)
	}
	if shown := fmt.Sprint(all, tables); strings.Contains(shown, "canary") {
		t.Errorf("what is of no use outside is there: %s", shown)
	}
}

// TestTooMuch exports more than fits: the latest are there, the important things
// too, and it is said what is not.
func TestTooMuch(t *testing.T) {
	t.Parallel()
	const most = export.MaxSize / 50
	r := records{"settings": fields{"review": "5"}, "partnership#7": fields{"partner": "7"}}
	for i := range 2000 {
		r[fmt.Sprintf("audit#%06d", i)] = fields{"at": fmt.Sprint(i), "what": strings.Repeat("x", 100)}
		r[fmt.Sprintf("apply#%06d", i)] = fields{"id": fmt.Sprint(i), "reason": strings.Repeat("y", 100)}
		r[fmt.Sprintf("ended#%06d#1", i)] = fields{"partner": fmt.Sprint(i), "ended": fmt.Sprintf("%06d", (i*7919)%2000), "why": strings.Repeat("z", 50)}
	}
	tables, all, made := files(t, r, most)
	if fmt.Sprint(all["cut"]) != "[ended applications audit]" || len(made.Cut) != 3 {
		t.Errorf("cut: %v, %v", all["cut"], made.Cut)
	}
	for _, c := range made.Cut {
		if n := len(all[c.Section].([]any)); n != c.Kept || n < 20 {
			t.Errorf("%s has %d, and %d are told", c.Section, n, c.Kept)
		}
	}
	if tables["applications"][1][0] != "1999" || tables["audit"][1][0] != "1999" || tables["partnerships"][1][1] != "7" {
		t.Error("the latest are not there")
	}
	for i, e := range all["ended"].([]any) {
		if got := e.(fields)["ended"]; got != fmt.Sprintf("%06d", 1999-i) {
			t.Fatalf("ended, number %d: %v", i, got)
		}
	}
}

// TestDocumented wants every list and column in docs/export.md.
func TestDocumented(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../../docs/export.md")
	if err != nil {
		t.Fatal(err)
	}
	wanted := []string{"`entente.json`", "`schema`", "`guild`", "`made`", "`cut`"}
	for _, s := range export.Sections() {
		wanted = append(wanted, "`"+s.Name+"`")
	}
	for _, table := range export.Tables() {
		wanted = append(wanted, "`"+table+".csv`")
		for _, c := range export.Columns(table) {
			wanted = append(wanted, "`"+c.Head+"`")
		}
	}
	for _, w := range wanted {
		if !bytes.Contains(doc, []byte(w)) {
			t.Errorf("docs/export.md does not say what %s is", w)
		}
	}
}

// TestNothingIsMissing reads the table of keys: whatever is kept of a guild is in an
// export, but for what is of no use outside.
func TestNothingIsMissing(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../storage/storage.go")
	if err != nil {
		t.Fatal(err)
	}
	keys := regexp.MustCompile(`(?m)^//\s+records\s+guild#<g>\s+(\S+)\s+(\S+)`).FindAllStringSubmatch(string(b), -1)
	if len(keys) == 0 {
		t.Fatal("there is no table of keys")
	}
	useless := []string{
		"post", "home", "overflow", "index", // where messages of ours stand
		"draft", "edit-draft", // forms that were refused, or became applications and edits
		"counts", "taken", "waiting", "current", "absence", "log", // said by other records, too
		"names", "probes", // what suggestions show, and what is tried again
		"crowd", "forms", // how many tickets and refused forms there are, by which they are bounded
		"health", "removal",
	}
	for _, k := range keys {
		in := slices.ContainsFunc(export.Sections(), func(s export.Section) bool { return strings.HasPrefix(k[1], s.Prefix) })
		if !in && !slices.Contains(useless, k[2]) && !strings.HasPrefix(k[1], "trail#") { // which is that of audit#
			t.Errorf("%s (%s) is in no section", k[1], k[2])
		}
	}
}
