package discordrest

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"
)

// Remover returns who caused the latest event of a kind, by Discord's number, in a
// guild's audit log: one about target, an ID, a code, or the ID of the channel it
// happened in, or about anything if target is "". It is "" if nothing is known. It takes
// View Audit Log.
func (c *Client) Remover(ctx context.Context, guild string, event int, target string) (user string, err error) {
	k := ofGuild("read the audit log", guild, rest.NewEndpoint(http.MethodGet, "/guilds/{guild.id}/audit-logs"))
	k.need = permission
	k.query = discord.QueryValues{"action_type": event, "limit": 50}
	raw, err := c.do(ctx, k)
	if err != nil {
		return "", err
	}
	log, err := decode(k, exact[struct {
		Entries []json.RawMessage `json:"audit_log_entries"`
	}], raw, "audit_log_entries")
	if err != nil {
		return "", err
	}
	for _, entry := range log.Entries {
		var e struct {
			User    string `json:"user_id"`
			Target  string `json:"target_id"`
			Options struct {
				Channel string `json:"channel_id"`
			} `json:"options"`
			Changes []struct {
				Key string          `json:"key"`
				Old json.RawMessage `json:"old_value"`
			} `json:"changes"`
		}
		_ = json.Unmarshal(entry, &e) // what does not fit tells nothing
		about := target == "" || e.Target == target || e.Options.Channel == target
		for _, ch := range e.Changes {
			about = about || ch.Key == "code" && string(ch.Old) == `"`+target+`"`
		}
		if about && e.User != "" {
			return e.User, nil
		}
	}
	return "", nil
}
