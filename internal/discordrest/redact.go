package discordrest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"slices"
	"strings"
	"syscall"
)

// maxFaults is how many faults of a body are told. The rest are of the same kind.
const maxFaults = 10

// faults says what Discord finds wrong with a body: where, and the code of the
// fault, but not what stands there. It is "" if raw tells nothing.
func faults(raw json.RawMessage) string {
	found := collect("", raw, nil)
	if len(found) == 0 {
		return ""
	}
	return ": " + strings.Join(found[:min(len(found), maxFaults)], ", ")
}

// collect adds the faults below path to found.
func collect(path string, raw json.RawMessage, found []string) []string {
	var level map[string]json.RawMessage
	if err := json.Unmarshal(raw, &level); err != nil {
		return found
	}
	for _, name := range slices.Sorted(maps.Keys(level)) {
		if len(found) >= maxFaults {
			return found
		}
		if name != "_errors" {
			found = collect(strings.TrimPrefix(path+"."+word(name), "."), level[name], found)
			continue
		}
		var here []struct {
			Code string `json:"code"`
		}
		_ = json.Unmarshal(level[name], &here) // what is not as documented is not told
		for _, fault := range here {
			found = append(found, strings.TrimSpace(path+" "+word(fault.Code)))
		}
	}
	return found
}

// word returns s if it looks like a name that Discord or we gave to something,
// and "?" if it may be what somebody wrote.
func word(s string) string {
	name := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_'
	}
	if s == "" || len(s) > 50 || strings.ContainsFunc(s, func(r rune) bool { return !name(r) }) {
		return "?"
	}
	return s
}

// trouble says in words of our own why there is no answer. The words of err
// itself may hold the URL, and that a token.
func trouble(err error) string {
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var timeout net.Error
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, errShut):
		return errShut.Error()
	case errors.Is(err, errParked):
		return errParked.Error()
	case errors.Is(err, errTooLong):
		return errTooLong.Error()
	case errors.Is(err, errTooLarge):
		return errTooLarge.Error()
	case errors.Is(err, context.Canceled):
		return "given up"
	case errors.As(err, &dns):
		return "Discord's address was not found"
	case errors.As(err, &cert), errors.As(err, &unknown):
		return "the certificate does not hold"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "no answer in time"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection was refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the connection was reset"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the answer breaks off"
	case errors.As(err, &syntax):
		return "the answer is not JSON, or not all of it"
	}
	return "no usable answer"
}
