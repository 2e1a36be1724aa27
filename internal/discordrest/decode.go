package discordrest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/entente-bot/entente/internal/action"
)

// A reader makes a T of an answer's JSON. Its errors hold nothing of that. The
// needed fields must be there and fit.
type reader[T any] func(raw json.RawMessage, needed []string) (T, error)

// decode reads the answer to k.
func decode[T any](k call, read reader[T], raw json.RawMessage, needed ...string) (T, error) {
	v, err := read(raw, needed)
	if err != nil {
		return v, k.unreadable(err)
	}
	return v, nil
}

// decodeAll reads the answer to k, a list, without the elements that cannot be read:
// one odd author or role is no reason to see none of the others. That none can be
// read is an error.
func decodeAll[T any](k call, read reader[T], raw json.RawMessage, needed ...string) ([]T, error) {
	elements, err := unmarshal[[]json.RawMessage](raw)
	if err != nil {
		return nil, k.unreadable(errors.New("it is no list"))
	}
	all := make([]T, 0, len(elements))
	for _, element := range elements {
		v, odd := read(element, needed)
		if err = odd; odd == nil {
			all = append(all, v)
		}
	}
	if len(all) == 0 && err != nil {
		return nil, k.unreadable(err)
	}
	return all, nil
}

// unreadable returns the failure of call k whose answer cannot be used. The
// effect happened.
func (k call) unreadable(err error) *action.Failure {
	return &action.Failure{Verdict: action.Again, Err: fmt.Errorf("%s: read the answer: %w", k.doing, err)}
}

// exact reads types of ours, which hold only what we cannot do without.
func exact[T any](raw json.RawMessage, needed []string) (T, error) {
	v, err := unmarshal[T](raw)
	if err != nil {
		return v, errors.New("it cannot be read")
	}
	_, err = fields(raw, needed)
	return v, err
}

// lenient reads types of disgo's, which hold all there is and refuse what they
// do not know, while Discord adds types and values at any time: a field that T
// cannot hold is left out, unless it is needed.
func lenient[T any](raw json.RawMessage, needed []string) (T, error) {
	v, strict := unmarshal[T](raw)
	all, err := fields(raw, needed)
	if err != nil || strict == nil {
		return v, err
	}
	for name, field := range all {
		if fits[T](name, field) {
			continue
		}
		if slices.Contains(needed, name) {
			return v, fmt.Errorf("its %s cannot be read", name)
		}
		delete(all, name)
	}
	known, err := json.Marshal(all)
	if err == nil {
		v, err = unmarshal[T](known)
	}
	if err != nil {
		return v, errors.New("it cannot be read")
	}
	return v, nil
}

// fields returns the fields of an object, among them all that are needed.
func fields(raw json.RawMessage, needed []string) (map[string]json.RawMessage, error) {
	all, err := unmarshal[map[string]json.RawMessage](raw)
	if err != nil || all == nil {
		return nil, errors.New("it is no object")
	}
	for _, name := range needed {
		if all[name] == nil {
			return nil, fmt.Errorf("it has no %s", name)
		}
	}
	return all, nil
}

// fits reports whether a T can hold a field.
func fits[T any](name string, field json.RawMessage) bool {
	one, err := json.Marshal(map[string]json.RawMessage{name: field})
	if err != nil {
		return false
	}
	_, err = unmarshal[T](one)
	return err == nil
}

// unmarshal reads raw into a T. disgo panics on a few things that it takes for
// impossible, such as a button outside a row: that is an error here.
func unmarshal[T any](raw []byte) (v T, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("disgo panicked")
		}
	}()
	err = json.Unmarshal(raw, &v)
	return v, err
}
