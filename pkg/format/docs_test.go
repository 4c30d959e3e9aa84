package format

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/vigie-project/vigie/pkg/event"
)

// TestDocs holds the tables of docs/formats.md against the formats and what is
// read of the samples.
func TestDocs(t *testing.T) {
	const path = "../../docs/formats.md"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	doc := string(data)
	for _, table := range []struct{ begin, rows string }{
		{"<!-- formats: go test ./pkg/format -run TestDocs -update -->\n", formatRows()},
		{"<!-- samples -->\n", sampleRows(t)},
	} {
		head, rest, ok := strings.Cut(doc, table.begin)
		got, tail, closed := strings.Cut(rest, "<!-- end -->")
		if !ok || !closed {
			t.Fatalf("%s lacks %s", path, table.begin)
		}
		if *update {
			doc = head + table.begin + table.rows + "<!-- end -->" + tail
		} else if got != table.rows {
			t.Errorf("%s is not what is read; run go test ./pkg/format -run TestDocs -update\n--- got\n%s--- want\n%s", path, got, table.rows)
		}
	}
	if *update {
		if err := os.WriteFile(path, []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func formatRows() string {
	var b strings.Builder
	b.WriteString("| format | reads | speaker | time | id |\n|---|---|---|---|---|\n")
	for _, f := range All() {
		fmt.Fprintf(&b, "| [`%s`](%s) | %s | %s | %s | %s |\n", f.Name, f.Spec, f.Reads, f.Speaker, f.Time, f.ID)
	}
	return b.String()
}

func sampleRows(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| format | sample | shows | events | parts: customer, unknown, agent, other |\n|---|---|---|---|---|\n")
	for _, s := range samplesOf {
		r := reader(t, s.options)
		list := values(t, s)
		var customer, unknown, agent, other int
		for _, v := range list {
			d, err := Decode(event.Record{Value: v.Data}, r)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range d.Parts {
				switch p.Voice {
				case event.Customer:
					customer++
				case event.Unknown:
					unknown++
				case event.Agent:
					agent++
				default:
					other++
				}
			}
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %d | %d, %d, %d, %d |\n", r.format.Name, s.file, s.shows, len(list), customer, unknown, agent, other)
	}
	return b.String()
}
