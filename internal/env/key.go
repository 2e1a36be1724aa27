package env

import (
	"encoding/hex"
	"errors"
	"math/big"
	"slices"
)

// CheckPublicKey fails unless key is one that only Discord can sign for: 64 hex
// digits, a point of the curve, and none of the eight under which anybody can.
// Its errors go on after the name of what holds the key.
//
// What verifies signatures asks a library, whose arithmetic is looked after by
// others; a test there wants both to agree. This one needs nothing but Go, so that
// a mistake is known before it is deployed.
func CheckPublicKey(key string) error {
	b, err := hex.DecodeString(key)
	if err != nil || len(b) != 32 {
		return errors.New("must be the application's public key: 64 hex digits")
	}
	b[31] &= 0x7f // the sign of x, of which nothing depends here
	slices.Reverse(b)
	// The curve is y² - x² = 1 + d·x²·y² modulo 2²⁵⁵ - 19, with d = -121665/121666.
	p := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
	times := func(a, b *big.Int) *big.Int { a = new(big.Int).Mul(a, b); return a.Mod(a, p) }
	over := func(a, b *big.Int) *big.Int { return times(a, new(big.Int).ModInverse(b, p)) }
	one := big.NewInt(1)
	d := over(big.NewInt(-121665), big.NewInt(121666))
	y := new(big.Int).SetBytes(b)
	yy := times(y, y)
	xx := over(new(big.Int).Sub(yy, one), new(big.Int).Add(times(d, yy), one)) // 1 + d·y² is never 0: -1 is a square, and d is none
	switch sum := new(big.Int).Add(xx, yy); {
	case big.Jacobi(xx, p) < 0:
		return errors.New("is no Ed25519 public key: copy it again from the developer portal")
	// Orders 1 and 2 have x = 0, order 4 has y = 0, and order 8 becomes that once doubled.
	case xx.Sign() == 0, yy.Sign() == 0, sum.Cmp(p) == 0:
		return errors.New("is a key of small order, under which signatures can be forged: copy it again from the developer portal")
	}
	return nil
}
