package storagetest

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/entente-bot/entente/internal/storage"
)

// values are the tests of what can be kept, and comes back equal.
func values() []test {
	return []test{
		{"values come back equal", func(b *bench) {
			for i, v := range []string{
				`{}`,
				`{"int":9223372036854775807,"negative":-9223372036854775808,"unsigned":18446744073709551615}`,
				`{"id":"1135934829148786708","zero":0,"minus":-0.0,"fraction":0.1,"point":1.0,"power":1.5E+3,"small":1e-9}`,
				`{"digits":12345678901234567890123456789012345678,"many":-0.00000000012345678901234567890123456789}`,
				`{"large":1e100,"round":1000000000000000000000000000000000000000000000,"tiny":-2.5e-100}`,
				`{"empty":"","null":null,"list":[],"map":{},"true":true,"false":false}`,
				`{"nested":{"list":[1,"two",null,[true,[]],{"deep":{"deeper":[{}]}}]}}`,
				`{"unicode":"Þórunn 🤝 \u202e \u0000 \"quoted\" <b>&amp;</b> \ud83e\udd1d","line":"a\nb\tc\\"}`,
				`{"pk":"x","sk":1,"version":-1,"expires":0,"value":null,"#a":":b","with.dot":1,"with space":{"[0]":2}}`,
				`{"Überschrift":{"🤝":{"$schema":"s"}}}`,
				nest(29),
			} {
				k := record("p", fmt.Sprint("sort", i))
				b.put(item(k, 0, v))
				b.holds(map[storage.Key]string{k: v})
				b.put(item(k, b.get(k).Version, v), item(action("p", k.Sort), 0, v)) // as a transaction
				b.holds(map[storage.Key]string{k: v, action("p", k.Sort): v})
			}
		}},
		{"keys of any UTF-8", func(b *bench) {
			want := make(map[storage.Key]string)
			for i, s := range append(awkward(), "\x00", "\x00\x00", "a\x00", "a\x00b", " ", "\n", "ö", "o\u0308", strings.Repeat("k", 1024)) {
				want[record(s, "s")] = fmt.Sprintf(`{"part":%d}`, i)
				want[action("p", s)] = fmt.Sprintf(`{"sort":%d}`, i)
			}
			for k, v := range want {
				b.put(item(k, 0, v))
			}
			b.holds(want)
		}},
		{"what DynamoDB could not keep is refused", func(b *bench) {
			k := record("p", "s")
			for _, v := range []string{
				``, ` `, `null`, `1`, `"s"`, `[]`, `{`, `{}{}`, `{} x`, `{"a":}`, "{\"a\":\"\xff\"}", `{"":1}`,
				`{"n":123456789012345678901234567890123456789}`, `{"n":1e126}`, `{"n":1e-131}`, `{"n":1e99999999999999999999}`,
				nest(30),
			} {
				err := b.db.Put(b.Context(), item(k, 0, v))
				if err == nil {
					b.Errorf("Put of the value %.40q succeeded", v)
				}
			}
			b.holds(map[storage.Key]string{k: ""})
		}},
		{"keys that are none are refused", func(b *bench) {
			long := strings.Repeat("k", 1025)
			for _, k := range []storage.Key{
				{}, record("", "s"), record("p", ""), record(long, "s"), record("p", long), record("p\xff", "s"),
				record("p", "\xc3"), {Table: "elsewhere", Part: "p", Sort: "s"},
			} {
				if err := b.db.Put(b.Context(), item(k, 0, `{}`)); err == nil {
					b.Errorf("Put under %.40q succeeded", k)
				}
				if _, err := b.db.Get(b.Context(), k); err == nil {
					b.Errorf("Get of %.40q succeeded", k)
				}
			}
		}},
		{"a stored value does not change with the caller's", func(b *bench) {
			// Long, because bbolt copies small buckets by itself.
			pad := `,"pad":"` + strings.Repeat("x", 10_000) + `"}`
			k, v := record("p", "s"), json.RawMessage(`{"n":1`+pad)
			b.put(storage.Item{Key: k, Value: v})
			copy(v, `{"n":2`)
			got := b.get(k)
			b.holds(map[storage.Key]string{k: `{"n":1` + pad})
			copy(got.Value, `{"n":3`)
			b.holds(map[storage.Key]string{k: `{"n":1` + pad})
		}},
	}
}

// nest returns an object with n objects in each other below it.
func nest(n int) string {
	return strings.Repeat(`{"o":`, n) + `{}` + strings.Repeat(`}`, n)
}
