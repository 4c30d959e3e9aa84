package console

import "slices"

// ringSize is how many entries are kept.
const ringSize = 500

// ring keeps the last entries and numbers every change, so that a page that
// was away is told what it missed.
type ring struct {
	// entries in order of arrival. They are replaced, never changed: readers
	// hold them without the lock.
	entries []*Entry
	seq     uint64
	// version is the number of the last change, lost that of the last one that
	// was made to an entry which is gone.
	version, lost uint64
}

// add takes an entry; false where the same judgement, which may be written
// more than once, is the last that was said of this flag.
func (r *ring) add(e *Entry) bool {
	if i := r.last(e.ID, func(*Entry) bool { return true }); i >= 0 && r.entries[i].Retraction == e.Retraction {
		return false
	}
	r.seq++
	r.version++
	e.Seq, e.Changed, e.added = r.seq, r.version, r.version
	isFlag := func(o *Entry) bool { return o.Retraction == "" }
	if of := r.last(e.ID, isFlag); e.Retraction != "" && of >= 0 {
		flag := *r.entries[of]
		flag.Retracted = e.Retraction
		e.Route, e.Severity, e.Categories = flag.Route, flag.Severity, flag.Categories
		r.replace(of, &flag)
	}
	if of := r.last(e.Supersedes, isFlag); of >= 0 {
		flag := *r.entries[of]
		flag.Superseded = true
		r.replace(of, &flag)
	}
	r.entries = append(r.entries, e)
	if len(r.entries) > ringSize {
		r.lost = max(r.lost, r.entries[0].Changed)
		r.entries[0] = nil
		r.entries = r.entries[1:]
	}
	return true
}

// last returns the place of the last entry about a flag that is as asked, -1
// where there is none.
func (r *ring) last(id string, as func(*Entry) bool) int {
	for i, e := range slices.Backward(r.entries) {
		if e.ID == id && as(e) {
			return i
		}
	}
	return -1
}

func (r *ring) replace(i int, to *Entry) {
	r.version++
	to.Changed = r.version
	r.entries[i] = to
}

// change is an entry that is New or has changed.
type change struct {
	*Entry
	New bool
}

// since returns what changed after a version, in order of arrival; ok is false
// where some of it is gone.
func (r *ring) since(version uint64) (changed []change, ok bool) {
	if version < r.lost || version > r.version {
		return nil, false
	}
	for _, e := range r.entries {
		if e.Changed > version {
			changed = append(changed, change{e, e.added > version})
		}
	}
	return changed, true
}

// latest returns at most n entries that filter takes, the newest first.
func (r *ring) latest(n int, filter Filter) []*Entry {
	var list []*Entry
	for _, e := range slices.Backward(r.entries) {
		if len(list) == n {
			break
		}
		if filter.takes(e) {
			list = append(list, e)
		}
	}
	return list
}
