package lexicon

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLint(t *testing.T) {
	rs, err := Load(os.DirFS("testdata/lint"), ".")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile(rs)
	if err != nil {
		t.Fatal(err)
	}
	told := Lint(rs, p)
	got := make([]*Problem, 0, len(told))
	for _, one := range told {
		got = append(got, &one)
		if one.Severity != Warning {
			t.Errorf("%v is an error: what compiles only warns", one.Place)
		}
	}
	compareMarks(t, announced(t, "testdata/lint"), got)
}

func TestStats(t *testing.T) {
	rs := good(t)
	p, err := Compile(rs)
	if err != nil {
		t.Fatal(err)
	}
	s := NewStats(rs, p)
	f := s.Categories[0].Factors[0]
	got := []int{s.Categories[0].Terms, f.Terms, f.Heard, f.Unless, f.Structures, f.Matches, f.NoMatches, f.OtherText, s.Classes, s.Forms, s.Masks, s.Cues, s.Drivers[0].Factors, s.Drivers[3].Terms}
	want := []int{9, 3, 1, 1, 4, 3, 3, 1, 4, 2, 2, 2, 2, 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if f.Phrases == 0 || s.Literals != len(p.Literals) || s.Emits < s.Literals || s.Bytes < 40*s.Literals || s.Digest != digest(t, rs) {
		t.Errorf("program: %+v", s)
	}
}
