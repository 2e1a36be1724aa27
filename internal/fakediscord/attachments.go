package fakediscord

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// linkLife is how long a CDN link works.
const linkLife = 24 * time.Hour

func (s *Server) attachmentView(channelID string, a *attachment) object {
	if a.channel == "" {
		a.channel = channelID
	}
	link := s.link(a)
	view := object{
		"id": a.id, "filename": a.name, "size": len(a.data), "url": link, "proxy_url": link,
		"content_type": a.kind, "description": text(a.description), "flags": 0,
	}
	if width, height := dimensions(a); width > 0 {
		view["width"], view["height"] = width, height
	}
	return view
}

// dimensions returns the size of a picture in pixels, zero of anything else:
// Discord measures what a file is, whatever it is called. Of the types of
// pictures that Discord shows it knows those that Go does.
func dimensions(a *attachment) (width, height int) {
	for _, read := range []func(io.Reader) (image.Config, error){png.DecodeConfig, jpeg.DecodeConfig, gif.DecodeConfig} {
		if c, err := read(bytes.NewReader(a.data)); err == nil {
			return c.Width, c.Height
		}
	}
	return 0, 0
}

// link returns a signed link to a file on this server that works for a day on
// the simulated clock.
func (s *Server) link(a *attachment) string {
	now := s.now()
	expires, issued := now.Add(linkLife).Unix(), now.Unix()
	path := fmt.Sprintf("/attachments/%s/%s/%s", a.channel, a.id, url.PathEscape(a.name))
	return fmt.Sprintf("%s%s?ex=%x&is=%x&hm=%s&", s.base, path, expires, issued, s.sealLink(a.id, expires, issued))
}

func (s *Server) sealLink(id string, expires, issued int64) string {
	mac := hmac.New(sha256.New, s.secret)
	fmt.Fprintf(mac, "%s %x %x", id, expires, issued)
	return hex.EncodeToString(mac.Sum(nil))
}

// serveAttachment is the CDN. Faults may name its route /attachments/{channel}/{attachment}/{name}.
func (s *Server) serveAttachment(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	expires, _ := strconv.ParseInt(query.Get("ex"), 16, 64)
	issued, _ := strconv.ParseInt(query.Get("is"), 16, 64)
	id := r.PathValue("attachment")

	s.mu.Lock()
	file := s.file(r.PathValue("channel"), id)
	fresh := s.now().Unix() < expires && hmac.Equal([]byte(query.Get("hm")), []byte(s.sealLink(id, expires, issued)))
	c := &call{r: r, path: r.URL.Path}
	fault := s.nextFault(c, route{method: "GET", path: "/attachments/{channel}/{attachment}/{name}"})
	s.mu.Unlock()

	a := answer{status: http.StatusOK, header: http.Header{}}
	if file == nil || !fresh {
		a.status, a.body = http.StatusNotFound, []byte("This content is no longer available.")
		a.header.Set("Content-Type", "text/plain;charset=UTF-8")
	} else {
		a.body = file.data
		a.header.Set("Content-Type", file.kind)
		a.header.Set("Content-Length", strconv.Itoa(len(file.data)))
	}
	if fault != nil {
		s.misbehave(w, r, fault, a)
		return
	}
	a.write(w)
}

// file finds a file by its ID: one that was uploaded, or one of a message.
func (s *Server) file(channelID, id string) *attachment {
	if a := s.uploads[id]; a != nil {
		return a
	}
	ch := s.channels[channelID]
	if ch == nil {
		return nil
	}
	for _, m := range ch.messages {
		for _, a := range m.attachments {
			if a.id == id {
				return a
			}
		}
	}
	return nil
}

// Upload makes a file that a person can hand in, as a command's attachment
// option or in a modal's file upload. It returns the attachment's ID.
func (s *Server) Upload(name string, data []byte) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := &attachment{id: s.ids.next(s.now()), channel: s.appID, name: name, kind: contentType(name, data), data: data}
	s.uploads[a.id] = a
	return a.id
}
