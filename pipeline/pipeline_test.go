package pipeline

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cockroachdb/datadriven"

	"github.com/vigie-project/vigie/configs"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// classifier returns a classifier of the small lexicon and routing in testdata,
// read with the shipped qualifiers.
func classifier(t testing.TB, engine string) *Classifier {
	t.Helper()
	fsys := fstest.MapFS{}
	add := func(name string, data []byte, err error) {
		if err != nil {
			t.Fatal(err)
		}
		fsys[name] = &fstest.MapFile{Data: data}
	}
	files, err := filepath.Glob("testdata/lexicon/fr/*.yaml")
	if err != nil || len(files) != 4 {
		t.Fatalf("test lexicon: %d files, %v", len(files), err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		add("lexicon/fr/"+filepath.Base(f), data, err)
	}
	data, err := os.ReadFile("testdata/lexicon/lexicon.yaml")
	add("lexicon/lexicon.yaml", data, err)
	data, err = configs.FS.ReadFile("lexicon/qualifiers.fr.yaml")
	add("lexicon/qualifiers.fr.yaml", data, err)
	data, err = os.ReadFile("testdata/routing.yaml")
	add("routing.yaml", data, err)

	rs, err := lexicon.Load(fsys, "lexicon")
	if err != nil {
		t.Fatal(err)
	}
	if rs.Policy, err = lexicon.LoadPolicy(fsys, "routing.yaml"); err != nil {
		t.Fatal(err)
	}
	p, err := lexicon.Compile(rs)
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewClassifier(p, engine)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCases runs testdata/cases: a text, then the flag and every sign read.
// `go test -run TestCases ./pipeline -rewrite` writes what the code does now.
func TestCases(t *testing.T) {
	for _, engine := range []string{"words", "cloudflare"} {
		c := classifier(t, engine)
		t.Run(engine, func(t *testing.T) {
			datadriven.Walk(t, "testdata/cases", func(t *testing.T, path string) {
				datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
					return describe(t, c, d)
				})
			})
		})
	}
}

// describe classifies one case and writes what was found, for a reader who
// knows French and no programming.
func describe(t *testing.T, c *Classifier, d *datadriven.TestData) string {
	t.Helper()
	r := event.Record{Value: caseEvent(t, d)}
	result, err := c.Classify(r)
	if err != nil {
		return err.Error() + "\n"
	}
	var b strings.Builder
	if f := result.Flag; f != nil {
		fmt.Fprintf(&b, "%s, gravité %d : %s", f.Route, f.Severity, strings.Join(f.Categories, ", "))
		for _, list := range [][]string{f.Referrals, f.Urgency, f.Cautions} {
			if len(list) > 0 {
				fmt.Fprintf(&b, " [%s]", strings.Join(list, ", "))
			}
		}
		b.WriteString("\n")
	} else {
		fmt.Fprintf(&b, "rien%s\n", map[bool]string{true: " (" + result.Skip + ")"}[result.Skip != ""])
	}
	signs, err := c.Explain(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range signs {
		fmt.Fprintf(&b, "  %s %s « %s »", s.Finding.Factor, s.Finding.Status, strings.Join(s.Quotes, " … "))
		if s.Rule != "" {
			fmt.Fprintf(&b, " (%s)", s.Rule)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// caseEvent builds the CloudEvent of a case: the command is the kind, the
// input the text, a turn a line for a transcript.
func caseEvent(t *testing.T, d *datadriven.TestData) []byte {
	t.Helper()
	data := map[string]any{}
	arg := func(name string) (s string) {
		if d.HasArg(name) {
			for _, a := range d.CmdArgs {
				if a.Key == name {
					s = strings.Join(a.Vals, ",")
				}
			}
		}
		return s
	}
	if l := arg("language"); l != "" {
		data["language"] = l
	}
	switch d.Cmd {
	case "transcript":
		names := map[string]string{"client": "customer", "agent": "agent", "inconnu": "unknown"}
		var turns []map[string]string
		for line := range strings.Lines(d.Input) {
			who, text, _ := strings.Cut(strings.TrimSpace(line), ": ")
			if names[who] == "" {
				t.Fatalf("%s: a turn begins with client:, agent: or inconnu:", d.Pos)
			}
			turns = append(turns, map[string]string{"speaker": names[who], "text": text})
		}
		data["turns"] = turns
	case "survey":
		data["answers"] = []map[string]string{{"question": arg("question"), "text": d.Input}}
	case "complaint":
		data["declared"] = strings.Split(arg("declared"), ",")
		data["text"] = d.Input
	case "email", "letter":
		data["text"] = d.Input
	default:
		t.Fatalf("%s: unknown kind %q", d.Pos, d.Cmd)
	}
	value, err := json.Marshal(map[string]any{
		"specversion": "1.0", "id": "1", "source": "/cas", "type": "vigie." + d.Cmd + ".v1",
		"subject": "dossier", "time": "2026-11-02T09:00:00Z", "data": data,
	})
	if err != nil {
		t.Fatal(err)
	}
	return value
}
