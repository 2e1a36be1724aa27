package interactions

import "sync"

// How many bytes of bodies may be under way. Discord's are small: large ones
// have a bound of their own, so that a flood of them keeps out no small one.
const (
	smallBody  = 64 << 10
	maxOfSmall = 32 << 20
	maxOfLarge = 16 << 20
)

// bodies counts the bytes of bodies that are being read and answered. Its zero
// value is ready for use.
type bodies struct {
	mu           sync.Mutex
	small, large int64
}

// enter makes room for a body of size bytes, until leave is called. ok is false
// if there is none.
func (b *bodies) enter(size int64) (leave func(), ok bool) {
	of, most := &b.small, int64(maxOfSmall)
	if size > smallBody {
		of, most = &b.large, maxOfLarge
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if *of+size > most {
		return nil, false
	}
	*of += size
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		*of -= size
	}, true
}
