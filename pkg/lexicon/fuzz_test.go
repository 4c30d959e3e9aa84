package lexicon

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// FuzzIndices reads any text as the file of the learned layer; what is read
// and written again is read as the same.
func FuzzIndices(f *testing.F) {
	for _, s := range []string{
		"(base)\t-0.5\t.\t.\t.\t.\t.\n[passage]\nmalade\t1.2\t.\t.\t.\t.\t.\nje suis\t.\t.\t.\t.\t0.001\t.\n-abc-\t.\t1\t.\t.\t.\t.\n[document]\n#3\t1\t1\t1\t1\t1\t1\n",
		"[passage]\navant:oui\t1\t.\t.\t.\t.\t.\nhealth.cancer\t-1000\t1000\t.\t.\t.\t.\n# malade\t1\t.\t.\t.\t.\t.",
		"malade\t1", "[x]\n", "[passage]\nx\tNaN\t.\t.\t.\t.\t.\n", "[passage]\r\nx\t1e9\t.\t.\t.\t.\t.\r\n", "[passage]\n" + strings.Repeat("a", 1<<17) + "\t1\t.\t.\t.\t.\t.\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var ps problems
		x := parseIndices("indices", data, &ps)
		for _, p := range ps {
			if p.File == "" || p.Line < 1 || p.Column < 1 {
				t.Errorf("no place: %v", p)
			}
		}
		var b bytes.Buffer
		if err := x.Write(&b, "a head\n"); err != nil {
			t.Fatal(err)
		}
		var again problems
		y := parseIndices("indices", b.Bytes(), &again)
		if len(again) > 0 || !slices.Equal(x.lines(), y.lines()) {
			t.Fatalf("written and read again: %v\n%q\n%q", again.err(), x.lines(), y.lines())
		}
	})
}

// FuzzCanonical reads any text as a published ruleset; one that is read has a
// canonical form which is read as the same.
func FuzzCanonical(f *testing.F) {
	data, err := os.ReadFile("testdata/canonical.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"engine":4}`))
	f.Add([]byte(`{"engine":4,"masks":["a (b"],"indices":["(base)\t."]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		rs, err := FromCanonical(data)
		if err != nil {
			return
		}
		canonical, err := rs.Canonical()
		if err != nil {
			return // what was read may still not be a ruleset
		}
		again, err := FromCanonical(canonical)
		if err != nil {
			t.Fatalf("its canonical form is not read: %v", err)
		}
		if twice, err := again.Canonical(); err != nil || !bytes.Equal(twice, canonical) {
			t.Fatalf("%v\n%s\n%s", err, canonical, twice)
		}
	})
}

// FuzzPolicy reads any text as a routing policy; its mistakes have places.
func FuzzPolicy(f *testing.F) {
	for _, name := range []string{"../../configs/routing.yaml", "../../pipeline/testdata/routing.yaml"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("thresholds: {health: x}\nurgent: suicide\nreferrals: []\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := LoadPolicy(fstest.MapFS{"routing.yaml": {Data: data}}, "routing.yaml")
		if err == nil {
			return
		}
		for _, p := range told(t, err) {
			if p.File == "" || p.Line < 1 || p.Column < 1 {
				t.Errorf("no place: %v", p)
			}
		}
	})
}
