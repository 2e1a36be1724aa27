package discordrest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/disgoorg/disgo/discord"
	"github.com/disgoorg/disgo/rest"
	"github.com/disgoorg/snowflake/v2"

	"github.com/entente-bot/entente/internal/action"
)

// A call is one thing that a method asks of Discord.
type call struct {
	doing string   // for operators: "create a message in channel 7"
	need  string   // the reason to give managers if it is not allowed
	args  []string // what fills the reason in

	endpoint *rest.Endpoint
	query    discord.QueryValues
	ids      []string // what fills the endpoint in: IDs
	text     string   // and after the first of them what is none: a token, a code

	body   any    // sent as JSON, unless it is a [*discord.MultipartBuffer]
	reason string // for the guild's audit log; "" sends none
	mute   bool   // the answer is of no use
}

// do makes a call and returns the answer. If Discord limits the rate, it waits
// and tries once more; nothing else is tried again here.
func (c *Client) do(ctx context.Context, k call) (json.RawMessage, error) {
	body, err := k.encode()
	if err != nil {
		return nil, err
	}
	for tries := 1; ; tries++ {
		endpoint, err := k.compile()
		if err != nil {
			return nil, err
		}
		raw, failure := c.once(ctx, k, endpoint, body)
		if failure == nil {
			return raw, nil
		}
		shut := c.limiter.shut()
		if failure.Verdict == action.Again {
			failure.After = max(failure.After, shut)
		}
		if !failure.limited || shut > 0 || tries == 2 {
			return nil, &failure.Failure
		}
	}
}

// A miss is a failure. That the rate is limited is not the end of it.
type miss struct {
	action.Failure
	limited bool
}

// once sends a request and returns the answer.
func (c *Client) once(ctx context.Context, k call, endpoint *rest.CompiledEndpoint, body any) (json.RawMessage, *miss) {
	began := c.now()
	var raw json.RawMessage
	var into any = &raw
	if k.mute {
		into = nil
	}
	opts := []rest.RequestOpt{rest.WithCtx(ctx)}
	if k.reason != "" {
		opts = append(opts, rest.WithHeader("X-Audit-Log-Reason", auditReason(k.reason)))
	}
	err := c.rest.Do(endpoint, body, into, opts...)
	c.log.DebugContext(ctx, "asked Discord", "route", route(endpoint), "ok", err == nil, "ms", c.now().Sub(began).Milliseconds())
	if err == nil {
		return raw, nil
	}
	if refused := new(rest.Error); errors.As(err, &refused) && refused != nil && refused.Response != nil {
		a := read(refused.Response, refused.RsBody, endpoint.Endpoint.BotAuth)
		f := k.refused(a)
		c.alarm(ctx, f, endpoint)
		return nil, &miss{*f, a.status == http.StatusTooManyRequests && !a.own}
	}
	return nil, &miss{Failure: *k.unanswered(ctx, err)}
}

// alarm tells the people who run the bot what they have to know of a refusal.
func (c *Client) alarm(ctx context.Context, f *action.Failure, e *rest.CompiledEndpoint) {
	switch f.Reason.Key {
	case unforeseen:
		c.log.ErrorContext(ctx, "Discord answered with a code that is not in the table", "unforeseen", f.Code, "route", route(e))
	case quarantined:
		c.log.ErrorContext(ctx, "Discord takes the bot for a sender of spam: no direct message is sent. Appeal in the developer portal", "quarantined", f.Code, "route", route(e))
		c.mu.Lock()
		defer c.mu.Unlock()
		c.quiet = c.now().Add(quietWait)
	}
}

// unanswered returns the failure of a call that got no answer, or none that can
// be read. The effect may have happened.
func (k call) unanswered(ctx context.Context, err error) *action.Failure {
	failure := &action.Failure{Verdict: action.Again, Outage: true}
	if f := new(action.Failure); errors.As(err, &f) {
		*failure = *f // of the limiter or the guard, whose words are ours
	}
	switch {
	case failure.Verdict == action.Bury:
		return k.bug(failure.Err.Error())
	case ctx.Err() != nil:
		failure.Err = fmt.Errorf("%s: %w", k.doing, ctx.Err())
	default:
		failure.Err = fmt.Errorf("%s: %s", k.doing, trouble(err))
	}
	return failure
}

// encode returns the body of k in a form that can be sent more than once.
func (k call) encode() (any, error) {
	if k.body == nil {
		return nil, nil
	}
	if files, ok := k.body.(*discord.MultipartBuffer); ok {
		return files, nil
	}
	b, err := json.Marshal(k.body)
	if err != nil {
		return nil, k.bug("the body cannot be written as JSON") // err may hold parts of it
	}
	return json.RawMessage(b), nil
}

// compile fills the endpoint in. Whatever is malformed never comes near a URL.
func (k call) compile() (*rest.CompiledEndpoint, error) {
	var params []any
	for _, id := range k.ids {
		s, err := snowflake.Parse(id)
		if err != nil || s == 0 || s.String() != id {
			return nil, k.bug("an ID is malformed")
		}
		params = append(params, s)
	}
	if k.text != "" {
		params = slices.Insert(params, min(1, len(params)), any(url.PathEscape(k.text)))
	}
	return k.endpoint.Compile(k.query, params...), nil
}

// auditReason writes reason as the header wants it: escaped, at most 512 bytes,
// cut between characters.
func auditReason(reason string) string {
	const most = 512
	escaped := url.PathEscape(strings.ToValidUTF8(reason, ""))
	for len(escaped) > most {
		_, size := utf8.DecodeLastRuneInString(reason)
		reason = reason[:len(reason)-size]
		escaped = url.PathEscape(strings.ToValidUTF8(reason, ""))
	}
	return escaped
}
