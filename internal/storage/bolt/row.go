package bolt

import (
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"github.com/entente-bot/entente/internal/storage"
)

// expiry is the bucket with a key for every item that expires.
const expiry = "expiry"

// partKey returns what the row keys of a part begin with. The length in front
// keeps parts apart whatever bytes they hold.
func partKey(part string) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(part))), part...)
}

// rowKey returns the key of a row, ordered by Sort within a part.
func rowKey(k storage.Key) []byte { return append(partKey(k.Part), k.Sort...) }

// expiryKey orders by the second of expiry, with negative ones first.
func expiryKey(k storage.Key, expires time.Time) []byte {
	b := binary.BigEndian.AppendUint64(nil, uint64(expires.Unix())^1<<63)
	b = append(append(b, k.Table...), 0)
	return append(b, rowKey(k)...)
}

// parseExpiryKey undoes expiryKey, as far as Purge needs it.
func parseExpiryKey(b []byte) (expires time.Time, table, row []byte, err error) {
	if len(b) < 8 {
		return expires, nil, nil, fmt.Errorf("expiry key %x is damaged", b)
	}
	expires = time.Unix(int64(binary.BigEndian.Uint64(b)^1<<63), 0)
	end := slices.Index(b[8:], 0)
	if end < 0 {
		return expires, nil, nil, fmt.Errorf("expiry key %x is damaged", b)
	}
	return expires, b[8 : 8+end], b[8+end+1:], nil
}

// A row is a header of fixed length, then Kind, then Value:
//
//	0   format, 1
//	1   version
//	9   expires, in Unix seconds; those of the zero time mean never
//	17  schema
//	21  length of Kind
//	22  Kind, Value
const (
	format = 1
	header = 22
)

func encode(it storage.Item) []byte {
	b := make([]byte, 0, header+len(it.Kind)+len(it.Value))
	b = append(b, format)
	b = binary.BigEndian.AppendUint64(b, uint64(it.Version))
	b = binary.BigEndian.AppendUint64(b, uint64(it.Expires.Unix()))
	b = binary.BigEndian.AppendUint32(b, uint32(it.Schema))
	b = append(b, byte(len(it.Kind)))
	b = append(b, it.Kind...)
	return append(b, it.Value...)
}

// decode copies what it returns: a row is only valid during its transaction.
func decode(k storage.Key, b []byte) (storage.Item, error) {
	if len(b) < header || b[0] != format || len(b) < header+int(b[21]) {
		return storage.Item{}, fmt.Errorf("item %v is damaged, or of a later version of Entente", k)
	}
	body := b[header:]
	return storage.Item{
		Key:     k,
		Version: int64(binary.BigEndian.Uint64(b[1:])),
		Expires: time.Unix(int64(binary.BigEndian.Uint64(b[9:])), 0).UTC(),
		Schema:  int(binary.BigEndian.Uint32(b[17:])),
		Kind:    string(body[:b[21]]),
		Value:   slices.Clone(body[b[21]:]),
	}, nil
}
