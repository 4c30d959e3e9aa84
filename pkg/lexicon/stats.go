package lexicon

import "slices"

// Stats counts what a ruleset holds.
type Stats struct {
	Name, Version, Digest string
	Categories            []CategoryStats
	// Drivers counts factors by the drivers of FG21/1.
	Drivers []DriverStats
	// Literals, Sequences, Groups and Words are of the whole program; Emits
	// counts the meanings of literals.
	Literals, Emits, Sequences, Groups, Words int
	Classes, Forms, Masks, Cues               int
	// Bytes is about what the tables take in memory, without the automaton.
	Bytes int
}

// CategoryStats counts one category.
type CategoryStats struct {
	ID, Label string
	Factors   []FactorStats
	Terms     int
}

// FactorStats counts one factor. Phrases are the literals and sequences that
// its terms need.
type FactorStats struct {
	ID, Label, FG21                        string
	Severity                               int
	Terms, Heard, Unless, Structures       int
	Phrases, Matches, NoMatches, OtherText int
}

// DriverStats counts the factors and terms of one driver of FG21/1.
type DriverStats struct {
	ID             string
	Factors, Terms int
}

// NewStats counts what is in rs and p, the program that [Compile] made of it.
func NewStats(rs *Ruleset, p *Program) Stats {
	s := Stats{
		Name: p.Name, Version: p.Version, Digest: p.Digest,
		Literals: len(p.Literals), Sequences: len(p.Sequences), Groups: p.Groups, Words: p.Vocabulary.Len(),
		Classes: len(rs.Qualifiers.Classes), Forms: len(rs.Qualifiers.Forms), Masks: len(rs.Qualifiers.Masks), Cues: len(rs.Qualifiers.Cues),
		Bytes: size(p),
	}
	for _, e := range p.Emits {
		s.Emits += len(e)
	}
	for _, id := range drivers {
		s.Drivers = append(s.Drivers, DriverStats{ID: id})
	}
	cost := map[string]int{}
	for id, n := range costs(p) {
		cost[id[:len(id)-len("/00000000")]] += n
	}
	for _, section := range rs.Sections {
		c := CategoryStats{ID: section.ID, Label: section.Label}
		for _, f := range section.Factors {
			one := FactorStats{
				ID: section.ID + "." + f.ID, Label: f.Label, FG21: f.FG21, Severity: f.Severity, Terms: len(f.Terms),
				Heard: len(f.Heard), Unless: len(f.Unless), Structures: len(f.Structures), Phrases: cost[section.ID+"."+f.ID],
			}
			for _, e := range f.Examples {
				switch e.Expect {
				case ExpectMatch:
					one.Matches++
				case ExpectNoMatch:
					one.NoMatches++
				default:
					one.OtherText++
				}
			}
			terms := one.Terms + one.Heard + one.Structures
			c.Terms += terms
			c.Factors = append(c.Factors, one)
			if i := slices.Index(drivers, f.FG21); i >= 0 {
				s.Drivers[i].Factors++
				s.Drivers[i].Terms += terms
			}
		}
		s.Categories = append(s.Categories, c)
	}
	return s
}

// size adds up the tables of a program, from the sizes of their elements.
func size(p *Program) int {
	const slice, emit, use, step = 24, 40, 8, 24
	bytes := 0
	for i, words := range p.Literals {
		bytes += 2*slice + 4*len(words) + emit*len(p.Emits[i])
	}
	for _, s := range p.Sequences {
		bytes += slice + 8 + step*len(s.Steps)
	}
	for _, u := range p.Uses {
		bytes += slice + use*len(u)
	}
	for id := range p.Vocabulary.Len() {
		bytes += 2*16 + 4 + len(p.Vocabulary.Word(uint32(id+1)))
	}
	return bytes
}
