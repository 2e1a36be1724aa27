package discordrest

import (
	"encoding/json"
	"errors"
	"math/big"
)

// Permissions are a set of Discord's permissions, which come as a decimal number in a
// string, of any length. All that have no bit here count as the highest: nobody knows
// what they allow, so a role with one of them is not harmless.
type Permissions uint64

// unknown stands for the permissions that have no bit of their own.
const unknown Permissions = 1 << 63

// UnmarshalJSON implements [json.Unmarshaler].
func (p *Permissions) UnmarshalJSON(raw []byte) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return err
	}
	n, ok := new(big.Int).SetString(text, 10)
	if !ok || n.Sign() < 0 || len(text) > 100 {
		return errors.New("it is no set of permissions")
	}
	*p = Permissions(new(big.Int).And(n, new(big.Int).SetUint64(1<<64-1)).Uint64())
	if !n.IsUint64() {
		*p |= unknown
	}
	return nil
}
