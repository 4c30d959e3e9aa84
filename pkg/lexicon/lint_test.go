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
	told, err := Lint(rs, p, func(text string) ([]string, error) {
		if text == "client : maladie morte" || len(text) == 1 { // an example
			return nil, nil
		}
		ids := make([]string, len(p.Terms))
		for i := range p.Terms {
			ids[i] = p.Terms[i].ID
		}
		return ids, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	got := make([]*Problem, 0, len(told))
	var remarks []string
	for _, one := range told {
		if one.Severity == Remark {
			remarks = append(remarks, one.Message)
			continue
		}
		got = append(got, &one)
		if one.Severity != Warning {
			t.Errorf("%v is an error: what compiles only warns", one.Place)
		}
	}
	compareMarks(t, announced(t, "testdata/lint"), got)
	want := []string{
		"« a » : ses exemples n’essaient pas 15 de ses 15 termes, le premier est « très malade » (ligne 8)",
		"« b » : ses exemples n’essaient pas 3 de ses 3 termes, le premier est « douleur vive » (ligne 40)",
		"« c » : ses exemples n’essaient pas 1 de ses 1 termes, le premier est « (douleur|peine) vive » (ligne 9)",
	}
	if diff := cmp.Diff(want, remarks); diff != "" {
		t.Errorf("remarks (-want +got):\n%s", diff)
	}
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
