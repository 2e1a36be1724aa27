package dynamo

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"github.com/entente-bot/entente/internal/storage"
)

// MaxAttempts is how many times one request is sent, the first included.
const MaxAttempts = 6

// A retryer is the client's own, for one call: with our bounds, for throttled
// transactions too, and with a memory.
type retryer struct {
	aws.Retryer
	doubt bool // an attempt failed without telling whether it was applied
}

// use makes r the retryer of one call.
func (r *retryer) use(o *dynamodb.Options) { r.Retryer, o.Retryer = o.Retryer, r }

// MaxAttempts is [MaxAttempts].
func (r *retryer) MaxAttempts() int { return MaxAttempts }

// RetryDelay is random up to 25 ms doubled with every attempt, at most 400 ms,
// so that writers that were throttled together do not come back together.
func (r *retryer) RetryDelay(attempt int, _ error) (time.Duration, error) {
	most := 25 * time.Millisecond << min(attempt, 4)
	return rand.N(most), nil
}

// IsErrorRetryable reports whether the client's retryer would try again, or the
// transaction was only throttled.
func (r *retryer) IsErrorRetryable(err error) bool {
	if throttled(err) {
		return true
	}
	again := r.Retryer.IsErrorRetryable(err)
	if again && retry.IsErrorThrottles(retry.DefaultThrottles).IsErrorThrottle(err) != aws.TrueTernary {
		r.doubt = true
	}
	return again
}

// throttled reports whether a transaction was cancelled because of throttling
// and nothing that would stay when it is tried again.
func throttled(err error) bool {
	codes := reasons(err)
	return len(codes) > 0 && !slices.ContainsFunc(codes, func(code string) bool {
		return code != "ThrottlingError" && code != "ProvisionedThroughputExceeded"
	})
}

// reasons returns why a transaction was cancelled: for each item to blame, a code.
func reasons(err error) (codes []string) {
	cancelled := new(types.TransactionCanceledException)
	if !errors.As(err, &cancelled) {
		return nil
	}
	for _, r := range cancelled.CancellationReasons {
		if code := aws.ToString(r.Code); code != "" && code != "None" {
			codes = append(codes, code)
		}
	}
	return codes
}

// explain turns what DynamoDB says of a write into the errors of package storage.
func explain(err error) error {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return err
	}
	switch api.ErrorCode() {
	case "ConditionalCheckFailedException", "TransactionConflictException":
		return fmt.Errorf("%w (%s)", storage.ErrConflict, api.ErrorCode())
	case "TransactionCanceledException":
		return explainCancelled(err)
	case "ValidationException":
		if aboutSize(api.ErrorMessage()) {
			return fmt.Errorf("%w: %w", storage.ErrTooLarge, err)
		}
	}
	return err
}

func explainCancelled(err error) error {
	codes := reasons(err)
	if slices.Contains(codes, "ConditionalCheckFailed") || slices.Contains(codes, "TransactionConflict") {
		return fmt.Errorf("%w (%s)", storage.ErrConflict, strings.Join(codes, ", "))
	}
	cancelled := new(types.TransactionCanceledException)
	if errors.As(err, &cancelled) {
		for _, r := range cancelled.CancellationReasons {
			if aws.ToString(r.Code) == "ValidationError" && aboutSize(aws.ToString(r.Message)) {
				return fmt.Errorf("%w: %w", storage.ErrTooLarge, err)
			}
		}
	}
	return err
}

// aboutSize reports whether a validation message is about the size of items. Our
// own arithmetic refuses them before; this is for when DynamoDB's differs.
func aboutSize(message string) bool {
	message = strings.ToLower(message)
	return strings.Contains(message, "size") && strings.Contains(message, "exceed")
}
