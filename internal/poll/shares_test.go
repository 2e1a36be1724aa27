package poll

import (
	"encoding/json"
	"testing"
)

// TestSharesRecord: what was learned is read again as it was written.
func TestSharesRecord(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		shares Shares
		want   string
	}{
		"none": {nil, `{"guild":"1"}`},
		"one":  {Shares{"other": 0.01}, `{"guild":"1","shares":"other 0.01"}`},
		"some": {Shares{"b": 2, "900000000000000001": 12.345}, `{"guild":"1","shares":"900000000000000001 12.345 b 2"}`},
	} {
		type record struct {
			Guild  string `json:"guild"`
			Shares Shares `json:"shares,omitempty"`
		}
		raw, err := json.Marshal(record{"1", tt.shares})
		if err != nil || string(raw) != tt.want {
			t.Errorf("%s: %s, %v", name, raw, err)
		}
		var got record
		if err := json.Unmarshal(raw, &got); err != nil || len(got.Shares) != len(tt.shares) {
			t.Errorf("%s: read %v, %v", name, got.Shares, err)
		}
		for invite, x := range tt.shares {
			if got.Shares[invite] != x {
				t.Errorf("%s: %s has %v, want %v", name, invite, got.Shares[invite], x)
			}
		}
	}
	for _, bad := range []string{"a", "a b", " 1", "a 1 b"} {
		if err := new(Shares).UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}
