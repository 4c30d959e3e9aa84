package text

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

var rewrite = flag.Bool("rewrite", false, "write what the code does now into the tables of testdata")

// show writes the words of t as the tables have them: a word, and in ‹› the
// source that it came from where that is written differently.
func show(t *Text) string {
	var b strings.Builder
	for i, k := range t.Tokens {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.Write(t.Word(i))
		if cut := t.Source[k.Start:k.End]; cut != string(t.Word(i)) {
			b.WriteString("‹" + escape(cut) + "›")
		}
	}
	return b.String()
}

func escape(s string) string {
	q := strconv.Quote(s)
	q = strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
	return q
}

// TestFoldTable folds each line of testdata/fold.txt: a source, in which \n,
// \u00a0 and \xff are escapes, "⇒", its words. "~" before the source says that
// the words folded again give others.
func TestFoldTable(t *testing.T) {
	const path = "testdata/fold.txt"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var x, again Text
	var out strings.Builder
	cases := 0
	for line := range strings.Lines(string(data)) {
		source, want, ok := strings.Cut(strings.TrimRight(line, "\n"), " ⇒")
		if !ok {
			out.WriteString(line)
			continue
		}
		cases++
		want = strings.TrimSpace(want)
		raw, once := strings.CutPrefix(source, "~")
		src, err := strconv.Unquote(`"` + strings.ReplaceAll(raw, `"`, `\"`) + `"`)
		if err != nil {
			t.Fatalf("%s: %q: %v", path, raw, err)
		}
		Fold(src, &x)
		check(t, &x)
		got := show(&x)
		fmt.Fprintf(&out, "%s ⇒ %s\n", source, got)
		if got != want && !*rewrite {
			t.Errorf("%s\n got %s\nwant %s", raw, got, want)
		}
		Fold(plainWords(&x), &again)
		if a, b := plainWords(&x), plainWords(&again); (a == b) == once {
			t.Errorf("%s\nfolded again: %s\n   then: %s", raw, a, b)
		}
	}
	if cases < 120 {
		t.Errorf("%d cases, want 120 at least", cases)
	}
	if *rewrite {
		if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func plainWords(t *Text) string {
	words := make([]string, len(t.Tokens))
	for i := range t.Tokens {
		words[i] = string(t.Word(i))
	}
	return strings.Join(words, " ")
}

// check tests what holds of every folded text.
func check(t *testing.T, x *Text) {
	t.Helper()
	var before Token
	for i, k := range x.Tokens {
		switch {
		case k.Start < before.Start || k.Start < before.End && k.Start != before.Start:
			t.Errorf("token %d begins at %d, before the end of the one before it at %d", i, k.Start, before.End)
		case k.Start < 0 || k.End <= k.Start || int(k.End) > len(x.Source):
			t.Errorf("token %d stands at [%d,%d) of %d bytes", i, k.Start, k.End, len(x.Source))
		case k.From >= k.To || k.From < before.To:
			t.Errorf("token %d has the word [%d,%d) after [%d,%d)", i, k.From, k.To, before.From, before.To)
		case !utf8.Valid(x.Word(i)) || strings.ContainsAny(string(x.Word(i)), " '\n\u00a0"):
			t.Errorf("token %d is no word: %q", i, x.Word(i))
		case i == 0 && k.Flags&(SentenceStart|LineStart) != SentenceStart|LineStart:
			t.Errorf("the first token does not begin a sentence and a line")
		}
		if k.Hash != Hash(x.Word(i)) {
			t.Errorf("token %d, %q: its hash is another's", i, x.Word(i))
		}
		before = k
	}
}

func TestFoldFlags(t *testing.T) {
	const q, s, c, l, ne = Question, SentenceStart, ClauseStart, LineStart, AfterNe
	for _, test := range []struct {
		src  string
		want []Flag
	}{
		{"Oui, je suis", []Flag{s | l | Capital, c, 0}},
		{"oui (non) là", []Flag{s | l, c, c | Accented}},
		{"ça va. Merci", []Flag{s | l | Accented, 0, s | Capital}},
		{"ça va ? merci", []Flag{s | l | q | Accented, q, s}},
		{"qui ?", []Flag{s | l | q}},
		{"un\ndeux", []Flag{s | l, l}},
		{"un\nDeux", []Flag{s | l, l | s | Capital}},
		{"UN\nDEUX", []Flag{s | l | Capital | Upper, l | Capital | Upper}},
		{"un\n\ndeux", []Flag{s | l, l | s}},
		{"un\n- deux", []Flag{s | l, l | s}},
		{"un - deux", []Flag{s | l, c}},
		{"peut-être", []Flag{s | l, Accented}},
		{"un… deux", []Flag{s | l, c}},
		{"un... Deux", []Flag{s | l, c | s | Capital}},
		{"un; deux", []Flag{s | l, s}},
		{"je ne dors pas", []Flag{s | l, ne, 0}},
		{"je n'ai", []Flag{s | l, ne}},
		{"je dors ne dors pas", []Flag{s | l, ne, 0}},
		{"n'ai", []Flag{s | l | ne}},
		{"alors hier soir encore je ne dors pas bien", []Flag{s | l, 0, 0, 0, 0, ne, 0, 0}},
		{"j'ai", []Flag{s | l | Elided, 0}},
		{"j ai", []Flag{s | l, 0}},
		{"780 € 12", []Flag{s | l | Digits | Money, 0, Digits}},
		{"780€", []Flag{s | l | Digits | Money, 0}},
		{"780 euros", []Flag{s | l | Digits, 0}},
		{"M. Roy", []Flag{s | l | Capital, Capital}},
		{"vu Mme. Roy", []Flag{s | l, Capital, Capital}},
		{"le R.S.A. est", []Flag{s | l, Capital | acronym, Capital | acronym, Capital | acronym, 0}},
		{"le R.S.A. Je", []Flag{s | l, Capital | acronym, Capital | acronym, Capital | acronym, s | Capital}},
		{"voir www.caf.fr ici", []Flag{s | l, 0, 0, 0, 0}},
		{"fini.Je pars", []Flag{s | l, s | Capital, 0}},
		{"fini.je pars", []Flag{s | l, s, 0}},
		{"euh, oui", []Flag{s | l | c}},
		{"1.200 et 12.5", []Flag{s | l | Digits, 0, Digits}},
		{"le 3 mai 2024. Oui", []Flag{s | l, Digits, 0, Digits, s | Capital}},
	} {
		var x Text
		Fold(test.src, &x)
		got := make([]Flag, 0, len(x.Tokens))
		for _, k := range x.Tokens {
			got = append(got, k.Flags)
		}
		if fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("%q: flags\n got %b\nwant %b", test.src, got, test.want)
		}
	}
}

func TestFoldAccented(t *testing.T) {
	var x Text
	for src, want := range map[string]bool{"interne": false, "interné": true, "coeur": false, "cœur": true, "inter\u0301ne": true, "intern&eacute;": true, "": false} {
		if Fold(src, &x); x.Accented != want {
			t.Errorf("%q: Accented %v", src, x.Accented)
		}
	}
}

// TestFoldMemory folds a text into a used Text without new memory.
func TestFoldMemory(t *testing.T) {
	src := strings.Repeat("Je n'arrive plus à payer, j'ai perdu mon travail le 12/03 et y a 1 200 € de dettes. ", 20)
	var x Text
	Fold(src, &x)
	if n := testing.AllocsPerRun(20, func() { Fold(src, &x) }); n != 0 {
		t.Errorf("%v allocations a fold, want 0", n)
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{
		"", "J'arrive plus", "cÅ“ur Ã©tÃ©", "ÃƒÂ©", "Ã¢â‚¬â„¢", "&#49;;&#49;", "&nbsp;&eacute;&amp;amp;&#0;&#xD800;&;", "hospi-\n talisé", "a\xffb\xc3",
		"\u200bé\u00ad", "e\u0301e\u0301e", "n y", "y a'", "y", "s'il", "qu", "R.S.", "1 200,50€", "12/03/2024", "14h30", "780e", "eeee", "reeee", "ﬁn", "각각각", "\u0301", "+ ", "M. A", "voilà",
	} {
		f.Add(s)
	}
	var x, y Text
	f.Fuzz(func(t *testing.T, src string) {
		Fold(src, &x)
		check(t, &x)
		Fold(src, &y)
		if show(&x) != show(&y) {
			t.Error("two folds differ")
		}
	})
}
