package fakediscord

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxBody bounds what a request may carry: Discord's limit for files.
const maxBody = 25 << 20

// A call is one request to the API, its body decoded.
type call struct {
	r      *http.Request
	path   string // below the API base
	raw    []byte // the JSON of the body, empty if there is none
	body   any    // raw decoded
	files  map[string]*attachment
	reason string // for the audit log
}

// newCall reads the body of r: JSON, or multipart with payload_json and files.
func newCall(r *http.Request) (*call, error) {
	c := &call{r: r, path: strings.TrimPrefix(r.URL.Path, apiPrefix)}
	if reason := r.Header.Get("X-Audit-Log-Reason"); reason != "" {
		c.reason, _ = url.QueryUnescape(reason)
	}
	data, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return c, fmt.Errorf("read body: %w", err)
	}
	if len(data) > maxBody {
		return c, &apiError{Status: 413, Code: 40005, Message: "Request entity too large"}
	}
	return c, c.parse(r.Header.Get("Content-Type"), data)
}

// parse reads a body of the given content type.
func (c *call) parse(contentType string, data []byte) (err error) {
	kind, parameters, _ := mime.ParseMediaType(contentType)
	switch {
	case len(data) == 0:
		return nil
	case kind == "multipart/form-data":
		err = c.readParts(data, parameters["boundary"])
	case kind == "application/json":
		c.raw = data
	default:
		return wrong("", "Expected \"Content-Type\" header to be one of {'application/json', 'multipart/form-data'}.")
	}
	if err != nil {
		return err
	}
	return c.decode()
}

func (c *call) decode() error {
	if len(c.raw) == 0 {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(c.raw))
	decoder.UseNumber()
	if err := decoder.Decode(&c.body); err != nil {
		return fail(50109)
	}
	return nil
}

func (c *call) readParts(data []byte, boundary string) error {
	c.files = make(map[string]*attachment)
	reader := multipart.NewReader(bytes.NewReader(data), boundary)
	for {
		part, err := reader.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fail(50109)
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return fail(50109)
		}
		index, isFile := strings.CutPrefix(part.FormName(), "files[")
		switch {
		case part.FormName() == "payload_json":
			c.raw = content
		case isFile:
			c.files[strings.TrimSuffix(index, "]")] = &attachment{
				name: part.FileName(), kind: contentType(part.FileName(), content), data: content,
			}
		}
	}
}

// object returns the body as an object; an empty one if it is none.
func (c *call) object() object {
	o, _ := c.body.(object)
	return o
}

// into decodes the body into v, a pointer to a struct.
func (c *call) into(v any) error {
	if len(c.raw) == 0 {
		return nil
	}
	if err := json.Unmarshal(c.raw, v); err != nil {
		return wrong("", err.Error())
	}
	return nil
}

// has reports whether the body states a field, be it null.
func (c *call) has(field string) bool {
	_, ok := c.object()[field]
	return ok
}

// limit returns the query parameter limit, or otherwise if there is none.
func (c *call) limit(otherwise, most int) (int, error) {
	text := c.r.URL.Query().Get("limit")
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, wrong("limit", fmt.Sprintf("int value should be between 1 and %d.", most))
	}
	return n, nil
}

// tooLate reports whether t is not before the query parameter before, a
// timestamp. Without one nothing is.
func (c *call) tooLate(t time.Time) bool {
	before, err := time.Parse(time.RFC3339, c.r.URL.Query().Get("before"))
	return err == nil && !t.Before(before)
}

// integer reads a number that was decoded with UseNumber; 0 if it is none.
func integer(v any) int {
	n, _ := v.(json.Number)
	i, _ := n.Int64()
	return int(i)
}

// contentType tells what kind of file this is, by its name first.
func contentType(name string, data []byte) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		if kind, ok := fileKinds[strings.ToLower(name[i:])]; ok {
			return kind
		}
	}
	return http.DetectContentType(data)
}

// fileKinds is fixed, so that the machine's own table of types does not matter.
var fileKinds = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
	".webp": "image/webp", ".csv": "text/csv; charset=utf-8", ".json": "application/json; charset=utf-8",
	".txt": "text/plain; charset=utf-8", ".svg": "image/svg+xml",
}
