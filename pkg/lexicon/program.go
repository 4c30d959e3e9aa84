package lexicon

import (
	"time"

	"github.com/vigie-project/vigie/pkg/text"
)

// Program is a compiled ruleset: what the engine runs. It is immutable.
//
// Matching happens in two steps. The automaton finds Literals; Emits says
// which groups each occurrence belongs to. Then Sequences put groups together
// into further groups (gaps, classes, long alternations). Uses says what a
// group means: a term of a factor, an exclusion, a mask, a cue, one half of a
// structure. A group of a class has no use of its own.
type Program struct {
	Name, Version, Digest string
	// Formats are those of the ruleset.
	Formats []byte
	// Released is the day of the release in UTC, zero where it is not said.
	Released   time.Time
	Vocabulary *text.Vocabulary
	// Literals are distinct, non-empty sequences of word numbers.
	Literals [][]uint32
	// Emits[i] belongs to Literals[i].
	Emits [][]Emit
	// Sequences stand in order of dependency: one uses only groups of
	// literals, Number, and groups of sequences before it.
	Sequences []Sequence
	// Groups counts the groups; they are numbered from 0.
	Groups int
	// Number is the group of maximal runs of numbers in digits or words.
	Number Group
	// Durations is the group of the class durée, -1 if the ruleset has none.
	Durations Group
	// Uses is indexed by group.
	Uses       [][]Use
	Categories []Category
	Factors    []Factor
	Terms      []Term
	Structures []Structure
	Cues       []Cue
	Policy     Policy
	// Indices is the learned layer.
	Indices Indices
	// Spelled is the highest number of a word of the terms and qualifiers; the
	// words above it are the learned layer's alone.
	Spelled uint32
	// Sounds finds a word of the terms by how it sounds ([text.Sound]), for a
	// word that is spelled otherwise.
	Sounds map[string]uint32
	// NumberWords are the numbers of the words for numbers in digits, by length,
	// 0 for none. See [NumberName].
	NumberWords [maxNumberLength + 1]uint32
	// Acronyms holds the folded acronyms of the ruleset ("rsa"): runs of single letters that spell one become it.
	Acronyms map[string]bool
}

// Group numbers a set of occurrences.
type Group int32

// Emit says that an occurrence of a literal belongs to Group, under conditions.
type Emit struct {
	Group Group
	// Transcript: only in transcripts (a `heard` variant).
	Transcript bool
	// Anchored: only where the first word begins a sentence or a part.
	Anchored bool
	// Exact, where not nil, holds for each word its accented lower-case
	// spelling, or "" where any will do; it binds only in texts that have accents at all.
	Exact []string
}

// Sequence makes occurrences of Out from one occurrence of each step's group,
// in order, within one sentence.
type Sequence struct {
	Out                  Group
	Steps                []Step
	Transcript, Anchored bool
}

// Step is one group of a sequence, with Min to Max words between it and the
// step before it (both 0 for the first step and for neighbours).
type Step struct {
	Group    Group
	Min, Max int
}

// UseKind says what a group's occurrences mean.
type UseKind uint8

// The uses. Index points into the slice named.
const (
	UseTerm      UseKind = iota // Terms
	UseExclusion                // Factors: voids findings of this factor
	UseMask                     // none: voids every finding it covers
	UseCue                      // Cues
	UseFirst                    // Structures: first sign, agent's half, income, the repeated sign
	UseSecond                   // Structures: second sign, customer's half, charge
)

// Use is one meaning of a group.
type Use struct {
	Kind  UseKind
	Index int32
}

// Category is one of the four, in the order of the contract.
type Category struct {
	ID, Label string
	// Unlearned: the policy has its faisceau switched off; only factors and the
	// person's own declaration reach it.
	Unlearned bool
}

// Who says whose sign counts for a factor.
type Who uint8

// The persons.
const (
	WhoHousehold Who = iota // the customer, family and household
	WhoSelf                 // the customer (and whom they represent)
	WhoAnyone               // the term itself says who
)

// Factor is a sign inside a category.
type Factor struct {
	// ID is "<category>.<id>".
	ID, Label string
	// Category indexes Program.Categories.
	Category int
	FG21     string
	Severity int
	// Weight is the evidence of one finding; the policy's thresholds are in the same unit.
	Weight    float64
	Who       Who
	Negatable bool
	// FadesMonths is how long an event counts, 0 for always.
	FadesMonths int
	// Urgency is "" for factors that are not urgent.
	Urgency  string
	Cautions []string
}

// Term is one pattern of a factor.
type Term struct {
	Factor int
	// ID is "<factor>/<8 hex digits>" as the contract says.
	ID string
	// Pattern is the pattern as written, for reports. It never enters a flag.
	Pattern string
}

// StructureKind is a sign that spans places of a document.
type StructureKind uint8

// The structures.
const (
	Together StructureKind = iota
	Dialogue               // an agent's turn or a survey's question, then the person's turn or answer
	Reply                  // the person's turn, then the agent's ("toutes mes condoléances")
	Compare
	Times
)

// Structure is a compiled together, dialogue, reply, compare or times. Its finding
// has the term Term (an index into Terms).
type Structure struct {
	Kind StructureKind
	Term int
	// Within bounds Together, in words or in turns; 0 and 0 is the document.
	WithinWords, WithinTurns int
	// Ratio is Compare's charge over income at least.
	Ratio float64
	// AtLeast is Times's count.
	AtLeast int
}

// Effect is what a cue does to a sign in its scope.
type Effect uint8

// The effects.
const (
	EffectNegated Effect = iota
	EffectHypothetical
	EffectPast
	EffectOther     // another person's story
	EffectHousehold // a person of the household
	EffectSelf      // the customer, or whom they represent
	EffectUncertain
	EffectAsked
	EffectReported // told by or of the company ("vous m'écrivez que")
	EffectPresent  // cancels past
	EffectRecovery // a stated recovery: past, and ends an urgent finding
	EffectCancel   // cancels every cue that it covers ("pas seulement", "plus que")
	EffectBoundary // a word that begins a new clause ("mais", "parce que")
	EffectJoin     // cancels the boundaries that it covers ("que je")
	EffectNo       // a turn or answer that denies what was asked before ("non", "pas du tout")
	EffectYes      // confirms it
)

// Cue is a compiled qualifier.
type Cue struct {
	Effect Effect
	// Before and After: the cue stands before the sign, after it, or either.
	Before, After bool
	// Window is the largest number of words between the cue and the sign, 0 for the whole scope.
	Window int
	// Sentence widens the scope from the clause to the sentence; Onward to the
	// following sentences of the part, until a present cue.
	Sentence, Onward bool
	// NeedsNe: holds only after a dropped "ne".
	NeedsNe bool
	// Name is shown by --explain.
	Name string
}
