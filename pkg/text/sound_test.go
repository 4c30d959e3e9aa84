package text

import (
	"bytes"
	"strings"
	"testing"
)

// TestSound: the words of a line sound alike.
func TestSound(t *testing.T) {
	for _, line := range []string{
		"huissier uissier uissie huissiers", "depression depretion depressions", "chomage chaumage chomages",
		"surendettement surandettement surendetement", "hospitalisee ospitaliser ospitalize", "handicape andicapee handicaper",
		"divorcee divorser divorse", "chimiotherapie chimioterapie", "diabetique diabetik", "telephone telefone",
		"expulsion ekspulsion expulsions", "tutelle tutele tutelles", "violence violance", "cancer canser",
		"suicider suisider", "agonie agonnie", "manquait manquer manke", "retraite retraites retraitte",
	} {
		words := strings.Fields(line)
		want := string(Sound(nil, []byte(words[0])))
		for _, w := range words[1:] {
			if got := string(Sound(nil, []byte(w))); got != want {
				t.Errorf("%s sounds %q, %s %q", words[0], want, w, got)
			}
		}
	}
	// And these do not.
	for _, line := range []string{"malade salade", "dette date", "loyer lover", "mourir nourrir", "prison raison", "tutelle dentelle", "aveugle avenue"} {
		words := strings.Fields(line)
		if a, b := Sound(nil, []byte(words[0])), Sound(nil, []byte(words[1])); bytes.Equal(a, b) {
			t.Errorf("%s and %s both sound %q", words[0], words[1], a)
		}
	}
	for _, w := range []string{"", "r2d2", "#3", "été"} {
		if got := Sound(nil, []byte(w)); len(got) > 0 {
			t.Errorf("%q sounds %q, want nothing", w, got)
		}
	}
}

// TestStem: forms of a word have one stem, another word has another.
func TestStem(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"souhaitez", "souhaite", true}, {"indiquer", "indique", true}, {"conseils", "conseil", true},
		{"habituel", "habituelle", true}, {"voudrez", "voudraient", true},
		{"uissier", "huissier", false}, {"depretion", "depression", false}, {"telefone", "telephone", false},
	} {
		if same := bytes.Equal(Stem([]byte(c.a)), Stem([]byte(c.b))); same != c.same {
			t.Errorf("%s and %s have one stem: %v, want %v", c.a, c.b, same, c.same)
		}
	}
}
