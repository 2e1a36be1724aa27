package lambdahost

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// maxMessage is how long a message, and a batch of them, may be, in bytes.
const maxMessage = 1 << 20

// An apiError is an answer of SQS that says no.
type apiError struct {
	code    string
	message string
	sender  bool // the caller is at fault: trying again will not help
}

// Error implements error.
func (e *apiError) Error() string { return e.code + ": " + e.message }

// QueueURL is the URL of a queue on an SQS that is served at the address base.
func QueueURL(base, queue string) string {
	return strings.TrimSuffix(base, "/") + "/" + Account + "/" + queue
}

// ServeHTTP speaks SQS's AWS JSON 1.0 protocol for the operations of
// [operations]. Message attributes, FIFO queues and long polling are not known.
func (s *SQS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "AmazonSQS.")
	operation, ok := s.operations()[name]
	if !ok {
		answerError(w, &apiError{"InvalidAction", "not known here: " + name, true})
		return
	}
	var in request
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 2*maxMessage)).Decode(&in); err != nil {
		answerError(w, &apiError{"InvalidRequest", err.Error(), true})
		return
	}
	in.queue, in.trace = path.Base(in.QueueURL), r.Header.Get("X-Amzn-Trace-Id")
	out, err := operation(in)
	if err != nil {
		answerError(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	_ = json.NewEncoder(w).Encode(out) // the caller may have hung up
}

// answerError answers with the error of an operation.
func answerError(w http.ResponseWriter, err error) {
	status, code := http.StatusInternalServerError, "InternalError"
	if e := new(apiError); errors.As(err, &e) {
		code = e.code
		if e.sender {
			status = http.StatusBadRequest
		}
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": "com.amazonaws.sqs#" + code, "message": err.Error()})
}

// A request holds what any of the operations takes.
type request struct {
	QueueURL            string `json:"QueueUrl"`
	MessageBody         string
	DelaySeconds        int
	MaxNumberOfMessages *int
	VisibilityTimeout   *int
	ReceiptHandle       string
	AttributeNames      []string
	Entries             []struct {
		ID            string `json:"Id"`
		MessageBody   string
		DelaySeconds  int
		ReceiptHandle string
	}

	queue string // its name
	trace string // the trace header of the request
}

// object is a JSON object of an answer.
type object = map[string]any

// operations lists what is known of SQS.
func (s *SQS) operations() map[string]func(request) (object, error) {
	return map[string]func(request) (object, error){
		"SendMessage":        s.sendMessage,
		"SendMessageBatch":   s.sendMessageBatch,
		"ReceiveMessage":     s.receiveMessage,
		"DeleteMessage":      s.deleteMessage,
		"DeleteMessageBatch": s.deleteMessageBatch,
		"GetQueueAttributes": s.getQueueAttributes,
	}
}

func (s *SQS) sendMessage(in request) (object, error) {
	if in.MessageBody == "" || len(in.MessageBody) > maxMessage {
		return nil, &apiError{"InvalidParameterValue", "the body is empty or too long", true}
	}
	m, err := s.send(in.queue, in.MessageBody, in.trace, time.Duration(in.DelaySeconds)*time.Second)
	if err != nil {
		return nil, err
	}
	return object{"MessageId": m.ID, "MD5OfMessageBody": digest(m.Body)}, nil
}

func (s *SQS) sendMessageBatch(in request) (object, error) {
	if err := checkBatch(in); err != nil {
		return nil, err
	}
	size := 0
	for _, e := range in.Entries {
		size += len(e.MessageBody)
	}
	if size > maxMessage {
		return nil, &apiError{"BatchRequestTooLong", "the bodies together are too long", true}
	}
	return eachEntry(in, func(i int) (object, error) {
		e := in.Entries[i]
		return s.sendMessage(request{queue: in.queue, trace: in.trace, MessageBody: e.MessageBody, DelaySeconds: e.DelaySeconds})
	})
}

func (s *SQS) receiveMessage(in request) (object, error) {
	limit := 1
	if in.MaxNumberOfMessages != nil {
		limit = *in.MaxNumberOfMessages
	}
	if limit < 1 || limit > 10 {
		return nil, &apiError{"InvalidParameterValue", "MaxNumberOfMessages must be between 1 and 10", true}
	}
	var visibility *time.Duration
	if in.VisibilityTimeout != nil {
		visibility = new(time.Duration(*in.VisibilityTimeout) * time.Second)
	}
	got, err := s.receive(in.queue, limit, visibility)
	if err != nil {
		return nil, err
	}
	list := make([]object, len(got))
	for i, m := range got {
		list[i] = object{
			"MessageId": m.ID, "ReceiptHandle": m.Receipt, "Body": m.Body, "MD5OfBody": digest(m.Body), "Attributes": m.attributes(),
		}
	}
	return object{"Messages": list}, nil
}

func (s *SQS) deleteMessage(in request) (object, error) {
	return object{}, s.Delete(in.queue, in.ReceiptHandle)
}

func (s *SQS) deleteMessageBatch(in request) (object, error) {
	if err := checkBatch(in); err != nil {
		return nil, err
	}
	return eachEntry(in, func(i int) (object, error) {
		return object{}, s.Delete(in.queue, in.Entries[i].ReceiptHandle)
	})
}

func (s *SQS) getQueueAttributes(in request) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.queue(in.queue)
	if err != nil {
		return nil, err
	}
	visible := 0
	for _, m := range q.messages {
		if !m.visible.After(s.now()) {
			visible++
		}
	}
	all := map[string]string{
		"QueueArn":                              queueARN(q.Name),
		"VisibilityTimeout":                     strconv.Itoa(int(q.Visibility.Seconds())),
		"ApproximateNumberOfMessages":           strconv.Itoa(visible),
		"ApproximateNumberOfMessagesNotVisible": strconv.Itoa(len(q.messages) - visible),
	}
	asked := map[string]string{}
	for _, name := range in.AttributeNames {
		for known, value := range all {
			if name == known || name == "All" {
				asked[known] = value
			}
		}
	}
	return object{"Attributes": asked}, nil
}

// checkBatch refuses a batch as a whole where SQS does.
func checkBatch(in request) error {
	valid, ids := regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`), map[string]bool{}
	for _, e := range in.Entries {
		if !valid.MatchString(e.ID) {
			return &apiError{"InvalidBatchEntryId", "not an entry ID: " + e.ID, true}
		}
		ids[e.ID] = true
	}
	switch {
	case len(in.Entries) == 0:
		return &apiError{"EmptyBatchRequest", "There should be at least one entry in the request.", true}
	case len(in.Entries) > 10:
		return &apiError{"TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10.", true}
	case len(ids) < len(in.Entries):
		return &apiError{"BatchEntryIdsNotDistinct", "Two entries have the same ID.", true}
	}
	return nil
}

// eachEntry does a batch entry by entry: some may fail. A queue that does not
// exist fails all.
func eachEntry(in request, do func(i int) (object, error)) (object, error) {
	successful, failed := []object{}, []object{}
	for i, e := range in.Entries {
		out, err := do(i)
		no := new(apiError)
		switch {
		case err == nil:
			out["Id"] = e.ID
			successful = append(successful, out)
		case errors.As(err, &no) && no.code != "QueueDoesNotExist":
			failed = append(failed, object{"Id": e.ID, "Code": no.code, "Message": no.message, "SenderFault": no.sender})
		default:
			return nil, err
		}
	}
	return object{"Successful": successful, "Failed": failed}, nil
}

// attributes are the system attributes of a received message.
func (m Message) attributes() map[string]string {
	all := map[string]string{
		"SenderId":                         "AIDALAMBDAHOST",
		"SentTimestamp":                    strconv.FormatInt(m.Sent.UnixMilli(), 10),
		"ApproximateReceiveCount":          strconv.Itoa(m.Receives),
		"ApproximateFirstReceiveTimestamp": strconv.FormatInt(m.First.UnixMilli(), 10),
	}
	if m.Trace != "" {
		all["AWSTraceHeader"] = m.Trace
	}
	return all
}

// queueARN names a queue.
func queueARN(queue string) string {
	return fmt.Sprintf("arn:aws:sqs:%s:%s:%s", Region, Account, queue)
}

// digest is how SQS lets its callers check a body.
func digest(body string) string {
	sum := md5.Sum([]byte(body))
	return hex.EncodeToString(sum[:])
}
