package eval

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/vigie-project/vigie/pkg/flag"
)

// The verdicts of a care team on a flag.
const (
	Confirmed = "confirmed"
	Rejected  = "rejected"
)

// Verdicts is what a care team said about flags, by channel, category, route,
// factor and term.
type Verdicts struct {
	All        Judged   `json:"all"`
	Channels   []Judged `json:"channels"`
	Routes     []Judged `json:"routes"`
	Categories []Judged `json:"categories"`
	Factors    []Judged `json:"factors"`
	Terms      []Judged `json:"terms"`
	// Unknown counts verdicts on flags that are not in the file.
	Unknown int `json:"unknown"`
	// Wrong are lines that could not be read, of the verdicts and of the flags.
	Wrong []LineError `json:"-"`
}

// Judged counts verdicts on the flags that something stands in.
type Judged struct {
	ID        string `json:"id"`
	Confirmed int    `json:"confirmed"`
	Rejected  int    `json:"rejected"`
	Precision Rate   `json:"precision"`
}

func (j *Judged) add(confirmed bool) {
	if confirmed {
		j.Confirmed++
	} else {
		j.Rejected++
	}
}

// flagged is what verdicts need of a flag.
type flagged struct {
	ID   string `json:"id"`
	Data struct {
		Event      struct{ Type string }
		Route      string
		Categories []string
		Findings   []struct {
			Factor, Term string
			Status       flag.Status
		}
	} `json:"data"`
}

// ReadVerdicts reads verdicts, JSON objects {"id": flag's id, "verdict":
// "confirmed" or "rejected"} one a line, and the flags they are about, as
// classify prints them and as they stand on the topic. Of several verdicts on
// one flag the last counts. The error is a reader's.
func ReadVerdicts(verdicts, flags io.Reader) (*Verdicts, error) {
	v, said := &Verdicts{}, make(map[string]bool)
	err := eachLine(verdicts, func(n int, line []byte) {
		var one struct{ ID, Verdict string }
		switch err := json.Unmarshal(line, &one); {
		case err != nil:
			v.Wrong = append(v.Wrong, LineError{n, "verdict : n’est pas un objet JSON"})
		case one.ID == "" || one.Verdict != Confirmed && one.Verdict != Rejected:
			v.Wrong = append(v.Wrong, LineError{n, fmt.Sprintf("verdict : il faut « id » et « verdict » (%s ou %s)", Confirmed, Rejected)})
		default:
			said[one.ID] = one.Verdict == Confirmed
		}
	})
	if err != nil {
		return nil, err
	}
	t := judgedTables{}
	seen := make(map[string]bool)
	err = eachLine(flags, func(n int, line []byte) {
		var f flagged
		if err := json.Unmarshal(line, &f); err != nil || f.ID == "" {
			v.Wrong = append(v.Wrong, LineError{n, "alerte : ligne illisible"})
			return
		}
		confirmed, known := said[f.ID]
		if !known || seen[f.ID] { // delivery is at least once
			return
		}
		seen[f.ID] = true
		v.All.add(confirmed)
		t.add(&f, confirmed)
	})
	if err != nil {
		return nil, err
	}
	v.Unknown = len(said) - len(seen)
	v.All.ID, v.All.Precision = "all", share(v.All.Confirmed, v.All.Confirmed+v.All.Rejected)
	v.Channels, v.Routes, v.Categories = t[0].list(), t[1].list(), t[2].list()
	v.Factors, v.Terms = t[3].list(), t[4].list()
	return v, nil
}

// judgedTables are the channel, route, categories, factors and terms of flags.
type judgedTables [5]judgedTable

type judgedTable map[string]*Judged

func (t *judgedTables) add(f *flagged, confirmed bool) {
	ids := [len(t)][]string{{f.Data.Event.Type}, {f.Data.Route}, f.Data.Categories}
	for _, x := range f.Data.Findings {
		if x.Status == flag.Asserted {
			ids[3], ids[4] = append(ids[3], x.Factor), append(ids[4], x.Term)
		}
	}
	for i, list := range ids {
		if t[i] == nil {
			t[i] = judgedTable{}
		}
		slices.Sort(list)
		for _, id := range slices.Compact(list) {
			at(t[i], id).add(confirmed)
		}
	}
}

// list returns a table, the most rejected first.
func (t judgedTable) list() []Judged {
	all := make([]Judged, 0, len(t))
	for _, id := range slices.Sorted(maps.Keys(t)) {
		j := *t[id]
		j.ID, j.Precision = id, share(j.Confirmed, j.Confirmed+j.Rejected)
		all = append(all, j)
	}
	slices.SortStableFunc(all, func(a, b Judged) int { return cmp.Or(b.Rejected-a.Rejected, b.Confirmed-a.Confirmed) })
	return all
}

// eachLine gives the lines that are not blank to each, numbered from 1.
func eachLine(r io.Reader, each func(n int, line []byte)) error {
	lines := bufio.NewReader(r)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			each(n, line)
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// WriteText writes the verdicts in French.
func (v *Verdicts) WriteText(w io.Writer, names Names) error {
	t := &report{w: w, names: names}
	t.printf("%d alertes jugées, confirmées à %s ; verdicts sans alerte : %d\n\n%10s %8s  %-19s\n",
		v.All.Confirmed+v.All.Rejected, rate(v.All.Precision), v.Unknown, "confirmées", "rejetées", "précision")
	for _, table := range []struct {
		title string
		list  []Judged
		name  func(string) string
	}{
		{"Canaux", v.Channels, names.Of}, {"Voies", v.Routes, names.Of}, {"Catégories", v.Categories, names.Of},
		{"Facteurs", v.Factors, func(id string) string { return id + " : " + names.Of(id) }},
		{"Termes", v.Terms, func(id string) string { return id + "  " + t.pattern(id) }},
	} {
		t.printf("%s\n", table.title)
		for _, j := range table.list {
			t.printf("%10d %8d  %s  %s\n", j.Confirmed, j.Rejected, rate(j.Precision), table.name(j.ID))
		}
	}
	return t.err
}

// WriteJSON writes the verdicts as one indented JSON object.
func (v *Verdicts) WriteJSON(w io.Writer) error { return writeJSON(w, v) }
