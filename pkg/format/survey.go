package format

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vigie-project/vigie/pkg/event"
)

// mappable are the kinds that a mapping of columns can make.
var mappable = []event.Kind{event.Survey, event.Email, event.Letter, event.Complaint}

// unmapped refuses a mapping that would read no text.
func unmapped(o *Options) error {
	c := o.Columns
	survey := o.Kind == "" || o.Kind == string(event.Survey)
	switch {
	case c == nil:
		return errors.New("columns: say where id, time, case and answers (or subject and text) stand")
	case survey && (len(c.Answers) == 0 || c.Subject+c.Text != ""):
		return errors.New("columns: a survey has answers, and neither subject nor text")
	case !survey && (c.Text == "" || len(c.Answers) > 0):
		return errors.New("columns: an e-mail, letter or complaint has text and may have subject, and no answers")
	}
	return nil
}

// mapped reads a value by the configured columns. field returns what stands in
// one, "" for nothing, and whether the value has it at all.
func (r *Reader) mapped(field func(name string) (text string, found bool)) (*content, *event.PermanentError) {
	m := r.options.Columns
	get := func(name string) string {
		text, _ := field(name)
		return text
	}
	c := &content{
		id: get(m.ID), time: r.timeOf(get(m.Time)), caseFile: get(m.Case), language: get(m.Language),
		subject: get(m.Subject), text: get(m.Text),
	}
	texts := slices.DeleteFunc(append([]string{m.Subject, m.Text}, m.Answers...), func(name string) bool { return name == "" })
	if !slices.ContainsFunc(texts, func(name string) bool { _, found := field(name); return found }) {
		return nil, bad(fmt.Sprintf("none of the columns that hold text is there: %q", texts))
	}
	for _, name := range m.Answers {
		c.answers = append(c.answers, answer{name, get(name)})
	}
	return c, nil
}

// layouts are the times that exports write; those of days and months are as
// the French write them.
var layouts = []string{
	time.RFC3339, "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02",
	"02/01/2006 15:04:05", "02/01/2006 15:04", "02/01/2006",
}

// timeOf returns a time as RFC 3339, "" for what is none; one without a zone is
// of the configured one.
func (r *Reader) timeOf(s string) string { return timeIn(s, r.zone) }

func timeIn(s string, zone *time.Location) string {
	for _, layout := range layouts {
		if at, err := time.ParseInLocation(layout, strings.TrimSpace(s), zone); err == nil {
			return at.Format(time.RFC3339)
		}
	}
	return ""
}
