package action

import "context"

// MaxHops is how many messages in a row follow from one cause: the work that one
// points at sends the next, and so on. What goes on for longer is left to the
// sweep, which finds it within a minute and begins anew. AWS ends a chain of about 16
// invocations of one function, whatever they are for.
const MaxHops = 8

type hopsKey struct{}

// Hops returns how many messages in a row led to what is done under ctx: 0 if a
// person, the sweep or a clock caused it.
func Hops(ctx context.Context) int {
	n, _ := ctx.Value(hopsKey{}).(int)
	return n
}

// WithHops returns ctx for what as many messages in a row led to.
func WithHops(ctx context.Context, n int) context.Context {
	return context.WithValue(ctx, hopsKey{}, n)
}
