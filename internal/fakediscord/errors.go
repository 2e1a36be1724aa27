package fakediscord

import (
	"fmt"
	"strings"

	"github.com/entente-bot/entente/internal/fakediscord/contract"
)

// An apiError is an error in Discord's shape.
type apiError struct {
	Status  int    `json:"-"`
	Code    int    `json:"code"`
	Message string `json:"message"`
	Errors  object `json:"errors,omitempty"`
}

// Error returns status, code and message as one line.
func (e *apiError) Error() string {
	return fmt.Sprintf("%d: %d %s", e.Status, e.Code, e.Message)
}

// coded holds the errors with a code of their own.
var coded = map[int]apiError{
	10002:  {404, 10002, "Unknown Application", nil},
	10003:  {404, 10003, "Unknown Channel", nil},
	10004:  {404, 10004, "Unknown Guild", nil},
	10006:  {404, 10006, "Unknown Invite", nil},
	10007:  {404, 10007, "Unknown Member", nil},
	10008:  {404, 10008, "Unknown Message", nil},
	10009:  {404, 10009, "Unknown Permission Overwrite", nil},
	10011:  {404, 10011, "Unknown Role", nil},
	10013:  {404, 10013, "Unknown User", nil},
	10015:  {404, 10015, "Unknown Webhook", nil},
	10026:  {404, 10026, "Unknown Ban", nil},
	10062:  {404, 10062, "Unknown interaction", nil},
	10063:  {404, 10063, "Unknown application command", nil},
	10087:  {404, 10087, "Unknown tag", nil},
	30003:  {400, 30003, "Maximum number of pins reached for the channel (50)", nil},
	30005:  {400, 30005, "Maximum number of guild roles reached (250)", nil},
	30013:  {400, 30013, "Maximum number of guild channels reached (500)", nil},
	30016:  {400, 30016, "Maximum number of invites reached (1000)", nil},
	30032:  {400, 30032, "Maximum number of application commands reached (100)", nil},
	30046:  {429, 30046, "Maximum number of edits to messages older than 1 hour reached. Try again later", nil},
	40007:  {403, 40007, "The user is banned from this guild.", nil},
	40060:  {400, 40060, "Interaction has already been acknowledged.", nil},
	40067:  {400, 40067, "A tag is required to create a forum post in this channel", nil},
	40333:  {403, 40333, "internal network error", nil},
	50001:  {403, 50001, "Missing Access", nil},
	50005:  {403, 50005, "Cannot edit a message authored by another user", nil},
	50006:  {400, 50006, "Cannot send an empty message", nil},
	50007:  {403, 50007, "Cannot send messages to this user", nil},
	50008:  {400, 50008, "Cannot send messages in a non-text channel", nil},
	50013:  {403, 50013, "Missing Permissions", nil},
	50024:  {400, 50024, "Cannot execute action on this channel type", nil},
	50027:  {401, 50027, "Invalid Webhook Token", nil},
	50028:  {400, 50028, "Invalid role", nil},
	50033:  {400, 50033, "Invalid Recipient(s)", nil},
	50083:  {400, 50083, "Thread is archived", nil},
	50109:  {400, 50109, "The request body contains invalid JSON.", nil},
	160004: {400, 160004, "A thread has already been created for this message", nil},
	160005: {403, 160005, "Thread is locked", nil},
	160006: {400, 160006, "Maximum number of active threads reached", nil},
}

// fail returns the error with the given code.
func fail(code int) error {
	e, ok := coded[code]
	if !ok {
		panic(fmt.Sprintf("fakediscord: no such error %d", code))
	}
	return &e
}

// plain returns an error without a code, as the HTTP layer of Discord sends it.
func plain(status int, text string) error {
	return &apiError{Status: status, Message: fmt.Sprintf("%d: %s", status, text)}
}

// invalid returns 50035, the error for a body that is not valid.
func invalid(problems ...contract.Problem) error {
	e := &apiError{Status: 400, Code: 50035, Message: "Invalid Form Body", Errors: object{}}
	for _, p := range problems {
		at := e.Errors
		if p.At != "" {
			for _, key := range strings.Split(p.At, ".") {
				next, ok := at[key].(object)
				if !ok {
					next = object{}
					at[key] = next
				}
				at = next
			}
		}
		list, _ := at["_errors"].([]any)
		at["_errors"] = append(list, object{"code": "BASE_TYPE_BAD", "message": p.Text})
	}
	return e
}

// wrong returns 50035 for one field.
func wrong(at, text string) error { return invalid(contract.Problem{At: at, Text: text}) }

// wrongly is wrong with a code of its own for the field.
func wrongly(field, code, text string) error {
	return &apiError{Status: 400, Code: 50035, Message: "Invalid Form Body", Errors: object{
		field: object{"_errors": []any{object{"code": code, "message": text}}},
	}}
}
