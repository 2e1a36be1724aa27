package interactions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-bot/entente/internal/apply"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/refuse"
	"github.com/entente-bot/entente/internal/stats"
	"github.com/entente-bot/entente/internal/storage"
)

// names are what somebody may mean who types the name of a server.
type names struct {
	partners []partnership.Name // by name
	others   []partnership.Name // that applied or were partners, latest first
	rest     []storage.Item     // what has to be made from the records first
}

// A reach is whose names are read.
type reach int

const (
	nobody reach = iota
	onlyPartners
	allServers
)

func needNames(*call) needs   { return needs{names: onlyPartners} }
func needServers(*call) needs { return needs{names: allServers} }

// names reads names. See whole.
func (s *Server) names(ctx context.Context, guild string, whose reach) (n names, err error) {
	if whose == nobody {
		return n, nil
	}
	page, err := s.DB.List(ctx, partnership.NamesQuery(guild, whose == allServers))
	if err != nil {
		return n, err
	}
	if err := n.take(page, partnership.NamesKey(guild), &n.partners); err != nil || whose == onlyPartners {
		return n, err
	}
	return n, n.take(page, partnership.OthersKey(guild), &n.others)
}

// take takes the names under key from page into list.
func (n *names) take(page storage.Page, key storage.Key, list *[]partnership.Name) error {
	it := storage.Item{Key: key}
	if i := slices.IndexFunc(page.Items, func(it storage.Item) bool { return it.Key == key }); i >= 0 {
		it = page.Items[i]
	}
	tx := storage.Of(it)
	kept, _ := storage.Read[partnership.Names](tx, key)
	if *list = kept.List; !kept.Whole {
		n.rest = append(n.rest, it)
	}
	_, err := tx.Changes()
	return err
}

// whole makes from the records what of n was not made yet, and keeps it: once for
// each guild.
func (s *Server) whole(ctx context.Context, guild string, n names) (names, error) {
	for _, it := range n.rest {
		list, made := &n.partners, s.partnerNames
		if it.Key == partnership.OthersKey(guild) {
			list, made = &n.others, s.otherNames
		}
		fresh, err := made(ctx, guild, *list)
		if err == nil {
			err = s.keepNames(ctx, it, fresh)
		}
		if err != nil {
			return n, fmt.Errorf("make names: %w", err)
		}
		*list = fresh
	}
	slices.SortStableFunc(n.partners, func(a, b partnership.Name) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	n.others = slices.DeleteFunc(n.others, func(o partnership.Name) bool {
		return slices.ContainsFunc(n.partners, func(p partnership.Name) bool { return p.ID == o.ID })
	})
	return n, nil
}

// keepNames keeps the names of a list, unless somebody changed them since it was read.
func (s *Server) keepNames(ctx context.Context, it storage.Item, list []partnership.Name) error {
	tx := storage.Of(it)
	tx.Set(it.Key, partnership.Names{Whole: true, List: list})
	items, err := tx.Changes()
	if err != nil {
		return err
	}
	if err := s.DB.Put(ctx, items...); !errors.Is(err, storage.ErrConflict) {
		return err
	}
	return nil
}

// partnerNames makes the names of the active partners from their records.
func (s *Server) partnerNames(ctx context.Context, guild string, _ []partnership.Name) (list []partnership.Name, err error) {
	for q := partnership.All(guild); ; {
		page, err := s.DB.List(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, it := range page.Items {
			p, err := storage.Decode[partnership.Partnership](it)
			if err != nil {
				return nil, err
			}
			list = append(list, p.Name())
		}
		if q.Cursor = page.Cursor; q.Cursor == "" {
			return list, nil
		}
	}
}

// otherNames adds to the names of those that were noted last the names of those that
// applied before there were names.
func (s *Server) otherNames(ctx context.Context, guild string, noted []partnership.Name) ([]partnership.Name, error) {
	page, err := s.DB.List(ctx, apply.Known(guild))
	if err != nil {
		return nil, err
	}
	known, err := apply.KnownIn(page)
	list := slices.Clone(noted)
	for _, l := range known {
		if !slices.ContainsFunc(noted, func(n partnership.Name) bool { return n.ID == l.Partner }) {
			list = append(list, partnership.Name{ID: l.Partner, Name: partnership.NameOf(l.Name, l.Partner, partnership.MaxName)})
		}
	}
	return list[:min(len(list), partnership.MaxOthers)], err
}

// A typing is an option of a command that takes the ID of a server, and into which
// people type its name instead.
type typing struct {
	option string
	whose  reach
	part   bool // a part of the name will do
}

// typings lists them by command.
func typings() map[string]typing {
	partner := typing{optionPartner, onlyPartners, true}
	return map[string]typing{
		"partner bump": partner, "partner edit": partner, "partner end": partner, "partner info": partner, "partner stats": partner,
		"partnerships edit": partner, "partnerships end": partner,
		"partnerships info":  {optionPartner, allServers, true},
		"partnerships block": {block.Server, allServers, false}, // who is blocked is told apart from others
	}
}

// resolve puts the ID of a server in the place of its name, where somebody typed the
// name and picked no suggestion. It refuses if several servers are called so.
func (s *Server) resolve(ctx context.Context, in interaction, route string, c *call) error {
	t, ok := typings()[route]
	typed := strings.TrimSpace(c.options[t.option])
	if !ok || in.Type != typeCommand || typed == "" || typed == stats.All || isID(typed) && len(typed) >= 17 {
		return nil
	}
	n, err := s.names(ctx, c.guild, t.whose)
	if err == nil {
		n, err = s.whole(ctx, c.guild, n)
	}
	if err != nil {
		return fmt.Errorf("read names for %s: %w", route, err)
	}
	meant := match(slices.Concat(n.partners, n.others), typed, t.part)
	switch len(meant) {
	case 0:
		return nil // the handler says that there is none
	case 1:
		c.options[t.option] = meant[0].ID
		return nil
	}
	return refuse.Because("partnership.several", "name", partnership.Plain(partnership.NameOf(typed, "…", partnership.MaxName)))
}

// match returns those of list that are called what was typed, or, if none is and a
// part will do, those whose names hold it.
func match(list []partnership.Name, typed string, part bool) []partnership.Name {
	typed = strings.ToLower(partnership.NameOf(typed, typed, partnership.MaxName))
	found := slices.DeleteFunc(slices.Clone(list), func(n partnership.Name) bool { return strings.ToLower(n.Name) != typed })
	if len(found) > 0 || !part {
		return found
	}
	return slices.DeleteFunc(slices.Clone(list), func(n partnership.Name) bool { return !strings.Contains(strings.ToLower(n.Name), typed) })
}
