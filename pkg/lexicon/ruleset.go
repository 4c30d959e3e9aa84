package lexicon

import (
	"fmt"
	"time"
)

// EngineVersion numbers the rules of the engine itself: folding, matching,
// qualifying, weighing, format mappings and speaker rules. It is part of the
// digest and is raised whenever a change of code can change a flag.
const EngineVersion = 4

// Ruleset is a lexicon as people write it: the source of a [Program].
type Ruleset struct {
	Name, Version string
	// Released is the day of the release in UTC, zero where it is not said.
	Released time.Time
	// Author and Reviewer answer for the release.
	Author, Reviewer string
	// Changelog says what each version changed, the newest first.
	Changelog []Change
	// Sections are the categories that the lexicon has, in the order of the contract.
	Sections   []Section
	Qualifiers Qualifiers
	// Indices is the learned layer, empty for a lexicon without one.
	Indices IndicesSource
	Policy  Policy
	// Formats says in JSON how the values of topics are read, nil where all are
	// CloudEvents. It is only carried here; pipeline reads it.
	Formats []byte
}

// Change is one entry of the changelog.
type Change struct{ Version, Text string }

// Place is where something stands in a source file; Line and Column count from
// 1, Column in code points. The zero Place is nowhere: a ruleset read from its
// canonical form has no places.
type Place struct {
	File         string
	Line, Column int
}

// String returns "file:line:column".
func (p Place) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// after returns the place n columns on.
func (p Place) after(n int) Place {
	p.Column += n
	return p
}

// Entry is one line of a block of terms.
type Entry struct {
	Place
	Pattern *Pattern
}

// Section is one category with its factors.
type Section struct {
	ID, Label string
	Factors   []FactorSource
}

// FactorSource is a factor as written, with the defaults filled in.
type FactorSource struct {
	Place
	// ID is without its category: "hospitalisation".
	ID, Label, FG21 string
	Severity        int
	Weight          float64
	Who             Who
	Negatable       bool
	FadesMonths     int
	Urgency         string
	Cautions        []string
	// Heard holds what speech recognition writes instead of the terms.
	Terms, Heard, Unless []Entry
	Structures           []StructureSource
	Examples             []Example
}

// StructureSource is a together, dialogue, reply, compare or times as written. First
// and Second are its halves as [UseFirst] and [UseSecond] say; Times has no Second.
type StructureSource struct {
	Place
	Kind                     StructureKind
	First, Second            []Entry
	WithinWords, WithinTurns int
	Ratio                    float64
	AtLeast                  int
}

// What an [Example] expects beside the names of statuses ("negated", "past"…).
const (
	ExpectMatch   = "match"
	ExpectNoMatch = "no_match"
)

// Example is a text of a factor with what must come of it.
type Example struct {
	Place
	// Expect is [ExpectMatch] (an asserted finding of the factor), [ExpectNoMatch]
	// (none), or the status that a finding of the factor must have.
	Expect string
	// Text is a message, or lines "agent : …" and "client : …" of a call, or
	// "question : …" and "réponse : …" of a survey.
	Text string
}

// Qualifiers is what all factors share.
type Qualifiers struct {
	// Classes in the order of the file.
	Classes []ClassSource
	// Forms holds the inflected forms of irregular lemmas.
	Forms map[string][]string
	// Masks are idioms, trades and places that void every finding they cover.
	Masks []Entry
	Cues  []CueSource
}

// ClassSource is a class of words: <prison>.
type ClassSource struct {
	Place
	Name  string
	Terms []Entry
}

// CueSource is a qualifier as written.
type CueSource struct {
	Place
	Cue
	Terms []Entry
}

// CategoryIDs lists the four categories in the order of the contract.
func CategoryIDs() []string { return []string{"health", "resilience", "life_events", "capacity"} }
