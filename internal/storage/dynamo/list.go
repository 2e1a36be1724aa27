package dynamo

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/entente-bot/entente/internal/storage"
)

// refill is how many items a request for the rest of a page reads at least: a
// page that expired items have thinned out takes few round trips.
const refill = 100

// List is [storage.DB.List]. It takes one round trip, and another for every
// megabyte or for what expired items leave open.
func (db *DB) List(ctx context.Context, q storage.Query) (storage.Page, error) {
	span, err := q.Span()
	if err != nil {
		return storage.Page{}, err
	}
	if span.Empty() {
		return storage.Page{}, ctx.Err()
	}
	in := db.query(q, span)
	var found []storage.Item
	for {
		out, err := db.client.Query(ctx, in, (&retryer{}).use)
		if err != nil {
			return storage.Page{}, fmt.Errorf("dynamo: list %s %s: %w", q.Table, q.Part, err)
		}
		for _, a := range out.Items {
			it, err := fromAttributes(q.Table, a)
			if err != nil {
				return storage.Page{}, fmt.Errorf("dynamo: list %s %s: %w", q.Table, q.Part, err)
			}
			if span.Has(it.Key.Sort) {
				found = append(found, it)
			}
		}
		if len(found) > q.Length() || len(out.LastEvaluatedKey) == 0 {
			return q.PageOf(found), nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
		in.Limit = aws.Int32(int32(max(q.Length()+1-len(found), refill)))
	}
}

// query asks for span in the order of q, and for one item more than a page has.
func (db *DB) query(q storage.Query, span storage.Span) *dynamodb.QueryInput {
	in := &dynamodb.QueryInput{
		TableName:                aws.String(db.names[q.Table]),
		ConsistentRead:           aws.Bool(!q.Stale),
		ScanIndexForward:         aws.Bool(!q.Descending),
		Limit:                    aws.Int32(int32(q.Length() + 1)),
		FilterExpression:         aws.String("attribute_not_exists(#expires) OR #expires > :now"),
		ExpressionAttributeNames: map[string]string{"#expires": attrExpires},
		ExpressionAttributeValues: attributes{
			":now": number(db.now().Unix()),
			":pk":  text(q.Part),
		},
	}
	condition := "pk = :pk"
	switch {
	case span.Low != "" && span.High != "":
		// DynamoDB has no "from, and before" in one condition. BETWEEN includes both
		// ends; List leaves out the one or two items that do not belong.
		condition += " AND sk BETWEEN :low AND :high"
		in.Limit = aws.Int32(*in.Limit + 2)
	case span.Low != "" && span.After:
		condition += " AND sk > :low"
	case span.Low != "":
		condition += " AND sk >= :low"
	case span.High != "":
		condition += " AND sk < :high"
	}
	in.KeyConditionExpression = aws.String(condition)
	if span.Low != "" {
		in.ExpressionAttributeValues[":low"] = text(span.Low)
	}
	if span.High != "" {
		in.ExpressionAttributeValues[":high"] = text(span.High)
	}
	return in
}
