package sqs_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/lambdahost"
	"github.com/entente-bot/entente/internal/queue/sqs"
)

// refs returns n distinct pointers.
func refs(n int) []action.Ref {
	var list []action.Ref
	for i := range n {
		list = append(list, action.Ref{Name: "showcase.sync", Guild: "1", Subject: fmt.Sprint(i)})
	}
	return list
}

// open returns the queue under test, what lies behind it, and how many calls it made.
func open(t *testing.T) (q *sqs.Queue, behind *lambdahost.SQS, calls *atomic.Int64) {
	t.Helper()
	behind, err := lambdahost.NewSQS(time.Now, lambdahost.QueueConfig{Name: "actions"})
	if err != nil {
		t.Fatal(err)
	}
	calls = new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		behind.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	client := awssqs.New(awssqs.Options{
		Region: lambdahost.Region, BaseEndpoint: &server.URL, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
	})
	return sqs.New(client, lambdahost.QueueURL(server.URL, "actions")), behind, calls
}

// arrived decodes what is in the queue.
func arrived(t *testing.T, behind *lambdahost.SQS) []action.Ref {
	t.Helper()
	messages, err := behind.Messages("actions")
	if err != nil {
		t.Fatal(err)
	}
	var list []action.Ref
	for _, m := range messages {
		r, _, err := action.Decode(m.Body)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	return list
}

func TestPointersArriveTenACall(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pointers int
		calls    int64
	}{{0, 0}, {1, 1}, {2, 1}, {10, 1}, {11, 2}, {25, 3}} {
		t.Run(fmt.Sprint(tt.pointers), func(t *testing.T) {
			t.Parallel()
			q, behind, calls := open(t)
			if err := q.Send(t.Context(), refs(tt.pointers)...); err != nil {
				t.Fatal(err)
			}
			if got := arrived(t, behind); !slices.Equal(got, refs(tt.pointers)) {
				t.Errorf("arrived: %v", got)
			}
			if calls.Load() != tt.calls {
				t.Errorf("%d calls, want %d", calls.Load(), tt.calls)
			}
		})
	}
}

func TestRefusedPointersAreSentOnceMore(t *testing.T) {
	t.Parallel()
	q, behind, calls := open(t)
	refused := map[string]bool{} // by their first call
	behind.Refuse = func(_, body string) bool {
		first := strings.HasSuffix(body, `5"}`) && !refused[body]
		refused[body] = refused[body] || first
		return first
	}
	if err := q.Send(t.Context(), refs(20)...); err != nil {
		t.Fatal(err)
	}
	if got := arrived(t, behind); len(got) != 20 {
		t.Errorf("%d pointers arrived, want 20", len(got))
	}
	if calls.Load() != 4 {
		t.Errorf("%d calls, want two and two again", calls.Load())
	}
}

func TestErrorSaysHowManyWereNotSent(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		pointers int
		refuse   func(body string) bool
		want     string
		arrived  int
		calls    int64
	}{
		{
			name: "some", pointers: 12, refuse: func(body string) bool { return strings.HasSuffix(body, `#3"}`) || strings.HasSuffix(body, `#4"}`) },
			want: "send 2 of 12 action pointers: refused by the queue, twice", arrived: 10, calls: 3,
		},
		{
			name: "the last alone", pointers: 11, refuse: func(body string) bool { return strings.HasSuffix(body, `#10"}`) },
			want: "send 1 of 11 action pointers: operation error SQS: SendMessage", arrived: 10, calls: 2,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			q, behind, calls := open(t)
			behind.Refuse = func(_, body string) bool { return tt.refuse(body) }
			err := q.Send(t.Context(), refs(tt.pointers)...)
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("error = %v, want %s…", err, tt.want)
			}
			if n := len(arrived(t, behind)); n != tt.arrived || calls.Load() != tt.calls {
				t.Errorf("%d arrived in %d calls, want %d in %d", n, calls.Load(), tt.arrived, tt.calls)
			}
		})
	}
}

func TestSendStopsWhenTheQueueCannotBeReached(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(server.Close)
	client := awssqs.New(awssqs.Options{
		Region: lambdahost.Region, BaseEndpoint: &server.URL, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
	})
	err := sqs.New(client, lambdahost.QueueURL(server.URL, "actions")).Send(t.Context(), refs(35)...)
	if err == nil || !strings.HasPrefix(err.Error(), "send 35 of 35 action pointers: ") || calls.Load() != 1 {
		t.Errorf("error = %v after %d calls, want all unsent after one", err, calls.Load())
	}
}
