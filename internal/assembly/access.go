package assembly

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
)

// An access log is what an HTTP API writes down of every call, also of those that
// no route is for.
type access struct {
	group  string // the log group; "" if nothing is written down
	format string // of a line, with variables

	mu    sync.Mutex
	lines strings.Builder
}

// readAccess reads from the stages of HTTP APIs where they write.
func (t Template) readAccess() (*access, error) {
	log := &access{}
	for _, id := range t.of(typeStage) {
		var stage struct {
			AccessLogSettings struct{ DestinationArn, Format string }
		}
		if err := t.decode(id, &stage); err != nil {
			return nil, err
		}
		log.group, log.format = last(stage.AccessLogSettings.DestinationArn), stage.AccessLogSettings.Format
	}
	return log, nil
}

// of returns what was written to a log group; known is false if it is another's.
func (l *access) of(group string) (text string, known bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.String(), l.group != "" && l.group == group
}

// watch writes a line for every request that h answers.
func (l *access) watch(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := &answered{w, http.StatusOK}
		h.ServeHTTP(answer, r)
		known := map[string]string{"$context.status": fmt.Sprint(answer.status), "$context.httpMethod": r.Method, "$context.path": r.URL.Path}
		line := regexp.MustCompile(`\$context(\.\w+)+`).ReplaceAllStringFunc(l.format, func(name string) string {
			if value, ok := known[name]; ok {
				return value
			}
			return "-"
		})
		l.mu.Lock()
		defer l.mu.Unlock()
		l.lines.WriteString(line + "\n")
	})
}

// answered is an answer that is remembered.
type answered struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements [http.ResponseWriter].
func (a *answered) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}
