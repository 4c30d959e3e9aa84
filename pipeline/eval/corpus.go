package eval

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// Corpus is what a file of annotated documents holds.
type Corpus struct {
	Documents []*Document
	// Wrong are the lines that hold no annotated document.
	Wrong []LineError
	// SHA256 of the whole file, in hexadecimal digits.
	SHA256 string
}

// LineError says, in French, what is wrong with a line. It holds no text of it.
type LineError struct {
	Line    int
	Message string
}

// Document is one annotated document.
type Document struct {
	ID   string
	Kind event.Kind
	// Labels are what must be flagged; AlsoOK are categories that may be.
	Labels []Label
	AlsoOK []string
	// Urgent and Partner say what else must be decided.
	Urgent, Partner bool
	// Line is the document's line in its file, Size its length in bytes.
	Line, Size int

	parts []part
	value []byte
}

// Label is a category with the person's words that show it.
type Label struct{ Category, Quote string }

// Record returns the document as the event that a producer would send.
func (d *Document) Record() event.Record { return event.Record{Value: d.value} }

// Source names who wrote the document: the id without its last "-" and what
// follows.
func (d *Document) Source() string {
	if i := strings.LastIndexByte(d.ID, '-'); i >= 0 {
		return d.ID[:i]
	}
	return d.ID
}

// Sources lists the sources of the corpus in the order of its documents.
func (c *Corpus) Sources() []string {
	var all []string
	for _, d := range c.Documents {
		if !slices.Contains(all, d.Source()) {
			all = append(all, d.Source())
		}
	}
	return all
}

// Of returns the documents of one source as a corpus.
func (c *Corpus) Of(source string) *Corpus {
	one := &Corpus{SHA256: c.SHA256}
	for _, d := range c.Documents {
		if d.Source() == source {
			one.Documents = append(one.Documents, d)
		}
	}
	return one
}

// wants reports whether a category is labelled.
func (d *Document) wants(category string) bool {
	return slices.ContainsFunc(d.Labels, func(l Label) bool { return l.Category == category })
}

// quotes returns the words labelled with category, all for "".
func (d *Document) quotes(category string) []string {
	var list []string
	for _, l := range d.Labels {
		if category == "" || l.Category == category {
			list = append(list, l.Quote)
		}
	}
	return list
}

// clean reports whether any flag on the document is a false alarm.
func (d *Document) clean() bool { return len(d.Labels) == 0 && len(d.AlsoOK) == 0 }

// Read reads a corpus, one JSON object a line. Its error is r's.
func Read(r io.Reader) (*Corpus, error) {
	sum := sha256.New()
	lines := bufio.NewReader(io.TeeReader(r, sum))
	c, places := &Corpus{}, make(map[string]int)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		last := errors.Is(err, io.EOF)
		if err != nil && !last {
			return nil, err
		}
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if len(bytes.TrimSpace(line)) > 0 {
			c.add(line, n, places)
		}
		if last {
			c.SHA256 = hex.EncodeToString(sum.Sum(nil))
			return c, nil
		}
	}
}

// add reads line n. places holds the lines of the ids before it.
func (c *Corpus) add(line []byte, n int, places map[string]int) {
	d, err := parse(line)
	if err == nil && places[d.ID] > 0 {
		err = fmt.Errorf("id « %s » déjà ligne %d", d.ID, places[d.ID])
	}
	if err != nil {
		c.Wrong = append(c.Wrong, LineError{n, err.Error()})
		return
	}
	d.Line, d.Size = n, len(line)
	places[d.ID] = n
	c.Documents = append(c.Documents, d)
}

// annotated is a line of a corpus.
type annotated struct {
	ID, Kind        string
	Labels          []Label
	AlsoOK          []string `json:"also_ok"`
	Urgent, Partner bool

	Turns    json.RawMessage
	Subject  string
	Body     *string
	Question string
	Answer   *string
	Score    json.RawMessage
}

// parse reads one document.
func parse(line []byte) (*Document, error) {
	var a annotated
	if err := json.Unmarshal(line, &a); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) && wrong.Field != "" {
			return nil, fmt.Errorf("champ « %s » : type inattendu (%s)", strings.ToLower(wrong.Field), wrong.Value)
		}
		return nil, errors.New("n’est pas un objet JSON")
	}
	switch {
	case a.ID == "":
		return nil, errors.New("sans id")
	case a.Labels == nil:
		return nil, errors.New("sans labels ([] pour un document sans signe)")
	}
	d := &Document{
		ID: a.ID, Kind: event.Kind(a.Kind), Labels: a.Labels, AlsoOK: a.AlsoOK,
		Urgent: a.Urgent, Partner: a.Partner,
	}
	for i := range d.Labels {
		if err := name(&d.Labels[i].Category); err != nil {
			return nil, err
		}
	}
	for i := range d.AlsoOK {
		if err := name(&d.AlsoOK[i]); err != nil {
			return nil, err
		}
	}
	return d, d.carry(&a)
}

// name turns the annotation's name of a category into the contract's.
func name(category *string) error {
	if *category == "life_event" {
		*category = "life_events"
	}
	if !slices.Contains(lexicon.CategoryIDs(), *category) {
		return fmt.Errorf("catégorie inconnue « %s »", *category)
	}
	return nil
}
