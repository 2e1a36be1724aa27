package fakediscord

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A Limit allows so many requests in a window of time, on the real clock, for
// every guild, channel or webhook apart.
type Limit struct {
	Method   string // "" for any
	Route    string // as in routes.go; "" for any
	Requests int
	Per      time.Duration
	Global   bool // one window for everything; interactions do not count
}

// DiscordLimits are limits like those Discord has been seen to use.
func DiscordLimits() []Limit {
	return []Limit{
		{Requests: 50, Per: time.Second, Global: true},
		{Method: "POST", Route: "/channels/{channel}/messages", Requests: 5, Per: 5 * time.Second},
		{Method: "PATCH", Route: "/channels/{channel}/messages/{message}", Requests: 5, Per: 5 * time.Second},
		{Method: "DELETE", Route: "/channels/{channel}/messages/{message}", Requests: 5, Per: time.Second},
		{Method: "PUT", Route: "/guilds/{guild}/members/{user}/roles/{role}", Requests: 10, Per: 10 * time.Second},
		{Method: "POST", Route: "/channels/{channel}/invites", Requests: 5, Per: 15 * time.Second},
		{Requests: 10, Per: 5 * time.Second},
	}
}

// LimitRates enforces limits from now on; the first that matches a route is its
// bucket. Without limits nothing is refused, but the headers are there all the same.
func (s *Server) LimitRates(limits ...Limit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits = limits
	s.buckets = make(map[string]*bucket)
}

// A bucket counts the requests of one window.
type bucket struct {
	used  int
	reset time.Time
}

// take counts one request, and reports whether the limit allows it.
func (b *bucket) take(l Limit, now time.Time) bool {
	if !now.Before(b.reset) {
		b.used, b.reset = 0, now.Add(l.Per)
	}
	b.used++
	return b.used <= l.Requests
}

// rateLimit returns the headers every answer carries, and the answer itself if
// the request comes too soon. The caller holds the lock.
func (s *Server) rateLimit(c *call, to route) (http.Header, *answer) {
	now := time.Now()
	use := Limit{Requests: 1_000_000, Per: time.Second}
	for _, l := range s.limits {
		if l.Global && to.noToken || l.Method != "" && l.Method != to.method || l.Route != "" && l.Route != to.path {
			continue
		}
		if !l.Global {
			use = l
			break
		}
		if b := s.bucket("global"); !b.take(l, now) {
			return nil, tooSoon(http.Header{}, b, now, true)
		}
	}
	key := to.method + " " + to.path + " " + major(c.path)
	b := s.bucket(key)
	allowed := b.take(use, now)
	header := http.Header{}
	header.Set("X-RateLimit-Limit", strconv.Itoa(use.Requests))
	header.Set("X-RateLimit-Remaining", strconv.Itoa(max(use.Requests-b.used, 0)))
	header.Set("X-RateLimit-Reset", strconv.FormatFloat(float64(b.reset.UnixMilli())/1000, 'f', 3, 64))
	header.Set("X-RateLimit-Reset-After", strconv.FormatFloat(b.reset.Sub(now).Seconds(), 'f', 3, 64))
	header.Set("X-RateLimit-Bucket", bucketName(to))
	if !allowed {
		return nil, tooSoon(header, b, now, false)
	}
	return header, nil
}

func (s *Server) bucket(key string) *bucket {
	if s.buckets[key] == nil {
		s.buckets[key] = new(bucket)
	}
	return s.buckets[key]
}

// tooSoon is Discord's 429. A global one carries no bucket.
func tooSoon(header http.Header, b *bucket, now time.Time, global bool) *answer {
	wait := b.reset.Sub(now).Seconds()
	header.Set("Retry-After", strconv.Itoa(int(wait)+1))
	header.Set("X-RateLimit-Scope", "user")
	if global {
		header.Set("X-RateLimit-Scope", "global")
		header.Set("X-RateLimit-Global", "true")
	}
	a := encode(header, object{
		"message": "You are being rate limited.", "retry_after": wait, "global": global,
	}, nil)
	a.status = http.StatusTooManyRequests
	return &a
}

// major returns the guild, channel or webhook a path is about.
func major(path string) string {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if len(parts) < 2 {
		return ""
	}
	switch parts[0] {
	case "guilds", "channels":
		return parts[1]
	case "webhooks", "interactions":
		return strings.Join(parts[1:min(len(parts), 3)], "/")
	}
	return ""
}

// bucketName is the same for the same route, and tells nothing else.
func bucketName(to route) string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %s", to.method, to.path)
	return fmt.Sprintf("%016x", h.Sum64())
}
