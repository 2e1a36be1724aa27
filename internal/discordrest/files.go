package discordrest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"

	"github.com/entente-bot/entente/internal/action"
)

// cdnHosts are where Discord keeps files.
func cdnHosts() []string { return []string{"cdn.discordapp.com", "media.discordapp.net"} }

// File returns the file behind a link that Discord handed out, of at most so
// many bytes. Nothing but Discord's CDN and the host of the API is ever asked,
// without our token, and redirects are not followed.
//
// A failure other than [action.Again] means that the file cannot be had: the
// link is over, leads elsewhere, or to more than that many bytes.
func (c *Client) File(ctx context.Context, link string, most int) ([]byte, error) {
	u, err := url.Parse(link)
	if err != nil || !c.ofDiscord(u) {
		return nil, &action.Failure{Verdict: action.Bury, Err: errors.New("read a file: the link is not Discord's")}
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	rq, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, &action.Failure{Verdict: action.Bury, Err: errors.New("read a file: the link is malformed")}
	}
	rq.Header.Set("User-Agent", c.agent)
	rs, err := c.files.Do(rq)
	if err != nil {
		return nil, &action.Failure{Verdict: action.Again, Outage: true, Err: fmt.Errorf("read a file: %s", trouble(err))}
	}
	defer rs.Body.Close()
	if rs.StatusCode != http.StatusOK {
		return nil, fileRefused(rs.StatusCode)
	}
	if rs.ContentLength > int64(most) {
		return nil, tooLarge(most)
	}
	var b bytes.Buffer
	b.Grow(int(max(rs.ContentLength, 0)) + bytes.MinRead) // at once: files are large
	if _, err := b.ReadFrom(io.LimitReader(rs.Body, int64(most)+1)); err != nil {
		return nil, &action.Failure{Verdict: action.Again, Outage: true, Err: fmt.Errorf("read a file: %s", trouble(err))}
	}
	if b.Len() > most {
		return nil, tooLarge(most)
	}
	return b.Bytes(), nil
}

// ofDiscord reports whether u leads to a place where Discord keeps files.
func (c *Client) ofDiscord(u *url.URL) bool {
	if u.User != nil {
		return false
	}
	own := c.api != nil && u.Scheme == c.api.Scheme && u.Host == c.api.Host
	return own || u.Scheme == "https" && slices.Contains(cdnHosts(), u.Host)
}

// fileRefused is the failure of a file for which there is another status than 200.
func fileRefused(status int) error {
	f := &action.Failure{Verdict: action.Bury, Code: status, Err: errors.New("read a file: it is not there")}
	if status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout {
		f.Verdict, f.Err = action.Again, errors.New("read a file: the CDN is not well")
	}
	return f
}

func tooLarge(most int) error {
	return &action.Failure{Verdict: action.Bury, Err: fmt.Errorf("read a file: it has more than %d bytes", most)}
}
