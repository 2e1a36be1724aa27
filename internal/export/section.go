package export

import "github.com/entente-bot/entente/internal/storage"

// A Section is one kind of records in an export: a list of the JSON file, and
// rows of a table if it has one.
type Section struct {
	Name    string // in the JSON file
	Prefix  string // of the Sort of its records
	One     bool   // there is one record, and no list
	By      string // field with the time by which the latest come first; "" goes by the records' keys
	Table   string // the CSV file, without its ending; "" for none
	Status  string // what stands in the table under "status", where the records do not say
	Each    string // field with what each has a row in the table: a list, or a map, whose keys stand under "key"; "" if the record is one row
	Reserve int    // bytes that it gets however large the sections before it are
}

const mega = 1 << 20

// Sections are what an export holds, the most important first: where not
// everything fits, what comes later has less room. Posts, counts, forms that were
// refused and all that is in the actions table are of no use outside.
func Sections() []Section {
	return []Section{
		{Name: "settings", Prefix: "settings", One: true, Reserve: mega / 8},
		{Name: "partnerships", Prefix: "partnership#", Table: "partnerships", Status: "active", Reserve: 2 * mega},
		{Name: "blocklist", Prefix: "block#", Table: "blocklist", Reserve: 2 * mega},
		{Name: "ended", Prefix: "ended#", By: "ended", Table: "partnerships", Status: "ended", Reserve: mega},
		{Name: "joins", Prefix: "joins", One: true, Table: "accounts", Status: "active", Each: "accounts", Reserve: mega / 8},
		{Name: "joins_past", Prefix: "joins-past#", By: "closed", Table: "accounts", Status: "ended", Reserve: mega / 8},
		{Name: "joins_days", Prefix: "joins-day#", Table: "joins", Each: "books", Reserve: mega / 4},
		{Name: "joins_others", Prefix: "joins-others", One: true, Reserve: mega / 8},
		{Name: "joins_others_parts", Prefix: "joins-others#", Reserve: mega / 8},
		{Name: "bumps", Prefix: "bump#", Reserve: mega / 8},
		{Name: "contacts", Prefix: "contact#", Reserve: mega / 8},
		{Name: "edits", Prefix: "edit#", Reserve: mega / 8},
		{Name: "edits_past", Prefix: "edit-past#", By: "settled", Reserve: mega / 8},
		{Name: "panels", Prefix: "panel#", Reserve: mega / 8},
		{Name: "standings", Prefix: "standing#", Reserve: mega / 4},
		{Name: "tickets", Prefix: "ticket#", Reserve: mega / 4},
		{Name: "members", Prefix: "joins-member#", By: "joined", Table: "members", Reserve: mega / 8},
		{Name: "applications", Prefix: "apply#", Table: "applications", Reserve: mega},
		{Name: "audit", Prefix: "audit#", Table: "audit", Reserve: mega},
	}
}

// query lists the records of s, latest first as far as their keys tell.
func (s Section) query(guild string) storage.Query {
	q := storage.Query{Table: storage.Records, Part: "guild#" + guild, Prefix: s.Prefix, Descending: true, Limit: storage.DefaultLimit}
	if s.One {
		q.Before = s.Prefix + "!" // others may begin with its name
	}
	return q
}

// A Column is one column of a table.
type Column struct {
	Head string
	Path string // of the field, joined by dots; "" for the section's Status
}

// Tables are the names of the CSV files, without their ending, in their order.
func Tables() []string {
	return []string{"partnerships", "applications", "blocklist", "joins", "accounts", "members", "audit"}
}

// Columns are the columns of a table.
func Columns(table string) []Column {
	ad := []Column{
		{"category", "ad.category"}, {"invite", "ad.invite"},
		{"description", "ad.description"}, {"highlights", "ad.highlights"},
	}
	return map[string][]Column{
		"partnerships": append([]Column{
			{"status", ""}, {"partner", "partner"}, {"name", "server.name"}, {"members", "server.members"},
			{"contact", "contact"}, {"since", "since"}, {"approved_by", "by"}, {"application", "application"},
			{"ended", "ended"}, {"ended_by", "ended_by"}, {"why", "why"}, {"end_reason", "reason"}, {"farewell", "farewell"},
		}, ad...),
		"applications": append([]Column{
			{"id", "id"}, {"status", "status"}, {"partner", "server.id"}, {"name", "server.name"}, {"members", "server.members"},
			{"applicant", "applicant"}, {"source", "source"}, {"sent", "sent"},
			{"settled", "settled"}, {"settled_by", "by"}, {"reason", "reason"}, {"note", "note"},
		}, ad...),
		"blocklist": {
			{"what", "what"}, {"id", "id"}, {"name", "name"}, {"reason", "reason"}, {"by", "by"}, {"at", "at"}, {"until", "until"},
		},
		"joins": {
			{"date", "date"}, {"partner", "key"}, {"counted", "counted"}, {"identified", "identified"},
			{"early", "early"}, {"returned", "returned"}, {"young", "young"}, {"here", "here"},
		},
		"accounts": {
			{"status", ""}, {"partner", "partner"}, {"since", "since"}, {"closed", "closed"}, {"application", "application"},
			{"counted", "counted"}, {"here", "here"}, {"invite", "code"}, {"channel", "channel"}, {"role", "role"}, {"gaps", "gaps"},
		},
		"members": {
			{"user", "user"}, {"partner", "partner"}, {"joined", "joined"}, {"day", "day"}, {"seen", "seen"}, {"left", "left"}, {"early", "early"},
		},
		"audit": {
			{"at", "at"}, {"by", "by"}, {"what", "what"}, {"about", "about"}, {"partner", "partner"},
			{"surface", "surface"}, {"refused", "refused"},
		},
	}[table]
}
