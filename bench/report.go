package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// report is what was measured so far.
type report struct {
	w       *workshop
	began   time.Time
	load    string
	body    strings.Builder
	headed  map[string]bool
	targets []target
	panels  []panel
	// wrong are contenders that did not find what they should.
	wrong []string
}

// target is a line of what must be shown.
type target struct {
	what, least, figure string
	met                 bool
}

func newReport(w *workshop) *report {
	return &report{w: w, began: time.Now().UTC(), load: load(), headed: make(map[string]bool)}
}

func (r *report) line(format string, args ...any) { fmt.Fprintf(&r.body, format+"\n", args...) }

func (r *report) row(cells ...string) { r.line("%s", "| "+strings.Join(cells, " | ")+" |") }

func (r *report) heads(first string, rest ...string) {
	r.row(append([]string{first}, rest...)...)
	r.line("%s", "|---"+strings.Repeat("|---", len(rest))+"|")
}

// titles returns the inputs' titles and others behind them.
func (r *report) titles(others ...string) []string {
	var all []string
	for _, in := range r.w.inputs {
		all = append(all, in.title)
	}
	return append(all, others...)
}

func (r *report) target(what, least, figure string, met bool) {
	r.targets = append(r.targets, target{what, least, figure, met})
}

// write writes the results and the plot beside them; its error names the
// contenders that found something else than they should.
func (r *report) write(file string) error {
	plot := strings.TrimSuffix(filepath.Base(file), ".md") + ".svg"
	var b bytes.Buffer
	whole := &r.w.inputs[0]
	fmt.Fprintf(&b, "# vigie beside its peers\n\nWritten by `bench/run` on %s; do not edit. %s, %s, %d cores, %s; load of the last minute when it began: %s.\n",
		r.began.Format(time.DateOnly), runtime.Version(), processorName(), runtime.NumCPU(), runtime.GOARCH, r.load)
	if r.w.documents > 0 {
		fmt.Fprintf(&b, "\n**A quick try: %d documents an input, %d turns of at least %v. These figures mean nothing.**\n", r.w.documents, r.w.turns, r.w.least)
	}
	fmt.Fprintf(&b, introduction, len(whole.raw), whole.words(), whole.bytes()/1000, r.w.turns, r.w.least)
	if len(r.targets) > 0 {
		b.WriteString("## Targets\n\n| what | at least | measured | |\n|---|---|---|---|\n")
		for _, t := range r.targets {
			verdict := "**missed**"
			if t.met {
				verdict = "met"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", t.what, t.least, t.figure, verdict)
		}
		b.WriteString("\nThose of Kafka stand under \"End to end\".\n\n")
	}
	if len(r.w.skipped) > 0 {
		b.WriteString("## Not measured\n\n")
		for _, s := range r.w.skipped {
			why, _, _ := strings.Cut(s.why, "\n")
			fmt.Fprintf(&b, "- %s: %s\n", s.name, why)
		}
		b.WriteString("\n")
	}
	if len(r.panels) > 0 {
		if err := os.WriteFile(filepath.Join(filepath.Dir(file), plot), draw(r.panels), 0o644); err != nil {
			return err
		}
		fmt.Fprintf(&b, "![CPU time beside vigie's](%s)\n\n", plot)
	}
	b.WriteString(r.body.String())
	failed := os.WriteFile(file, b.Bytes(), 0o644)
	if len(r.wrong) > 0 {
		failed = errors.Join(failed, fmt.Errorf("not the same matches:\n%s", strings.Join(r.wrong, "\n")))
	}
	return failed
}

const introduction = `
All ratios are of process CPU time, garbage collection included, in one run: the
contenders take turns over the same input, each a process of its own, each round
another first. A ratio is the median over the rounds, (least–most) behind it. How
to run and read it: [README.md](README.md).

The corpus has %d documents, %d words, %d kB of text; the documents of 300 B,
4 kB and 20 kB are its texts, shuffled and cut. %d rounds, each turn at least %v.

`

func megabytes(n int64) string { return digits(float64(n)/1e6) + " MB" }

func milliseconds(ns float64) string { return digits(ns/1e6) + " ms" }

// load is how many programs wanted a processor in the last minute, as Linux counts it.
func load() string {
	data, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(data), " ")
	return first
}

// processorName is what Linux calls the processor.
func processorName() string {
	data, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(data)) {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			return strings.TrimSpace(strings.TrimLeft(name, "\t :"))
		}
	}
	return "an unknown processor"
}
