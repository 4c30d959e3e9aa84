package console

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/french"
)

// shown is how many flags the page lists.
const shown = 60

// fluxView is the page of the flags as they come.
type fluxView struct {
	// Off says that no broker is configured: the page then says how it is.
	Off     bool
	Figures figuresView
	Flags   []*Entry
	Filter  Filter
	// Query is the filter, Stream the address of what comes from now on.
	Query, Stream string
	Shown         int
	Routes        []string
	Categories    []string
	Severities    []severity
}

// severity is a degree and its name.
type severity struct {
	Degree int
	Name   string
}

var severityChoices = []severity{{4, "urgent"}, {3, "grave"}, {2, "fragile"}, {1, "signal"}}

// filterOf reads the filter of a request; what is no route, category or degree
// filters nothing.
func filterOf(query url.Values) Filter {
	var f Filter
	if v := query.Get("voie"); routeIndex(v) >= 0 {
		f.Route = v
	}
	if v := query.Get("categorie"); categoryIndex(v) >= 0 {
		f.Category = v
	}
	if n, err := strconv.Atoi(query.Get("gravite")); err == nil && n >= 1 && n <= 4 {
		f.Severity = n
	}
	return f
}

// query is the filter as a request has it, "" for one that takes all.
func (f Filter) query() string {
	v := make(url.Values)
	if f.Route != "" {
		v.Set("voie", f.Route)
	}
	if f.Category != "" {
		v.Set("categorie", f.Category)
	}
	if f.Severity > 0 {
		v.Set("gravite", strconv.Itoa(f.Severity))
	}
	return v.Encode()
}

func (c *Console) fluxPage(w http.ResponseWriter, r *http.Request) {
	if c.Feed == nil {
		c.render(w, r, http.StatusOK, "flux", fluxView{Off: true})
		return
	}
	v := fluxView{
		Filter: filterOf(r.URL.Query()), Shown: shown,
		Routes: routes, Categories: categories, Severities: severityChoices,
	}
	v.Query = v.Filter.query()
	var mark string
	v.Flags, mark = c.Feed.latest(shown, v.Filter)
	v.Stream = "/flux/evenements?" + url.Values{"apres": {mark}}.Encode()
	if v.Query != "" {
		v.Stream += "&" + v.Query
	}
	v.Figures = c.figures()
	c.render(w, r, http.StatusOK, "flux", v)
}

// figuresView is what the page says beside single flags.
type figuresView struct {
	Figures
	// OK says that all is read; Troubles say in French what is in the way.
	OK       bool
	Waiting  bool
	Troubles []string
	Events   curve
	Flagged  curve
	// Tables are what the last hour brought.
	Tables  []table
	Lag     []Lag
	LagSum  int
	Dead    []count
	Strange int
}

// table is how the flags of the last hour fall into the parts of one kind.
type table struct {
	Title string
	Rows  []count
	Of    int
}

// count is how often something came.
type count struct {
	Name string
	N    int
}

// figures are the figures of now as the page shows them.
func (c *Console) figures() figuresView {
	g := c.Feed.Figures()
	v := figuresView{Figures: g, OK: true, Lag: g.Lag, Strange: g.Strange}
	for _, s := range []State{g.FlagsState, g.ReceiptsState, g.LagState, g.LettersState} {
		switch {
		case s.OK():
		case s.Condition == Waiting:
			v.OK, v.Waiting = false, true
		default:
			v.OK, v.Troubles = false, append(v.Troubles, french.Typeset(s.Sentence()))
		}
	}
	v.Troubles = slices.Compact(v.Troubles)
	v.Events = newCurve("événement lu", &g, g.ReceiptsSince, func(m *Minute) int { return m.Read })
	v.Flagged = newCurve("alerte", &g, g.FlagsSince, (*Minute).TotalFlags)
	h, of := &g.Hour, g.Hour.TotalFlags()
	severe := make([]count, 4)
	for i, s := range severityChoices {
		severe[i] = count{strconv.Itoa(s.Degree) + " (" + s.Name + ")", h.Severities[s.Degree-1]}
	}
	v.Tables = []table{
		{"Par voie", c.counts(routes, h.Flags[:]), of},
		{"Par catégorie", c.counts(categories, h.Categories[:]), of},
		{"Par gravité", severe, of},
		{"Par type de message", c.counts(kinds, h.Kinds[:]), of},
	}
	for i, class := range classes {
		if n := h.Dead[i]; n > 0 {
			v.Dead = append(v.Dead, count{deadNames[class], n})
		}
	}
	slices.SortStableFunc(v.Dead, func(a, b count) int { return cmp.Compare(b.N, a.N) })
	for _, l := range g.Lag {
		v.LagSum += int(l.Records)
	}
	return v
}

// counts names what was counted; "" is what is in none of the known kinds.
func (c *Console) counts(ids []string, n []int) []count {
	var list []count
	for i, id := range ids {
		switch {
		case id != "":
			list = append(list, count{french.Capital(c.Names(id)), n[i]})
		case n[i] > 0:
			list = append(list, count{"Autre", n[i]})
		}
	}
	return list
}

// deadNames say in French why an event could not be read.
var deadNames = map[string]string{
	"json": "la valeur n’est pas du JSON", "envelope": "ce n’est pas un CloudEvent", "data": "les données ne sont pas celles du type",
	"type": "type de message inconnu", "format": "ce n’est pas le format du topic", "too_large": "message trop grand", "": "autre cause",
}

// reasons say in French why a flag was retracted.
var reasons = map[string]string{
	flag.ReasonLexicon: "un lexique plus récent ne signale plus ce message",
	flag.ReasonErasure: "le dossier a été effacé",
	flag.ReasonError:   "elle a été signalée par erreur",
}

// reason is one of reasons; the contract's set may grow.
func reason(id string) string {
	if text := reasons[id]; text != "" {
		return text
	}
	return "motif : " + id
}
