package export

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// MaxSize is how large the files of an export are together, in bytes: Discord
// takes 10 MiB, and what is around the files needs some of it.
const MaxSize = 10*mega - mega/16

// A File is one file of an export.
type File struct {
	Name string
	Data []byte
}

// Made is an export.
type Made struct {
	Files []File
	Cut   []Cut // sections of which only the latest records are in it
}

// A Cut is a section of which not everything fitted.
type Cut struct {
	Section string
	Kept    int // records that are in the export
}

// A Lister lists pages of records: see [storage.DB].
type Lister interface {
	List(ctx context.Context, q storage.Query) (storage.Page, error)
}

// Gather makes the export of a guild, of at most so many bytes: where not
// everything fits, the latest records. It holds little more than that in memory.
func Gather(ctx context.Context, db Lister, guild string, most int, now time.Time) (Made, error) {
	left, reserved := most-4096, 0 // names, brackets and the heads of tables
	sections := Sections()
	for _, s := range sections {
		reserved += s.share(most)
	}
	var parts []part
	for _, s := range sections {
		reserved -= s.share(most)
		p := part{Section: s}
		if err := p.read(ctx, db, guild, left-reserved); err != nil {
			return Made{}, err
		}
		left -= p.size
		parts = append(parts, p)
	}
	return made(parts, guild, now)
}

// share is what of so many bytes s gets in any case.
func (s Section) share(most int) int { return s.Reserve * (most / 1024) / (MaxSize / 1024) }

// A part is what of a section is in an export.
type part struct {
	Section
	records []record
	size    int // bytes
	cut     bool
}

// A record is one record as it stands in the files.
type record struct {
	at   string // later ones sort later
	json []byte
	line []byte
}

func (r record) size() int { return len(r.json) + len(r.line) + len(",\n") }

// read reads the records, as many as fit.
func (p *part) read(ctx context.Context, db Lister, guild string, most int) error {
	for q := p.query(guild); ; {
		page, err := db.List(ctx, q)
		if err != nil {
			return fmt.Errorf("list %s: %w", p.Name, err)
		}
		for _, it := range page.Items {
			r, err := p.record(it)
			if err != nil {
				return err
			}
			p.records, p.size = append(p.records, r), p.size+r.size()
		}
		if p.size > most {
			p.trim(most)
		}
		if q.Cursor = page.Cursor; q.Cursor == "" || p.cut && p.By == "" {
			return nil // what follows is older
		}
	}
}

// trim drops the earliest records until the others fit.
func (p *part) trim(most int) {
	slices.SortStableFunc(p.records, func(a, b record) int { return cmp.Compare(b.at, a.at) })
	for p.size > most && len(p.records) > 0 {
		last := len(p.records) - 1
		p.size -= p.records[last].size()
		p.records, p.cut = p.records[:last], true
	}
}

// record returns it as it stands in the files.
func (p *part) record(it storage.Item) (record, error) {
	var value bytes.Buffer
	if err := json.Compact(&value, it.Value); err != nil {
		return record{}, fmt.Errorf("record %s: %w", it.Key.Sort, err)
	}
	fields := map[string]any{}
	d := json.NewDecoder(bytes.NewReader(it.Value))
	d.UseNumber() // not all numbers fit a float
	if err := d.Decode(&fields); err != nil {
		return record{}, fmt.Errorf("record %s: %w", it.Key.Sort, err)
	}
	r := record{at: it.Key.Sort, json: value.Bytes(), line: p.line(fields)}
	if p.By != "" {
		r.at = text(at(fields, p.By))
	}
	return r, nil
}

// made writes the files.
func made(parts []part, guild string, now time.Time) (Made, error) {
	var m Made
	cut := []string{}
	for _, p := range parts {
		if p.cut {
			m.Cut = append(m.Cut, Cut{p.Name, len(p.records)})
			cut = append(cut, p.Name)
		}
	}
	for _, table := range Tables() {
		b := bytes.NewBuffer(head(table))
		for _, p := range parts {
			for _, r := range p.records {
				if p.Table == table {
					b.Write(r.line)
				}
			}
		}
		m.Files = append(m.Files, File{table + ".csv", b.Bytes()})
	}
	about, err := json.Marshal(map[string]any{"schema": 1, "guild": guild, "made": now.UTC().Format(time.RFC3339), "cut": cut})
	if err != nil {
		return Made{}, err
	}
	b := bytes.NewBuffer(about[:len(about)-1]) // the sections follow inside
	for _, p := range parts {
		fmt.Fprintf(b, ",\n%q:", p.Name)
		p.write(b)
	}
	b.WriteString("}\n")
	m.Files = append(m.Files, File{"entente.json", b.Bytes()})
	return m, nil
}

// write writes the records of p as JSON.
func (p *part) write(b *bytes.Buffer) {
	if p.One {
		if len(p.records) == 0 {
			b.WriteString("null")
			return
		}
		b.Write(p.records[0].json)
		return
	}
	b.WriteByte('[')
	for i, r := range p.records {
		if i > 0 {
			b.WriteString(",\n")
		}
		b.Write(r.json)
	}
	b.WriteByte(']')
}
