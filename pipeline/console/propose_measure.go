package console

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pipeline/proposal"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// measureView is what a measurement shows.
type measureView struct {
	*proposal.Measured
	// Wrong is why there is none.
	Wrong    string
	Mistakes []string
	Rows     []measureRow

	names func(id string) string
	terms map[string]*term
}

// measureRow is a decision before and after.
type measureRow struct {
	Name          string
	Before, After eval.Row
}

// proposeMeasure answers an open page with what the changes would do.
func (c *Console) proposeMeasure(w http.ResponseWriter, r *http.Request) {
	d, x := c.readDraft(w, r)
	if x == nil {
		return
	}
	c.fragment(w, r, "proposer-mesure", c.measure(r.Context(), d, x))
}

// measureWithin bounds waiting and measuring together, below the time that an
// answer may take.
const measureWithin = 50 * time.Second

func (c *Console) measure(ctx context.Context, d *desk, x *draft) *measureView {
	ctx, cancel := context.WithTimeout(ctx, measureWithin)
	defer cancel()
	m, err := d.measurer.Measure(ctx, x.Changes)
	v := &measureView{Measured: m, names: c.Names, terms: d.byTerm}
	var refused *proposal.Refused
	var problem *lexicon.Problem
	switch {
	case err == nil:
	case errors.As(err, &refused):
		v.Wrong = capitalised(refused.Message) + "."
	case errors.Is(err, proposal.ErrBusy):
		v.Wrong = "D’autres mesures attendent déjà : réessayez dans un instant."
	case errors.Is(err, context.DeadlineExceeded):
		v.Wrong = "La mesure prend trop de temps : réessayez, ou démarrez la console avec moins d’événements."
	case errors.Is(err, context.Canceled):
		v.Wrong = "La mesure a été abandonnée."
	case errors.As(err, &problem):
		v.Wrong = "Le lexique changé ne peut pas servir :"
		v.Mistakes = mistakes(err)
	default:
		if !c.logBroken(err) {
			c.Log.Error().Msg("a proposal could not be measured")
		}
		v.Wrong = "La mesure a échoué ; le journal de la console le dit."
	}
	if m == nil || m.Before == nil {
		return v
	}
	for i, before := range m.Before.Categories {
		v.Rows = append(v.Rows, measureRow{c.Names(before.ID), before, m.After.Categories[i]})
	}
	v.Rows = append(v.Rows, measureRow{"Toutes catégories", m.Before.Micro, m.After.Micro},
		measureRow{"Urgence", m.Before.Urgent, m.After.Urgent}, measureRow{"Association partenaire", m.Before.Partner, m.After.Partner})
	return v
}

// mistakes lists what a joined error says, each once.
func mistakes(err error) (list []string) {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		for _, one := range joined.Unwrap() {
			list = append(list, mistakes(one)...)
		}
		return list
	}
	var p *lexicon.Problem
	if errors.As(err, &p) {
		return []string{capitalised(p.Message)}
	}
	return nil
}
