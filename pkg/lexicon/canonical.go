package lexicon

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gowebpki/jcs"
)

// The canonical form: all that decides a flag and nothing else. Its key names
// are those of the notation.
type (
	canonicalRuleset struct {
		Engine     int                 `json:"engine"`
		Name       string              `json:"name"`
		Version    string              `json:"version"`
		Categories []canonicalCategory `json:"categories"`
		Classes    map[string][]string `json:"classes"`
		Forms      map[string][]string `json:"forms"`
		Masks      []string            `json:"masks"`
		Cues       []canonicalCue      `json:"cues"`
		Indices    string              `json:"indices"` // the lines of its file
		Policy     Policy              `json:"policy"`
		Formats    json.RawMessage     `json:"formats,omitempty"` // by topic; none where all are CloudEvents
	}
	canonicalCategory struct {
		ID      string            `json:"id"`
		Factors []canonicalFactor `json:"factors"`
	}
	canonicalFactor struct {
		ID         string               `json:"id"`
		FG21       string               `json:"fg21"`
		Severity   int                  `json:"severity"`
		Weight     float64              `json:"weight"`
		Who        string               `json:"who"`
		Negatable  bool                 `json:"negatable"`
		Fades      int                  `json:"fades_months"`
		Urgency    string               `json:"urgency"`
		Cautions   []string             `json:"cautions"`
		Terms      []string             `json:"terms"`
		Heard      []string             `json:"heard"`
		Unless     []string             `json:"unless"`
		Structures []canonicalStructure `json:"structures"`
	}
	canonicalStructure struct {
		Kind        string   `json:"kind"`
		First       []string `json:"first"`
		Second      []string `json:"second"`
		WithinWords int      `json:"within_words"`
		WithinTurns int      `json:"within_turns"`
		Ratio       float64  `json:"ratio"`
		AtLeast     int      `json:"at_least"`
	}
	canonicalCue struct {
		Name     string   `json:"name"`
		Effect   Effect   `json:"effect"`
		Before   bool     `json:"before"`
		After    bool     `json:"after"`
		Window   int      `json:"window"`
		Sentence bool     `json:"sentence"`
		Onward   bool     `json:"onward"`
		NeedsNe  bool     `json:"needs_ne"`
		Terms    []string `json:"terms"`
	}
)

// Canonical returns the ruleset as canonical JSON (RFC 8785): lexicon,
// qualifiers, policy, formats, name, version and the version of the engine's rules;
// without labels, examples, comments, authors and changelog, and in an order
// of its own. The name and version are in it because flags carry them.
func (rs *Ruleset) Canonical() ([]byte, error) { return rs.sorted().canonical() }

// canonical is Canonical of a ruleset that is sorted already.
func (rs *Ruleset) canonical() ([]byte, error) {
	c := canonicalRuleset{
		Engine: EngineVersion, Name: rs.Name, Version: rs.Version, Policy: rs.Policy, Formats: rs.Formats,
		Classes: map[string][]string{}, Forms: rs.Qualifiers.Forms,
		Masks: patterns(rs.Qualifiers.Masks), Cues: []canonicalCue{}, Categories: []canonicalCategory{},
		Indices: strings.Join(rs.Indices.lines(), "\n"),
	}
	for _, class := range rs.Qualifiers.Classes {
		c.Classes[class.Name] = patterns(class.Terms)
	}
	for _, cue := range rs.Qualifiers.Cues {
		c.Cues = append(c.Cues, canonicalCue{
			cue.Name, cue.Effect, cue.Before, cue.After, cue.Window, cue.Sentence, cue.Onward, cue.NeedsNe, patterns(cue.Terms),
		})
	}
	for _, s := range rs.Sections {
		category := canonicalCategory{ID: s.ID, Factors: []canonicalFactor{}}
		for _, f := range s.Factors {
			out := canonicalFactor{
				ID: f.ID, FG21: f.FG21, Severity: f.Severity, Weight: f.Weight, Who: f.Who.String(), Negatable: f.Negatable,
				Fades: f.FadesMonths, Urgency: f.Urgency, Cautions: f.Cautions, Terms: patterns(f.Terms),
				Heard: patterns(f.Heard), Unless: patterns(f.Unless), Structures: []canonicalStructure{},
			}
			for _, st := range f.Structures {
				out.Structures = append(out.Structures, canonicalStructure{
					st.Kind.String(), patterns(st.First), patterns(st.Second), st.WithinWords, st.WithinTurns, st.Ratio, st.AtLeast,
				})
			}
			category.Factors = append(category.Factors, out)
		}
		c.Categories = append(c.Categories, category)
	}
	data, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("lexicon: canonical form: %w", err)
	}
	return jcs.Transform(data)
}

// Digest returns "sha256:" and the hexadecimal hash of the canonical form.
func (rs *Ruleset) Digest() (string, error) {
	data, err := rs.Canonical()
	return hash(data), err
}

// hash returns the digest of a canonical form, "" for none.
func hash(data []byte) string {
	if data == nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// EngineError says that a ruleset was made for another version of the engine's
// rules than [EngineVersion].
type EngineError struct{ Engine int }

// Error names both versions and what to do.
func (e *EngineError) Error() string {
	return fmt.Sprintf("lexicon: the ruleset was made for version %d of the engine's rules, this program has %d: use the release that made it",
		e.Engine, EngineVersion)
}

// FromCanonical reads a ruleset back from its canonical form. It compiles to
// the same program but for labels, which are lost. A form made for another
// version of the engine's rules is refused with an *[EngineError]: its flags
// could not be made again.
func FromCanonical(data []byte) (*Ruleset, error) {
	var c canonicalRuleset
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, fmt.Errorf("lexicon: canonical form: %w", err)
	}
	if c.Engine != EngineVersion {
		return nil, &EngineError{c.Engine}
	}
	var ps problems
	rs := &Ruleset{Name: c.Name, Version: c.Version, Policy: c.Policy, Formats: c.Formats}
	rs.Qualifiers.Forms = c.Forms
	rs.Indices = parseIndices("", []byte(c.Indices), &ps)
	rs.Qualifiers.Masks = ps.parse(c.Masks)
	for name, terms := range c.Classes {
		rs.Qualifiers.Classes = append(rs.Qualifiers.Classes, ClassSource{Name: name, Terms: ps.parse(terms)})
	}
	for _, cue := range c.Cues {
		rs.Qualifiers.Cues = append(rs.Qualifiers.Cues, CueSource{Terms: ps.parse(cue.Terms), Cue: Cue{
			Effect: cue.Effect, Before: cue.Before, After: cue.After, Window: cue.Window,
			Sentence: cue.Sentence, Onward: cue.Onward, NeedsNe: cue.NeedsNe, Name: cue.Name,
		}})
	}
	for _, category := range c.Categories {
		s := Section{ID: category.ID}
		for _, f := range category.Factors {
			in := FactorSource{
				ID: f.ID, FG21: f.FG21, Severity: f.Severity, Weight: f.Weight, Who: persons[f.Who], Negatable: f.Negatable,
				FadesMonths: f.Fades, Urgency: f.Urgency, Cautions: f.Cautions, Terms: ps.parse(f.Terms),
				Heard: ps.parse(f.Heard), Unless: ps.parse(f.Unless),
			}
			for _, st := range f.Structures {
				in.Structures = append(in.Structures, StructureSource{
					Kind: structureKind(st.Kind), First: ps.parse(st.First), Second: ps.parse(st.Second),
					WithinWords: st.WithinWords, WithinTurns: st.WithinTurns, Ratio: st.Ratio, AtLeast: st.AtLeast,
				})
			}
			s.Factors = append(s.Factors, in)
		}
		rs.Sections = append(rs.Sections, s)
	}
	if err := ps.err(); err != nil {
		return nil, err
	}
	return rs.sorted(), nil
}

// patterns returns the canonical notation of entries.
func patterns(entries []Entry) []string {
	all := make([]string, len(entries))
	for i, e := range entries {
		all[i] = e.Pattern.notation
	}
	return all
}

// parse reads patterns without places.
func (ps *problems) parse(sources []string) []Entry {
	var all []Entry
	for _, s := range sources {
		p, err := ParsePattern(s)
		if err != nil {
			ps.add(Place{}, "terme illisible dans la forme canonique : %v", err)
			continue
		}
		all = append(all, Entry{Pattern: p})
	}
	return all
}
