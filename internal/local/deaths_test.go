package local_test

import (
	"flag"
	"fmt"
	"testing"
)

var every = flag.Bool("every", false, "kill the process at every step of a story, and have every fault strike every call, and not only some")

// sampled is at about how many steps of a story the process is killed without -every.
const sampled = 5

// deaths plays a story in a process that lives, and then again and again in one
// that dies at one of its steps: at each of them with -every, else at some, evenly
// spread. The story has at least so many steps. It ends with what has to be true
// however the process died, and is a new one each time.
func deaths(t *testing.T, least int, story func(*testing.T, *mortal)) {
	t.Helper()
	m := new(mortal).immortal()
	story(t, m)
	if m.steps < least {
		t.Fatalf("the story has only %d steps", m.steps)
	}
	// What is done at once is done in any order, and takes a few steps more or
	// less each time.
	last, stride := m.steps+3, 1
	if !*every {
		stride = max(1, last/sampled)
	}
	for at := 0; at < last; at += stride {
		t.Run(fmt.Sprint(at), func(t *testing.T) {
			t.Parallel()
			story(t, &mortal{at: at})
		})
	}
}
