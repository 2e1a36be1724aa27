package discordrest

import (
	"bytes"
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// An answer is what matters of a response of Discord's, or of whoever answers
// in its place. It holds nothing that people wrote.
type answer struct {
	status     int
	code       int             // Discord's error code; 0 if there is none
	errors     json.RawMessage // what Discord finds wrong with our body, unredacted
	broken     bool            // the body begins as Discord's, and was cut short
	bot        bool            // the request bore the bot token
	cloudflare bool            // it is Cloudflare that refuses us, before Discord

	bucket string        // Discord's name of the rate limit; "" if it names none
	spent  bool          // no request is left in the bucket, until reset is over
	reset  time.Duration // how long until the bucket is full again

	retry  time.Duration // how long we are told to wait; 0 if we are not
	global bool          // with status 429: the limit is the bot's, not the route's
	shared bool          // with status 429: others used the limit up
	own    bool          // with status 429: a limit with a code of its own, of the one thing that was asked for
}

// pauseUntold is how long a 429 that does not say how long makes us wait.
const pauseUntold = 5 * time.Second

// read makes an answer of a response and its body.
func read(rs *http.Response, body []byte, bot bool) answer {
	h := rs.Header
	var b struct {
		Code   *int            `json:"code"`
		Errors json.RawMessage `json:"errors"`
		Retry  json.Number     `json:"retry_after"`
		Global *bool           `json:"global"`
	}
	// A body that is no JSON, or not all of it, is no reason to lose the rest.
	_ = json.Unmarshal(body, &b)
	a := answer{
		broken: bytes.HasPrefix(body, []byte("{")) && !json.Valid(body),
		status: rs.StatusCode,
		code:   value(b.Code),
		errors: b.Errors,
		bot:    bot,
		bucket: h.Get("X-RateLimit-Bucket"),
		spent:  h.Get("X-RateLimit-Remaining") == "0",
		reset:  seconds(h.Get("X-RateLimit-Reset-After")),
		retry:  max(seconds(h.Get("Retry-After")), seconds(b.Retry.String())),
	}
	if a.status >= 400 && a.status < 500 {
		a.cloudflare, a.code = refusedByCloudflare(a, h.Get("Content-Type"), body)
		if a.status == http.StatusForbidden || a.status == http.StatusTooManyRequests {
			a.cloudflare = a.cloudflare || b.Code != nil && a.code == 0 && a.retry == 0 && !limited(h)
		}
	}
	if a.status == http.StatusTooManyRequests {
		scope := h.Get("X-RateLimit-Scope")
		a.shared = scope == "shared"
		a.global = scope == "global" || h.Get("X-RateLimit-Global") == "true" || b.Global != nil && *b.Global ||
			// A global limit is documented to name no bucket, and has no code of its own.
			a.bucket == "" && scope == "" && b.Global == nil && a.code == 0
		a.own = a.code != 0 && !a.cloudflare
		if a.retry == 0 && !a.own {
			a.retry = max(a.reset, pauseUntold)
		}
	}
	return a
}

// value is what p points at, 0 if that is nothing.
func value(p *int) int {
	if p == nil {
		return 0
	}
	return *p
}

// limited reports whether an answer passed Discord's rate limits: one that refuses
// our address did not.
func limited(h http.Header) bool {
	for name := range h {
		if strings.HasPrefix(name, "X-Ratelimit-") || name == "Retry-After" {
			return true
		}
	}
	return false
}

// refusedByCloudflare reports whether a client error comes from Cloudflare, and
// its code. Cloudflare answers with a page, with one line of text, or in
// Discord's manner.
func refusedByCloudflare(a answer, contentType string, body []byte) (bool, int) {
	const line = "error code: 1015"
	body = bytes.TrimSpace(body)
	switch {
	case bytes.HasPrefix(body, []byte(line)):
		return true, 1015
	case a.code == 40333, a.code == 1015:
		return true, a.code
	case a.status != http.StatusForbidden && a.status != http.StatusTooManyRequests:
		return false, a.code
	}
	return strings.HasPrefix(contentType, "text/html") || bytes.HasPrefix(body, []byte("<")), a.code
}

// invalid reports whether Discord counts a towards the ban of our address.
func (a answer) invalid() bool {
	switch a.status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return true
	case http.StatusTooManyRequests:
		return !a.shared
	}
	return false
}

// seconds reads a number of seconds that may have a fraction, rounded up. It is
// 0 for anything else, and never more than a day: nothing waits longer here.
func seconds(s string) time.Duration {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f > 0) {
		return 0
	}
	return time.Duration(math.Ceil(min(f, 86400) * float64(time.Second)))
}
