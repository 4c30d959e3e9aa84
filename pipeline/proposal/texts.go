package proposal

import (
	"context"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
)

// Text is a document that changes are tried on.
type Text struct {
	// Index is the text's among all, from 0.
	Index int
	// Name is the annotated document's id, or the event's number in its files.
	Name string
	// Annotated is nil for an event.
	Annotated *eval.Document

	doc *event.Document
}

// Kind is what kind of event the text is.
func (t *Text) Kind() event.Kind { return t.doc.Kind }

// Parts are what the text is made of, in order.
func (t *Text) Parts() []event.Part { return slices.Clone(t.doc.Parts) }

// MostEvents is how many events are kept: a measurement reads all of them, in
// seconds.
const MostEvents = 20_000

// Texts are the documents that changes are tried on: the annotated ones, then
// events. They are decoded once and only read from then on.
type Texts struct {
	all []Text
	// corpus holds the annotated documents, those too that cannot be read.
	corpus *eval.Corpus
	// events is how many of all are events.
	events int
}

// NewTexts decodes the documents of a corpus, which may be nil, and the first
// [MostEvents] events. What cannot be read is left out; unread says how many.
func NewTexts(classifier *pipeline.Classifier, corpus *eval.Corpus, events []event.Record) (t *Texts, unread int) {
	t = &Texts{corpus: corpus}
	own := classifier.Clone()
	add := func(x Text, r event.Record) bool {
		if len(r.Value) == 0 {
			return false
		}
		doc, err := own.Decode(r)
		if err != nil {
			unread++
			return false
		}
		x.doc, x.Index = doc, len(t.all)
		t.all = append(t.all, x)
		return true
	}
	if corpus != nil {
		for _, d := range corpus.Documents {
			add(Text{Name: d.ID, Annotated: d}, d.Record())
		}
	}
	for i, r := range events[:min(len(events), MostEvents)] {
		if add(Text{Name: strconv.Itoa(i + 1)}, r) {
			t.events++
		}
	}
	return t, unread
}

// Annotated is how many annotated documents there are.
func (t *Texts) Annotated() int { return len(t.all) - t.events }

// Events is how many events there are.
func (t *Texts) Events() int { return t.events }

// At returns the text with that index, nil for none.
func (t *Texts) At(index int) *Text {
	if index < 0 || index >= len(t.all) {
		return nil
	}
	return &t.all[index]
}

// Read finds the signs of a text, each with its place. The classifier is not
// used by another goroutine meanwhile.
func (t *Text) Read(c *pipeline.Classifier) []Match {
	var list []Match
	for _, x := range c.ExplainDocument(t.doc) {
		list = append(list, Match{
			Text: t, Term: x.Finding.Term, Rule: x.Rule, Status: x.Finding.Status, Right: t.Annotated != nil && right(t.Annotated, x.Finding.Category),
			Passages: c.Passages(&flag.Flag{Findings: []flag.Finding{x.Finding}}, around),
		})
	}
	return list
}

// Broken says that the program failed on a text. What it failed with may hold
// the text: only the place in the program is told.
type Broken struct {
	// Stack is where, without values.
	Stack []byte
}

// Error implements error.
func (*Broken) Error() string { return "the program failed on a text; please report this" }

// each calls do for every text, on all processors, with a classifier of the
// goroutine's own. The error is ctx's, or a *[Broken].
func (t *Texts) each(ctx context.Context, classifier *pipeline.Classifier, do func(i int, c *pipeline.Classifier)) error {
	const stretch = 16 // texts at a time: they are short
	var next atomic.Int64
	var workers sync.WaitGroup
	var broken atomic.Pointer[Broken]
	for range runtime.GOMAXPROCS(0) {
		own := classifier.Clone()
		workers.Go(func() {
			defer func() { // nothing else would keep the whole program from ending
				if recover() != nil {
					broken.CompareAndSwap(nil, &Broken{debug.Stack()})
				}
			}()
			for ctx.Err() == nil && broken.Load() == nil {
				first := int(next.Add(stretch)) - stretch
				if first >= len(t.all) {
					return
				}
				for i := first; i < min(first+stretch, len(t.all)); i++ {
					do(i, own)
				}
			}
		})
	}
	workers.Wait()
	if b := broken.Load(); b != nil {
		return b
	}
	return ctx.Err()
}

// right reports whether a category is annotated, or allowed, in a document.
func right(d *eval.Document, category string) bool {
	return slices.Contains(d.AlsoOK, category) || slices.ContainsFunc(d.Labels, func(l eval.Label) bool { return l.Category == category })
}
