package console

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/french"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// factor is a factor of the lexicon for its pages.
type factor struct {
	// ID is named with the category.
	ID, Category, Label string
	Severity            int
	// Off: the policy has it switched off.
	Off bool
	// Terms are those of all blocks: terms, heard, unless, structures.
	Terms []*term

	source *lexicon.FactorSource
	// plain holds what a search looks through, each as [plain] writes it.
	plain []string
}

// term is an entry of a factor.
type term struct {
	// ID is the term's; an exclusion's is made the same way.
	ID, Pattern string
	// Block is "terms", "heard", "unless" or a structure's name.
	Block  string
	Line   int
	Factor *factor
}

// Address is the term's page.
func (t *term) Address() string { return "/lexique/" + t.ID }

// Change is where the term is changed, "" for one of a structure.
func (t *term) Change() string {
	if t.Structure() {
		return ""
	}
	return "/proposer?terme=" + t.ID
}

// Structure reports whether the term spans places of a document.
func (t *term) Structure() bool { return !slices.Contains(blocks, t.Block) }

// BlockName is the French name of the block.
func (t *term) BlockName() string { return blockNames[t.Block] }

var (
	blocks     = []string{"terms", "heard", "unless"}
	blockNames = map[string]string{
		"terms": "Termes", "heard": "Ce que la reconnaissance vocale entend", "unless": "Sauf",
		"together": "Deux signes ensemble", "dialogue": "Question et réponse", "reply": "Propos et réponse du conseiller",
		"compare": "Charge et revenu", "times": "Signe répété",
	}
)

func newFactor(s *lexicon.Section, source *lexicon.FactorSource, policy *lexicon.Policy) *factor {
	f := &factor{ID: s.ID + "." + source.ID, Category: s.ID, Label: source.Label, Severity: source.Severity, source: source}
	f.Off = policy.Off(f.ID)
	f.plain = append(f.plain, searchable(f.Label), searchable(f.ID))
	add := func(t *term) {
		t.Factor = f
		f.Terms = append(f.Terms, t)
		f.plain = append(f.plain, searchable(t.Pattern))
	}
	for _, e := range source.Terms {
		add(&term{ID: lexicon.TermID(f.ID, e.Pattern, false), Pattern: e.Pattern.Source, Block: "terms", Line: e.Line})
	}
	for _, e := range source.Heard {
		add(&term{ID: lexicon.TermID(f.ID, e.Pattern, true), Pattern: e.Pattern.Source, Block: "heard", Line: e.Line})
	}
	for _, x := range source.Structures {
		add(&term{ID: x.TermID(f.ID), Pattern: x.Notation(), Block: x.Kind.String(), Line: x.Line})
	}
	for _, e := range source.Unless {
		// An exclusion is no term of the program: its id is told apart.
		add(&term{ID: lexicon.TermID(f.ID, e.Pattern, false) + "-sauf", Pattern: e.Pattern.Source, Block: "unless", Line: e.Line})
	}
	return f
}

// count is how many entries stand in a block; structures have one each.
func (f *factor) count(block string) (n int) {
	for _, t := range f.Terms {
		if t.Block == block {
			n++
		}
	}
	return n
}

// Signs is how many of the entries are looked for: all but exclusions.
func (f *factor) Signs() int { return len(f.Terms) - f.count("unless") }

// File is the name of the file that the factor stands in.
func (f *factor) File() string { return path.Base(f.source.File) }

// setting is a property of a factor in plain French.
type setting struct{ Name, Value string }

// Settings are the properties of a factor.
func (f *factor) Settings() []setting {
	s := f.source
	who := map[lexicon.Who]string{
		lexicon.WhoSelf: "la personne elle-même (et qui elle représente)", lexicon.WhoHousehold: "la personne, sa famille et son foyer",
		lexicon.WhoAnyone: "n’importe qui : le terme le dit lui-même",
	}[s.Who]
	weight := french.Decimal(strconv.FormatFloat(s.Weight, 'f', -1, 64))
	if s.Weight >= 1 {
		weight += " : signe fort"
	} else {
		weight += " : signe d’appoint, il lui faut de la compagnie"
	}
	list := []setting{
		{"Gravité", strconv.Itoa(s.Severity) + " sur 4, " + severities[s.Severity]}, {"Poids", weight}, {"De qui", who},
		{"Une négation", map[bool]string{true: "l’annule", false: "ne l’annule pas"}[s.Negatable]},
	}
	if s.FadesMonths > 0 {
		list = append(list, setting{"Compte pendant", french.Number(s.FadesMonths) + french.Space + "mois"})
	}
	return append(list, setting{"Déterminant FG21/1", driverNames[s.FG21]})
}

// Who says in short whose sign counts.
func (f *factor) Who() string {
	return map[lexicon.Who]string{lexicon.WhoSelf: "personne", lexicon.WhoHousehold: "foyer", lexicon.WhoAnyone: "tous"}[f.source.Who]
}

// Urgency and Cautions are ids, named by the console.
func (f *factor) Urgency() string    { return f.source.Urgency }
func (f *factor) Cautions() []string { return f.source.Cautions }

var (
	severities  = map[int]string{1: "signal", 2: "fragile", 3: "grave", 4: "urgence"}
	driverNames = map[string]string{"health": "Santé", "life_events": "Événements de la vie", "resilience": "Résilience", "capability": "Capacité"}
)

// outcome is an example as it came out.
type outcome struct {
	lexicon.Example
	// Number is that of the example among its factor's, from 1.
	Number int
	Held   bool
	Found  []pipeline.Explained
}

// Expected is what the example expects, in French.
func (o *outcome) Expected() string {
	switch o.Expect {
	case lexicon.ExpectMatch:
		return "un signe affirmé"
	case lexicon.ExpectNoMatch:
		return "aucun signe affirmé"
	}
	return ""
}

// searchable writes a text for a search: small letters without accents, one space
// between words.
func searchable(text string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'œ':
			b.WriteString("oe")
		case r == 'æ':
			b.WriteString("ae")
		case r == '’':
			b.WriteByte('\'')
		default:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
