package rows

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vigie-project/vigie/pkg/flag"
)

// flags are some of every shape.
func flags() (all []*flag.Flag) {
	lexicon := flag.Lexicon{Name: "fr-fragilite", Version: "2026.11.0", Digest: "sha256:00"}
	whole := &flag.Flag{
		ID: "1", Event: flag.EventRef{Source: "/genesys/eu", ID: "c-81", Type: "vigie.transcript.v1", Origin: &flag.Origin{Topic: "calls", Partition: 3, Offset: 1 << 40}},
		Time: "2026-11-02T09:00:00.25+01:00", Case: "D-20931", Categories: []string{"health", "resilience"}, Severity: 3, Route: flag.RouteCare,
		Referrals: []string{"partner"}, Urgency: []string{"suicide", "child"}, Cautions: []string{"no_call"},
		Findings: []flag.Finding{
			{Category: "health", Factor: "health.x", Term: "health.x/8c1f02aa", Severity: 3, Status: flag.Asserted, Spans: []flag.Span{{Part: "turns[9].text", Start: 71, End: 80}, {Part: "turns[10].text", Start: 0, End: 3}}},
			{Category: "resilience", Factor: "resilience.declared", Term: "resilience.declared/00000000", Severity: 2, Status: flag.Negated},
		},
		FindingsTotal: 300, Lexicon: lexicon, Supersedes: "0", Replay: true,
	}
	bare := &flag.Flag{ID: "2", Event: flag.EventRef{Source: "/é", ID: "1,2;3", Type: "vigie.letter.v1"}, Categories: []string{"capacity"}, Severity: 4, Route: flag.RouteUrgent, Lexicon: lexicon}
	start := &flag.Flag{ID: "3", Event: flag.EventRef{Source: "/s", ID: "0", Type: "vigie.letter.v1", Origin: &flag.Origin{Topic: "mails"}}, Lexicon: lexicon, FindingsTotal: 1,
		Findings: []flag.Finding{{Category: "health", Factor: "health.y", Term: "health.y/00000001", Status: flag.Past, Spans: []flag.Span{{Part: "text"}}}}}
	all = append(all, whole, bare, start)
	for i := range 3000 { // more than a page
		f := *whole
		f.ID, f.Event.ID, f.Case = fmt.Sprint("n", i), fmt.Sprint("e", i), fmt.Sprint("D", i/2)
		all = append(all, &f)
	}
	return all
}

// script prints the schema and each row as JSON.
const script = `
import json, sys
import pyarrow.parquet as pq
t = pq.read_table(sys.argv[1])
print("\n".join(f"{f.name} {f.type}{'' if f.nullable else ' not null'}" for f in t.schema))
print("--")
for row in t.to_pylist():
    if row["time"] is not None: row["time"] = row["time"].isoformat()
    print(json.dumps(row))
`

// python returns an interpreter that has pyarrow.
func python(t *testing.T) string {
	t.Helper()
	name := os.Getenv("VIGIE_PYTHON")
	if name == "" {
		name = "python3"
	}
	if out, err := exec.Command(name, "-c", "import pyarrow.parquet").CombinedOutput(); err != nil {
		if os.Getenv("VIGIE_REQUIRE_PYARROW") != "" {
			t.Fatalf("%s has no pyarrow: %v\n%s", name, err, out)
		}
		t.Skipf("NOT TESTED with another reader: %s has no pyarrow (VIGIE_PYTHON names another interpreter; VIGIE_REQUIRE_PYARROW=1 makes this a failure)", name)
	}
	return name
}

func write(t *testing.T, all []*flag.Flag) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "flags.parquet")
	f, err := Create(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range all {
		if err := f.Add(x); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

// What pyarrow reads are the flags again, and the schema is the documented one.
func TestReadByPyarrow(t *testing.T) {
	interpreter := python(t)
	want := flags()
	cmd := exec.Command(interpreter, "-c", script, write(t, want))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	schema, lines, _ := strings.Cut(string(out), "\n--\n")
	if diff := cmp.Diff(documented(t), schema); diff != "" {
		t.Errorf("docs/parquet.md against the file (-docs +file)\n%s", diff)
	}
	got := rebuilt(t, lines)
	if len(got) != len(want) {
		t.Fatalf("%d flags, want %d", len(got), len(want))
	}
	for i, f := range want {
		if f.Time != "" { // the column is an instant
			at, err := time.Parse(time.RFC3339, f.Time)
			if err != nil {
				t.Fatal(err)
			}
			f.Time = at.UTC().Format("2006-01-02T15:04:05.000000+00:00")
		}
		if diff := cmp.Diff(string(f.AppendJSON(nil)), string(got[i].AppendJSON(nil))); diff != "" {
			t.Fatalf("flag %s (-want +read)\n%s", f.ID, diff)
		}
	}
}

// documented is the table of columns in docs/parquet.md, as pyarrow would tell it.
func documented(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../../../docs/parquet.md")
	if err != nil {
		t.Fatal(err)
	}
	arrow := map[string]string{"string": "string", "int32": "int32", "int64": "int64", "boolean": "bool", "timestamp": "timestamp[ms, tz=UTC]"}
	var lines []string
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(line, "|")
		if len(cells) < 4 || !strings.HasPrefix(cells[1], " `") {
			continue
		}
		kind, null := strings.CutSuffix(strings.TrimSpace(cells[2]), ", may be null")
		text := strings.Trim(cells[1], " `") + " " + arrow[kind]
		if !null {
			text += " not null"
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, "\n")
}

// rebuilt makes flags of rows.
func rebuilt(t *testing.T, lines string) (all []*flag.Flag) {
	t.Helper()
	type read struct {
		FlagID        string `json:"flag_id"`
		EventSource   string `json:"event_source"`
		EventID       string `json:"event_id"`
		EventType     string `json:"event_type"`
		Topic         *string
		Partition     *int
		Offset        *int64
		Case, Time    string
		Route         string
		Severity      int
		Categories    string
		Referrals     string
		Urgency       string
		Cautions      string
		FindingsTotal int `json:"findings_total"`
		Finding       *int
		Category      string
		Factor, Term  string
		Graded        int `json:"finding_severity"`
		Status, Spans string
		Name          string `json:"lexicon_name"`
		Version       string `json:"lexicon_version"`
		Digest        string `json:"lexicon_digest"`
		Supersedes    string
		Replay        bool
	}
	split := func(text, by string) []string {
		if text == "" {
			return nil
		}
		return strings.Split(text, by)
	}
	number := func(text string) int {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for line := range strings.Lines(lines) {
		var r read
		d := json.NewDecoder(bytes.NewReader([]byte(line)))
		d.DisallowUnknownFields()
		if err := d.Decode(&r); err != nil {
			t.Fatal(err)
		}
		if len(all) == 0 || all[len(all)-1].ID != r.FlagID {
			f := &flag.Flag{
				ID: r.FlagID, Event: flag.EventRef{Source: r.EventSource, ID: r.EventID, Type: r.EventType}, Time: r.Time, Case: r.Case,
				Categories: split(r.Categories, ","), Severity: r.Severity, Route: r.Route, Referrals: split(r.Referrals, ","),
				Urgency: split(r.Urgency, ","), Cautions: split(r.Cautions, ","), FindingsTotal: r.FindingsTotal,
				Lexicon: flag.Lexicon{Name: r.Name, Version: r.Version, Digest: r.Digest}, Supersedes: r.Supersedes, Replay: r.Replay,
			}
			if r.Topic != nil {
				f.Event.Origin = &flag.Origin{Topic: *r.Topic, Partition: *r.Partition, Offset: *r.Offset}
			}
			all = append(all, f)
		}
		if r.Finding == nil {
			continue
		}
		f := all[len(all)-1]
		x := flag.Finding{Category: r.Category, Factor: r.Factor, Term: r.Term, Severity: r.Graded, Status: flag.Status(r.Status)}
		for _, s := range split(r.Spans, ";") {
			part, bounds, _ := strings.Cut(s, ":")
			start, end, _ := strings.Cut(bounds, "-")
			x.Spans = append(x.Spans, flag.Span{Part: part, Start: number(start), End: number(end)})
		}
		if *r.Finding != len(f.Findings) {
			t.Fatalf("flag %s: finding %d stands at %d", f.ID, *r.Finding, len(f.Findings))
		}
		f.Findings = append(f.Findings, x)
	}
	return all
}

// Only its owner reads the file, it is there whole or not at all, and the same
// flags are the same bytes.
func TestFile(t *testing.T) {
	name := write(t, flags())
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the rights are %v", info.Mode())
	}
	first, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	second, err := os.ReadFile(write(t, flags()))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("the same flags are other bytes")
	}
	f, err := Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Add(flags()[0]); err != nil {
		t.Fatal(err)
	}
	f.Discard()
	entries, err := os.ReadDir(filepath.Dir(name))
	if err != nil {
		t.Fatal(err)
	}
	if after, err := os.ReadFile(name); err != nil || !bytes.Equal(after, first) || len(entries) != 1 {
		t.Errorf("a file that was given up left %d files: %v", len(entries), err)
	}
}
