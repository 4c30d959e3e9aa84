package console

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pipeline/proposal"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// answer is what is said at once of a change in the making.
type answer struct {
	// Wrong is why the change is not possible, "" where it is.
	Wrong string
	// Draft is the term's, Marked the term cut where its first mistake is.
	Draft          *lexicon.Draft
	Marked         [2]string
	Errors, Advice []lexicon.Problem
	// Outcome is how an example would come out by the lexicon as it is.
	Outcome *outcome
	// Off: the policy has the factor switched off.
	Off bool
	// Seek: it is worth looking for the term in the texts.
	Seek bool
}

// proposeLive answers an open page while somebody types.
func (c *Console) proposeLive(w http.ResponseWriter, r *http.Request) {
	d, x := c.readDraft(w, r)
	if x == nil {
		return
	}
	c.fragment(w, r, "proposer-reponse", c.answer(d, &x.Change))
}

func (c *Console) answer(d *desk, change *proposal.Change) *answer {
	a := &answer{}
	if change.New == "" && change.Op != proposal.Remove {
		return a
	}
	a.Wrong = c.refusal([]proposal.Change{*change})
	if change.Op == proposal.Remove || d.byID[change.Factor] == nil {
		return a
	}
	a.Off = d.byID[change.Factor].Off
	if expect := change.Block.Expect(); expect != "" {
		if a.Wrong == "" && !a.Off {
			a.Outcome = c.outcomeOf(change)
		}
		return a
	}
	if !slices.Contains(blocks, string(change.Block)) || utf8.RuneCountInString(change.New) > proposal.MaxTerm {
		return a
	}
	read := d.drafts.Read(change.Factor, string(change.Block), change.New, mostWordings)
	a.Draft = &read
	for _, p := range read.Problems {
		if p.Severity == lexicon.Error {
			a.Errors = append(a.Errors, p)
		} else if change.Op != proposal.Replace || change.Old != change.New {
			a.Advice = append(a.Advice, p)
		}
	}
	if len(a.Errors) > 0 {
		a.Wrong = "" // the errors say it, with their columns
		runes := []rune(change.New)
		at := min(max(a.Errors[0].Column-1, 0), len(runes))
		a.Marked = [2]string{string(runes[:at]), string(runes[at:])}
	}
	a.Seek = len(a.Errors) == 0 && d.documents > 0 && !a.Off
	return a
}

// outcomeOf reads an example by the lexicon as it is.
func (c *Console) outcomeOf(change *proposal.Change) *outcome {
	classifier := c.classifier()
	defer c.release(classifier)
	o := &outcome{Example: lexicon.Example{Expect: change.Block.Expect(), Text: change.New}}
	var err error
	if o.Found, o.Held, err = eval.Try(classifier, change.Factor, o.Example); err != nil {
		return nil
	}
	return o
}

// seekWithin is how long a search may take: a corpus may be large.
const seekWithin = 5 * time.Second

// mostSought is how many places of each sort are shown.
const mostSought = 6

// sought is where a term in the making is found.
type sought struct {
	Found *proposal.Found
	// Late: the texts are too many. Broken: the program failed on one.
	Late, Broken bool
}

// proposePlaces answers an open page with where the term is found.
func (c *Console) proposePlaces(w http.ResponseWriter, r *http.Request) {
	d, x := c.readDraft(w, r)
	if x == nil {
		return
	}
	c.fragment(w, r, "proposer-lieux", c.seek(r.Context(), d, &x.Change))
}

func (c *Console) seek(ctx context.Context, d *desk, change *proposal.Change) *sought {
	if a := c.answer(d, change); !a.Seek {
		return &sought{}
	}
	ctx, cancel := context.WithTimeout(ctx, seekWithin)
	defer cancel()
	select {
	case d.searches <- struct{}{}:
		defer func() { <-d.searches }()
	case <-ctx.Done():
		return &sought{Late: true}
	}
	found, err := d.searcher.Find(ctx, change.Factor, change.Block, change.New, mostSought)
	// Any other error is a mistake that the answer tells.
	return &sought{Found: found, Late: errors.Is(err, context.DeadlineExceeded), Broken: c.logBroken(err)}
}
