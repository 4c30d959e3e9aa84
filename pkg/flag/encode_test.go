package flag

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The envelope and the data of a flag as encoding/json writes them: the
// yardstick of AppendJSON.
type (
	envelopeJSON struct {
		SpecVersion     string   `json:"specversion"`
		ID              string   `json:"id"`
		Source          string   `json:"source"`
		Type            string   `json:"type"`
		Subject         string   `json:"subject,omitempty"`
		Time            string   `json:"time,omitempty"`
		DataContentType string   `json:"datacontenttype"`
		Data            dataJSON `json:"data"`
	}
	dataJSON struct {
		Event         eventJSON     `json:"event"`
		Case          string        `json:"case,omitempty"`
		Categories    []string      `json:"categories"`
		Severity      int           `json:"severity"`
		Route         string        `json:"route"`
		Referrals     []string      `json:"referrals"`
		Urgency       []string      `json:"urgency"`
		Cautions      []string      `json:"cautions"`
		Findings      []findingJSON `json:"findings"`
		FindingsTotal int           `json:"findings_total"`
		Lexicon       lexiconJSON   `json:"lexicon"`
		Supersedes    string        `json:"supersedes,omitempty"`
		Replay        bool          `json:"replay,omitempty"`
	}
	eventJSON struct {
		Source    string  `json:"source"`
		ID        string  `json:"id"`
		Type      string  `json:"type"`
		Topic     *string `json:"topic,omitempty"`
		Partition *int    `json:"partition,omitempty"`
		Offset    *int64  `json:"offset,omitempty"`
	}
	findingJSON struct {
		Category string     `json:"category"`
		Factor   string     `json:"factor"`
		Term     string     `json:"term"`
		Severity int        `json:"severity"`
		Status   string     `json:"status"`
		Spans    []spanJSON `json:"spans"`
	}
	spanJSON struct {
		Part  string `json:"part"`
		Start int    `json:"start"`
		End   int    `json:"end"`
	}
	lexiconJSON struct {
		Name    string `json:"name"`
		Version string `json:"version"`
		Digest  string `json:"digest"`
	}
)

func yardstick(f *Flag) envelopeJSON {
	list := func(l []string) []string { return append([]string{}, l...) }
	d := dataJSON{
		Event: eventJSON{Source: f.Event.Source, ID: f.Event.ID, Type: f.Event.Type},
		Case:  f.Case, Categories: list(f.Categories), Severity: f.Severity, Route: f.Route,
		Referrals: list(f.Referrals), Urgency: list(f.Urgency), Cautions: list(f.Cautions),
		Findings: []findingJSON{}, FindingsTotal: f.FindingsTotal,
		Lexicon: lexiconJSON(f.Lexicon), Supersedes: f.Supersedes, Replay: f.Replay,
	}
	if o := f.Event.Origin; o != nil {
		d.Event.Topic, d.Event.Partition, d.Event.Offset = &o.Topic, &o.Partition, &o.Offset
	}
	for _, x := range f.Findings {
		one := findingJSON{x.Category, x.Factor, x.Term, x.Severity, string(x.Status), []spanJSON{}}
		for _, s := range x.Spans {
			one.Spans = append(one.Spans, spanJSON(s))
		}
		d.Findings = append(d.Findings, one)
	}
	return envelopeJSON{"1.0", f.ID, "vigie", "vigie.flag.v1", f.Case, f.Time, "application/json", d}
}

func encode(t testing.TB, v any) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func exampleFlag() *Flag {
	lexicon := Lexicon{"fr-fragilite", "2026.11.0", "sha256:" + strings.Repeat("0", 64)}
	return &Flag{
		ID:    ID("/genesys/eu", "c-81", lexicon.Digest),
		Event: EventRef{"/genesys/eu", "c-81", "vigie.transcript.v1", &Origin{"calls.transcripts", 3, 1201}},
		Time:  "2026-11-02T09:00:00+01:00", Case: "D-20931",
		Categories: []string{"health", "resilience"}, Severity: 3, Route: RouteCare,
		Cautions: []string{"no_call"},
		Findings: []Finding{
			{
				"health", "health.traitement_lourd", "health.traitement_lourd/8c1f02aa", 3, Asserted,
				[]Span{{"turns[9].text", 71, 80}, {"turns[10].text", 0, 3}},
			},
			{"resilience", "resilience.declared", "resilience.declared/00000000", 2, Asserted, nil},
		},
		FindingsTotal: 2,
		Lexicon:       lexicon,
	}
}

func exampleEvidence() *Evidence {
	f := exampleFlag()
	return &Evidence{Flag: f, Quotes: []Quote{
		{Term: f.Findings[0].Term, Span: f.Findings[0].Spans[0], Text: "après ma « chimio »\tj'ai"},
	}}
}

func exampleReceipt() *Receipt {
	return &Receipt{
		Group: "vigie", Generation: 7, Topic: "calls.transcripts", Partition: 3, From: 1000, To: 1499,
		Flagged: 41, Clean: 456, Skipped: map[string]int{"tombstone": 0, "marker": 0, "language": 1},
		Dead: map[string]int{"json": 1}, Repaired: 2, Absent: 1, Lexicon: exampleFlag().Lexicon,
	}
}

func TestFlagAppendJSON(t *testing.T) {
	bare := &Flag{ID: "x", Event: EventRef{Source: "s", ID: "i", Type: "vigie.letter.v1"}, Severity: 4, Route: RouteUrgent}
	odd := exampleFlag()
	odd.Case = "D \"1\" \\ <b>&é \u2028\u2029\x00\x1f\x7f\b\f\n\r\t\xff\xed\xa0\x80 \U0001F600"
	odd.Event.ID = odd.Case
	odd.Event.Origin = &Origin{}
	odd.Referrals, odd.Supersedes, odd.Replay = []string{"partner"}, "other", true
	for name, f := range map[string]*Flag{"example": exampleFlag(), "bare": bare, "odd": odd} {
		if diff := cmp.Diff(encode(t, yardstick(f)), string(f.AppendJSON(nil))); diff != "" {
			t.Errorf("%s: (-encoding/json +AppendJSON)\n%s", name, diff)
		}
	}
}

// TestGolden compares with testdata, which the schemas are tested against too:
// consumers compare bytes.
func TestGolden(t *testing.T) {
	for file, got := range map[string][]byte{
		"testdata/flag.json":       exampleFlag().AppendJSON(nil),
		"testdata/receipt.json":    exampleReceipt().AppendJSON(nil),
		"testdata/evidence.json":   exampleEvidence().AppendJSON(nil),
		"testdata/retraction.json": exampleRetraction().AppendJSON(nil),
	} {
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.TrimSpace(string(want)), string(got)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", file, diff)
		}
	}
}

func TestAppendJSONDoesNotAllocate(t *testing.T) {
	f, dst := exampleFlag(), make([]byte, 0, 4096)
	if n := testing.AllocsPerRun(100, func() { dst = f.AppendJSON(dst[:0]) }); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

// FuzzFlagEncoding: what AppendJSON writes is what encoding/json writes, and
// reads back as the same flag.
func FuzzFlagEncoding(f *testing.F) {
	f.Add("D-20931", "c-81", "turns[0].text", 3, int64(1201), true)
	f.Add("", "é<&>\u2028\x00", "\xff\"", -1, int64(0), false)
	f.Fuzz(func(t *testing.T, caseFile, id, part string, number int, offset int64, kafka bool) {
		build := func(caseFile, id, part string) *Flag {
			x := exampleFlag()
			x.Case, x.Event.ID, x.Time, x.Replay, x.Supersedes = caseFile, id, caseFile, kafka, part
			x.Urgency = []string{id, part}
			x.Findings[0].Spans = []Span{{part, number, number}}
			x.Event.Origin = &Origin{part, number, offset}
			if !kafka {
				x.Event.Origin = nil
			}
			return x
		}
		x := build(caseFile, id, part)
		got := string(x.AppendJSON([]byte("before ")))
		if diff := cmp.Diff("before "+encode(t, yardstick(x)), got); diff != "" {
			t.Fatalf("(-encoding/json +AppendJSON)\n%s", diff)
		}
		var back envelopeJSON
		if err := json.Unmarshal([]byte(got[len("before "):]), &back); err != nil {
			t.Fatal(err)
		}
		// Read back, a byte that is no UTF-8 is U+FFFD, as a conversion to runes makes it.
		valid := func(s string) string { return string([]rune(s)) }
		if diff := cmp.Diff(yardstick(build(valid(caseFile), valid(id), valid(part))), back); diff != "" {
			t.Fatalf("(-flag +read back)\n%s", diff)
		}
		parsed, err := Parse([]byte(got[len("before "):]))
		if err != nil {
			t.Fatal(err)
		}
		want := build(valid(caseFile), valid(id), valid(part)).AppendJSON(nil)
		if diff := cmp.Diff(string(want), string(parsed.AppendJSON(nil))); diff != "" {
			t.Fatalf("(-flag +parsed)\n%s", diff)
		}
	})
}

func BenchmarkFlagAppendJSON(b *testing.B) {
	f, dst := exampleFlag(), make([]byte, 0, 4096)
	for b.Loop() {
		dst = f.AppendJSON(dst[:0])
	}
	b.SetBytes(int64(len(dst)))
}
