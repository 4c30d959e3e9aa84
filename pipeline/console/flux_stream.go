package console

import (
	"bytes"
	"net/http"
	"strings"
	"time"
)

// streams bounds the pages that are told of flags as they come.
type streams struct {
	// open holds one for each.
	open chan struct{}
	// patience is how long a reader may take to take what it is sent before it is
	// dropped; beat is how often it is sent something so that both know that the
	// other is there; figures how often at most the figures, gather how long
	// flags are gathered.
	patience, beat, figures, gather time.Duration
	// life is how long a stream lasts: then its page asks again, and must still be
	// let in.
	life time.Duration
}

// mostStreams is how many pages may be told at a time.
const mostStreams = 64

func newStreams() *streams {
	return &streams{
		open: make(chan struct{}, mostStreams), patience: 10 * time.Second, beat: 15 * time.Second,
		figures: 2 * time.Second, gather: 150 * time.Millisecond,
		life: time.Hour,
	}
}

// fluxStream sends flags as they come, as server-sent events: "alerte" is a
// row to put in front, "maj" one that has changed, "liste" all rows anew where
// what was missed is no longer known, "chiffres" the figures. Data are HTML, and
// an event's id is the mark to go on from.
func (c *Console) fluxStream(w http.ResponseWriter, r *http.Request) {
	if c.Feed == nil {
		c.fail(w, r, http.StatusNotFound, "Aucun courtier Kafka n’est configuré : il n’y a pas de flux.")
		return
	}
	select {
	case c.streams.open <- struct{}{}:
		defer func() { <-c.streams.open }()
	default:
		w.Header().Set("Retry-After", "30")
		c.fail(w, r, http.StatusServiceUnavailable, "Trop de pages suivent déjà le flux ; celle-ci ne se met pas à jour.")
		return
	}
	s := &stream{console: c, to: http.NewResponseController(w), w: w, filter: filterOf(r.URL.Query())}
	s.mark = r.Header.Get("Last-Event-ID")
	if s.mark == "" {
		s.mark = r.URL.Query().Get("apres")
	}
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.Header().Set("X-Accel-Buffering", "no") // a proxy that gathers would keep it back
	s.send("retry: 3000\n\n")
	s.run(r)
}

// stream is one page that is told.
type stream struct {
	console *Console
	w       http.ResponseWriter
	to      *http.ResponseController
	filter  Filter
	// mark is what the page knows; figures and minute are the figures it has.
	mark    string
	figures uint64
	minute  int64
	// gone is set when the page is away or does not take what it is sent.
	gone bool
}

// run tells until the page is gone, its time is over or the feed ends.
func (s *stream) run(r *http.Request) {
	beat, figures := time.NewTicker(s.console.streams.beat), time.NewTicker(s.console.streams.figures)
	end := time.NewTimer(s.console.streams.life)
	defer end.Stop()
	defer beat.Stop()
	defer figures.Stop()
	for first := true; !s.gone; first = false {
		changed, ended := s.console.Feed.wait()
		s.tellFlags()
		if first {
			s.tellFigures()
		}
		if ended {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-end.C:
			return
		case <-beat.C:
			s.send(": présent\n\n")
		case <-figures.C:
			s.tellFigures()
		case <-changed:
			pause(r.Context(), s.console.streams.gather)
		}
	}
}

// tellFlags sends what changed since the mark. The last event carries the mark of
// now: a page that is cut off before it asks from the one before again.
func (s *stream) tellFlags() {
	changed, mark, ok := s.console.Feed.since(s.mark, s.filter)
	if !ok {
		all, mark := s.console.Feed.latest(shown, s.filter)
		s.mark = mark
		s.event("liste", mark, "flux-alertes", all)
		return
	}
	s.mark = mark
	for i, e := range changed {
		name, id := "maj", ""
		if e.New {
			name = "alerte"
		}
		if i == len(changed)-1 {
			id = mark
		}
		s.event(name, id, "flux-alerte", e.Entry)
	}
}

// tellFigures sends the figures where they are not those that the page has.
func (s *stream) tellFigures() {
	g := s.console.figures()
	if minute := g.At.Unix() / 60; g.Version != s.figures || minute != s.minute {
		s.figures, s.minute = g.Version, minute
		s.event("chiffres", s.mark, "flux-chiffres", g)
	}
}

// event sends an event whose data is a fragment; id is "" for none.
func (s *stream) event(name, id, fragment string, data any) {
	var b bytes.Buffer
	if err := s.console.pages.fragments[fragment].ExecuteTemplate(&b, fragment, data); err != nil {
		s.console.Log.Error().Err(err).Str("fragment", fragment).Msg("a part of the flux could not be made")
		s.gone = true
		return
	}
	var text strings.Builder
	text.WriteString("event: " + name + "\n")
	if id != "" {
		text.WriteString("id: " + id + "\n")
	}
	// A line end in the data would end a field of the event.
	for line := range strings.FieldsFuncSeq(b.String(), func(r rune) bool { return r == '\n' || r == '\r' }) {
		text.WriteString("data: " + line + "\n")
	}
	s.send(text.String() + "\n")
}

// send sends text at once. A reader that does not take it in time is gone.
func (s *stream) send(text string) {
	if s.gone {
		return
	}
	_ = s.to.SetWriteDeadline(time.Now().Add(s.console.streams.patience))
	if _, err := s.w.Write([]byte(text)); err != nil {
		s.gone = true
	} else if err := s.to.Flush(); err != nil {
		s.gone = true
	}
}
