package console

import (
	"context"
	"errors"
	"net/http"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/event"
)

// trial is what the page "Essayer" shows: what was put in, and what came of it.
type trial struct {
	Input    *input
	Kinds    []choice
	Declare  []choice
	Formats  []choice
	Examples []exampleGroup
	// Reading is nil where there is nothing to read.
	Reading *reading
}

// choice is an entry of a list to choose from.
type choice struct {
	Value, Text string
	Chosen      bool
}

// mistake is what a reader did that cannot be answered: a status and a sentence
// in French, with what the program says of a file in English.
type mistake struct {
	status           int
	message, english string
}

func (m *mistake) Error() string { return m.message }

// tryPage answers with the page, empty or with an example in it.
func (c *Console) tryPage(w http.ResponseWriter, r *http.Request) {
	in, err := c.inputOfLink(r.URL.Query())
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	c.showTrial(w, r, in)
}

// tryPost answers a browser without script with the whole page.
func (c *Console) tryPost(w http.ResponseWriter, r *http.Request) {
	in, err := c.inputOfForm(r)
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	c.showTrial(w, r, in)
}

// tryLive answers an open page with what came of a text.
func (c *Console) tryLive(w http.ResponseWriter, r *http.Request) {
	in, err := c.inputOfForm(r)
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	read, err := c.read(r.Context(), in)
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	c.fragment(w, r, "lecture", read)
}

func (c *Console) showTrial(w http.ResponseWriter, r *http.Request, in *input) {
	read, err := c.read(r.Context(), in)
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	c.render(w, r, http.StatusOK, "essayer", trial{
		Input: in, Kinds: c.kinds(in.kind), Declare: c.declarations(in.declared), Formats: c.formats(in.format),
		Examples: c.examples(in.example), Reading: read,
	})
}

// refuse tells a reader what cannot be answered.
func (c *Console) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var m *mistake
	if r.Context().Err() != nil {
		return // nobody reads the answer any more
	}
	if !errors.As(err, &m) {
		// The error may hold what was sent: the log gets the place alone.
		c.Log.Error().Str("path", r.Pattern).Msg("a text could not be tried")
		m = &mistake{status: http.StatusInternalServerError, message: "La console n’a pas pu lire ce message."}
	}
	c.failWith(w, r, failure{Status: m.status, Message: m.message, English: m.english})
}

// read judges what was put in, once, and lays out what came of it; nil where
// nothing was put in.
func (c *Console) read(ctx context.Context, in *input) (*reading, error) {
	if in.empty() {
		return nil, nil
	}
	end, err := c.turns.take(ctx, in.size())
	if err != nil {
		return nil, err
	}
	defer end()
	var doc *event.Document
	if in.typed != nil {
		doc, err = event.Decode(event.Record{Value: in.typed.Value})
	} else {
		doc, err = in.file.decode()
	}
	if err != nil {
		return nil, in.unreadable(err)
	}
	return c.layOut(in, doc, c.judge(doc, in.size())), nil
}

// judge judges a document of so many bytes, once. What a long one takes of memory
// is not kept for the next.
func (c *Console) judge(doc *event.Document, size int) *pipeline.Account {
	if size > pipeline.LargeValue {
		return c.Rules.Classifier.Clone().Account(doc)
	}
	classifier := c.classifier()
	defer c.release(classifier)
	return classifier.Account(doc)
}
