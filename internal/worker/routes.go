package worker

import "context"

// routes lists every action. Start reading here.
func routes() map[string]func(context.Context, *job) error {
	return map[string]func(context.Context, *job) error{
		"apply.check":    applyCheck,
		"apply.answer":   applyAnswer,
		"apply.card":     applyCard,
		"apply.expire":   applyExpire,
		"apply.notify":   applyNotify,
		"audit.post":     auditPost,
		"block.enforce":  blockEnforce,
		"block.lift":     blockLift,
		"panel.sync":     panelSync,
		"queue.remind":   queueRemind,
		"settings.retry": settingsRetry,
		"setup.check":    setupCheck,
		"showcase.sync":  showcaseSync,
		"ticket.sync":    ticketSync,
	}
}
