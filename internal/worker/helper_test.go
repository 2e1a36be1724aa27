package worker_test

import (
	"context"
	"errors"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/storage"
)

// cause records that r is to be done now.
func (b *bench) cause(r action.Ref) {
	b.Helper()
	b.update(action.Keys(r), func(tx *storage.Tx) { action.Cause(tx, r, b.Now()) })
}

// errDown is what a store says that cannot be reached.
var errDown = errors.New("the store cannot be reached")

// A downDB cannot be written to.
type downDB struct{ storage.DB }

func (downDB) Put(context.Context, ...storage.Item) error { return errDown }
