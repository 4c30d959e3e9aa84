package faults

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// result is a row of the table.
type result struct {
	name                        string
	allowed                     allowance
	events, flags, dead         int
	lost, gaps, repeats, absent int
	tries                       int
	standstill                  time.Duration
	failed                      bool
}

// finish returns what came out, failed or not.
func (r *run) finish() result {
	r.result.failed = r.t.Failed()
	return r.result
}

// page holds the table, between markers.
const (
	page  = "../../../docs/operations.md"
	begin = "<!-- faults: written by the harness -->\n"
	end   = "<!-- end of faults -->"
)

// rows is the table in Markdown.
func rows(results []result) []string {
	lines := []string{
		"| fault | events | flags | dead letters | lost | offsets without a receipt | flags repeated (allowed) | absent | tried again | nothing committed for at most |",
		"|---|--:|--:|--:|--:|--:|---|--:|--:|--:|",
	}
	for _, r := range results {
		name := r.name
		if r.failed {
			name = "**FAILED** " + name
		}
		lines = append(lines, fmt.Sprintf("| %s | %d | %d | %d | %d | %d | %d (%v) | %d | %d | %.1f s |", name, r.events, r.flags, r.dead,
			r.lost, r.gaps, r.repeats, r.allowed, r.absent, r.tries, r.standstill.Seconds()))
	}
	return lines
}

// writeTable puts the results into the documentation.
func writeTable(results []result) error {
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(text), begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		return fmt.Errorf("%s: the markers of the table are missing", page)
	}
	text = fmt.Appendf(nil, "%s%s\n%s\n\n%s%s", before, begin, strings.Join(rows(results), "\n"), end, after)
	return os.WriteFile(page, text, 0o644)
}
