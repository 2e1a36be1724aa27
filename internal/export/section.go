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
	Reserve int    // bytes that it gets however large the sections before it are
}

const mega = 1 << 20

// Sections are what an export holds, the most important first: where not
// everything fits, what comes later has less room. Posts, counts, forms that were
// refused and all that is in the actions table are of no use outside.
func Sections() []Section {
	return []Section{
		{Name: "settings", Prefix: "settings", One: true, Reserve: mega / 8},
		{Name: "partnerships", Prefix: "partnership#", Table: "partnerships", Status: "active", Reserve: 3 * mega},
		{Name: "blocklist", Prefix: "block#", Table: "blocklist", Reserve: 2 * mega},
		{Name: "ended", Prefix: "ended#", By: "ended", Table: "partnerships", Status: "ended", Reserve: mega},
		{Name: "bumps", Prefix: "bump#", Reserve: mega / 8},
		{Name: "contacts", Prefix: "contact#", Reserve: mega / 8},
		{Name: "edits", Prefix: "edit#", Reserve: mega / 8},
		{Name: "edits_past", Prefix: "edit-past#", By: "settled", Reserve: mega / 8},
		{Name: "panels", Prefix: "panel#", Reserve: mega / 8},
		{Name: "standings", Prefix: "standing#", Reserve: mega / 4},
		{Name: "tickets", Prefix: "ticket#", Reserve: mega / 4},
		{Name: "applications", Prefix: "apply#", Table: "applications", Reserve: mega},
		{Name: "audit", Prefix: "audit#", Table: "audit", Reserve: mega},
	}
}

// query lists the records of s, latest first as far as their keys tell.
func (s Section) query(guild string) storage.Query {
	return storage.Query{Table: storage.Records, Part: "guild#" + guild, Prefix: s.Prefix, Descending: true, Limit: storage.DefaultLimit}
}

// A Column is one column of a table.
type Column struct {
	Head string
	Path string // of the field, joined by dots; "" for the section's Status
}

// Tables are the names of the CSV files, without their ending, in their order.
func Tables() []string { return []string{"partnerships", "applications", "blocklist", "audit"} }

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
		"audit": {
			{"at", "at"}, {"by", "by"}, {"what", "what"}, {"about", "about"}, {"partner", "partner"},
			{"surface", "surface"}, {"refused", "refused"},
		},
	}[table]
}
