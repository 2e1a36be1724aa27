package interactions_test

import (
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestSignatureHeader sends a sound body under every malformed header.
func TestSignatureHeader(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	stamp := strconv.FormatInt(e.now.Unix(), 10)
	good := e.sign(stamp, command)
	tests := []struct {
		name      string
		signature []string
		timestamp []string
		status    int
	}{
		{"good", []string{good}, []string{stamp}, 200},
		{"upper case", []string{strings.ToUpper(good)}, []string{stamp}, 200},
		{"no signature", nil, []string{stamp}, 401},
		{"no timestamp", []string{good}, nil, 401},
		{"neither", nil, nil, 401},
		{"empty signature", []string{""}, []string{stamp}, 401},
		{"empty timestamp", []string{good}, []string{""}, 401},
		{"signature sent twice", []string{good, good}, []string{stamp}, 401},
		{"timestamp sent twice", []string{good}, []string{stamp, stamp}, 401},
		{"signatures joined", []string{good + "," + good}, []string{stamp}, 401},
		{"signatures joined with a space", []string{good + ", " + good}, []string{stamp}, 401},
		{"timestamps joined", []string{good}, []string{stamp + "," + stamp}, 401},
		{"63 bytes", []string{good[:126]}, []string{stamp}, 401},
		{"65 bytes", []string{good + "00"}, []string{stamp}, 401},
		{"128 bytes", []string{good + good}, []string{stamp}, 401},
		{"odd", []string{good[:127]}, []string{stamp}, 401},
		{"0x in front", []string{"0x" + good}, []string{stamp}, 401},
		{"0x counted in", []string{"0x" + good[2:]}, []string{stamp}, 401},
		{"not hex", []string{good[:127] + "g"}, []string{stamp}, 401},
		{"NUL at the end", []string{good + "\x00"}, []string{stamp}, 401},
		{"NUL inside", []string{good[:127] + "\x00"}, []string{stamp}, 401},
		{"space in front", []string{" " + good}, []string{stamp}, 401},
		{"all zeros", []string{strings.Repeat("0", 128)}, []string{stamp}, 401},
		{"S not reduced", []string{good[:64] + strings.Repeat("f", 64)}, []string{stamp}, 401},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint(t)
			r := request(command, "", "")
			r.Header = http.Header{"X-Signature-Ed25519": tt.signature, "X-Signature-Timestamp": tt.timestamp}
			e.wants(tt.status, r)
			if tt.status == 401 {
				e.untouched()
			}
		})
	}
}

// TestTamperedBody changes what was signed, by as little as can be.
func TestTamperedBody(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	stamp := strconv.FormatInt(e.now.Unix(), 10)
	next := strconv.FormatInt(e.now.Unix()+1, 10)
	signature := e.sign(stamp, command)
	other := newEndpoint(t)
	other.secret = append(other.secret[:0:0], other.secret...)
	other.secret[0] ^= 1
	tests := []struct{ name, body, signature, timestamp string }{
		{"another timestamp", command, signature, next},
		{"one byte changed", strings.Replace(command, "setup", "Setup", 1), signature, stamp},
		{"one byte less", command[:len(command)-1], signature, stamp},
		{"byte order mark", "\ufeff" + command, signature, stamp},
		{"line break", command + "\n", signature, stamp},
		{"carriage return", command + "\r\n", signature, stamp},
		{"serialised anew", strings.ReplaceAll(command, ":", ": "), signature, stamp},
		{"empty", "", signature, stamp},
		{"signature of the body alone", command, e.sign("", command), stamp},
		{"signature of another key", command, other.sign(stamp, command), stamp},
		{"one bit of the signature", command, flip(signature), stamp},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint(t)
			e.wants(401, request(tt.body, tt.signature, tt.timestamp))
			e.untouched()
			if lines := e.logs.take(); len(lines) != 1 || !strings.Contains(lines[0], `"stale":false`) {
				t.Errorf("logged %q, want one line that is not stale", lines)
			}
		})
	}
}

// flip changes one bit of a hex signature.
func flip(signature string) string {
	b, err := hex.DecodeString(signature)
	if err != nil {
		panic(err)
	}
	b[40] ^= 1
	return hex.EncodeToString(b)
}

func TestFreshness(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		age    time.Duration
		status int
	}{
		{"now", 0, 200},
		{"5 minutes old", 5 * time.Minute, 200},
		{"a second more", 5*time.Minute + time.Second, 401},
		{"6 minutes old", 6 * time.Minute, 401},
		{"a year old", 365 * 24 * time.Hour, 401},
		{"a minute ahead", -time.Minute, 200},
		{"a second more ahead", -time.Minute - time.Second, 401},
		{"2 minutes ahead", -2 * time.Minute, 401},
		{"a year ahead", -365 * 24 * time.Hour, 401},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint(t)
			e.wants(tt.status, e.signed(command, e.now.Add(-tt.age)))
			if tt.status == 200 {
				return
			}
			e.untouched()
			if lines := e.logs.take(); len(lines) != 1 || !strings.Contains(lines[0], `"stale":true`) {
				t.Errorf("logged %q, want it counted as stale", lines)
			}
		})
	}
}

// TestTimestampForm signs timestamps that are not ten digits. The signature has
// no separator: digits that move between timestamp and body keep it.
func TestTimestampForm(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	stamp := strconv.FormatInt(e.now.Unix(), 10)
	forms := map[string]string{
		"plus": "+" + stamp[1:], "minus": "-" + stamp[1:], "letters": "1795262four", "hex": "0x6b0150c0",
		"30 digits": strings.Repeat("1", 30), "20 digits": stamp + stamp, "leading zero": "0" + stamp,
		"fraction": stamp + ".0", "exponent": "1.795262e9", "space": " " + stamp[1:], "space behind": stamp + " ",
		"other digits": "١٧٩٥٢٦٢٤٠٠", "other digits, ten bytes": "١٧٩٥٢", "NUL": stamp[:9] + "\x00", "underscore": stamp[:5] + "_" + stamp[6:],
		"nine digits": stamp[:9],
	}
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint(t)
			e.wants(401, request(command, e.sign(form, command), form))
			e.untouched()
		})
	}
}

// TestShiftedBoundary moves digits between timestamp and body: the signed bytes
// stay the same.
func TestShiftedBoundary(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	stamp := strconv.FormatInt(e.now.Unix(), 10)
	signature := e.sign(stamp, "7"+ping)
	e.wants(401, request(ping, signature, stamp+"7"))               // from the body
	e.wants(401, request(stamp[9:]+"7"+ping, signature, stamp[:9])) // into the body
	e.wants(400, request("7"+ping, signature, stamp))               // as it was signed: no JSON
}

// TestBadSignatureNeedsNobody checks that a bad signature is refused while all
// else is down: Discord takes the URL away from an app that answers otherwise.
func TestBadSignatureNeedsNobody(t *testing.T) {
	t.Parallel()
	down := errors.New("unreachable")
	e := newEndpoint(t)
	e.store.breaks = func(string) error { return down }
	e.queue.err = down
	r := e.signed(command, e.now)
	r.Header.Set("X-Signature-Ed25519", strings.Repeat("00", 64))
	e.wants(401, r)
	e.untouched()
}

// TestHangingStore checks that the reply comes before Discord gives up, though
// the store never answers.
func TestHangingStore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := newEndpoint(t)
		e.DB = hanging{e.store}
		start := time.Now()
		out := e.wants(200, e.signed(command, e.now))
		if took := time.Since(start); took >= 3*time.Second {
			t.Errorf("it took %v, and Discord waits for 3 s", took)
		}
		if !strings.Contains(string(out.Body), "Something went wrong") {
			t.Errorf("the reply is %s", out.Body)
		}
	})
}
