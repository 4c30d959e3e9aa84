package proposal

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// Base is the lexicon that is changed, and what reads it.
type Base struct {
	Ruleset    *lexicon.Ruleset
	Program    *lexicon.Program
	Classifier *pipeline.Classifier
	// Files hold the lexicon under Dir; Engine is the automaton's name.
	Files  fs.FS
	Dir    string
	Engine string
}

// Measured is what a proposal would do.
type Measured struct {
	*Proposed
	// Digest is the changed ruleset's.
	Digest string
	// Before and After are the scores on the annotated documents, nil without any.
	Before, After *eval.Result
	// Annotated and Events tell what becomes of the flags.
	Annotated, Events Shifts
	// Terms are the new ones with where they are found: a flag may be the same
	// for all that.
	Terms []Placed
	// Off are changed factors that the policy has switched off: nothing is looked
	// for in them, so of them a measurement says nothing.
	Off []string
	// Examples counts those of the other changed factors that were tried; Failed
	// are those that do not hold.
	Examples int
	Failed   []Failure
}

// Placed is a new term with where it is found.
type Placed struct {
	Factor, Pattern string
	Found           *Found
}

// Failure is an example that does not hold.
type Failure struct {
	Factor  string
	Example lexicon.Example
	// Before: it did not hold before the change either.
	Before bool
}

// ErrBusy says that too many measurements are waiting.
var ErrBusy = errors.New("too many measurements are waiting")

// mostWaiting counts the one that is measured, too.
const mostWaiting = 4

// Measurer measures proposals, one at a time: each takes all processors for a
// few seconds.
type Measurer struct {
	base  Base
	texts *Texts
	// turn is held by who measures, waiting by who waits for it.
	turn, waiting chan struct{}

	// preparing is held by who makes flags, those of the lexicon as it is.
	preparing chan struct{}
	flags     []*flag.Flag
	kept      kept
}

// NewMeasurer returns a measurer of changes to base on texts.
func NewMeasurer(base Base, texts *Texts) *Measurer {
	return &Measurer{
		base: base, texts: texts, turn: make(chan struct{}, 1), waiting: make(chan struct{}, mostWaiting),
		preparing: make(chan struct{}, 1),
		kept:      kept{of: make(map[patchSum]*effect)},
	}
}

// Prepare judges the texts by the lexicon as it is, so that the first
// measurement need not. The error is ctx's, or a *[Broken].
func (m *Measurer) Prepare(ctx context.Context) error {
	select {
	case m.preparing <- struct{}{}:
		defer func() { <-m.preparing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if m.flags != nil {
		return nil
	}
	flags, err := m.texts.judge(ctx, m.base.Classifier)
	if err == nil {
		m.flags = flags
	}
	return err
}

// Measure makes the changes and judges all texts by the changed lexicon. The
// learned layer stays as it is. The error is a *[Refused], [ErrBusy], a *[Broken],
// ctx's, or joins a *[lexicon.Problem] for each mistake that keeps the changed lexicon
// from compiling. What is returned may be shared in part: it is not to be changed.
// Nothing of what changes say is kept.
func (m *Measurer) Measure(ctx context.Context, changes []Change) (*Measured, error) {
	proposed, err := Apply(m.base.Files, m.base.Dir, m.base.Ruleset, changes)
	if err != nil {
		return nil, err
	}
	sum := patchSum(sha256.Sum256(proposed.Patch))
	if known := m.kept.get(sum); known != nil {
		return known.of(proposed, changes), nil
	}
	select {
	case m.waiting <- struct{}{}:
		defer func() { <-m.waiting }()
	default:
		return nil, ErrBusy
	}
	select {
	case m.turn <- struct{}{}:
		defer func() { <-m.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	known := m.kept.get(sum) // it may have been measured while this one waited
	if known == nil {
		if known, err = m.measure(ctx, proposed, changes); err != nil {
			return nil, err
		}
		m.kept.put(sum, known)
	}
	return known.of(proposed, changes), nil
}

func (m *Measurer) measure(ctx context.Context, proposed *Proposed, changes []Change) (*effect, error) {
	if err := m.Prepare(ctx); err != nil {
		return nil, err
	}
	program, err := lexicon.Compile(proposed.Ruleset)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	after, err := pipeline.NewClassifier(program, m.base.Engine)
	if err != nil {
		return nil, err
	}
	flags, err := m.texts.judge(ctx, after)
	if err != nil {
		return nil, err
	}
	x := &effect{digest: program.Digest}
	both := [2]*pipeline.Classifier{m.base.Classifier.Clone(), after}
	x.annotated, x.events = m.texts.shifts(m.flags, flags, both)
	x.before = m.texts.score(m.flags, m.base.Program)
	x.after = m.texts.score(flags, program)
	survey, err := m.texts.Survey(ctx, after)
	if err != nil {
		return nil, err
	}
	for _, id := range proposed.Factors {
		if m.base.Ruleset.Policy.Off(id) {
			x.off = append(x.off, id)
		}
	}
	for _, c := range newTerms(changes, x.off) {
		x.places = append(x.places, found(survey, &c))
	}
	return x, x.try(proposed, both)
}

// try tries the examples of the changed factors that are not switched off.
func (e *effect) try(p *Proposed, both [2]*pipeline.Classifier) error {
	for _, id := range p.Factors {
		if slices.Contains(e.off, id) {
			continue
		}
		for i, example := range factorOf(p.Ruleset, id).Examples {
			e.examples++
			var held [2]bool // before and after
			for side := range both {
				var err error
				if _, held[side], err = eval.Try(both[side], id, example); err != nil {
					return fmt.Errorf("trying an example: %w", err)
				}
			}
			if !held[1] {
				e.failed = append(e.failed, failing{factor: id, example: i, before: !held[0]})
			}
		}
	}
	return nil
}

// judge returns the flags of all texts, nil for one without. The error is that of
// each.
func (t *Texts) judge(ctx context.Context, classifier *pipeline.Classifier) ([]*flag.Flag, error) {
	flags := make([]*flag.Flag, len(t.all))
	err := t.each(ctx, classifier, func(i int, c *pipeline.Classifier) { flags[i] = c.Judge(t.all[i].doc).Flag })
	return flags, err
}

// score is what flags come to on the annotated documents, nil without any. A
// document that cannot be read has no flag: to the person it is a miss.
func (t *Texts) score(flags []*flag.Flag, p *lexicon.Program) *eval.Result {
	if t.corpus == nil || len(t.corpus.Documents) == 0 {
		return nil
	}
	of := map[*eval.Document]*flag.Flag{}
	for i := range t.all {
		if d := t.all[i].Annotated; d != nil {
			of[d] = flags[i]
		}
	}
	s := eval.NewScore(false)
	for _, d := range t.corpus.Documents {
		s.Add(d, of[d])
	}
	return s.Result(t.corpus, flag.Lexicon{Name: p.Name, Version: p.Version, Digest: p.Digest})
}
