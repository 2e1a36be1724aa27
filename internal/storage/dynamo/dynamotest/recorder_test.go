package dynamotest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/entente-bot/entente/internal/storage/dynamo/dynamotest"
)

// send asks for an operation, and returns the reply or the error.
func send(t *testing.T, rt http.RoundTripper, url, operation, body string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
	resp, err := rt.RoundTrip(r)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestRecorder(t *testing.T) {
	t.Parallel()
	var together sync.WaitGroup // all requests named "Side" are under way at once
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if dynamotest.Operation(r) == "Side" {
			together.Done()
			together.Wait()
		}
	}))
	defer server.Close()
	rec := &dynamotest.Recorder{}
	ask := func(operation string) { send(t, rec, server.URL, operation, "") }

	ask("GetItem")
	together.Add(3)
	var done sync.WaitGroup
	for range 3 {
		done.Go(func() { ask("Side") })
	}
	done.Wait()
	ask("PutItem")
	if want := []string{"GetItem", "Side", "Side", "Side", "PutItem"}; !slices.Equal(rec.Calls(), want) {
		t.Errorf("Calls = %q, want %q", rec.Calls(), want)
	}
	if n := rec.Sequential(); n != 3 {
		t.Errorf("Sequential = %d, want 3", n)
	}
	rec.Reset()
	if len(rec.Calls()) != 0 || rec.Sequential() != 0 {
		t.Error("Reset did not forget")
	}
}

func TestFaultsComeInTurn(t *testing.T) {
	t.Parallel()
	served := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served++
		io.WriteString(w, "fine")
	}))
	defer server.Close()
	faults := &dynamotest.Faults{}
	faults.Next("PutItem", 1, dynamotest.ReplyLost)
	faults.Next("PutItem", 1, dynamotest.Throttled)
	faults.Always("PutItem", dynamotest.Unreached)
	for i, want := range []string{"reset", "ProvisionedThroughputExceeded", "reset", "reset"} {
		if got := send(t, faults, server.URL, "PutItem", "{}"); !strings.Contains(got, want) {
			t.Errorf("reply %d is %q, want %s", i, got, want)
		}
	}
	faults.Always("PutItem", nil)
	for _, operation := range []string{"PutItem", "GetItem"} {
		if got := send(t, faults, server.URL, operation, "{}"); got != "fine" {
			t.Errorf("%s: %q", operation, got)
		}
	}
	if served != 3 || faults.Struck() != 4 {
		t.Errorf("%d served and %d struck, want 3 and 4", served, faults.Struck())
	}
}
