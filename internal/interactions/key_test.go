package interactions_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/entente-bot/entente/internal/env"
	"github.com/entente-bot/entente/internal/interactions"
)

// goodKey is the public half of a key made for this test.
func goodKey() string {
	secret := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	return hex.EncodeToString(secret.Public().(ed25519.PublicKey))
}

// smallOrder lists every encoding of the eight points of small order, with both
// signs where x is 0, and as y+p where that fits (RFC 7748 calls it
// non-canonical).
func smallOrder() map[string]string {
	ff := strings.Repeat("ff", 30)
	return map[string]string{
		"identity":                   "01" + strings.Repeat("00", 31),
		"identity, sign set":         "01" + strings.Repeat("00", 30) + "80",
		"identity, as y+p":           "ee" + ff + "7f",
		"identity, as y+p, sign set": "ee" + ff + "ff",
		"order 2":                    "ec" + ff + "7f",
		"order 2, sign set":          "ec" + ff + "ff",
		"order 4, all zeros":         strings.Repeat("00", 32),
		"order 4, sign set":          strings.Repeat("00", 31) + "80",
		"order 4, as y+p":            "ed" + ff + "7f",
		"order 4, as y+p, sign set":  "ed" + ff + "ff",
		"order 8, first":             "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"order 8, second":            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
		"order 8, third":             "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"order 8, fourth":            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
	}
}

func TestParseKeyRefuses(t *testing.T) {
	t.Parallel()
	good := goodKey()
	bad := map[string]string{
		"empty":         "",
		"31 bytes":      good[:62],
		"33 bytes":      good + "00",
		"odd hex":       good[:63],
		"not hex":       good[:63] + "g",
		"0x in front":   "0x" + good,
		"0x counted in": "0x" + good[2:],
		"line break":    good + "\n",
		"quoted":        `"` + good + `"`,
		"NUL":           good[:63] + "\x00",
		"off the curve": "02" + strings.Repeat("00", 31),
	}
	for name, key := range smallOrder() {
		bad[name] = key
	}
	for name, key := range bad {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := interactions.ParseKey(key)
			if err == nil {
				t.Fatal("accepted")
			}
			if strings.Contains(err.Error(), "\n") || len(key) > 10 && strings.Contains(err.Error(), key) {
				t.Errorf("the error is not one plain line: %q", err)
			}
		})
	}
}

func TestParseKeyAccepts(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]string{"lower case": goodKey(), "upper case": strings.ToUpper(goodKey())} {
		if _, err := interactions.ParseKey(key); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestKeysAreJudgedAsBeforeDeployment wants what is asked when a deployment is made
// to refuse the same keys, in the same words: one that passes there, and not here,
// is a bot that never starts.
func TestKeysAreJudgedAsBeforeDeployment(t *testing.T) {
	t.Parallel()
	keys := slices.Collect(maps.Values(smallOrder()))
	keys = append(keys, goodKey(), "", goodKey()[:62])
	for low := range 256 { // about half of them lie off the curve
		for _, rest := range []string{"00", "55", "ff"} {
			keys = append(keys, fmt.Sprintf("%02x", low)+strings.Repeat(rest, 31))
		}
	}
	for _, key := range keys {
		_, here := interactions.ParseKey(key)
		if before := env.CheckPublicKey(key); fmt.Sprint(here) != fmt.Sprint(before) {
			t.Errorf("%s: %v, and before deployment: %v", key, here, before)
		}
	}
}

// TestSmallOrderKeysCanBeForged is the reason for refusing them: it fails on
// the day Go refuses them itself.
func TestSmallOrderKeysCanBeForged(t *testing.T) {
	t.Parallel()
	identity := append([]byte{1}, make([]byte, 31)...)
	forged := append(identity, make([]byte, 32)...) // R is the identity, S is 0
	for _, body := range []string{"anything", "something else"} {
		if !ed25519.Verify(identity, []byte(body), forged) {
			t.Errorf("Go refuses a forged signature for %q", body)
		}
	}
}

// TestZeroKey checks that a server whose key was forgotten lets nobody in.
func TestZeroKey(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	e.Key = interactions.PublicKey{}
	e.wants(401, e.signed(ping, e.now))
}
