package console

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/vigie-project/vigie/pipeline/proposal"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// draft is what stands in the form of the page "Proposer".
type draft struct {
	// Change is the one in the making.
	Change proposal.Change
	// Changes are those before it.
	Changes []proposal.Change
}

// proposeView is what the page "Proposer" shows.
type proposeView struct {
	*draft
	Factor    *factor
	Groups    []factorGroup
	Ops       []choice
	Blocks    []choice
	Listed    []listedChange
	Answer    *answer
	Measure   *measureView
	Documents int
	Annotated int
	Events    int
	// EventsOf is how many events were given, more than are read.
	EventsOf int
	// Wrong is why what was asked for is not possible.
	Wrong string
}

// factorGroup are the factors of a category to choose from.
type factorGroup struct {
	ID      string
	Factors []choice
}

// listedChange is a change in the form, with its JSON for the hidden field.
type listedChange struct {
	proposal.Change
	N           int
	JSON        string
	Op, Block   string
	FactorLabel string
	// Wrong is why it is not possible, Advice what lint would say of it.
	Wrong  string
	Advice []lexicon.Problem
}

// proposePage answers with the form, filled in from the address: a factor, or a
// term to change.
func (c *Console) proposePage(w http.ResponseWriter, r *http.Request) {
	d, ok := c.needDesk(w, r)
	if !ok {
		return
	}
	x := &draft{Change: proposal.Change{Op: proposal.Add, Block: proposal.Terms, Factor: r.URL.Query().Get("facteur")}}
	if id := r.URL.Query().Get("terme"); id != "" {
		t := d.byTerm[id]
		if t == nil || t.Structure() {
			c.fail(w, r, http.StatusNotFound, "Le lexique n’a pas, ou plus, ce terme.")
			return
		}
		x.Change = proposal.Change{Op: proposal.Replace, Block: proposal.Block(t.Block), Factor: t.Factor.ID, Old: t.Pattern, New: t.Pattern}
	}
	if x.Change.Factor != "" && d.byID[x.Change.Factor] == nil {
		c.fail(w, r, http.StatusNotFound, "Le lexique n’a pas ce facteur.")
		return
	}
	c.render(w, r, http.StatusOK, "proposer", c.propose(d, x))
}

// proposePost answers a browser without script with the whole page: what the
// pressed button asks for is done to the form.
func (c *Console) proposePost(w http.ResponseWriter, r *http.Request) {
	d, x := c.readDraft(w, r)
	if x == nil {
		return
	}
	act, at, _ := strings.Cut(r.FormValue("geste"), ":")
	var wrong string
	var measured *measureView
	switch act {
	case "ajouter":
		if wrong = c.refusal(append(slices.Clone(x.Changes), x.Change)); wrong == "" {
			x.Changes = append(x.Changes, x.Change)
			x.Change.Old, x.Change.New = "", ""
			if x.Change.Op != proposal.Add {
				x.Change.Op = proposal.Add
			}
		}
	case "oter":
		if n, err := strconv.Atoi(at); err == nil && n >= 0 && n < len(x.Changes) {
			x.Changes = slices.Delete(x.Changes, n, n+1)
		}
	case "mesurer":
		measured = c.measure(r.Context(), d, x)
	}
	v := c.propose(d, x)
	v.Wrong, v.Measure = wrong, measured
	c.render(w, r, http.StatusOK, "proposer", v)
}

// refusal says why changes are not possible, "" where they are.
func (c *Console) refusal(changes []proposal.Change) string {
	err := proposal.Check(c.Rules.Source, changes)
	if err == nil {
		return ""
	}
	return capitalised(err.Error()) + "."
}

// patch answers with the proposal as a file.
func (c *Console) patch(w http.ResponseWriter, r *http.Request) {
	_, x := c.readDraft(w, r)
	if x == nil {
		return
	}
	p, err := proposal.Apply(c.files, c.Rules.Dir, c.Rules.Source, x.Changes)
	var refused *proposal.Refused
	switch {
	case errors.As(err, &refused):
		c.fail(w, r, http.StatusUnprocessableEntity, capitalised(refused.Message)+".")
		return
	case err != nil:
		c.Log.Error().Err(err).Msg("the patch of a proposal could not be made")
		c.fail(w, r, http.StatusInternalServerError, "Le correctif n’a pas pu être fait ; le journal de la console dit pourquoi.")
		return
	}
	w.Header().Set("Content-Type", "text/x-patch; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="proposition.patch"`)
	_, _ = w.Write(p.Patch)
}

// propose makes the page's view of a form.
func (c *Console) propose(d *desk, x *draft) *proposeView {
	v := &proposeView{draft: x, Factor: d.byID[x.Change.Factor], Documents: d.documents, Annotated: d.texts.Annotated(), Events: d.texts.Events(), EventsOf: len(c.Events)}
	for _, f := range d.factors {
		n := len(v.Groups)
		if n == 0 || v.Groups[n-1].ID != f.Category {
			v.Groups = append(v.Groups, factorGroup{ID: f.Category})
			n++
		}
		v.Groups[n-1].Factors = append(v.Groups[n-1].Factors, choice{f.ID, f.Label, f.ID == x.Change.Factor})
	}
	for _, op := range []proposal.Op{proposal.Add, proposal.Replace, proposal.Remove} {
		v.Ops = append(v.Ops, choice{string(op), opNames[op], op == x.Change.Op})
	}
	for _, b := range blockChoices() {
		v.Blocks = append(v.Blocks, choice{string(b), c.listName(b), b == x.Change.Block})
	}
	for i, one := range x.Changes {
		data, err := json.Marshal(one)
		if err != nil {
			continue // texts of a form always can be
		}
		l := listedChange{Change: one, N: i, JSON: string(data), Op: opNames[one.Op], Block: c.listName(one.Block), FactorLabel: c.Names(one.Factor)}
		if one.Op != proposal.Remove && one.Block.Expect() == "" {
			read := d.drafts.Read(one.Factor, string(one.Block), one.New, 1)
			l.Advice = read.Problems
		}
		v.Listed = append(v.Listed, l)
	}
	var refused *proposal.Refused
	if len(x.Changes) > 0 && errors.As(proposal.Check(c.Rules.Source, x.Changes), &refused) && refused.Index >= 0 && refused.Index < len(v.Listed) {
		v.Listed[refused.Index].Wrong = capitalised(refused.Message) + "."
	}
	if x.Change.New != "" || x.Change.Old != "" {
		v.Answer = c.answer(d, &x.Change)
	}
	return v
}

var opNames = map[proposal.Op]string{proposal.Add: "Ajouter", proposal.Replace: "Remplacer", proposal.Remove: "Ôter"}

// blockChoices are the lists of a factor in the order of the notation.
func blockChoices() []proposal.Block {
	all := []proposal.Block{proposal.Terms, proposal.Heard, proposal.Unless}
	for _, expect := range proposal.Expectations() {
		all = append(all, proposal.Examples+proposal.Block(expect))
	}
	return all
}

// listName is the French name of a list of a factor.
func (c *Console) listName(b proposal.Block) string {
	switch expect := b.Expect(); expect {
	case "":
		return blockNames[string(b)]
	case lexicon.ExpectMatch:
		return "Exemple : à reconnaître"
	case lexicon.ExpectNoMatch:
		return "Exemple : à ne pas reconnaître"
	default:
		return "Exemple : " + c.Names(expect)
	}
}
