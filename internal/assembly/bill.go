package assembly

import "encoding/json"

// A cost is what DynamoDB Local says a request cost at one table.
type cost struct {
	TableName     string
	CapacityUnits float64
}

// bill reckons what a request costs, in request units, table by table: what
// DynamoDB Local says, but at least the [least]. It says nothing of writes that
// were refused, and 0 of reads that found nothing; AWS bills both.
func bill(request, answer []byte) map[string]float64 {
	units := least(request)
	for _, c := range consumed(answer) {
		units[c.TableName] = max(units[c.TableName], c.CapacityUnits)
	}
	return units
}

// consumed reads what an answer says of its cost: of one table, or of several.
func consumed(answer []byte) []cost {
	var in struct{ ConsumedCapacity json.RawMessage }
	if json.Unmarshal(answer, &in) != nil || len(in.ConsumedCapacity) == 0 {
		return nil
	}
	var many []cost
	if json.Unmarshal(in.ConsumedCapacity, &many) == nil {
		return many
	}
	var one cost
	if json.Unmarshal(in.ConsumedCapacity, &one) != nil {
		return nil
	}
	return []cost{one}
}

// least is what a request costs if every item in it is small: a unit for each, half
// a one for a read that need not be consistent, two for a part of a transaction.
func least(request []byte) map[string]float64 {
	var in struct {
		TableName      string
		ConsistentRead bool
		Item           map[string]any
		RequestItems   map[string]struct {
			Keys           []any
			ConsistentRead bool
		}
		TransactItems []map[string]struct{ TableName string }
	}
	units := map[string]float64{}
	if json.Unmarshal(request, &in) != nil {
		return units
	}
	read := func(consistent bool) float64 {
		if consistent {
			return 1
		}
		return 0.5
	}
	if in.TableName != "" {
		units[in.TableName] = read(in.ConsistentRead || in.Item != nil)
	}
	for table, of := range in.RequestItems {
		units[table] += read(of.ConsistentRead) * float64(len(of.Keys))
	}
	for _, parts := range in.TransactItems {
		for _, of := range parts {
			units[of.TableName] += 2
		}
	}
	return units
}
