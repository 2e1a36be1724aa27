package assembly

import (
	"errors"
	"fmt"
	"path"
	"strings"
)

// A policy is what a role may do.
type policy []statement

// A statement is one of a policy's. Conditions are not looked at: none of what
// the functions ask for hangs on one.
type statement struct {
	Effect   string
	Action   any
	Resource any
}

// allows reports whether the policy allows the action on the resource: some
// statement does, and none denies it.
func (p policy) allows(action, resource string) bool {
	allowed := false
	for _, s := range p {
		if !fits(s.Action, action) || !fits(s.Resource, resource) {
			continue
		}
		if s.Effect == "Deny" {
			return false
		}
		allowed = allowed || s.Effect == "Allow"
	}
	return allowed
}

// fits reports whether one of the patterns matches the name. A star stands for
// anything, in any letter case.
func fits(patterns any, name string) bool {
	for _, pattern := range oneOrMore(patterns) {
		// path.Match lets a star end at a slash; no slash is left.
		flat := strings.NewReplacer("/", "|", "[", "", "\\", "")
		ok, err := path.Match(strings.ToLower(flat.Replace(pattern)), strings.ToLower(flat.Replace(name)))
		if err == nil && ok {
			return true
		}
	}
	return false
}

// roleOf returns what the role with the given ARN may do: the policies written
// into it, and those attached to it. Managed policies are not read.
func (t Template) roleOf(arn string) (policy, error) {
	var all policy
	for _, id := range t.of(typeRole) {
		if own, err := t.arn(id); err != nil || own != arn {
			continue
		}
		var role struct {
			Policies []struct{ PolicyDocument struct{ Statement policy } }
		}
		if err := t.decode(id, &role); err != nil {
			return nil, err
		}
		for _, p := range role.Policies {
			all = append(all, p.PolicyDocument.Statement...)
		}
		attached, err := t.attached(id)
		return append(all, attached...), err
	}
	return nil, fmt.Errorf("there is no role %s", arn)
}

// attached returns what the policies say that name a role as theirs.
func (t Template) attached(role string) (all policy, err error) {
	for _, id := range t.of(typePolicy) {
		var p struct {
			Roles          []string
			PolicyDocument struct{ Statement policy }
		}
		if err := t.decode(id, &p); err != nil {
			return nil, err
		}
		for _, name := range p.Roles {
			if name == role {
				all = append(all, p.PolicyDocument.Statement...)
			}
		}
	}
	return all, nil
}

// demand fails for every action on the resource that the role does not allow.
func (p policy) demand(who, resource string, actions ...string) (err error) {
	for _, a := range actions {
		if !p.allows(a, resource) {
			err = errors.Join(err, fmt.Errorf("%s may not %s on %s", who, a, resource))
		}
	}
	return err
}
