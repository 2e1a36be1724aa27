package settings

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
)

// Every method of this file chooses one setting from what a manager typed or
// picked, or refuses and changes nothing.

// SetMinimum chooses the minimum member count; 0 = none.
func (s *Settings) SetMinimum(typed string) error {
	return choose(&s.Minimum, "minimum", typed, 0, MaxMinimum)
}

// SetCooldown chooses the hours between two applications; 0 = none.
func (s *Settings) SetCooldown(typed string) error {
	return choose(&s.Cooldown, "cooldown", typed, 0, MaxCooldown)
}

// SetActive chooses how many partnerships may be active; 0 = up to the hard
// limit, which is most.
func (s *Settings) SetActive(typed string, most int) error {
	return choose(&s.Active, "active", typed, 0, most)
}

// SetExpiry chooses the days after which an application that waits expires.
func (s *Settings) SetExpiry(typed string) error {
	return choose(&s.Expiry, "expiry", typed, 1, MaxExpiry)
}

// SetRemind chooses the days after which managers are reminded; 0 = never.
func (s *Settings) SetRemind(typed string) error {
	return choose(&s.Remind, "remind", typed, 0, MaxRemind)
}

// SetBump chooses the days between two bumps of a listing; 0 = no bumps.
func (s *Settings) SetBump(typed string) error {
	return choose(&s.Bump, "bump", typed, 0, MaxBump)
}

// SetStay chooses the seconds that a member must stay to count as real; 0 = any.
func (s *Settings) SetStay(typed string) error {
	return choose(&s.Stay, "stay", typed, 0, MaxStay)
}

// SetMode chooses how listings stand in the showcase, by the word that names it.
func (s *Settings) SetMode(word string) error {
	if !slices.Contains(Modes(), Mode(word)) {
		return refuse.Because("setup.unknown-mode")
	}
	s.Mode = Mode(word)
	return nil
}

var (
	// digits is a whole number.
	digits = regexp.MustCompile(`^\d{1,9}$`)
	// grouped is one whose thousands are set apart. "1.5" is none, and not 15.
	grouped = regexp.MustCompile(`^\d{1,3}([.,'’_ \x{a0}\x{202f}]\d{3}){1,2}$`)
	// apart is what sets them apart.
	apart = regexp.MustCompile(`\D`)
)

// choose sets to to the whole number that was typed.
func choose(to *int, what, typed string, least, most int) error {
	typed = strings.TrimSpace(typed)
	if grouped.MatchString(typed) {
		typed = apart.ReplaceAllString(typed, "")
	}
	n, err := strconv.Atoi(typed)
	if !digits.MatchString(typed) || err != nil || n < least || n > most {
		return refuse.Because("setup."+what+"-invalid", "least", strconv.Itoa(least), "most", strconv.Itoa(most))
	}
	*to = n
	return nil
}

// SetManagers chooses the manager roles. Whether they can be trusted is for the
// caller to see to.
func (s *Settings) SetManagers(roles []string) error { return chooseRoles(&s.Managers, roles) }

// SetViewers chooses the viewer roles, as SetManagers does.
func (s *Settings) SetViewers(roles []string) error { return chooseRoles(&s.Viewers, roles) }

func chooseRoles(to *[]string, roles []string) error {
	if len(roles) > MaxRoles {
		return refuse.Because("setup.too-many-roles", "most", strconv.Itoa(MaxRoles))
	}
	*to = slices.Clone(roles)
	return nil
}

// SetSources chooses from where applications are taken, by the words that name
// sources.
func (s *Settings) SetSources(words []string) error {
	var chosen Sources
	for _, w := range words {
		switch w {
		case "slash":
			chosen.Slash = true
		case "panel":
			chosen.Panel = true
		case "ticket":
			chosen.Ticket = true
		default:
			return refuse.Because("setup.unknown-source")
		}
	}
	s.Sources = chosen
	return nil
}

// SetTopics chooses the categories, one a line. What is there twice is taken once.
func (s *Settings) SetTopics(typed string) error {
	var topics []string
	for line := range strings.Lines(strings.ReplaceAll(typed, "\r", "\n")) {
		topic := partnership.CleanLine(line, MaxTopic+1)
		if partnership.Cut(topic, MaxTopic) != topic {
			return refuse.Because("setup.category-too-long", "category", partnership.Plain(topic), "most", strconv.Itoa(MaxTopic))
		}
		same := func(t string) bool { return strings.EqualFold(t, topic) }
		if topic != "" && !slices.ContainsFunc(topics, same) {
			topics = append(topics, topic)
		}
	}
	switch n := len(topics); {
	case n == 0:
		return refuse.Because("setup.no-categories")
	case n > MaxTopics:
		return refuse.Because("setup.too-many-categories", "count", strconv.Itoa(n), "most", strconv.Itoa(MaxTopics))
	}
	s.Topics = topics
	return nil
}
