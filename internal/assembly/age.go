package assembly

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Age lets time pass: it moves everything the tables hold so far into the past.
// The functions go by the real clock, and have no switch for another, which
// nobody could turn in a deployment either. d is whole seconds.
//
// It moves points in time, expiries, and the keys by which due work is found.
// Keys of what is only looked at later, such as the audit trail, stay. No function
// may be at work.
func (a *Assembly) Age(ctx context.Context, d time.Duration) error {
	for _, name := range a.cfg.Template.of(typeTable, typeGlobalTable) {
		pages := dynamodb.NewScanPaginator(a.Tables, &dynamodb.ScanInput{TableName: &name})
		var items []map[string]types.AttributeValue // all of them first: a scan might meet what was moved
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return fmt.Errorf("age table %s: %w", name, err)
			}
			items = append(items, page.Items...)
		}
		for _, item := range items {
			if err := a.move(ctx, name, item, d); err != nil {
				return fmt.Errorf("age table %s: %w", name, err)
			}
		}
	}
	return nil
}

// move replaces one item by the same, older.
func (a *Assembly) move(ctx context.Context, table string, item map[string]types.AttributeValue, d time.Duration) error {
	older := map[string]types.AttributeValue{}
	for name, value := range item {
		older[name] = before(value, d)
	}
	if n, ok := item["expires"].(*types.AttributeValueMemberN); ok {
		seconds, err := strconv.ParseInt(n.Value, 10, 64)
		if err != nil {
			return fmt.Errorf("an expiry: %w", err)
		}
		older["expires"] = &types.AttributeValueMemberN{Value: strconv.FormatInt(seconds-int64(d/time.Second), 10)}
	}
	key := map[string]types.AttributeValue{"pk": item["pk"], "sk": item["sk"]}
	if sort, ok := item["sk"].(*types.AttributeValueMemberS); ok {
		older["sk"] = &types.AttributeValueMemberS{Value: dueBefore(sort.Value, d)}
		if older["sk"].(*types.AttributeValueMemberS).Value != sort.Value {
			if _, err := a.Tables.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &table, Key: key}); err != nil {
				return err
			}
		}
	}
	_, err := a.Tables.PutItem(ctx, &dynamodb.PutItemInput{TableName: &table, Item: older})
	return err
}

// dueBefore moves the time in the key of a pointer to due work: 15 digits of
// milliseconds.
func dueBefore(sort string, d time.Duration) string {
	if !regexp.MustCompile(`^[0-9]{15}#`).MatchString(sort) {
		return sort
	}
	at, err := strconv.ParseInt(sort[:15], 10, 64)
	if err != nil {
		return sort
	}
	return fmt.Sprintf("%015d%s", max(at-d.Milliseconds(), 0), sort[15:])
}

// before moves every point in time in a value.
func before(value types.AttributeValue, d time.Duration) types.AttributeValue {
	switch v := value.(type) {
	case *types.AttributeValueMemberS:
		at, err := time.Parse(time.RFC3339Nano, v.Value)
		if err != nil || at.Year() < 2000 { // text, or no time
			return v
		}
		return &types.AttributeValueMemberS{Value: at.Add(-d).Format(time.RFC3339Nano)}
	case *types.AttributeValueMemberL:
		list := make([]types.AttributeValue, len(v.Value))
		for i, e := range v.Value {
			list[i] = before(e, d)
		}
		return &types.AttributeValueMemberL{Value: list}
	case *types.AttributeValueMemberM:
		m := map[string]types.AttributeValue{}
		for name, e := range v.Value {
			m[name] = before(e, d)
		}
		return &types.AttributeValueMemberM{Value: m}
	}
	return value
}
