package dynamo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/entente-bot/entente/internal/storage"
)

// The names of the attributes; the package comment says what they hold.
const (
	attrPart    = "pk"
	attrSort    = "sk"
	attrKind    = "kind"
	attrSchema  = "schema"
	attrVersion = "version"
	attrExpires = "expires"
	attrValue   = "value"
)

type attributes = map[string]types.AttributeValue

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func keyAttributes(k storage.Key) attributes {
	return attributes{attrPart: text(k.Part), attrSort: text(k.Sort)}
}

// toAttributes returns it as it is to be stored, under the version given.
func toAttributes(it storage.Item, version int64) (attributes, error) {
	var object map[string]any
	d := json.NewDecoder(bytes.NewReader(it.Value))
	d.UseNumber() // a float64 would round IDs
	if err := d.Decode(&object); err != nil {
		return nil, err
	}
	a := keyAttributes(it.Key)
	a[attrKind] = text(it.Kind)
	a[attrSchema] = number(int64(it.Schema))
	a[attrVersion] = number(version)
	a[attrValue] = toAttribute(object)
	if !it.Expires.IsZero() {
		a[attrExpires] = number(it.Expires.Unix())
	}
	return a, nil
}

func toAttribute(v any) types.AttributeValue {
	switch v := v.(type) {
	case string:
		return text(v)
	case json.Number:
		return &types.AttributeValueMemberN{Value: v.String()}
	case bool:
		return &types.AttributeValueMemberBOOL{Value: v}
	case []any:
		list := make([]types.AttributeValue, len(v))
		for i, e := range v {
			list[i] = toAttribute(e)
		}
		return &types.AttributeValueMemberL{Value: list}
	case map[string]any:
		fields := make(attributes, len(v))
		for name, e := range v {
			fields[name] = toAttribute(e)
		}
		return &types.AttributeValueMemberM{Value: fields}
	}
	return &types.AttributeValueMemberNULL{Value: true}
}

// fromAttributes undoes toAttributes.
func fromAttributes(table storage.Table, a attributes) (storage.Item, error) {
	it := storage.Item{Key: storage.Key{Table: table}}
	var schema, expires int64
	for _, field := range []struct {
		name string
		into *string
	}{{attrPart, &it.Key.Part}, {attrSort, &it.Key.Sort}, {attrKind, &it.Kind}} {
		s, ok := a[field.name].(*types.AttributeValueMemberS)
		if !ok {
			return it, fmt.Errorf("item %v: attribute %s is not a string", it.Key, field.name)
		}
		*field.into = s.Value
	}
	for _, field := range []struct {
		name string
		into *int64
	}{{attrVersion, &it.Version}, {attrSchema, &schema}, {attrExpires, &expires}} {
		if field.name == attrExpires && a[attrExpires] == nil {
			continue
		}
		n, ok := integer(a[field.name])
		if !ok {
			return it, fmt.Errorf("item %v: attribute %s is not an integer", it.Key, field.name)
		}
		*field.into = n
	}
	it.Schema = int(schema)
	if a[attrExpires] != nil {
		it.Expires = time.Unix(expires, 0).UTC()
	}
	object, ok := a[attrValue].(*types.AttributeValueMemberM)
	if !ok {
		return it, fmt.Errorf("item %v: attribute %s is not a map", it.Key, attrValue)
	}
	value, err := fromAttribute(object)
	if err == nil {
		it.Value, err = json.Marshal(value)
	}
	if err != nil {
		return it, fmt.Errorf("item %v: %w", it.Key, err)
	}
	return it, nil
}

func integer(v types.AttributeValue) (int64, bool) {
	n, ok := v.(*types.AttributeValueMemberN)
	if !ok {
		return 0, false
	}
	i, err := strconv.ParseInt(n.Value, 10, 64)
	return i, err == nil
}

func fromAttribute(v types.AttributeValue) (any, error) {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return v.Value, nil
	case *types.AttributeValueMemberN:
		return json.Number(v.Value), nil
	case *types.AttributeValueMemberBOOL:
		return v.Value, nil
	case *types.AttributeValueMemberNULL:
		return nil, nil
	case *types.AttributeValueMemberL:
		list := make([]any, len(v.Value))
		for i, e := range v.Value {
			var err error
			if list[i], err = fromAttribute(e); err != nil {
				return nil, err
			}
		}
		return list, nil
	case *types.AttributeValueMemberM:
		fields := make(map[string]any, len(v.Value))
		for name, e := range v.Value {
			var err error
			if fields[name], err = fromAttribute(e); err != nil {
				return nil, err
			}
		}
		return fields, nil
	}
	return nil, fmt.Errorf("an attribute of type %T was not written by Entente", v)
}
