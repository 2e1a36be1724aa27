package discordrest

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/disgoorg/disgo/rest"

	"github.com/entente-bot/entente/internal/action"
)

// An Application is what Discord says of the application that the token is of.
type Application struct {
	ID        string `json:"id"`
	PublicKey string `json:"verify_key"`                // 64 hex digits
	Endpoint  string `json:"interactions_endpoint_url"` // empty if there is none
	Flags     int    `json:"flags"`
	Guilds    int    `json:"approximate_guild_count"` // that it is in
}

// ListsMembers reports whether the Server Members intent is switched on.
func (a Application) ListsMembers() bool {
	const granted = 1<<14 | 1<<15 // GATEWAY_GUILD_MEMBERS, and the same for small applications
	return a.Flags&granted != 0
}

// Application returns the application that the token is of. A token that is not
// valid is an error, code 401.
func (c *Client) Application(ctx context.Context) (Application, error) {
	k := call{doing: "read the application", need: permission, endpoint: rest.NewEndpoint(http.MethodGet, "/applications/@me")}
	raw, err := c.do(ctx, k)
	if err != nil {
		return Application{}, err
	}
	return decode(k, exact[Application], raw, "id")
}

// ErrToken means that the bot token is not one to work with: Discord refuses it, or it
// is another application's. Trying again will not help.
var ErrToken = errors.New("discordrest: wrong token")

// Identify asks Discord which application the token is of, and returns it. It is
// [ErrToken], in one line that says what to do, unless that is the client's own.
func (c *Client) Identify(ctx context.Context) (Application, error) {
	app, err := c.Application(ctx)
	switch {
	case action.Code(err) == http.StatusUnauthorized:
		err = fmt.Errorf("%w: Discord refuses the bot token: reset it in the developer portal, under Bot, and set the new one", ErrToken)
	case err == nil && app.ID != c.app:
		err = fmt.Errorf("%w: the bot token is of application %s, not of %s: set the token and the ID of one application", ErrToken, app.ID, c.app)
	default:
		return app, err
	}
	return app, &action.Failure{Verdict: action.Again, Outage: true, Err: err}
}

// Presence returns in how many guilds the bot is, about. It is [ErrToken] if the token
// is not one to believe: with another application's, the bot is out of every guild.
func (c *Client) Presence(ctx context.Context) (guilds int, err error) {
	app, err := c.Identify(ctx)
	return app.Guilds, err
}

// Refused reports whether Discord refused the bot token when it was last asked: nothing
// is sent then but, now and then, a request that tries whether it still does.
func (c *Client) Refused() bool {
	c.limiter.mu.Lock()
	defer c.limiter.mu.Unlock()
	return c.limiter.circuit.token && !c.limiter.circuit.until.IsZero()
}
