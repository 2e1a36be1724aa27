package interactions

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"strconv"
	"time"

	"filippo.io/edwards25519"
)

// A PublicKey is an application's key, as Discord's developer portal shows it.
type PublicKey struct {
	key ed25519.PublicKey
}

// ParseKey reads a public key of 64 hex digits. It refuses keys under which
// Go's Verify would accept signatures that Discord did not make: points of small
// order, and what is no point at all.
func ParseKey(s string) (PublicKey, error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != ed25519.PublicKeySize {
		return PublicKey{}, errors.New("must be the application's public key: 64 hex digits")
	}
	point, err := new(edwards25519.Point).SetBytes(b)
	if err != nil {
		return PublicKey{}, errors.New("is no Ed25519 public key: copy it again from the developer portal")
	}
	if new(edwards25519.Point).MultByCofactor(point).Equal(edwards25519.NewIdentityPoint()) == 1 {
		return PublicKey{}, errors.New("is a key of small order, under which signatures can be forged: copy it again from the developer portal")
	}
	return PublicKey{b}, nil
}

// How old a signed request may be, and how far ahead of our clock: the window
// in which a recorded request could be sent again.
const (
	maxAge   = 5 * time.Minute
	maxAhead = time.Minute
)

// verify reports why body was not signed by Discord just now; nil if it was.
func (k PublicKey) verify(signature, timestamp []string, body []byte, now time.Time) error {
	sig, err := signatureOf(signature, timestamp, now)
	if err != nil {
		return err
	}
	message := make([]byte, 0, len(timestamp[0])+len(body))
	message = append(append(message, timestamp[0]...), body...)
	if len(k.key) != ed25519.PublicKeySize || !ed25519.Verify(k.key, message, sig) {
		return errSignature
	}
	return nil
}

// signatureOf reads the headers of a signature, each of which must have been
// sent exactly once. It reports what is wrong with them whatever was signed.
func signatureOf(signature, timestamp []string, now time.Time) ([]byte, error) {
	if len(signature) != 1 || len(timestamp) != 1 {
		return nil, errHeaders
	}
	sig, err := hex.DecodeString(signature[0])
	if err != nil || len(sig) != ed25519.SignatureSize {
		return nil, errHeaders
	}
	sent, err := parseTimestamp(timestamp[0])
	if err != nil {
		return nil, err
	}
	if age := now.Sub(sent); age > maxAge || age < -maxAhead {
		return nil, errStale
	}
	return sig, nil
}

// parseTimestamp reads Unix seconds. Only digits will do, and no more than
// today's length: nothing separates the timestamp from the body in what is
// signed, so digits moved between the two would keep the signature.
func parseTimestamp(s string) (time.Time, error) {
	if len(s) != 10 {
		return time.Time{}, errHeaders
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return time.Time{}, errHeaders
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}, errHeaders
	}
	return time.Unix(n, 0), nil
}
