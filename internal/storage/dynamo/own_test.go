package dynamo_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/storage/dynamo"
	"github.com/entente-bot/entente/internal/storage/dynamo/dynamotest"
	"github.com/entente-bot/entente/internal/storage/storagetest"
)

// A wire is a table with one item, of which the first reply is lost: an item is written
// only where there is none.
type wire struct {
	lost  bool            // the first reply is still to be lost
	rival json.RawMessage // takes the place of what the first request wrote; nil for nobody

	standing json.RawMessage
	tries    int
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	var in struct{ Item json.RawMessage }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, err
	}
	w.tries++
	status, body := http.StatusOK, []byte(`{}`)
	if w.standing == nil {
		w.standing = in.Item
	} else {
		status = http.StatusBadRequest
		body, _ = json.Marshal(map[string]any{ // strings and JSON that was read
			"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "message": "The conditional request failed", "Item": w.standing,
		})
	}
	if w.lost {
		w.lost = false
		if w.rival != nil {
			w.standing = w.rival
		}
		return nil, dynamotest.ErrReset
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
}

// TestOwnWriteIsRecognised: a write that was applied, whose reply was lost, finds itself
// when it is tried again. What another wrote is never taken for it.
func TestOwnWriteIsRecognised(t *testing.T) {
	t.Parallel()
	rival := json.RawMessage(`{"pk":{"S":"p"},"sk":{"S":"s"},"version":{"N":"7"},"value":{"M":{}}}`)
	tests := []struct {
		name     string
		wire     wire
		tries    int
		stored   bool
		conflict bool
	}{
		{"nothing goes wrong", wire{}, 1, true, false},
		{"the reply is lost", wire{lost: true}, 2, true, false},
		{"the reply is lost, and another writes", wire{lost: true, rival: rival}, 2, false, false},
		{"another wrote before", wire{standing: rival}, 1, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cfg := aws.Config{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""), BaseEndpoint: aws.String("http://127.0.0.1:9")}
			db := dynamo.New(dynamodb.NewFromConfig(cfg, dynamotest.Through(&tt.wire)), "records", "actions", storagetest.NewClock().Now)
			err := db.Put(t.Context(), item(key("s"), 0, `{"n":1}`))
			if (err == nil) != tt.stored || errors.Is(err, storage.ErrConflict) != tt.conflict || tt.wire.tries != tt.tries {
				t.Errorf("Put = %v after %d tries", err, tt.wire.tries)
			}
		})
	}
}
