package interactions_test

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/storage"
)

// A still store has a guild's settings, and forgets what is written: so a
// benchmark measures us, and every round the same.
type still struct{ settings storage.Item }

func newStill(b *testing.B) *still {
	chosen := settings.Default()
	chosen.Review, chosen.Showcase = "500000000000000001", "500000000000000002"
	tx := storage.Of()
	tx.Create(settings.Key("200000000000000001"), chosen)
	items, err := tx.Changes()
	if err != nil {
		b.Fatal(err)
	}
	items[0].Version = 1
	return &still{items[0]}
}

func (s *still) Get(_ context.Context, keys ...storage.Key) ([]storage.Item, error) {
	items := make([]storage.Item, len(keys))
	for i, k := range keys {
		items[i].Key = k
		if k == s.settings.Key {
			items[i] = s.settings
		}
	}
	return items, nil
}

func (*still) List(context.Context, storage.Query) (storage.Page, error) { return storage.Page{}, nil }
func (*still) Put(context.Context, ...storage.Item) error                { return nil }

// BenchmarkServe measures what a request costs beside the store: verification,
// routing, the decision, the reply and its log line.
func BenchmarkServe(b *testing.B) {
	member := strings.Replace(command, `"permissions":"32"`, `"permissions":"0"`, 1)
	apply := strings.Replace(strings.Replace(command, `"partnerships"`, `"partner"`, 1), `"setup"`, `"apply"`, 1)
	bodies := []struct{ name, body, reply string }{
		{"ping", ping, `{"type":1}`},
		{"forged", "", ""},
		{"refusal", member, managersOnly},
		{"panel", command, "Partnerships of this server"},
		{"form", apply, "Apply for a partnership"},
	}
	for _, tt := range bodies {
		b.Run(tt.name, func(b *testing.B) {
			e := newEndpoint(b)
			e.DB = newStill(b)
			e.Server.Log = slog.New(slog.NewJSONHandler(io.Discard, nil))
			r := e.signed(tt.body, e.now)
			if tt.body == "" {
				r = e.signed(command, e.now)
				r.Header.Set("X-Signature-Ed25519", strings.Repeat("0", 128))
			}
			b.ReportAllocs()
			for b.Loop() {
				if out := e.Serve(b.Context(), r); !strings.Contains(string(out.Body), tt.reply) {
					b.Fatalf("%d %s", out.Status, out.Body)
				}
			}
		})
	}
}
