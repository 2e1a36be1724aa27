package worker

import (
	"sync"
	"time"
)

// What one guild may take of a process that serves all.
const (
	placesEach = 5                 // how many of its actions are done at once, of a batch
	shareEach  = 100 * time.Second // of time spent on its actions, in any minute
)

// shares are how much of a process each guild took in this minute. The zero value is
// ready. What is beyond a share is left to the scheduler, which finds it a minute later.
type shares struct {
	mu    sync.Mutex
	since time.Time
	spent map[string]time.Duration
}

// open reports whether a guild has some of its share left.
func (s *shares) open(guild string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Sub(s.since) >= time.Minute || now.Before(s.since) {
		s.since, s.spent = now, make(map[string]time.Duration)
	}
	return s.spent[guild] < shareEach
}

// spend takes some of a guild's share.
func (s *shares) spend(guild string, took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spent[guild] += took
}
