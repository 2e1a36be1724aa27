package worker

import (
	"cmp"
	"context"

	"github.com/disgoorg/disgo/discord"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/audit"
	"github.com/entente-bot/entente/internal/block"
	"github.com/entente-bot/entente/internal/bump"
	"github.com/entente-bot/entente/internal/contact"
	"github.com/entente-bot/entente/internal/partnership"
	"github.com/entente-bot/entente/internal/settings"
	"github.com/entente-bot/entente/internal/setup"
	"github.com/entente-bot/entente/internal/storage"
	"github.com/entente-bot/entente/internal/view"
)

const unknownRole = 10011

// contactSync brings in line who has the role of contacts because of a partner:
// the contact, while the partnership is active. Once a day it looks whether the
// contact is still a member. What cannot be taken back does not keep the next
// contact from having the role, nor the other way round.
func contactSync(ctx context.Context, j *job) error {
	c, s, active, err := j.contactNote(ctx)
	if err != nil {
		return err
	}
	var late error
	for _, h := range c.Old {
		if err := j.contactRevoke(ctx, h); err != nil {
			late = err
			continue
		}
		c = c.Revoked(h)
	}
	if !active || c.User == "" { // nobody speaks for the partner
		return late
	}
	if c.Barred {
		return cmp.Or[error](late, action.Blocking("contact.blocked", "user", c.User, "server", partnership.NameOf(c.Server, c.Partner, 100)))
	}
	if err := j.contactLook(ctx, c, s); err != nil {
		return err
	}
	if late != nil {
		return late
	}
	return j.save(ctx, nil, func(tx *storage.Tx) error {
		action.Cause(tx, j.Ref, contact.Daily(j.Guild, j.Subject, j.Actions.Now()))
		return nil
	})
}

// contactNote notes what is to be done, before any of it is: whoever dies after
// giving a role leaves behind that it was given.
func (j *job) contactNote(ctx context.Context) (c contact.Contact, s settings.Settings, active bool, err error) {
	about := partnership.Key(j.Guild, j.Subject)
	listed, err := j.contactListed(ctx, about)
	if err != nil {
		return c, s, false, err
	}
	review, reminder := partnership.Review(j.Guild, j.Subject), bump.Sync(j.Guild, j.Subject)
	keys := append(contact.Keys(j.Guild, j.Subject), about, settings.Key(j.Guild), review.Key(), reminder.Key())
	err = j.save(ctx, keys, func(tx *storage.Tx) error {
		var p partnership.Partnership
		p, active = storage.Read[partnership.Partnership](tx, about)
		s = settings.Of(tx, j.Guild)
		was, role := contact.Of(tx, j.Guild, j.Subject), s.Contact
		barred := listed != "" && p.Contact == listed
		if barred {
			role = ""
		}
		c = was.Wanted(p, active, role)
		c.Barred = active && barred
		c.Kept = c.Kept && c.Barred
		if c.Barred && !was.Barred {
			j.noteBarred(tx, c)
		}
		if c.Barred != was.Barred {
			action.Cause(tx, reminder, j.Actions.Now())
		}
		if c.Asks() != was.Asks() {
			action.Cause(tx, review, j.Actions.Now())
		}
		if !c.Equal(was) {
			contact.Keep(tx, j.Guild, j.Subject, c)
		}
		return nil
	})
	return c, s, active, err
}

// contactListed returns who is the contact of a partner, if they are on the blocklist.
func (j *job) contactListed(ctx context.Context, about storage.Key) (user string, err error) {
	tx, err := j.read(ctx, about)
	if err != nil {
		return "", err
	}
	p, _ := storage.Read[partnership.Partnership](tx, about)
	if _, err := tx.Changes(); err != nil || p.Contact == "" {
		return "", err
	}
	if barred, err := j.barred(ctx, p.Contact); err != nil || !barred {
		return "", err
	}
	return p.Contact, nil
}

// barred reports whether a user is on the blocklist.
func (j *job) barred(ctx context.Context, user string) (bool, error) {
	t := block.Target{What: block.User, ID: user}
	tx, err := j.read(ctx, block.Key(j.Guild, t))
	if err != nil {
		return false, err
	}
	_, listed := block.Listed(tx, j.Guild, t, j.Actions.Now())
	_, err = tx.Changes()
	return listed, err
}

// noteBarred tells the managers, once, that a contact is on the blocklist.
func (j *job) noteBarred(tx *storage.Tx, c contact.Contact) {
	audit.Write(tx, j.Guild, j.Subject, audit.Entry{At: j.Actions.Now(), By: c.User, What: "block.contact", About: j.Subject, Surface: "worker"})
}

// contactRevoke takes a role back from who is no contact any more, unless they
// are another partner's.
func (j *job) contactRevoke(ctx context.Context, h contact.Holding) error {
	others, err := j.contactOf(ctx, h)
	if err != nil {
		return err
	}
	took := false
	if len(others) == 0 {
		if took, err = j.contactTake(ctx, h); err != nil {
			return err
		}
		if others, err = j.contactOf(ctx, h); err != nil { // they may have become one just now
			return err
		}
	}
	return j.save(ctx, append(action.Keys(others...), contact.Keys(j.Guild, j.Subject)...), func(tx *storage.Tx) error {
		contact.Keep(tx, j.Guild, j.Subject, contact.Of(tx, j.Guild, j.Subject).Revoked(h))
		if took {
			j.noteRole("contact.role-taken", tx, h, h.Role, "")
		}
		for _, r := range others {
			if r != j.Ref {
				action.Cause(tx, r, j.Actions.Now())
			}
		}
		return nil
	})
}

// contactTake takes a role from who has it, and reports whether they had. It may never
// have been given.
func (j *job) contactTake(ctx context.Context, h contact.Holding) (took bool, err error) {
	m, err := j.Discord.Member(ctx, j.Guild, h.User)
	if err == nil && holds(m, h.Role) {
		err = j.Discord.RemoveRole(ctx, j.Guild, h.User, h.Role, j.reasonUnread(ctx))
		took = err == nil
	}
	switch action.Code(err) {
	case unknownMember, unknownUser, unknownRole:
		return false, nil
	}
	return took, err
}

// noteRole writes into the trail that a contact was given a role, or had it taken. It is
// about the role: of a partner, the latest entries say what managers decided.
func (j *job) noteRole(what string, tx *storage.Tx, h contact.Holding, was, is string) {
	e := audit.Entry{At: j.Actions.Now(), By: h.User, What: what, About: h.Role, Surface: "worker"}
	audit.Write(tx, j.Guild, j.Subject+"-"+what+"-"+h.Short(), e.Turned(audit.Role, view.Role(was), view.Role(is)))
}

// contactOf returns what sees to it that a user has a role as contact of an
// active partner: at most as many as are looked at in one write.
func (j *job) contactOf(ctx context.Context, h contact.Holding) (refs []action.Ref, err error) {
	tx, err := j.read(ctx, settings.Key(j.Guild))
	if err != nil {
		return nil, err
	}
	s := settings.Of(tx, j.Guild)
	if _, err := tx.Changes(); err != nil || s.Contact != h.Role {
		return nil, err
	}
	if barred, err := j.barred(ctx, h.User); err != nil || barred { // no partner gives them the role
		return nil, err
	}
	err = j.eachPartner(ctx, func(p partnership.Partnership) error {
		if p.Contact == h.User && len(refs) < atOnce {
			refs = append(refs, contact.Sync(j.Guild, p.Partner))
		}
		return nil
	})
	return refs, err
}

// eachPartner calls do for every active partnership of the guild.
func (j *job) eachPartner(ctx context.Context, do func(partnership.Partnership) error) error {
	q := partnership.All(j.Guild)
	for {
		page, err := j.Actions.DB.List(ctx, q)
		if err != nil {
			return err
		}
		for _, it := range page.Items {
			p, err := storage.Decode[partnership.Partnership](it)
			if err != nil {
				return err
			}
			if err := do(p); err != nil {
				return err
			}
		}
		if q.Cursor = page.Cursor; q.Cursor == "" {
			return nil
		}
	}
}

// contactLook sees whether the contact is a member, and gives them the role if
// they lack it.
func (j *job) contactLook(ctx context.Context, c contact.Contact, s settings.Settings) error {
	m, err := j.Discord.Member(ctx, j.Guild, c.User)
	if err == nil && c.Role != "" && !holds(m, c.Role) {
		err = j.contactGive(ctx, c, s)
	}
	switch action.Code(err) {
	case unknownMember, unknownUser:
		return j.contactFound(ctx, c, false)
	}
	if err == nil {
		return j.contactFound(ctx, c, true)
	}
	if c.Left() && m.User.ID != 0 { // they are back, whatever else is wrong
		if err := j.contactFound(ctx, c, true); err != nil {
			return err
		}
	}
	return err
}

// holds reports whether a member has a role.
func holds(m discord.Member, role string) bool {
	for _, id := range m.RoleIDs {
		if id.String() == role {
			return true
		}
	}
	return false
}

// contactGive gives the contact the role, if it is one that can be given. That they are
// given it again, which somebody took from them, is no line of the trail.
func (j *job) contactGive(ctx context.Context, c contact.Contact, s settings.Settings) error {
	facts, err := j.Discord.Survey(ctx, j.Guild)
	if err != nil {
		return err
	}
	if f, wrong := setup.Giving(j.Guild, s, facts); wrong {
		return action.Blocking("contact.role-"+string(f.Problem), "role", c.Role)
	}
	err = j.Discord.AddRole(ctx, j.Guild, c.User, c.Role, j.reason(s.Locale))
	if action.Code(err) == unknownRole {
		return action.Blocking("contact.role-gone")
	}
	if err != nil || c.Given {
		return err
	}
	return j.save(ctx, contact.Keys(j.Guild, j.Subject), func(tx *storage.Tx) error {
		kept := contact.Of(tx, j.Guild, j.Subject)
		if kept.User == c.User && kept.Role == c.Role && !kept.Given {
			kept.Given = true
			contact.Keep(tx, j.Guild, j.Subject, kept)
			j.noteRole("contact.role-given", tx, contact.Holding{User: c.User, Role: c.Role}, "", c.Role)
		}
		return nil
	})
}

// contactFound notes whether the contact is a member. That they left, or came
// back, is news for the managers, and for what reminds the contact.
func (j *job) contactFound(ctx context.Context, c contact.Contact, member bool) error {
	if _, news := c.Found(member, j.Actions.Now()); !news {
		return nil
	}
	reminder := bump.Sync(j.Guild, j.Subject)
	return j.save(ctx, append(contact.Keys(j.Guild, j.Subject), reminder.Key()), func(tx *storage.Tx) error {
		now, kept := j.Actions.Now(), contact.Of(tx, j.Guild, j.Subject)
		after, news := kept.Found(member, now)
		if !news || kept.User != c.User {
			return nil
		}
		contact.Keep(tx, j.Guild, j.Subject, after)
		action.Cause(tx, reminder, now)
		e := audit.Entry{At: now, By: c.User, What: "contact.left", About: j.Subject, Surface: "worker"}
		if member {
			e = audit.Entry{At: now, By: c.User, What: "contact.back", About: j.Subject, Surface: "worker"}
		}
		audit.Write(tx, j.Guild, j.Subject, e)
		return nil
	})
}

// contactAgain has the role of contacts brought in line that is not the one that
// is chosen, and those who left looked for.
func (j *job) contactAgain(ctx context.Context) error {
	tx, err := j.read(ctx, settings.Key(j.Guild))
	if err != nil {
		return err
	}
	s := settings.Of(tx, j.Guild)
	if _, err := tx.Changes(); err != nil {
		return err
	}
	page, err := j.Actions.DB.List(ctx, contact.All(j.Guild))
	if err != nil {
		return err
	}
	list, err := contact.In(page)
	if err != nil {
		return err
	}
	var refs []action.Ref
	settled := make(map[string]bool) // by partner
	for _, c := range list {
		if settled[c.Partner] = c.Role == s.Contact && !c.Left() && len(c.Old) == 0; !settled[c.Partner] {
			refs = append(refs, contact.Sync(j.Guild, c.Partner))
		}
	}
	if err := j.eachPartner(ctx, func(p partnership.Partnership) error {
		if _, known := settled[p.Partner]; !known { // of an earlier version
			refs = append(refs, contact.Sync(j.Guild, p.Partner))
		}
		return nil
	}); err != nil {
		return err
	}
	return j.offerAll(ctx, refs)
}
