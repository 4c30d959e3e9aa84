package console

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// maxSearch is how long what is looked for may be, in code points.
const maxSearch = 200

// wanted is what of the lexicon a reader wants to see.
type wanted struct {
	Text, Category, Severity, Who, Urgency, Driver string
	// Warned: only with warnings; Failing: only with examples that do not hold.
	Warned, Failing bool
	// Off: only factors that the policy has switched off.
	Off bool
}

// wantedOf reads a page's address, or its form. What it does not know is no wish.
func wantedOf(q url.Values) wanted {
	text := strings.TrimSpace(q.Get("q"))
	if utf8.RuneCountInString(text) > maxSearch {
		text = string([]rune(text)[:maxSearch])
	}
	return wanted{
		Text: strings.ToValidUTF8(text, "�"), Category: q.Get("categorie"), Severity: q.Get("gravite"), Who: q.Get("qui"), Urgency: q.Get("urgence"), Driver: q.Get("determinant"),
		Warned: q.Get("alertes") != "", Failing: q.Get("echecs") != "", Off: q.Get("eteints") != "",
	}
}

// lexiconList is what the page "Lexique" shows.
type lexiconList struct {
	Wanted     wanted
	Stats      lexicon.Stats
	Categories []categoryRows
	// Shown and All count factors, Terms those of the factors shown.
	Shown, All, Terms, AllTerms int
	// Checked: the warnings are there; they come a few seconds later.
	Checked, Tested bool
	// Broken: what is not there will not come.
	Broken   bool
	Warnings int
	// Off counts the factors that the policy has switched off, shown or not.
	Off       int
	Choices   map[string][]choice
	Documents int
}

// categoryRows are the factors of a category.
type categoryRows struct {
	ID      string
	Factors []factorRow
}

// factorRow is a line of the list.
type factorRow struct {
	*factor
	Warnings, Tried, Failed int
	// Terms are some that hold what is looked for; Reads says that the factor
	// is found in it, taken as a text.
	Hits  []string
	More  int
	Reads bool
}

// lexiconPage answers with the factors.
func (c *Console) lexiconPage(w http.ResponseWriter, r *http.Request) {
	d, ok := c.needDesk(w, r)
	if !ok {
		return
	}
	list := c.listed(d, wantedOf(r.URL.Query()))
	list.Choices = choices(d, &list.Wanted)
	c.render(w, r, http.StatusOK, "lexique", list)
}

// maxFilters bounds the form of the filters.
const maxFilters = 64 << 10

// lexiconLive answers an open page with the part that a filter changes.
func (c *Console) lexiconLive(w http.ResponseWriter, r *http.Request) {
	form, err := posted(w, r, maxFilters)
	if err != nil {
		c.fail(w, r, http.StatusBadRequest, "Formulaire illisible : rechargez la page.")
		return
	}
	if d, ok := c.needDesk(w, r); ok {
		c.fragment(w, r, "lexique-liste", c.listed(d, wantedOf(form)))
	}
}

func (c *Console) listed(d *desk, want wanted) *lexiconList {
	list := &lexiconList{Wanted: want, Stats: d.stats, All: len(d.factors), Documents: d.documents, Broken: c.study.isBroken()}
	warnings, checked := c.study.warnings.get()
	tests, tested := c.study.tests.get()
	list.Checked, list.Tested = checked, tested
	for _, all := range warnings {
		list.Warnings += len(all)
	}
	reads := c.reads(want.Text)
	needle := searchable(want.Text)
	for _, f := range d.factors {
		list.AllTerms += f.Signs()
		if f.Off {
			list.Off++
		}
		row := factorRow{factor: f, Warnings: len(warnings[f.ID]), Tried: tests[f.ID].Tried, Failed: tests[f.ID].Failed, Reads: reads[f.ID]}
		if !want.takes(&row) || needle != "" && !row.look(needle) {
			continue
		}
		n := len(list.Categories)
		if n == 0 || list.Categories[n-1].ID != f.Category {
			list.Categories = append(list.Categories, categoryRows{ID: f.Category})
			n++
		}
		list.Categories[n-1].Factors = append(list.Categories[n-1].Factors, row)
		list.Shown++
		list.Terms += f.Signs()
	}
	return list
}

// takes reports whether a factor passes the filters.
func (x *wanted) takes(row *factorRow) bool {
	s := row.source
	switch {
	case x.Category != "" && x.Category != row.Category,
		x.Severity != "" && x.Severity != strconv.Itoa(s.Severity),
		x.Who != "" && x.Who != s.Who.String(),
		x.Urgency == "oui" && s.Urgency == "",
		x.Urgency != "" && x.Urgency != "oui" && x.Urgency != s.Urgency,
		x.Driver != "" && x.Driver != s.FG21,
		x.Warned && row.Warnings == 0,
		x.Failing && row.Failed == 0,
		x.Off && !row.Off:
		return false
	}
	return true
}

// mostHits is how many terms of a factor are shown that hold what is looked for.
const mostHits = 3

// look looks for a needle in the factor's name, id and terms.
func (row *factorRow) look(needle string) bool {
	named := strings.Contains(row.plain[0], needle) || strings.Contains(row.plain[1], needle)
	for i, t := range row.Terms {
		switch {
		case !strings.Contains(row.plain[i+2], needle):
		case len(row.Hits) < mostHits:
			row.Hits = append(row.Hits, excerpt(t.Pattern, row.plain[i+2], needle))
		default:
			row.More++
		}
	}
	return named || len(row.Hits) > 0 || row.Reads
}

// excerpt cuts a long term around a needle that stands in its plain form, which
// is about as long.
func excerpt(pattern, plain, needle string) string {
	const before, behind = 40, 80
	runes := []rune(pattern)
	first, _, _ := strings.Cut(plain, needle)
	at := utf8.RuneCountInString(first)
	from, to := max(0, min(at-before, len(runes))), min(at+behind, len(runes))
	text := string(runes[from:max(from, to)])
	if from > 0 {
		text = "…" + text
	}
	if to < len(runes) {
		text += "…"
	}
	return text
}

// reads are the factors found in what is looked for, taken as a text.
func (c *Console) reads(text string) map[string]bool {
	found := make(map[string]bool)
	if text == "" {
		return found
	}
	record, err := eval.ExampleRecord(text)
	if err != nil {
		return found
	}
	classifier := c.classifier()
	defer c.release(classifier)
	signs, err := classifier.Explain(record)
	if err != nil {
		return found
	}
	for _, x := range signs {
		if x.Finding.Status == flag.Asserted {
			found[x.Finding.Factor] = true
		}
	}
	return found
}

// choices are what the filters offer, by their field.
func choices(d *desk, want *wanted) map[string][]choice {
	all := make(map[string][]choice)
	add := func(field, chosen, value, text string) {
		if !slices.ContainsFunc(all[field], func(x choice) bool { return x.Value == value }) {
			all[field] = append(all[field], choice{value, text, value == chosen})
		}
	}
	for _, field := range []struct{ name, chosen, text string }{
		{"categorie", want.Category, "toutes"}, {"gravite", want.Severity, "toutes"}, {"qui", want.Who, "toute personne"},
		{"urgence", want.Urgency, "avec ou sans"}, {"determinant", want.Driver, "tous"},
	} {
		add(field.name, field.chosen, "", field.text)
	}
	add("urgence", want.Urgency, "oui", "toute urgence")
	for i := 1; i <= len(severities); i++ {
		add("gravite", want.Severity, strconv.Itoa(i), strconv.Itoa(i)+", "+severities[i])
	}
	for _, who := range []struct{ id, text string }{{"household", "la personne et son foyer"}, {"self", "la personne elle-même"}, {"anyone", "n’importe qui"}} {
		add("qui", want.Who, who.id, who.text)
	}
	for _, x := range d.stats.Drivers {
		add("determinant", want.Driver, x.ID, driverNames[x.ID])
	}
	for _, f := range d.factors {
		add("categorie", want.Category, f.Category, "")
		if f.Urgency() != "" {
			add("urgence", want.Urgency, f.Urgency(), "")
		}
	}
	return all
}
