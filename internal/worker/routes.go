package worker

import "context"

// routes lists every action. Start reading here.
func routes() map[string]func(context.Context, *job) error {
	return map[string]func(context.Context, *job) error{
		"apply.check":       applyCheck,
		"apply.answer":      applyAnswer,
		"apply.card":        applyCard,
		"apply.compare":     applyCompare,
		"apply.expire":      applyExpire,
		"apply.notify":      applyNotify,
		"audit.post":        auditPost,
		"bump.sync":         bumpSync,
		"bump.follow":       bumpFollow,
		"contact.sync":      contactSync,
		"drift.card":        driftCard,
		"edit.answer":       editAnswer,
		"edit.card":         editCard,
		"edit.check":        editCheck,
		"edit.tell":         editTell,
		"end.tell":          endTell,
		"index.sync":        indexSync,
		"joins.renew":       joinsRenew,
		"joins.sync":        joinsSync,
		"export.send":       exportSend,
		"forget.user":       forgetUser,
		"guild.call":        guildCall,
		"guild.look":        guildLook,
		"block.enforce":     blockEnforce,
		"block.lift":        blockLift,
		"panel.sync":        panelSync,
		"queue.remind":      queueRemind,
		"removal.check":     removalCheck,
		"removal.purge":     removalPurge,
		"settings.retry":    settingsRetry,
		"setup.check":       setupCheck,
		"showcase.category": showcaseCategory,
		"showcase.sync":     showcaseSync,
		"stats.send":        statsSend,
		"ticket.sync":       ticketSync,
	}
}
