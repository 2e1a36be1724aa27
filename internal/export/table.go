package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// row writes cells as one line of RFC 4180.
func row(cells []string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	_ = w.Write(cells) // a buffer takes everything
	w.Flush()
	return b.Bytes()
}

// head is the first line of a table.
func head(table string) []byte {
	var cells []string
	for _, c := range Columns(table) {
		cells = append(cells, c.Head)
	}
	return row(cells)
}

// line is the line of a record in its table, or its lines; nil if it has none.
func (s Section) line(fields map[string]any) []byte {
	if s.Table == "" {
		return nil
	}
	if s.Each == "" {
		return s.row(fields)
	}
	var lines []byte
	for _, entry := range entries(fields, s.Each) {
		lines = append(lines, s.row(entry)...)
	}
	return lines
}

// row is the line of what has these fields.
func (s Section) row(fields map[string]any) []byte {
	var cells []string
	for _, c := range Columns(s.Table) {
		if c.Path == "" {
			cells = append(cells, s.Status)
			continue
		}
		cells = append(cells, Harmless(text(at(fields, c.Path))))
	}
	return row(cells)
}

// entries are what a field of a record holds, each with the fields of the record
// beside its own.
func entries(fields map[string]any, name string) (list []map[string]any) {
	add := func(key string, entry any) {
		own, _ := entry.(map[string]any)
		all := maps.Clone(fields)
		delete(all, name)
		all["key"] = key
		maps.Copy(all, own)
		list = append(list, all)
	}
	switch field := fields[name].(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(field)) {
			add(key, field[key])
		}
	case []any:
		for _, entry := range field {
			add("", entry)
		}
	}
	return list
}

// at is the value of a field; nil if there is none.
func at(fields map[string]any, path string) any {
	name, rest, more := strings.Cut(path, ".")
	if !more {
		return fields[name]
	}
	inner, _ := fields[name].(map[string]any)
	return at(inner, rest)
}

// text is a value as a cell shows it.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return map[bool]string{true: "yes"}[v]
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = text(v[i])
		}
		return strings.Join(parts, "; ")
	case map[string]any: // in a list
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, name+"="+text(v[name]))
		}
		return strings.Join(parts, " ")
	}
	return "" // what a record leaves out
}

// Harmless is a text that no spreadsheet takes for a formula: one that begins
// like a formula begins with an apostrophe instead, which shows as text.
func Harmless(cell string) string {
	first := strings.TrimLeft(cell, " \u00a0\u3000\ufeff\u200b") // what spreadsheets may skip
	if first != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(first)[0]) {
		return "'" + cell
	}
	return cell
}
