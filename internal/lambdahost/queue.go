package lambdahost

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"
)

// A QueueConfig describes one queue, in the terms of a deployment.
type QueueConfig struct {
	Name        string
	Visibility  time.Duration // how long a received message is invisible; 0 means SQS's default of 30 s
	DeadLetters string        // the queue that takes what was received too often; "" means none
	MaxReceives int           // how often a message is received before it goes there
}

// A Message is one message of a queue.
type Message struct {
	ID       string
	Receipt  string // of the latest Receive: what Delete takes
	Body     string
	Sent     time.Time
	First    time.Time // when it was first received
	Receives int       // how often it was received
	Trace    string    // the trace header it was sent with

	visible time.Time // from when it can be received
	origin  string    // the queue it came from to the dead letters
}

// SQS is a stand-in for Amazon SQS with standard queues. Tests use its methods;
// functions speak its protocol (see [SQS.ServeHTTP]). Its methods may be called
// at once.
type SQS struct {
	// Refuse, if not nil, is asked about every message that is sent. One that it
	// reports true for is not taken: its sender gets an internal error. Set it
	// before the first use.
	Refuse func(queue, body string) bool

	now    func() time.Time
	mu     sync.Mutex
	queues map[string]*queue
}

// A queue is a configuration and the messages, oldest first.
type queue struct {
	QueueConfig
	messages []*Message
}

// NewSQS returns the given queues, empty. Time is what now says: [time.Now], or
// a clock that the test moves.
func NewSQS(now func() time.Time, queues ...QueueConfig) (*SQS, error) {
	s := &SQS{now: now, queues: map[string]*queue{}}
	for _, c := range queues {
		c.Visibility = cmp.Or(c.Visibility, 30*time.Second)
		s.queues[c.Name] = &queue{QueueConfig: c}
	}
	for _, c := range queues {
		if c.DeadLetters != "" && (s.queues[c.DeadLetters] == nil || c.MaxReceives < 1) {
			return nil, fmt.Errorf("queue %s: its dead letters need a queue that exists and a count above 0", c.Name)
		}
	}
	return s, nil
}

// Send puts a message into the queue, at once visible, and returns its ID.
func (s *SQS) Send(queue, body string) (id string, err error) {
	m, err := s.send(queue, body, "", 0)
	if err != nil {
		return "", err
	}
	return m.ID, nil
}

// send puts a message into the queue, visible after a delay.
func (s *SQS) send(name, body, trace string, delay time.Duration) (Message, error) {
	if s.Refuse != nil && s.Refuse(name, body) {
		return Message{}, &apiError{"InternalError", "the test has this message refused", false}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.queue(name)
	if err != nil {
		return Message{}, err
	}
	m := &Message{ID: newID(), Body: body, Trace: trace, Sent: s.now(), visible: s.now().Add(delay)}
	q.messages = append(q.messages, m)
	return *m, nil
}

// Receive returns at most limit visible messages, and makes them invisible for
// the time the queue is configured with. A message received too often goes to the
// dead letters instead. It does not wait for messages.
func (s *SQS) Receive(queue string, limit int) ([]Message, error) {
	return s.receive(queue, limit, nil)
}

// receive is Receive with another visibility, if given.
func (s *SQS) receive(name string, limit int, visibility *time.Duration) ([]Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.queue(name)
	if err != nil {
		return nil, err
	}
	hidden, now := q.Visibility, s.now()
	if visibility != nil {
		hidden = *visibility
	}
	var got, kept []*Message
	for _, m := range q.messages {
		if m.visible.After(now) || len(got) == limit {
			kept = append(kept, m)
			continue
		}
		if q.DeadLetters != "" && m.Receives >= q.MaxReceives {
			m.origin = q.Name
			dead := s.queues[q.DeadLetters]
			dead.messages = append(dead.messages, m)
			continue
		}
		if m.Receives++; m.Receives == 1 {
			m.First = now
		}
		m.Receipt, m.visible = newID(), now.Add(hidden)
		got, kept = append(got, m), append(kept, m)
	}
	q.messages = kept
	return values(got), nil
}

// Delete removes the message that was received with the receipt. An older
// receipt, or one of a message that is gone, removes nothing, as on SQS.
func (s *SQS) Delete(queue, receipt string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.queue(queue)
	if err != nil {
		return err
	}
	q.messages = slices.DeleteFunc(q.messages, func(m *Message) bool { return m.Receipt == receipt && receipt != "" })
	return nil
}

// Expire ends the invisibility of every message in every queue: whoever holds
// one is too late, and every delay is over.
func (s *SQS) Expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range s.queues {
		for _, m := range q.messages {
			m.visible = time.Time{}
		}
	}
}

// Redrive sends the messages among the dead letters of the queue back to where
// they came from, as new ones, and returns how many there were.
func (s *SQS) Redrive(deadLetters string) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.queue(deadLetters)
	if err != nil {
		return 0, err
	}
	var kept []*Message
	for _, m := range q.messages {
		if m.origin == "" {
			kept = append(kept, m)
			continue
		}
		to := s.queues[m.origin]
		to.messages = append(to.messages, &Message{ID: newID(), Body: m.Body, Sent: s.now(), visible: s.now()})
	}
	moved := len(q.messages) - len(kept)
	q.messages = kept
	return moved, nil
}

// Messages returns everything in the queue, visible or not, oldest first.
func (s *SQS) Messages(queue string) ([]Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.queue(queue)
	if err != nil {
		return nil, err
	}
	return values(q.messages), nil
}

// Purge removes everything from the queue: messages get lost.
func (s *SQS) Purge(queue string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.queue(queue)
	if err != nil {
		return err
	}
	q.messages = nil
	return nil
}

// queue returns the queue with the given name. s.mu is held.
func (s *SQS) queue(name string) (*queue, error) {
	q, ok := s.queues[name]
	if !ok {
		return nil, &apiError{"QueueDoesNotExist", "The specified queue does not exist: " + name, true}
	}
	return q, nil
}

// values copies messages.
func values(messages []*Message) []Message {
	list := make([]Message, len(messages))
	for i, m := range messages {
		list[i] = *m
	}
	return list
}
