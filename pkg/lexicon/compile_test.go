package lexicon

import (
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/vigie-project/vigie/pkg/text"
)

// ruleset loads a lexicon whose factor health.a has the terms given, with the
// qualifiers of testdata/good.
func ruleset(t testing.TB, terms ...string) *Ruleset {
	t.Helper()
	q, err := os.ReadFile("testdata/good/qualifiers.fr.yaml")
	if err != nil {
		t.Fatal(err)
	}
	block := ""
	for _, term := range terms {
		block += "      " + term + "\n"
	}
	rs, err := Load(fstest.MapFS{
		"lexicon.yaml":       {Data: []byte("{name: n, version: v, author: a, reviewer: r}")},
		"qualifiers.fr.yaml": {Data: q},
		"fr/health.yaml":     {Data: []byte("category: health\nlabel: L\nfactors:\n  - id: a\n    label: A\n    fg21: health\n    terms: |\n" + block)},
	}, ".")
	if err != nil {
		t.Fatal(err)
	}
	return rs
}

// found runs a program the slow and obvious way: all literals at all places,
// then all sequences by trying every combination. It returns the words of the
// occurrences of groups with a use of the kind, in order.
func found(p *Program, sentence string, kind UseKind) []string {
	var t text.Text
	text.Fold(sentence, &t)
	type span struct{ from, to int }
	groups := make([][]span, p.Groups)
	add := func(g Group, s span) {
		if !slices.Contains(groups[g], s) {
			groups[g] = append(groups[g], s)
		}
	}
	words := make([]uint32, len(t.Tokens))
	for i := range t.Tokens {
		words[i] = p.Vocabulary.ID(t.Word(i))
		if _, err := strconv.ParseFloat(string(t.Word(i)), 64); err == nil {
			add(p.Number, span{i, i + 1})
		}
	}
	for l, literal := range p.Literals {
		for i := 0; i+len(literal) <= len(words); i++ {
			if !slices.Equal(words[i:i+len(literal)], literal) {
				continue
			}
			for _, e := range p.Emits[l] {
				if e.Anchored && i > 0 || e.Transcript {
					continue
				}
				exact := true
				for k, spelling := range e.Exact {
					tok := t.Tokens[i+k]
					exact = exact && (spelling == "" || strings.ToLower(sentence[tok.Start:tok.End]) == spelling)
				}
				if exact {
					add(e.Group, span{i, i + len(literal)})
				}
			}
		}
	}
	for _, s := range p.Sequences {
		ends := []span{}
		for k, st := range s.Steps {
			next := []span{}
			for _, o := range groups[st.Group] {
				if k == 0 {
					if !s.Anchored || o.from == 0 {
						next = append(next, o)
					}
					continue
				}
				for _, e := range ends {
					if d := o.from - e.to; d >= st.Min && d <= st.Max {
						next = append(next, span{e.from, o.to})
					}
				}
			}
			ends = next
		}
		for _, e := range ends {
			if !s.Transcript {
				add(s.Out, e)
			}
		}
	}
	var all []span
	for g, uses := range p.Uses {
		if slices.ContainsFunc(uses, func(u Use) bool { return u.Kind == kind }) {
			all = append(all, groups[g]...)
		}
	}
	slices.SortFunc(all, func(a, b span) int { return slices.Compare([]int{a.from, a.to}, []int{b.from, b.to}) })
	all = slices.Compact(all)
	out := make([]string, 0, len(all))
	for _, s := range all {
		var w []string
		for i := s.from; i < s.to; i++ {
			w = append(w, string(t.Word(i)))
		}
		out = append(out, strings.Join(w, " "))
	}
	return out
}

func TestCompile(t *testing.T) {
	for _, row := range rows(t, "compile.txt") {
		term, sentence, want := strings.TrimSpace(row[0]), strings.TrimSpace(row[1]), strings.TrimSpace(row[2])
		p, err := Compile(ruleset(t, term))
		if err != nil {
			t.Errorf("%s: %v", term, err)
			continue
		}
		if got := strings.Join(found(p, sentence, UseTerm), "; "); got != want {
			t.Errorf("%s in %q finds %q, want %q", term, sentence, got, want)
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	for _, row := range rows(t, "refused.txt") {
		_, err := Compile(ruleset(t, strings.TrimSpace(row[0])))
		if want := "fr/health.yaml:8:" + strings.TrimSpace(row[1]); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", row[0], err, want)
		}
	}
}

// TestProgram looks at the tables of the whole test lexicon.
func TestProgram(t *testing.T) {
	rs, err := Load(os.DirFS("testdata"), "good")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile(rs)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i, l := range p.Literals {
		key, _ := json.Marshal(l)
		if len(l) == 0 || seen[string(key)] || len(p.Emits[i]) == 0 || slices.Contains(l, 0) {
			t.Errorf("literal %d, %v, is empty, repeated or without meaning", i, l)
		}
		seen[string(key)] = true
	}
	made := map[Group]int{p.Number: -1}
	for i, s := range p.Sequences {
		made[s.Out] = i
	}
	for i, s := range p.Sequences {
		for _, st := range s.Steps {
			if last, ok := made[st.Group]; ok && last >= i {
				t.Errorf("sequence %d uses group %d, which sequence %d still adds to", i, st.Group, last)
			}
		}
	}
	if len(p.Uses) != p.Groups || p.Durations < 0 || !p.Acronyms["rsa"] {
		t.Errorf("uses %d of %d groups, durations %d, acronyms %v", len(p.Uses), p.Groups, p.Durations, p.Acronyms)
	}
	type view struct {
		Categories []Category
		Factors    []Factor
		Terms      []Term
		Structures []Structure
		Cues       []Cue
	}
	got, err := json.MarshalIndent(view{p.Categories, p.Factors, p.Terms, p.Structures, p.Cues}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "program.json", append(got, '\n'))
	for kind, want := range map[UseKind]string{
		UseMask: "mort de rire", UseExclusion: "hopital veterinaire", UseCue: "pas", UseFirst: "arret; toujours en arret", UseSecond: "oui",
	} {
		sentence := map[UseKind]string{UseMask: "mort de rire", UseExclusion: "un hôpital vétérinaire", UseCue: "pas", UseFirst: "toujours en arrêt", UseSecond: "oui"}[kind]
		got := found(p, sentence, kind)
		slices.Sort(got)
		if diff := cmp.Diff(want, strings.Join(got, "; ")); diff != "" {
			t.Errorf("use %d in %q (-want +got):\n%s", kind, sentence, diff)
		}
	}
}

func TestHeardHoldsInTranscriptsOnly(t *testing.T) {
	rs, err := Load(os.DirFS("testdata"), "good")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile(rs)
	if err != nil {
		t.Fatal(err)
	}
	aux, pitales := p.Vocabulary.ID([]byte("aux")), p.Vocabulary.ID([]byte("pitales"))
	i := slices.IndexFunc(p.Literals, func(l []uint32) bool { return slices.Equal(l, []uint32{aux, pitales}) })
	if i < 0 || !p.Emits[i][0].Transcript {
		t.Fatalf("literal %d of the heard variant is not for transcripts only", i)
	}
}

func TestDisabledFactorHasNoTerms(t *testing.T) {
	for _, disabled := range []string{"health.a", "health.*"} {
		rs := ruleset(t, "fauteuil roulant")
		rs.Policy.Disabled = []string{disabled}
		p, err := Compile(rs)
		if err != nil {
			t.Fatal(err)
		}
		if got := found(p, "en fauteuil roulant", UseTerm); len(got) > 0 || len(p.Factors) != 1 {
			t.Errorf("%s disabled: finds %q, %d factors", disabled, got, len(p.Factors))
		}
	}
}

func TestPolicyNamesUnknownFactors(t *testing.T) {
	rs := ruleset(t, "fauteuil roulant")
	rs.Policy = Policy{Disabled: []string{"health.b"}, Referrals: map[string]Referral{"partner": {Break: []string{"life_events.*"}, Shortage: []string{"money.*"}}}}
	_, err := Compile(rs)
	if err == nil || !strings.Contains(err.Error(), "« health.b »") || !strings.Contains(err.Error(), "« money.* »") || strings.Contains(err.Error(), "life_events") {
		t.Errorf("error %v, want health.b and money.* only", err)
	}
}

func TestPiecesAreShared(t *testing.T) {
	one, err := Compile(ruleset(t, "{payer} ... en retard <nombre> fois"))
	if err != nil {
		t.Fatal(err)
	}
	two, err := Compile(ruleset(t, "{payer} ... en retard <nombre> fois", "jamais <nombre> fois ... {payer}"))
	if err != nil {
		t.Fatal(err)
	}
	// The second term adds its own group and the piece "jamais".
	if got := two.Groups - one.Groups; got != 2 {
		t.Errorf("the second term adds %d groups, want 2", got)
	}
}

func TestClassCycle(t *testing.T) {
	rs := ruleset(t, "un mot")
	rs.Qualifiers.Classes = []ClassSource{
		{Name: "a", Terms: []Entry{pattern(t, "<b> un")}},
		{Name: "b", Terms: []Entry{pattern(t, "<c> deux")}},
		{Name: "c", Terms: []Entry{pattern(t, "(<a>|trois)")}},
	}
	if _, err := Compile(rs); err == nil || !strings.Contains(err.Error(), "la classe <a> se contient elle-même") {
		t.Errorf("error %v, want the cycle named", err)
	}
	rs.Qualifiers.Classes = []ClassSource{{Name: "Durée"}, {Name: "duree"}, {Name: "nombre"}, {Name: "deux mots"}}
	_, err := Compile(rs)
	for _, want := range []string{"la classe <duree> existe déjà", "<nombre> existe d'avance", "est un seul mot"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// TestCollision has two terms whose ids are the same eight digits.
func TestCollision(t *testing.T) {
	c := compiler{program: &Program{Factors: []Factor{{ID: "health.a"}}}, ids: map[string]string{}}
	c.term(0, "", "un", "un", Place{})
	c.ids[identify("health.a", "deux")] = "autre"
	c.term(0, "", "un", "un", Place{})
	if len(c.problems) != 0 {
		t.Errorf("the same term twice: %v", c.err())
	}
	c.term(0, "", "deux", "deux", Place{})
	if err := c.err(); err == nil || !strings.Contains(err.Error(), "le même identifiant health.a/") {
		t.Errorf("error %v, want a collision", err)
	}
}

// TestPuDependsOnItsPattern has one piece, "plus", in two patterns, of which
// only one may have "pu".
func TestPuDependsOnItsPattern(t *testing.T) {
	p, err := Compile(ruleset(t, "plus {payer}", "{trouver} plus {payer}"))
	if err != nil {
		t.Fatal(err)
	}
	for sentence, want := range map[string]string{"je trouve pu payer": "trouve pu payer", "j'ai pu payer": "", "je trouve plus payer": "trouve plus payer; plus payer"} {
		if got := strings.Join(found(p, sentence, UseTerm), "; "); got != want {
			t.Errorf("%q finds %q, want %q", sentence, got, want)
		}
	}
}
