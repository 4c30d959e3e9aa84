package proposal

import (
	"slices"
	"strings"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/flag"
)

// MostShifts is how many shifts of each sort are shown.
const MostShifts = 40

// Shifts tell how the flags of texts change.
type Shifts struct {
	// Texts were judged; More have a flag only after the change, Fewer only
	// before, Changed another one, Same one that says the same.
	Texts, More, Fewer, Changed, Same int
	// Shown are the first ones of each sort.
	Shown []Shift
}

// Sort says how a flag changes.
type Sort string

// The sorts.
const (
	More    Sort = "more"
	Fewer   Sort = "fewer"
	Changed Sort = "changed"
)

// Shift is a text whose flag changes.
type Shift struct {
	*Text
	Sort Sort
	// Before and After are the flags, nil for none.
	Before, After *flag.Flag
	// Gained and Lost are categories; Better and Worse count those that the
	// annotation calls right and wrong: both are 0 for an event.
	Gained, Lost  []string
	Better, Worse int
	// Terms are those asserted on one side only.
	Terms []string
	// Passages are where they stand, or where the flag's findings do.
	Passages []pipeline.Passage
}

// shifts compares the flags of all texts, those of annotated ones and events
// apart. both judge as before and after.
func (t *Texts) shifts(before, after []*flag.Flag, both [2]*pipeline.Classifier) (annotated, events Shifts) {
	for i := range t.all {
		into := &events
		if t.all[i].Annotated != nil {
			into = &annotated
		}
		into.Texts++
		s, ok := shift(&t.all[i], before[i], after[i])
		count := &into.Same
		switch {
		case !ok && after[i] == nil:
			continue
		case ok && s.Sort == More:
			count = &into.More
		case ok && s.Sort == Fewer:
			count = &into.Fewer
		case ok:
			count = &into.Changed
		}
		if *count++; ok && *count <= MostShifts {
			s.show(both)
			into.Shown = append(into.Shown, s)
		}
	}
	return annotated, events
}

// shift tells how a text's flag changes; ok is false where it says the same.
func shift(t *Text, before, after *flag.Flag) (s Shift, ok bool) {
	s = Shift{Text: t, Sort: Changed, Before: before, After: after}
	var was, is flag.Flag
	if before != nil {
		was = *before
	} else {
		s.Sort = More
	}
	if after != nil {
		is = *after
	} else {
		s.Sort = Fewer
	}
	s.Gained, s.Lost = missing(is.Categories, was.Categories), missing(was.Categories, is.Categories)
	if len(s.Gained)+len(s.Lost) == 0 && was.Route == is.Route && was.Severity == is.Severity && slices.Equal(was.Referrals, is.Referrals) {
		return s, false
	}
	if t.Annotated != nil {
		for _, c := range s.Gained {
			s.judge(c, true)
		}
		for _, c := range s.Lost {
			s.judge(c, false)
		}
	}
	return s, true
}

// missing are the elements of a that b lacks.
func missing(a, b []string) (list []string) {
	for _, x := range a {
		if !slices.Contains(b, x) {
			list = append(list, x)
		}
	}
	return list
}

// judge counts a category that came or went. One that may be said or not is
// neither right nor wrong.
func (s *Shift) judge(category string, came bool) {
	switch d := s.Annotated; {
	case slices.Contains(d.AlsoOK, category):
	case right(d, category) == came:
		s.Better++
	default:
		s.Worse++
	}
}

// show finds the terms that make the difference, and where they stand.
func (s *Shift) show(both [2]*pipeline.Classifier) {
	was, is := asserted(s.Before), asserted(s.After)
	s.Terms = append(missing(is, was), missing(was, is)...)
	side, f := both[1], s.After
	if f == nil {
		side, f = both[0], s.Before
	}
	side.Judge(s.doc)
	only := *f
	only.Findings = slices.DeleteFunc(slices.Clone(f.Findings), func(x flag.Finding) bool { return !slices.Contains(s.Terms, x.Term) })
	if s.Passages = side.Passages(&only, around); len(s.Passages) == 0 {
		s.Passages = side.Passages(f, around)
	}
}

// asserted lists the asserted terms of a flag but for what stands for no term.
func asserted(f *flag.Flag) (terms []string) {
	if f == nil {
		return nil
	}
	for i := range f.Findings {
		x := &f.Findings[i]
		if x.Status == flag.Asserted && !strings.HasSuffix(x.Term, "/00000000") && !slices.Contains(terms, x.Term) {
			terms = append(terms, x.Term)
		}
	}
	return terms
}
