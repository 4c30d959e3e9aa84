package console

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/french"
	"github.com/vigie-project/vigie/pkg/kafka"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// flagView is the page of one flag or retraction. It shows neither the case file
// nor the event's identity: whoever may know them finds both in the case system
// under the flag's id.
type flagView struct {
	*Opened
	// Place is where the record stands, "topic/partition/offset".
	Place string
	// Time is the event's own, "" without one.
	Time     string
	Reason   string
	Findings []findingView
	// Related is the entry of the flag that this one replaces or takes back, nil
	// where the feed no longer has it.
	Related *Entry
	// NoWords says in French why no words are shown, "" where they are.
	NoWords string
}

// findingView is a finding as the page shows it.
type findingView struct {
	flag.Finding
	// Linked: the factor has a page of the lexicon; Known: its term has.
	Linked, Known bool
	Places        []placeView
	// More counts the places that are not shown.
	More int
}

// placeView is one place, and the words there where they may be shown.
type placeView struct{ Place, Quote string }

// mostPlaces is how many places of a finding are shown.
const mostPlaces = 12

func (c *Console) flagPage(w http.ResponseWriter, r *http.Request) {
	partition, err1 := strconv.ParseUint(r.PathValue("partition"), 10, 31)
	offset, err2 := strconv.ParseUint(r.PathValue("offset"), 10, 63)
	switch {
	case err1 != nil || err2 != nil:
		c.fail(w, r, http.StatusNotFound, "Cette page n’existe pas.")
		return
	case c.Feed == nil:
		c.fail(w, r, http.StatusNotFound, "Aucun courtier Kafka n’est configuré : aucune alerte ne peut être lue.")
		return
	}
	o, err := c.Feed.open(r.Context(), int(partition), int64(offset))
	if err != nil {
		status, message := c.notOpened(err)
		c.fail(w, r, status, french.Typeset(message))
		return
	}
	v := &flagView{Opened: o, Place: fmt.Sprintf("%s/%d/%d", c.Feed.cfg.Topics.Flags, partition, offset)}
	if o.Retraction != nil {
		v.Reason, v.Related = reason(o.Entry.Retraction), c.Feed.find(o.Retraction.Retracts)
	} else {
		c.fillFlag(v)
	}
	if len(o.Evidence.Quotes) > 0 { // whoever reads of somebody's health leaves a trace
		c.Log.Info().Str("user", c.user(r)).Uint64("partition", partition).Uint64("offset", offset).Msg("the words behind a flag were shown")
	}
	c.render(w, r, http.StatusOK, "alerte", v)
}

// notOpened says why a record cannot be shown.
func (c *Console) notOpened(err error) (status int, message string) {
	var gone *pipeline.GoneError
	topic := c.Feed.cfg.Topics.Flags
	switch {
	case errors.As(err, &gone):
		return http.StatusNotFound, fmt.Sprintf("Rien à cette place du topic %s : l’alerte n’y est plus (durée de conservation, effacement), ou pas encore.", topic)
	case errors.Is(err, errStrange):
		return http.StatusNotFound, "À cette place ne se trouve ni une alerte ni une rétractation."
	}
	c.Log.Warn().Err(err).Msg("a flag could not be opened")
	if errors.Is(err, kafka.ErrMissingTopic) {
		return http.StatusNotFound, stateOf(topic, err).Sentence()
	}
	return http.StatusServiceUnavailable, stateOf(topic, err).Sentence()
}

// fillFlag adds what the page says of a flag.
func (c *Console) fillFlag(v *flagView) {
	f := v.Flag
	if at, err := time.Parse(time.RFC3339, f.Time); err == nil {
		v.Time = french.Instant(at)
	}
	if v.Fate.Retracted != "" {
		v.Reason = reason(v.Fate.Retracted)
	}
	if f.Supersedes != "" {
		v.Related = c.Feed.find(f.Supersedes)
	}
	quotes := make(map[string]string)
	for _, q := range v.Evidence.Quotes {
		quotes[quoteKey(q.Term, q.Span)] = q.Text
	}
	for _, x := range f.Findings {
		// Another lexicon than this console's may have made the flag.
		view := findingView{Finding: x, Linked: c.hasFactor(x.Factor), Known: c.hasTerm(x.Term), More: max(0, len(x.Spans)-mostPlaces)}
		for _, s := range x.Spans[:min(len(x.Spans), mostPlaces)] {
			view.Places = append(view.Places, placeView{placeName(s), quotes[quoteKey(x.Term, s)]})
		}
		v.Findings = append(v.Findings, view)
	}
	switch e := v.Evidence; {
	case e.Off:
		v.NoWords = "Les mots ne sont pas montrés : aucun topic de preuves n’est configuré (topics.evidence). Sans lui, aucun mot ne quitte les topics d’entrée."
	case !e.State.OK():
		v.NoWords = "Les mots ne peuvent pas être montrés. " + e.State.Sentence()
	case len(e.Quotes) == 0:
		v.NoWords = fmt.Sprintf("Aucun mot trouvé pour cette alerte sur %s : elle n’en cite pas, sa preuve n’y est plus, ou pas encore.", e.State.What)
	}
	v.NoWords = french.Typeset(v.NoWords)
}

func (c *Console) hasFactor(id string) bool {
	return slices.ContainsFunc(c.Rules.Program.Factors, func(f lexicon.Factor) bool { return f.ID == id })
}

func (c *Console) hasTerm(id string) bool {
	return slices.ContainsFunc(c.Rules.Program.Terms, func(t lexicon.Term) bool { return t.ID == id })
}

func quoteKey(term string, s flag.Span) string {
	return fmt.Sprintf("%s %s %d %d", term, s.Part, s.Start, s.End)
}

var indexed = regexp.MustCompile(`^(turns|answers)\[(\d{1,6})\]\.text$`)

// placeName names a place in French.
func placeName(s flag.Span) string {
	part := clip(s.Part)
	if m := indexed.FindStringSubmatch(part); m != nil {
		n, _ := strconv.Atoi(m[2])
		part = map[string]string{"turns": "tour de parole n°", "answers": "réponse n°"}[m[1]] + french.Space + french.Number(n+1)
	} else if name := map[string]string{"subject": "objet", "text": "texte", "html": "source HTML"}[part]; name != "" {
		part = name
	}
	return strings.Join([]string{part, ", caractères ", french.Number(s.Start), " à ", french.Number(s.End)}, "")
}
