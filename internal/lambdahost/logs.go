package lambdahost

import (
	"fmt"
	"io"
	"math"
	"os"
	"sync"
)

// logs is what the processes of one function write. It is a file that they write
// to themselves: what was written before a response is there when the response is.
type logs struct {
	mu   sync.Mutex
	file *os.File // nil once closed
	text string   // what was in it when it was closed
}

// openLogs makes the file.
func openLogs() (*logs, error) {
	file, err := os.CreateTemp("", "lambdahost-*.log")
	if err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	return &logs{file: file}, nil
}

// String returns what was written.
func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.read()
}

// close removes the file; what was written stays known.
func (l *logs) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return
	}
	l.text = l.read()
	_ = l.file.Close()
	_ = os.Remove(l.file.Name()) // a temporary file that stays does no harm
	l.file = nil
}

// read returns what was written. l.mu is held.
func (l *logs) read() string {
	if l.file == nil {
		return l.text
	}
	all, err := io.ReadAll(io.NewSectionReader(l.file, 0, math.MaxInt64))
	if err != nil {
		return fmt.Sprintf("%s\nthe log cannot be read: %v", all, err)
	}
	return string(all)
}
