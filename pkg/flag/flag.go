// Package flag holds what goes out: flags with their findings, receipts and
// dead letters, their identity, and their JSON, byte for byte the same for the
// same judgement.
package flag

import "strings"

// Status says how a finding is meant.
type Status string

// The statuses of the contract.
const (
	Asserted     Status = "asserted"
	Negated      Status = "negated"
	Hypothetical Status = "hypothetical"
	Past         Status = "past"
	OtherPerson  Status = "other_person"
	Reported     Status = "reported"
	Asked        Status = "asked"
	Uncertain    Status = "uncertain"
)

// Routes.
const (
	RouteUrgent = "urgent"
	RouteCare   = "care"
)

// Ends of the factors that stand in no file of a lexicon: what the person
// declared, and what many weak indices make together.
const (
	Declared = ".declared"
	Faisceau = ".faisceau"
)

// Unwritten returns the category of a factor that stands in no file of a
// lexicon, "" for one that does.
func Unwritten(factor string) string {
	for _, end := range []string{Declared, Faisceau} {
		if category, ok := strings.CutSuffix(factor, end); ok {
			return category
		}
	}
	return ""
}

// MaxFindings is how many findings a flag lists at most.
const MaxFindings = 256

// Flag is a vigie.flag.v1.
type Flag struct {
	ID         string
	Event      EventRef
	Time       string // the event's own time, "" without one
	Case       string // "" without one
	Categories []string
	Severity   int
	Route      string
	Referrals  []string
	Urgency    []string
	Cautions   []string
	Findings   []Finding
	// FindingsTotal counts all findings, listed or not.
	FindingsTotal int
	Lexicon       Lexicon
	// Supersedes and Replay are for flags made by a replay; "" and false are left out.
	Supersedes string
	Replay     bool
}

// EventRef names the event that a flag judges. Origin is nil for events that
// did not come from Kafka.
type EventRef struct {
	Source, ID, Type string
	Origin           *Origin
}

// Origin is the place of the event in Kafka.
type Origin struct {
	Topic     string
	Partition int
	Offset    int64
}

// Lexicon names the ruleset.
type Lexicon struct{ Name, Version, Digest string }

// Finding is a term found, with its places and its status.
type Finding struct {
	Category, Factor, Term string
	Severity               int
	Status                 Status
	Spans                  []Span
}

// Span is a place in a carried part, in Unicode code points, End exclusive.
type Span struct {
	Part       string
	Start, End int
}
