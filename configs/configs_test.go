package configs

import (
	"bytes"
	"testing"

	"github.com/vigie-project/vigie/pkg/automaton"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// load reads and compiles what is shipped.
func load(t testing.TB) (*lexicon.Ruleset, *lexicon.Program) {
	t.Helper()
	rs, err := lexicon.Load(FS, "lexicon")
	if err != nil {
		t.Fatal(err)
	}
	if rs.Policy, err = lexicon.LoadPolicy(FS, "routing.yaml"); err != nil {
		t.Fatal(err)
	}
	p, err := lexicon.Compile(rs)
	if err != nil {
		t.Fatal(err)
	}
	return rs, p
}

func TestShippedLexicon(t *testing.T) {
	rs, p := load(t)
	if len(rs.Sections) != len(lexicon.CategoryIDs()) {
		t.Errorf("%d categories, want %d", len(rs.Sections), len(lexicon.CategoryIDs()))
	}
	if p.Durations < 0 {
		t.Errorf("the class durée is needed by the engine")
	}
	if _, err := automaton.New(automaton.Words, p.Literals); err != nil {
		t.Error(err)
	}
}

// TestShippedLexiconExplainsItself reads the ruleset back from what goes to the
// topic of lexicons.
func TestShippedLexiconExplainsItself(t *testing.T) {
	rs, p := load(t)
	data, err := rs.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	back, err := lexicon.FromCanonical(data)
	if err != nil {
		t.Fatal(err)
	}
	again, err := lexicon.Compile(back)
	if err != nil {
		t.Fatal(err)
	}
	if again.Digest != p.Digest || len(again.Terms) != len(p.Terms) || len(again.Literals) != len(p.Literals) || len(again.Sequences) != len(p.Sequences) {
		t.Errorf("read back: digest %s, %d terms, %d literals, %d sequences; want %s, %d, %d, %d", again.Digest, len(again.Terms),
			len(again.Literals), len(again.Sequences), p.Digest, len(p.Terms), len(p.Literals), len(p.Sequences))
	}
}

// TestShippedProgram holds the packed program against what its sources compile
// to now.
func TestShippedProgram(t *testing.T) {
	_, p := load(t)
	want, err := p.Pack()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(Program(lexicon.EngineVersion), want) {
		t.Error("shipped.program is of other sources: run go generate ./configs")
	}
	if Program(lexicon.EngineVersion+1) != nil {
		t.Error("it is taken for another version of the engine's rules, too")
	}
}

// BenchmarkColdStart is what a command does before it reads its first event,
// with the packed program and without.
func BenchmarkColdStart(b *testing.B) {
	b.Run("packed", func(b *testing.B) {
		for b.Loop() {
			if _, err := lexicon.Unpack(Program(lexicon.EngineVersion)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("compiled", func(b *testing.B) {
		for b.Loop() {
			load(b)
		}
	})
}
