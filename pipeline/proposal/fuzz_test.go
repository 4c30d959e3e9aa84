package proposal_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vigie-project/vigie/pipeline/proposal"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// FuzzApply: whatever is typed is refused with a message, or stands in the
// patched file as typed, with nothing else changed.
func FuzzApply(f *testing.F) {
	for _, text := range []string{"alité", "(très|) mal : # non", "- |\n  x", "\"a\" 'b' \\ é", "agent : ça va ?\nclient : non", "{a: b}", "---", "\u00a0x\u2003", "true", "\u200bcaché"} {
		f.Add(text, text, false)
	}
	const before = "category: health\nlabel: Santé\nfactors:\n  - id: maladie\n    label: Maladie\n    fg21: health\n    severity: 2\n    terms: |\n      malade # dit souvent\n    examples:\n      match:\n        - Je suis malade\n"
	f.Fuzz(func(t *testing.T, term, example string, crlf bool) {
		text := before
		if crlf {
			text = strings.ReplaceAll(before, "\n", "\r\n")
		}
		files := small([]byte(text))
		rs, err := lexicon.Load(files, ".")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []proposal.Change{
			{Op: proposal.Add, Factor: "health.maladie", Block: proposal.Terms, New: term},
			{Op: proposal.Replace, Factor: "health.maladie", Block: proposal.Terms, Old: "malade", New: term},
			{Op: proposal.Add, Factor: "health.maladie", Block: proposal.Heard, New: term},
			{Op: proposal.Add, Factor: "health.maladie", Block: "examples.match", New: example},
			{Op: proposal.Add, Factor: "health.maladie", Block: "examples.asked", New: example},
		} {
			c = c.Tidy()
			p, err := proposal.Apply(files, ".", rs, []proposal.Change{c})
			var refused *proposal.Refused
			if err != nil {
				if !errors.As(err, &refused) || refused.Message == "" {
					t.Fatalf("%+v: %v", c, err)
				}
				continue
			}
			patched := follow(t, string(p.Patch), text)
			files["fr/health.yaml"].Data = []byte(patched)
			again, err := lexicon.Load(files, ".")
			files["fr/health.yaml"].Data = []byte(text)
			if err != nil {
				t.Fatalf("%+v: %v\n%s", c, err, p.Patch)
			}
			got := again.Sections[0].Factors[0]
			switch expect := c.Block.Expect(); {
			case expect != "":
				if !slices.ContainsFunc(got.Examples, func(e lexicon.Example) bool { return e.Expect == expect && e.Text == c.New }) {
					t.Errorf("%+v: the example is not there\n%s", c, p.Patch)
				}
			case !slices.ContainsFunc(append(got.Terms, got.Heard...), func(e lexicon.Entry) bool { return e.Pattern.Source == c.New }):
				t.Errorf("%+v: the term is not there\n%s", c, p.Patch)
			}
			if gone := len(rs.Sections[0].Factors[0].Terms); c.Op == proposal.Add && len(got.Terms) < gone {
				t.Errorf("%+v: a term went\n%s", c, p.Patch)
			}
		}
	})
}

// follow applies a patch of one file: each line of it must be as the patch says.
func follow(t *testing.T, patch, text string) string {
	t.Helper()
	lines := slices.Collect(strings.Lines(text))
	var out strings.Builder
	at, inside := 0, false
	for line := range strings.Lines(patch) {
		switch sign, rest := line[0], line[1:]; {
		case strings.HasPrefix(line, "@@ -"):
			first, err := strconv.Atoi(line[4 : 4+strings.IndexAny(line[4:], ", ")])
			if err != nil {
				t.Fatal(err)
			}
			for ; at < first-1; at++ {
				out.WriteString(lines[at])
			}
			inside = true
		case !inside:
		case sign == '+':
			out.WriteString(rest)
		case at >= len(lines) || lines[at] != rest:
			t.Fatalf("line %d is not %q:\n%s", at+1, rest, patch)
		case sign == '-':
			at++
		default:
			out.WriteString(rest)
			at++
		}
	}
	return out.String() + strings.Join(lines[at:], "")
}
