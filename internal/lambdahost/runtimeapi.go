package lambdahost

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// runtimeAPI is what the process talks to: AWS's Lambda Runtime API, 2018-06-01.
func (p *process) runtimeAPI() http.Handler {
	const base = "/2018-06-01/runtime"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+base+"/invocation/next", p.next)
	mux.HandleFunc("POST "+base+"/invocation/{id}/response", p.response)
	mux.HandleFunc("POST "+base+"/invocation/{id}/error", p.failure)
	mux.HandleFunc("POST "+base+"/init/error", p.initFailure)
	return mux
}

// next waits for an event and hands it to the process.
func (p *process) next(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	select {
	case <-p.ready:
	default:
		close(p.ready)
	}
	p.mu.Unlock()
	select {
	case in := <-p.events:
		p.mu.Lock()
		p.current = in
		p.mu.Unlock()
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Lambda-Runtime-Aws-Request-Id", in.id)
		h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(in.deadline.UnixMilli(), 10))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", p.arn)
		h.Set("Lambda-Runtime-Trace-Id", in.trace)
		_, _ = w.Write(in.payload) // a process that is gone is noticed by its exit
	case <-r.Context().Done():
	}
}

// response takes what the function returned.
func (p *process) response(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxPayload))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		p.answer(r.PathValue("id"), outcome{err: &FunctionError{
			"Function.ResponseSizeTooLarge", fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", MaxPayload),
		}})
		refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge")
		return
	}
	if err != nil { // the process ended while it wrote
		return
	}
	o := outcome{response: body}
	if kind := r.Trailer.Get("Lambda-Runtime-Function-Error-Type"); kind != "" {
		o = outcome{err: &FunctionError{kind, "the function failed while it wrote its response"}}
	}
	p.accept(w, r, o)
}

// failure takes the error the function failed with.
func (p *process) failure(w http.ResponseWriter, r *http.Request) {
	p.accept(w, r, outcome{err: reported(r)})
}

// initFailure takes the error the process could not start for.
func (p *process) initFailure(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.failed = reported(r)
	p.mu.Unlock()
	w.WriteHeader(http.StatusAccepted)
}

// reported reads an error as the process puts it.
func reported(r *http.Request) error {
	e := &FunctionError{}
	if err := json.NewDecoder(r.Body).Decode(e); err != nil || e.Type == "" {
		e.Type = "Runtime.Unknown"
	}
	return e
}

// accept ends the current invocation, if that is the one the process speaks of.
func (p *process) accept(w http.ResponseWriter, r *http.Request, o outcome) {
	if !p.answer(r.PathValue("id"), o) {
		refuse(w, http.StatusBadRequest, "InvalidRequestID")
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

// answer gives whoever waits for the invocation what came of it. It reports
// false if the process has no such invocation, or answered it before.
func (p *process) answer(id string, o outcome) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.current == nil || p.current.id != id {
		return false
	}
	p.current.answer <- o
	p.current = nil
	return true
}

// refuse answers the process with an error of the Runtime API.
func refuse(w http.ResponseWriter, status int, kind string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(FunctionError{Type: kind, Message: kind})
}

// hexID returns 32 random hexadecimal digits.
func hexID() string { return strings.ReplaceAll(newID(), "-", "") }
