package action

import "context"

// guildKey is the key of the guild in a context.
type guildKey struct{}

// ForGuild returns a context for work on behalf of a guild: what all guilds share has
// a share for each.
func ForGuild(ctx context.Context, guild string) context.Context {
	return context.WithValue(ctx, guildKey{}, guild)
}

// GuildOf returns the guild on whose behalf ctx is, "" if it is on nobody's.
func GuildOf(ctx context.Context) string {
	guild, _ := ctx.Value(guildKey{}).(string)
	return guild
}
