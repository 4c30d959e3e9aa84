package console

import (
	"net/http"
	"strconv"

	"github.com/vigie-project/vigie/pipeline/proposal"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// pageTerms is how many terms a page shows: the largest factors have hundreds.
const pageTerms = 100

// factorView is what the page of a factor shows.
type factorView struct {
	*factor
	// Blocks hold the terms of this part of the page.
	Blocks []blockView
	// Part and Parts number the parts of the list of terms, from 1.
	Part, Parts int
	survey      factorSurvey
}

// Survey is what comes when it was made.
func (v *factorView) Survey() *factorSurvey { return &v.survey }

// Pages are the numbers of the parts.
func (v *factorView) Pages() []int {
	all := make([]int, v.Parts)
	for i := range all {
		all[i] = i + 1
	}
	return all
}

// blockView is a block of terms with where they are found.
type blockView struct {
	Name  string
	Count int
	Terms []termRow
}

// termRow is a term with where it is found, nil as long as nobody knows.
type termRow struct {
	*term
	Found *proposal.Found
}

// factorSurvey is what of a factor's page is made in the background.
type factorSurvey struct {
	*factor
	// Broken: what is not Ready will never be.
	Ready, Broken bool
	Tests         tests
	Warnings      []lexicon.Problem
	Documents     int
	Part          int
}

// factorPage answers with a factor.
func (c *Console) factorPage(w http.ResponseWriter, r *http.Request) {
	d, f := c.factorOf(w, r)
	if f == nil {
		return
	}
	v := &factorView{factor: f, Parts: max(1, (len(f.Terms)+pageTerms-1)/pageTerms)}
	v.Part, _ = strconv.Atoi(r.URL.Query().Get("part"))
	v.Part = min(max(v.Part, 1), v.Parts)
	v.survey = c.survey(d, f, v.Part)
	survey, _ := c.study.survey.get()
	_, surveyed := c.study.survey.get()
	first := (v.Part - 1) * pageTerms
	for i, t := range f.Terms {
		if i < first || i >= first+pageTerms {
			continue
		}
		n := len(v.Blocks)
		if n == 0 || v.Blocks[n-1].Name != t.BlockName() {
			v.Blocks = append(v.Blocks, blockView{Name: t.BlockName(), Count: f.count(t.Block)})
			n++
		}
		row := termRow{term: t}
		if surveyed && t.Block != "unless" && d.documents > 0 && !f.Off {
			if row.Found = survey[t.ID]; row.Found == nil {
				row.Found = &proposal.Found{}
			}
		}
		v.Blocks[n-1].Terms = append(v.Blocks[n-1].Terms, row)
	}
	c.render(w, r, http.StatusOK, "facteur", v)
}

// factorSurvey answers an open page when what it waits for is there, or after a
// while without.
func (c *Console) factorSurvey(w http.ResponseWriter, r *http.Request) {
	d, f := c.factorOf(w, r)
	if f == nil {
		return
	}
	if !c.study.isBroken() {
		_, _ = c.study.warnings.wait(r.Context())
	}
	part, _ := strconv.Atoi(r.URL.Query().Get("part"))
	c.fragment(w, r, "facteur-releve", c.survey(d, f, max(part, 1)))
}

func (c *Console) survey(d *desk, f *factor, part int) factorSurvey {
	warnings, checked := c.study.warnings.get()
	tests, tested := c.study.tests.get()
	return factorSurvey{
		factor: f, Ready: checked && tested, Broken: c.study.isBroken(), Tests: tests[f.ID], Warnings: warnings[f.ID], Documents: d.documents, Part: part,
	}
}

// factorOf is the factor of an address; it answers itself where there is none.
func (c *Console) factorOf(w http.ResponseWriter, r *http.Request) (*desk, *factor) {
	d, ok := c.needDesk(w, r)
	if !ok {
		return nil, nil
	}
	f := d.byID[r.PathValue("factor")]
	if f == nil {
		c.fail(w, r, http.StatusNotFound, "Le lexique n’a pas ce facteur.")
	}
	return d, f
}

// mostWordings is how many phrases of a term are shown.
const mostWordings = 24

// termView is what the page of a term shows.
type termView struct {
	*term
	Draft lexicon.Draft
	Found *proposal.Found
	// Ready: Found is there, or is not needed. Broken: it will not come.
	Ready, Broken bool
	Documents     int
	Warnings      []lexicon.Problem
}

// termPage answers with a term: what it expands to, and where it is found.
func (c *Console) termPage(w http.ResponseWriter, r *http.Request) {
	d, f := c.factorOf(w, r)
	if f == nil {
		return
	}
	t := d.byTerm[f.ID+"/"+r.PathValue("term")]
	if t == nil {
		c.fail(w, r, http.StatusNotFound, "Ce facteur n’a pas, ou plus, ce terme.")
		return
	}
	v := &termView{term: t, Documents: d.documents, Broken: c.study.isBroken()}
	if !t.Structure() {
		v.Draft = d.drafts.Read(f.ID, t.Block, t.Pattern, mostWordings)
	}
	if t.Block == "unless" || d.documents == 0 || f.Off {
		v.Ready = true
	} else if survey, ok := c.study.survey.get(); ok {
		v.Ready = true
		if v.Found = survey[t.ID]; v.Found == nil {
			v.Found = &proposal.Found{}
		}
	}
	warnings, _ := c.study.warnings.get()
	for _, p := range warnings[f.ID] {
		if p.Line == t.Line {
			v.Warnings = append(v.Warnings, p)
		}
	}
	if isLive(r) {
		c.fragment(w, r, "terme-detail", v)
		return
	}
	c.render(w, r, http.StatusOK, "terme", v)
}
