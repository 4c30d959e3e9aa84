package console

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pipeline/proposal"
	"github.com/vigie-project/vigie/pkg/event"
)

// textView is what the page of a loaded text shows.
type textView struct {
	*proposal.Text
	Lines  []textLine
	Labels []eval.Label
	Signs  []textSign
	// Kind, Subject and Typed are what the page "Essayer" takes.
	Kind, Subject, Typed string
}

// textLine is a part of the text with who says it.
type textLine struct{ Who, Text string }

// textSign is a sign of the text with the term that found it, nil for indices.
type textSign struct {
	proposal.Match
	Entry *term
}

// textPage answers with a text that the console was given at its start.
func (c *Console) textPage(w http.ResponseWriter, r *http.Request) {
	d, ok := c.needDesk(w, r)
	if !ok {
		return
	}
	n, err := strconv.Atoi(r.PathValue("text"))
	t := d.texts.At(n)
	if err != nil || t == nil {
		c.fail(w, r, http.StatusNotFound, "Ce texte n’est pas chargé.")
		return
	}
	v := &textView{Text: t}
	for name, kind := range kindNames {
		if kind == t.Kind() {
			v.Kind = name
		}
	}
	if t.Annotated != nil {
		v.Labels = t.Annotated.Labels
	}
	var typed []string
	for _, p := range t.Parts() {
		line := textLine{Who: speaker(t.Kind(), p), Text: p.Text}
		switch {
		case p.Name == "subject":
			v.Subject = p.Text
		case line.Who != "":
			typed = append(typed, line.Who+" : "+strings.Join(strings.Fields(p.Text), " "))
		default:
			typed = append(typed, p.Text)
		}
		v.Lines = append(v.Lines, line)
	}
	v.Typed = strings.Join(typed, "\n")
	classifier := c.classifier()
	defer c.release(classifier)
	for _, m := range t.Read(classifier) {
		v.Signs = append(v.Signs, textSign{m, d.byTerm[m.Term]})
	}
	c.render(w, r, http.StatusOK, "texte", v)
}

// speaker is who says a part of a call or survey, as one types it; "" in what
// one person writes.
func speaker(kind event.Kind, p event.Part) string {
	switch {
	case kind == event.Survey && p.Voice == event.Question:
		return "question"
	case kind == event.Survey:
		return "réponse"
	case kind != event.Transcript:
		return ""
	case p.Voice == event.Agent:
		return "agent"
	case p.Voice == event.Unknown:
		return "inconnu"
	}
	return "client"
}
