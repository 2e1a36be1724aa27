package worker

import "context"

// routes lists every action. Start reading here.
func routes() map[string]func(context.Context, *job) error {
	return map[string]func(context.Context, *job) error{
		"apply.check":    applyCheck,
		"apply.answer":   applyAnswer,
		"apply.card":     applyCard,
		"settings.retry": settingsRetry,
		"showcase.sync":  showcaseSync,
	}
}
