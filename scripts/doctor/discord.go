package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/entente-bot/entente/internal/action"
	"github.com/entente-bot/entente/internal/commands"
	"github.com/entente-bot/entente/internal/discordrest"
	"github.com/entente-bot/entente/internal/env"
	"github.com/entente-bot/entente/internal/interactions"
	"github.com/entente-bot/entente/internal/secret"
	"github.com/entente-bot/entente/internal/text"
)

// checkURL sends a PING with a signature that is none: only Discord can sign one.
func checkURL(ctx context.Context, p patient) []finding {
	rq, err := http.NewRequestWithContext(ctx, http.MethodPost, p.URL, strings.NewReader(`{"type":1}`))
	if err != nil {
		return []finding{fault("deploy again: the output InteractionsUrl is not a URL", "%v", err)}
	}
	rq.Header.Set("Content-Type", "application/json")
	rq.Header.Set("X-Signature-Timestamp", fmt.Sprint(time.Now().Unix()))
	rq.Header.Set("X-Signature-Ed25519", strings.Repeat("00", 64))
	rs, err := http.DefaultClient.Do(rq)
	if err != nil {
		return []finding{fault("check that the stack is deployed and, with a domain of your own, its DNS record and certificate", "no answer: %v", err)}
	}
	defer rs.Body.Close()
	switch {
	case rs.StatusCode == http.StatusUnauthorized:
		return []finding{ok("answers, and refuses a bad signature")}
	case rs.StatusCode < 300:
		return []finding{fault("this is not Entente, or something answers in its place: Discord would remove the URL", "accepts a bad signature (status %d)", rs.StatusCode)}
	case rs.StatusCode == http.StatusTooManyRequests:
		return []finding{fault("mend the function interactions first, if there is a fault above; else look at the account's limit of concurrent runs (docs/scale.md)", "AWS turns the call away (status 429)")}
	case rs.StatusCode == http.StatusForbidden:
		return []finding{fault("the permission for everybody to call the URL was removed: deploy with --revert-drift", "AWS forbids the call (status 403)")}
	case rs.StatusCode == http.StatusNotFound:
		return []finding{fault("the URL must end in "+interactions.Path, "there is nothing (status 404)")}
	}
	return []finding{fault("read the logs of the function interactions: most often a variable is wrong", "status %d instead of 401", rs.StatusCode)}
}

// checkDiscord looks at what Discord knows of the application.
func checkDiscord(ctx context.Context, p patient) []finding {
	token, err := secret.Token(ctx, strings.TrimPrefix(strings.TrimSpace(p.lookup(env.Token)), "Bot "), p.Secret, p.aws)
	if err != nil {
		return []finding{fault("put the bot token into the secret (docs/deploy.md), or allow yourself to read it, or set "+env.Token, "%v", err)}
	}
	r := env.Reader{Lookup: p.lookup}
	url := r.URL(env.DiscordURL, env.DefaultDiscordURL)
	if err := r.Err(); err != nil {
		return []finding{fault("mend the variable, or unset it", "%v", err)}
	}
	c := discordrest.New(discordrest.Config{Token: token, ApplicationID: p.Application, URL: url})
	defer c.Close()
	app, err := c.Application(ctx)
	switch {
	case action.Code(err) == http.StatusUnauthorized:
		return []finding{fault("reset it in the developer portal under Bot, and put the new one into the secret", "the token is not valid")}
	case err != nil:
		return []finding{fault("try again; https://discordstatus.com tells of outages", "%v", err)}
	}
	return append(p.application(app), p.commands(ctx, c)...)
}

// application compares what Discord says of the application with the deployment.
func (p patient) application(app discordrest.Application) []finding {
	if app.ID != p.Application {
		return []finding{fault("put the token of the right application into the secret", "the token is of application %s, and the stack is for %s", app.ID, p.Application)}
	}
	list := []finding{ok("the token is valid")}
	if strings.EqualFold(app.PublicKey, p.PublicKey) {
		list = append(list, ok("the public key is that of the application"))
	} else {
		list = append(list, fault("deploy with the public key of General Information in the developer portal", "the public key is not that of the application: every request is refused"))
	}
	switch {
	case app.Endpoint == "":
		list = append(list, fault("enter it in the developer portal, General Information: Discord saves it only if PING is answered", "no interactions URL is registered"))
	case strings.TrimRight(app.Endpoint, "/") != strings.TrimRight(p.URL, "/"):
		list = append(list, fault("enter "+p.URL+" in the developer portal, General Information", "another interactions URL is registered: %s", app.Endpoint))
	default:
		list = append(list, ok("the interactions URL is registered: Discord saves it only if PING is answered"))
	}
	if app.ListsMembers() {
		return append(list, ok("the Server Members intent is on"))
	}
	return append(list, ok("the Server Members intent is off: joins are counted, and members not identified"))
}

// commands compares the registered commands with those of this version.
func (p patient) commands(ctx context.Context, c *discordrest.Client) []finding {
	texts, err := text.Load()
	if err != nil {
		return []finding{fault("this is a bug in the texts", "%v", err)}
	}
	have, err := c.Commands(ctx, "")
	if err != nil {
		return []finding{fault("try again", "the commands cannot be read: %v", err)}
	}
	changes, err := commands.Compare(have, interactions.Commands(texts))
	if err != nil {
		return []finding{fault("try again", "the commands cannot be compared: %v", err)}
	}
	if len(changes) > 0 {
		return []finding{fault("go run ./scripts/register", "the commands are not those of this version: %d differences, first %s", len(changes), changes[0])}
	}
	return []finding{ok("the commands are up to date")}
}
