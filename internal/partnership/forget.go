package partnership

// Nobody stands where the ID of a user stood whose data was deleted. It is no ID:
// nobody is ever looked up by it.
const Nobody = "deleted-user"

// Forget takes out of e that a user was its contact, and what they wrote. It
// reports whether they were. Who is nobody is not told of the end any more.
func (e *Ended) Forget(user string) bool {
	if e.Contact != user {
		return false
	}
	e.Contact, e.Ad = Nobody, e.Ad.Forgotten()
	if e.EndedBy == user {
		e.EndedBy, e.Reason, e.Farewell = Nobody, "", ""
	}
	e.Told = e.Told || e.Why != WhyContact
	return true
}

// Forgotten is a without what a person wrote in it: the category says what it was.
func (a Ad) Forgotten() Ad { return Ad{Category: a.Category} }
