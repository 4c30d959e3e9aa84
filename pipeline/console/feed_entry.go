package console

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// Entry is what the feed keeps of one record of the routing topic: a flag or a
// retraction, without a word of the event, its case file and its identity.
type Entry struct {
	// Seq numbers entries in order of arrival; Changed is the number of the last
	// change of the feed that touched this one.
	Seq, Changed uint64
	// Partition and Offset are its place on the routing topic, Written when it
	// came there.
	Partition int
	Offset    int64
	Written   time.Time
	// ID of the judgement; of a retraction, of the flag that it takes back.
	ID string
	// Kind is the event's type, as vigie.email.v1.
	Kind       string
	Route      string
	Severity   int
	Categories []string
	Referrals  []string
	Urgency    []string
	// Factors are those of asserted findings, each once, the most severe first.
	Factors []string
	// Findings counts all findings of the flag.
	Findings int
	Replay   bool
	// Supersedes is the id of the flag that this one replaces, "" for none.
	Supersedes string
	// Retraction is the reason of a retraction, "" for a flag.
	Retraction string
	// Retracted is the reason why a flag no longer stands, Superseded that
	// another one has replaced it. Both are known only of what came later and
	// while the entry was kept.
	Retracted  string
	Superseded bool
	// added is the number of the change that brought it.
	added uint64
}

// Bounds of what is kept of one flag: a value on the topic may hold anything.
const (
	maxKept   = 8
	maxLength = 80
)

// errStrange says that a value on the routing topic is neither a flag nor a
// retraction.
var errStrange = errors.New("neither a flag nor a retraction")

// readEntry reads a stored record. Its error is errStrange.
func readEntry(partition int, r *kafka.Record) (*Entry, error) {
	if r.Damaged || r.Huge != nil {
		return nil, errStrange
	}
	e := &Entry{Partition: partition, Offset: r.Offset, Written: time.UnixMilli(r.Timestamp)}
	if f, err := flag.Parse(r.Value); err == nil {
		return e.ofFlag(f)
	}
	if r, err := flag.ParseRetraction(r.Value); err == nil && keepable(r.Retracts, r.Reason) {
		e.ID, e.Retraction, e.Kind = r.Retracts, r.Reason, clip(r.Event.Type)
		return e, nil
	}
	return nil, errStrange
}

// ofFlag fills the entry in. A flag whose closed sets hold something else than
// the contract's is none.
func (e *Entry) ofFlag(f *flag.Flag) (*Entry, error) {
	if !keepable(f.ID, f.Route) || routeIndex(f.Route) < 0 || f.Severity < 1 || f.Severity > 4 ||
		slices.ContainsFunc(f.Categories, func(c string) bool { return categoryIndex(c) < 0 }) {
		return nil, errStrange
	}
	e.ID, e.Kind, e.Route, e.Severity = f.ID, clip(f.Event.Type), f.Route, f.Severity
	e.Categories, e.Referrals, e.Urgency = few(f.Categories), few(f.Referrals), few(f.Urgency)
	e.Findings, e.Replay, e.Supersedes = max(f.FindingsTotal, len(f.Findings)), f.Replay, clip(f.Supersedes)
	for _, x := range f.Findings {
		if len(e.Factors) < maxKept && x.Status == flag.Asserted && !slices.Contains(e.Factors, clip(x.Factor)) {
			e.Factors = append(e.Factors, clip(x.Factor))
		}
	}
	return e, nil
}

// keepable reports whether ids are there and no longer than ids are.
func keepable(ids ...string) bool {
	return !slices.ContainsFunc(ids, func(id string) bool { return id == "" || len(id) > maxLength })
}

// few copies the first few of a list, each cut to the length of ids.
func few(list []string) []string {
	kept := make([]string, 0, min(len(list), maxKept))
	for _, s := range list[:min(len(list), maxKept)] {
		kept = append(kept, clip(s))
	}
	return kept
}

// clip cuts a text to the length of ids, so that nothing of a longer one stays in
// memory.
func clip(s string) string {
	if len(s) <= maxLength {
		return s
	}
	end := maxLength
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return strings.Clone(s[:end])
}

// Urgent reports whether the entry is a flag of the urgent route.
func (e *Entry) Urgent() bool { return e.Retraction == "" && e.Route == flag.RouteUrgent }

// Filter chooses entries; its zero value takes all.
type Filter struct {
	Route, Category string
	// Severity is the lowest that is taken.
	Severity int
}

// takes reports whether the filter takes an entry. A retraction is taken where
// the flag is that it takes back.
func (f Filter) takes(e *Entry) bool {
	return (f.Route == "" || f.Route == e.Route) &&
		(f.Category == "" || slices.Contains(e.Categories, f.Category)) &&
		e.Severity >= f.Severity
}
