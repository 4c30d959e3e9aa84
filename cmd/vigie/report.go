package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// shownFindings is how many findings of a flag the demonstration prints.
const shownFindings = 6

// report prints the demonstration, in French: flags as they come, and at the
// end what the receipts say became of every event.
type report struct {
	w       io.Writer
	style   style
	labels  labels
	alert   map[string][]string
	samples map[string]*sample

	flags, urgent        int
	read, flagged, clean int
	skipped, dead        map[string]int
}

func newReport(w io.Writer, p *lexicon.Program, events []*sample) *report {
	r := &report{
		w: w, style: styleFor(w), labels: labelsOf(p), alert: p.Policy.Alert,
		samples: make(map[string]*sample), skipped: make(map[string]int), dead: make(map[string]int),
	}
	for _, e := range events {
		r.samples[e.ID] = e
	}
	return r
}

// begin says what is going to be seen.
func (r *report) begin(inputs []string) {
	fmt.Fprintln(r.w, r.style.bold("vigie : démonstration"))
	fmt.Fprintf(r.w, "%d événements inventés sur %s\n", len(r.samples), strings.Join(inputs, ", "))
	fmt.Fprintf(r.w, "%s\n\n", r.style.faint("Broker Kafka embarqué, en mémoire : pour essayer, jamais pour la production."))
}

// flag prints one flag as it stands on the topic, with the words that its
// places point at.
func (r *report) flag(value []byte) error {
	var f struct {
		Subject string
		Data    struct {
			Event                        struct{ ID, Type string }
			Categories                   []string
			Severity                     int
			Route                        string
			Referrals, Urgency, Cautions []string
			Findings                     []flag.Finding
		}
	}
	if err := json.Unmarshal(value, &f); err != nil {
		return fmt.Errorf("a flag cannot be read: %w", err)
	}
	d := &f.Data
	r.flags++
	badge := r.style.notice(" " + strings.ToUpper(r.labels.of(d.Route)) + " ")
	if d.Route == flag.RouteUrgent {
		r.urgent++
		badge = r.style.alarm(" " + strings.ToUpper(r.labels.of(d.Route)) + " ")
	}
	fmt.Fprintf(r.w, "%s gravité %d · %s · dossier %s · %s\n", badge, d.Severity,
		r.labels.of(d.Event.Type), f.Subject, r.style.bold(r.labels.list(d.Categories)))
	r.findings(r.samples[d.Event.ID], d.Findings)
	for _, u := range d.Urgency {
		fmt.Fprintf(r.w, "    à prévenir (%s) : %s\n", r.labels.of(u), strings.Join(r.alert[u], ", "))
	}
	r.note("à proposer", d.Referrals)
	r.note("précautions", d.Cautions)
	fmt.Fprintln(r.w)
	return nil
}

func (r *report) note(name string, ids []string) {
	if len(ids) > 0 {
		fmt.Fprintf(r.w, "    %s : %s\n", name, r.labels.list(ids))
	}
}

// findings prints each factor once, with the customer's words.
func (r *report) findings(s *sample, findings []flag.Finding) {
	shown := make(map[string]bool)
	for _, x := range findings {
		if shown[x.Factor] || len(shown) == shownFindings {
			continue
		}
		shown[x.Factor] = true
		fmt.Fprintf(r.w, "  • %s", r.labels.of(x.Factor))
		if x.Status != flag.Asserted {
			fmt.Fprintf(r.w, " (%s)", r.labels.of(string(x.Status)))
		}
		if s != nil && len(x.Spans) > 0 {
			fmt.Fprintf(r.w, " : « %s »", quote(s, x.Spans, r.style))
		}
		fmt.Fprintln(r.w)
	}
}

// receipt counts what became of a batch.
func (r *report) receipt(value []byte) error {
	var c struct {
		Data struct {
			From, To       int64
			Flagged, Clean int
			Skipped, Dead  map[string]int
		}
	}
	if err := json.Unmarshal(value, &c); err != nil {
		return fmt.Errorf("a receipt cannot be read: %w", err)
	}
	r.read += int(c.Data.To - c.Data.From + 1)
	r.flagged += c.Data.Flagged
	r.clean += c.Data.Clean
	add(r.skipped, c.Data.Skipped)
	add(r.dead, c.Data.Dead)
	return nil
}

func add(sum, more map[string]int) {
	for cause, n := range more {
		if n > 0 {
			sum[cause] += n
		}
	}
}

// complete reports whether the receipts account for every event and every
// flag that they count was printed.
func (r *report) complete() bool { return r.read >= len(r.samples) && r.flags >= r.flagged }

// end prints what became of all events.
func (r *report) end() {
	fmt.Fprintf(r.w, "%s\n", r.style.bold(fmt.Sprintf("Reçus : %d événements lus, aucun sans suite", r.read)))
	fmt.Fprintf(r.w, "  %s, dont %s\n", plural(r.flagged, "alerte"), plural(r.urgent, "urgence"))
	fmt.Fprintf(r.w, "  %d sans signe de fragilité\n", r.clean)
	for _, cause := range slices.Sorted(maps.Keys(r.skipped)) {
		fmt.Fprintf(r.w, "  %d non lu (%s)\n", r.skipped[cause], r.labels.of(cause))
	}
	for _, cause := range slices.Sorted(maps.Keys(r.dead)) {
		fmt.Fprintf(r.w, "  %d illisible (%s), gardé à part pour être relu\n", r.dead[cause], r.labels.of(cause))
	}
}
