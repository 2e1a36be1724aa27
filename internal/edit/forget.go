package edit

import "github.com/entente-bot/entente/internal/storage"

// Forget takes out of the settled edit on a card what a user wrote there, if it was
// theirs: that there was one, and how it was settled, stays. Who is nobody is not
// told any more. tx must have read [PastKey].
func Forget(tx *storage.Tx, guild, card, user string) {
	p, ok := storage.Read[past](tx, PastKey(guild, card))
	if !ok || p.By != user {
		return
	}
	p.Ad, p.Before, p.Reason, p.Told = p.Ad.Forgotten(), p.Before.Forgotten(), "", true
	tx.Set(PastKey(guild, card), p)
}
