package pipeline

import (
	"slices"
	"sync"

	"github.com/vigie-project/vigie/pkg/automaton"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/format"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// Outcome is what became of a record that could be read.
type Outcome uint8

// The outcomes.
const (
	Clean Outcome = iota
	Flagged
	// Skipped: not read by the ordinary factors; Result.Skip says why.
	Skipped
)

// Causes of a skip, as receipts count them.
const (
	SkipLanguage  = "language"
	SkipMarker    = "marker"
	SkipTombstone = "tombstone"
)

// Result is the judgement of one record.
type Result struct {
	Outcome Outcome
	// Kind of the event, "" for a tombstone, which has none.
	Kind event.Kind
	// Flag is nil unless Outcome is Flagged.
	Flag *flag.Flag
	// Skip is the cause, "" unless Outcome is Skipped.
	Skip string
	// Repaired counts repaired byte sequences of the value.
	Repaired int
	// Framing says how a schema's id stood beside the value, "" where none did.
	Framing string
	// Traceparent is the event's trace context, "" without one.
	Traceparent string
}

// Classifier judges records. It holds scratch memory and is for one goroutine
// at a time; Clone makes another over the same tables.
type Classifier struct {
	program *lexicon.Program
	engine  automaton.Engine
	// formats are the readers of the topics that hold no CloudEvents.
	formats map[string]*format.Reader
	// topic is the one whose format records from no topic have.
	topic  string
	stream stream
	hits   hits
	qual   qualifier
	reader reader
}

// NewClassifier returns a classifier of program with the engine of that name
// (see [automaton.Names]). The error says that the engine can't be built, or
// that the program's formats are none.
func NewClassifier(program *lexicon.Program, engine string) (*Classifier, error) {
	formats, err := format.Readers(program.Formats)
	if err != nil {
		return nil, err
	}
	c := &Classifier{program: program, formats: formats}
	var wrong error
	var building sync.WaitGroup // side by side: a start waits for all of this
	building.Go(func() { c.engine, wrong = automaton.New(engine, program.Literals) })
	building.Go(func() { c.qual.spelled = newOwnWords(program) })
	building.Go(func() { c.hits.plan = newPlan(program) })
	building.Go(func() { c.reader = newReader(newWeighing(program)) })
	building.Wait()
	if wrong != nil {
		return nil, wrong
	}
	return c, nil
}

// Clone returns a classifier with scratch memory of its own.
func (c *Classifier) Clone() *Classifier {
	return &Classifier{
		program: c.program, engine: c.engine, formats: c.formats, topic: c.topic, hits: hits{plan: c.hits.plan}, qual: qualifier{spelled: c.qual.spelled},
		reader: newReader(c.reader.weighing),
	}
}

// ReadAs makes the classifier read records from no topic as those of a topic.
func (c *Classifier) ReadAs(topic string) { c.topic = topic }

// Reader returns what records from no topic are read with, nil for CloudEvents.
func (c *Classifier) Reader() *format.Reader { return c.formats[c.topic] }

// judgement is what every stage made of a record, until the next one.
type judgement struct {
	doc     *event.Document
	signs   []sign
	learned learned
	verdict verdict
	flag    *flag.Flag
	// foreign: the declared language is none that the lexicon is read in.
	foreign bool
}

// judge is the path of an event: the order of the stages stands here and in
// weigh. Its error is an *event.PermanentError: the record can never be read.
func (c *Classifier) judge(r event.Record) (judgement, error) {
	doc, err := c.Decode(r)
	if err != nil {
		return judgement{}, err
	}
	return c.weigh(doc), nil
}

// weigh is the path from the document on. It allocates for findings only.
func (c *Classifier) weigh(doc *event.Document) judgement {
	c.stream.fold(doc, c.program)
	c.hits.match(&c.stream, c.program, c.engine)
	signs := c.qual.qualify(&c.stream, &c.hits, c.program)
	l := c.reader.read(&c.stream, c.hits.at.pairs, c.program)
	foreign := !c.reads(doc.Language)
	if foreign {
		signs = slices.DeleteFunc(signs, func(x sign) bool { return c.qual.factor(&x).Urgency == "" })
		l = learned{}
	}
	v := assess(signs, &l, doc.Declared, c.program)
	c.reader.show(&v, &l, &c.stream, c.program)
	f := route(doc, &v, findings(signs, &c.stream, c.program, &v), c.program)
	return judgement{doc: doc, signs: signs, learned: l, verdict: v, flag: f, foreign: foreign}
}

// Classify judges one record. Its error is an *event.PermanentError: the
// record can never be read.
func (c *Classifier) Classify(r event.Record) (Result, error) {
	if len(r.Value) == 0 {
		return Result{Outcome: Skipped, Skip: SkipTombstone}, nil
	}
	doc, err := c.Decode(r)
	if err != nil {
		return Result{}, err
	}
	return c.Judge(doc), nil
}

// Judge is what Classify does with a document. A document can be judged by several classifiers.
func (c *Classifier) Judge(doc *event.Document) Result {
	j := c.weigh(doc)
	return j.result()
}

// result is what is told of a judgement.
func (j *judgement) result() Result {
	result := Result{Kind: j.doc.Kind, Flag: j.flag, Repaired: j.doc.Repaired, Framing: j.doc.Framing, Traceparent: j.doc.Traceparent}
	switch {
	case j.flag != nil:
		result.Outcome = Flagged
	case j.foreign:
		result.Outcome, result.Skip = Skipped, SkipLanguage
	}
	return result
}

// reads reports whether the ordinary factors are read in a language; a text
// that does not say its language is. Urgent factors are read in any.
func (c *Classifier) reads(language string) bool {
	return language == "" || slices.Contains(c.program.Policy.Languages, language)
}
