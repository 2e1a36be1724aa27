package discordrest

import (
	"context"
	"net/http"

	"github.com/disgoorg/disgo/rest"
)

// An Application is what Discord says of the application that the token is of.
type Application struct {
	ID        string `json:"id"`
	PublicKey string `json:"verify_key"`                // 64 hex digits
	Endpoint  string `json:"interactions_endpoint_url"` // empty if there is none
	Flags     int    `json:"flags"`
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
