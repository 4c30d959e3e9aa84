package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"time"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/french"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// Page is a report to be written.
type Page struct {
	Tally *Tally
	// Topics is what was read.
	Topics []Topic
	// Share of the events that was judged, by hash of their identity; 1 for all.
	Share float64
	// Before is the lexicon compared against, nil for a replay with one lexicon.
	Before, After *Lexicon
	// Differences is what After says differently from Before.
	Differences []lexicon.Difference
	// Names is the French name of what flags hold by id.
	Names func(id string) string
	// Passages returns the words of the person behind a flag. Where it is nil the
	// page holds no word of anybody.
	Passages func(*flag.Flag) ([]pipeline.Passage, error)
	// Made is when the page is made, Version the program's.
	Made    time.Time
	Version string
}

// Topic is what was read of one topic. Read counts offsets, and is the sum of
// what follows it: the receipts added up.
type Topic struct {
	Name       string
	Partitions int
	// First and Last are the times of the records read, zero where not known.
	First, Last          time.Time
	Read, Flagged, Clean int
	// Left is how many events the sample passed over.
	Left, Skipped, Dead, Absent int
}

// judged is how many messages of a topic were read and understood.
func (t *Topic) judged() int { return t.Read - t.Absent - t.Left - t.Dead }

// Lexicon is one of the lexicons, as it says itself. Author, Reviewer, Changelog
// and Released are empty for one that was read in its canonical form.
type Lexicon struct {
	Name, Version, Digest string
	Released              time.Time
	Author, Reviewer      string
	Changelog             []lexicon.Change
}

var (
	//go:embed page.html.tmpl
	source string
	//go:embed page.css
	style string
	//go:embed page.js
	script string

	page = template.Must(template.New("page").Funcs(template.FuncMap{
		"number": french.Number, "signed": french.Signed, "percent": french.Percent, "some": french.Count, "date": french.Date, "instant": french.Instant,
	}).Parse(source))
)

// Write writes the page. Its error is the writer's, or that of Passages.
func (p *Page) Write(w io.Writer) error {
	view, err := p.view()
	if err != nil {
		return err
	}
	if err := page.Execute(w, view); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// view is what the template shows.
type view struct {
	*Page
	Style  template.CSS
	Script template.JS
	Policy string

	Title, Lead string
	Summary     []string
	Cards       []card
	Routes      []routeTold
	Charts      []bars
	Days        columns
	Changes     []changeTold
	Terms       []termRow
	MoreTerms   int
	Factors     []termRow
	Examples    []exampleGroup
	Total       Topic
	// FactorDiff and IndexDiff count the differences between the lexicons.
	FactorDiff, IndexDiff int
	ListedDiff            []string
	Compared              bool
	WithText              bool
	SideNames             []string
	SampledShare          string
}

func (p *Page) view() (*view, error) {
	v := &view{
		Page: p, Style: template.CSS(style), Script: template.JS(script),
		Policy: fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s'; base-uri 'none'; form-action 'none'",
			sum(style), sum(script)),
		Compared: p.Tally.compared(), WithText: p.Passages != nil,
	}
	v.total()
	v.summarise()
	v.charts()
	v.terms()
	v.differences()
	return v, v.examples()
}

// sum is the hash by which the page's policy knows its own style and script.
func sum(text string) string {
	h := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(h[:])
}

// total adds the topics up.
func (v *view) total() {
	t := &v.Total
	for i := range v.Topics {
		x := &v.Topics[i]
		t.Partitions += x.Partitions
		t.Read, t.Flagged, t.Clean = t.Read+x.Read, t.Flagged+x.Flagged, t.Clean+x.Clean
		t.Left, t.Skipped, t.Dead, t.Absent = t.Left+x.Left, t.Skipped+x.Skipped, t.Dead+x.Dead, t.Absent+x.Absent
		if !x.First.IsZero() && (t.First.IsZero() || x.First.Before(t.First)) {
			t.First = x.First
		}
		if x.Last.After(t.Last) {
			t.Last = x.Last
		}
	}
}

// mostDifferences is how many differences between the lexicons are listed; a
// new fit of the indices changes nearly all of them.
const mostDifferences = 200

// differences tells those of the factors; those of the indices mean little one
// by one and are counted.
func (v *view) differences() {
	for _, d := range v.Differences {
		if d.Where == lexicon.WhereIndices {
			v.IndexDiff++
			continue
		}
		v.FactorDiff++
		if len(v.ListedDiff) < mostDifferences {
			d.Where, d.Added, d.Removed = v.Names(d.Where), french.Decimal(d.Added), french.Decimal(d.Removed)
			v.ListedDiff = append(v.ListedDiff, french.Typeset(d.String()))
		}
	}
}
