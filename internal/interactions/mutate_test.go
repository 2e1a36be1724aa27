package interactions_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/entente-bot/entente/internal/interactions"
)

// plant puts value in the place of the n-th value in doc, in the order of its
// keys, and returns how far it was from there.
func plant(doc any, n int, value any) (any, int) {
	if n == 0 {
		return value, -1
	}
	n--
	switch doc := doc.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(doc)) {
			if n < 0 {
				break
			}
			doc[key], n = plant(doc[key], n, value)
		}
	case []any:
		for i := range doc {
			if n < 0 {
				break
			}
			doc[i], n = plant(doc[i], n, value)
		}
	}
	return doc, n
}

func TestPlant(t *testing.T) {
	t.Parallel()
	for n, want := range []string{`"x"`, `{"a":"x","b":3}`, `{"a":["x",{"c":2}],"b":3}`, `{"a":[1,"x"],"b":3}`, `{"a":[1,{"c":"x"}],"b":3}`, `{"a":[1,{"c":2}],"b":"x"}`, `{"a":[1,{"c":2}],"b":3}`} {
		var doc any
		if err := json.Unmarshal([]byte(`{"a":[1,{"c":2}],"b":3}`), &doc); err != nil {
			t.Fatal(err)
		}
		doc, _ = plant(doc, n, "x")
		if got, _ := json.Marshal(doc); string(got) != want {
			t.Errorf("at %d: %s, want %s", n, got, want)
		}
	}
}

// FuzzMutated takes a real interaction of some route and puts something else in
// the place of one of its values: a text, or any JSON.
func FuzzMutated(f *testing.F) {
	s := newStage(f)
	var bodies [][]byte
	for _, route := range interactions.Routes() {
		in, err := caseOf(f, route)(s)
		if err != nil {
			f.Fatal(err)
		}
		bodies = append(bodies, in.Body)
	}
	values := []string{"", "-1", "1e400", "null", `[]`, `{}`, `[[{"components":null}]]`, "5#x", "apply/approve:1:2:3", "partner/list:9", "32", "\x00", `"\ud800"`}
	for which := range bodies {
		for i, value := range values {
			f.Add(uint8(which), uint16(7*which+11*i), value, i%2 == 0)
		}
	}
	next := time.Now().UnixNano()
	f.Fuzz(func(t *testing.T, which uint8, at uint16, text string, raw bool) {
		var doc any
		if err := json.Unmarshal(bodies[int(which)%len(bodies)], &doc); err != nil {
			t.Fatal(err)
		}
		next++
		doc.(map[string]any)["id"] = strconv.FormatInt(next, 10) // else it would be a repetition
		var value any = text
		if raw && json.Unmarshal([]byte(text), &value) != nil {
			value = text
		}
		doc, _ = plant(doc, int(at)%150, value)
		body, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		sig := s.SignRaw(body)
		out := s.server.Serve(t.Context(), request(string(body), sig.Signature, sig.Timestamp))
		sound(t, body, out.Status, out.Body)
	})
}
