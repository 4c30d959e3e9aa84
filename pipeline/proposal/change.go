package proposal

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/vigie-project/vigie/pkg/french"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// Bounds of a proposal: what people write in an afternoon, many times over.
const (
	// MaxChanges is how many changes a proposal holds.
	MaxChanges = 200
	// MaxTerm and MaxExample are lengths in code points.
	MaxTerm    = 2000
	MaxExample = 4000
)

// Op is what a change does.
type Op string

// The operations. An example can only be added.
const (
	Add     Op = "add"
	Replace Op = "replace"
	Remove  Op = "remove"
)

// Block is what of a factor a change is about: Terms, Heard, Unless, or
// Examples followed by what they expect ("examples.match").
type Block string

// The blocks.
const (
	Terms    Block = "terms"
	Heard    Block = "heard"
	Unless   Block = "unless"
	Examples Block = "examples."
)

// Expect returns what the examples of a block expect, "" for a block of terms.
func (b Block) Expect() string {
	expect, ok := strings.CutPrefix(string(b), string(Examples))
	if !ok {
		return ""
	}
	return expect
}

// Change is one change to a factor.
type Change struct {
	Op Op `json:"op"`
	// Factor is named with its category.
	Factor string `json:"factor"`
	Block  Block  `json:"block"`
	// Old is the term that is replaced or removed, New the term or the text of
	// the example that is added or takes its place.
	Old string `json:"old,omitempty"`
	New string `json:"new,omitempty"`
}

// Refused says, in French, why a proposal cannot be: Index is the change's, -1
// for the proposal as a whole.
type Refused struct {
	Index   int
	Message string
}

// Error returns the message.
func (e *Refused) Error() string { return e.Message }

func refuse(index int, format string, args ...any) error {
	return &Refused{index, fmt.Sprintf(format, args...)}
}

// Tidy returns the change as it is kept: without what stands around a term,
// and with one kind of line end.
func (c Change) Tidy() Change {
	c.Old, c.New = strings.TrimSpace(c.Old), strings.TrimSpace(strings.ReplaceAll(c.New, "\r\n", "\n"))
	if c.Block.Expect() != "" {
		lines := strings.Split(c.New, "\n")
		for i := range lines {
			lines[i] = strings.TrimSpace(lines[i])
		}
		c.New = strings.Join(slices.DeleteFunc(lines, func(l string) bool { return l == "" }), "\n")
	}
	switch c.Op {
	case Add:
		c.Old = ""
	case Remove:
		c.New = ""
	}
	return c
}

// expects are the examples' expectations; all but the first two are statuses.
var expects = []string{lexicon.ExpectMatch, lexicon.ExpectNoMatch, "negated", "hypothetical", "past", "other_person", "reported", "asked", "uncertain"}

// Expectations lists what examples can expect, in the order of the notation.
func Expectations() []string { return slices.Clone(expects) }

// check refuses what is no change by its form alone.
func (c *Change) check(i int) error {
	example := c.Block.Expect()
	if example != "" {
		if !slices.Contains(expects, example) || c.Op != Add {
			return refuse(i, "changement impossible : un exemple ne peut qu’être ajouté, sous « match », « no_match » ou un statut")
		}
	} else if !slices.Contains([]Block{Terms, Heard, Unless}, c.Block) || !slices.Contains([]Op{Add, Replace, Remove}, c.Op) {
		return refuse(i, "changement inconnu : choisissez ce qu’il fait et de quelle liste du facteur")
	}
	longest := MaxTerm
	if example != "" {
		longest = MaxExample
	}
	for _, text := range []string{c.Old, c.New} {
		switch {
		case !utf8.ValidString(text):
			return refuse(i, "texte illisible : il n’est pas en UTF-8")
		case utf8.RuneCountInString(text) > longest:
			return refuse(i, "texte trop long : %s au plus", french.Count(longest, "caractère"))
		case strings.ContainsFunc(text, func(r rune) bool { return hidden(r) && (r != '\n' || example == "") }):
			return refuse(i, "ce texte contient un retour à la ligne, une tabulation ou un caractère invisible : ôtez-le")
		}
	}
	if c.Op != Remove && c.New == "" {
		return refuse(i, "texte vide : écrivez-le")
	}
	if c.Op != Add && c.Old == "" {
		return refuse(i, "dites quel terme est remplacé ou ôté")
	}
	if c.Op == Replace && c.Old == c.New {
		return refuse(i, "le terme reste le même : changez-le ou ôtez ce changement")
	}
	return nil
}

// hidden reports characters that a YAML file cannot hold in a line, or that
// nobody sees.
func hidden(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == '\ufeff' || r == utf8.RuneError || r == '\ufffe' || r == '\uffff'
}
