package event

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// reader makes a document's parts of an event's data.
type reader struct {
	kind  Kind
	parts func(*Document, object) *PermanentError
}

// kinds holds the readers by the type of the envelope.
var kinds = map[string]reader{
	"vigie.transcript.v1": {Transcript, readTranscript},
	"vigie.email.v1":      {Email, readEmail},
	"vigie.letter.v1":     {Letter, readLetter},
	"vigie.survey.v1":     {Survey, readSurvey},
	"vigie.complaint.v1":  {Complaint, readComplaint},
}

// language takes the primary subtag of the data's language tag.
func language(doc *Document, data object) *PermanentError {
	tag, err := data.string("language")
	doc.speak(tag)
	return err
}

// speak sets the language by its tag.
func (d *Document) speak(tag string) {
	primary, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	d.Language = strings.ToLower(strings.TrimSpace(primary))
}

// add appends a part that is the whole of a carried one, unless it is blank.
func (d *Document) add(name string, turn int, voice Voice, text string) {
	if strings.TrimSpace(text) != "" {
		d.Parts = append(d.Parts, Part{Name: name, Turn: turn, Voice: voice, Text: text, Shifts: straight(text)})
	}
}

func readTranscript(doc *Document, data object) *PermanentError {
	turns, count, err := data.objects("turns")
	if err != nil {
		return err
	}
	doc.Parts = make([]Part, 0, min(count, data.tape.letters)) // each has a letter
	for i, n := range data.tape.elements(turns) {
		turn := data.element(n)
		voice, err := turn.speaker()
		if err != nil {
			return data.in("turns", i, err)
		}
		text, err := turn.string("text")
		if err != nil {
			return data.in("turns", i, err)
		}
		if invented(text) {
			voice = Aside
		}
		doc.AddTurn(i, voice, text)
	}
	return nil
}

// speaker returns the voice of a turn's speaker.
func (o object) speaker() (Voice, *PermanentError) {
	if n := o.find("speaker"); n >= 0 && o.tape.nodes[n].kind == jsonString {
		switch { // as it should be written
		case o.tape.is(n, "customer"):
			return Customer, nil
		case o.tape.is(n, "agent"):
			return Agent, nil
		}
	}
	name, err := o.string("speaker")
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "customer":
		return Customer, err
	case "agent":
		return Agent, err
	}
	return Unknown, err
}

func readSurvey(doc *Document, data object) *PermanentError {
	answers, count, err := data.objects("answers")
	if err != nil {
		return err
	}
	doc.Parts = make([]Part, 0, min(2*count, data.tape.letters))
	for i, n := range data.tape.elements(answers) {
		answer := data.element(n)
		question, err := answer.string("question")
		if err != nil {
			return data.in("answers", i, err)
		}
		text, err := answer.string("text")
		if err != nil {
			return data.in("answers", i, err)
		}
		doc.AddAnswer(i, question, text)
	}
	return nil
}

func readEmail(doc *Document, data object) *PermanentError {
	text, err := readSubjectAndText(doc, data)
	if err != nil {
		return err
	}
	markup, err := data.string("html")
	if err != nil {
		return err
	}
	if strings.TrimSpace(text) == "" && markup != "" {
		doc.Parts = splitHTML(doc.Parts, markup)
		return nil
	}
	doc.Parts = splitText(doc.Parts, text)
	return data.either("subject", "text", "html")
}

func readLetter(doc *Document, data object) *PermanentError {
	text, err := readSubjectAndText(doc, data)
	if err != nil {
		return err
	}
	doc.Parts = splitText(doc.Parts, text)
	return data.either("subject", "text")
}

func readComplaint(doc *Document, data object) *PermanentError {
	text, err := readSubjectAndText(doc, data)
	if err != nil {
		return err
	}
	doc.Parts = splitText(doc.Parts, text)
	if err := declared(doc, data); err != nil {
		return err
	}
	return data.either("subject", "text", "declared")
}

var (
	// answering begins the subject of a reply or a forwarded mail, which repeats
	// what somebody else wrote, the company most often.
	answering = regexp.MustCompile(`(?i)^\s*(re|rép|rep|tr|fw|fwd|aw)\s*(\[[0-9]+\])?\s*:`)
	// personal is a subject in the first person, which companies don't write:
	// "RE: je vais en finir" is the person's, as is a cry for help.
	personal = regexp.MustCompile(`\b(je|j'|j ?suis|m'|moi|me|suis|secours|sos|aide[rz]?[- ]moi|a l'aide|n'en peux plus)\b|\bj'`)
)

func readSubjectAndText(doc *Document, data object) (text string, err *PermanentError) {
	subject, err := data.string("subject")
	if err != nil {
		return "", err
	}
	doc.head(subject)
	return data.string("text")
}

// head appends a subject.
func (d *Document) head(subject string) {
	voice := Customer
	if strings.Contains(subject, ":") && answering.MatchString(subject) && !personal.MatchString(plain(subject)) {
		voice = Quoted
	}
	d.add("subject", 0, voice, subject)
}

// either refuses data in which all of the fields are missing: some system
// means to send something, and somebody would go unread.
func (o object) either(names ...string) *PermanentError {
	for _, n := range names {
		if o.find(n) >= 0 {
			return nil
		}
	}
	paths := make([]string, len(names))
	for i, n := range names {
		paths[i] = o.at(n)
	}
	return &PermanentError{o.class, strings.Join(paths, " and ") + " missing: there is nothing to read"}
}

// categories are the categories that can be declared, in the order of the contract.
var categories = []string{"health", "resilience", "life_events", "capacity"}

func declared(doc *Document, data object) *PermanentError {
	list, err := data.list("declared")
	if err != nil || list < 0 {
		return err
	}
	var given [4]bool // by category
	for i, n := range data.tape.elements(list) {
		switch data.tape.nodes[n].kind {
		case jsonString:
			if c := slices.IndexFunc(categories, func(c string) bool { return data.tape.is(n, c) }); c >= 0 {
				given[c] = true
			}
		case jsonNull:
		default:
			return data.wrong(fmt.Sprintf("%s[%d]", data.at("declared"), i), "a string")
		}
	}
	for i, c := range categories {
		if given[i] {
			doc.Declared = append(doc.Declared, c)
		}
	}
	return nil
}
