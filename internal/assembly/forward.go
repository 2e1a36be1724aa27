package assembly

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

// forward passes a request on to DynamoDB Local, with the wish to be told what
// it cost, and counts that. The answer goes back as it came: its checksum holds.
func (g *gate) forward(w http.ResponseWriter, r *http.Request, operation string, body []byte) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	fields["ReturnConsumedCapacity"] = json.RawMessage(`"TOTAL"`)
	asked, err := json.Marshal(fields)
	if err != nil {
		panic(err) // it was read a moment ago
	}
	out, err := http.NewRequestWithContext(r.Context(), http.MethodPost, g.dynamo, bytes.NewReader(asked))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	out.Header = r.Header.Clone()
	answer, err := http.DefaultClient.Do(out)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	for table, units := range bill(body, text) {
		g.counts.add(Count{Function: g.who, Service: "dynamodb", Operation: operation, Resource: table, Requests: 1, Units: units})
	}
	for name, values := range answer.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.StatusCode)
	_, _ = w.Write(text) // the function may be gone
}
