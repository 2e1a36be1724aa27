package joins

import "time"

// A Person is a member of a guild as Discord lists them.
type Person struct {
	User   string
	Joined time.Time // since when they are a member
	Roles  []string
	Bot    bool
}

// A Role is a role of a guild as Discord lists it.
type Role struct {
	ID          string
	Name        string
	Permissions int64 // as Discord numbers them
	Managed     bool  // belongs to a bot or an integration
	Position    int   // higher is above
}
