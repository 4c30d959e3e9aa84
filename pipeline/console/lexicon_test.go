package console

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vigie-project/vigie/pipeline/eval"
)

// tryCorpus are a few annotated documents.
const tryCorpus = `{"id":"a-1","kind":"email","subject":"","body":"Bonjour, j'ai un cancer depuis mars, merci.","labels":[{"category":"health","quote":"cancer"}]}
{"id":"a-2","kind":"email","subject":"","body":"Je n'ai pas de cancer.","labels":[]}
{"id":"a-3","kind":"email","subject":"","body":"J'ai un cancer <script>alert(1)</script> voilà.","labels":[]}
{"id":"a-4","kind":"email","subject":"","body":"Mon colis sent le vinaigre de vaisselle.","labels":[]}
`

// shared is a console that the tests of these pages look at: it takes seconds
// to work out what it shows.
var shared = sync.OnceValue(func() func(testing.TB) *Console {
	var once sync.Once
	var c *Console
	return func(t testing.TB) *Console {
		once.Do(func() {
			c = testConsole(t, func(o *Options) {
				corpus, err := eval.Read(strings.NewReader(tryCorpus))
				if err != nil {
					t.Fatal(err)
				}
				o.Corpus = corpus
			})
		})
		workedOut(t, c)
		return c
	}
})

// workedOut waits until a console knows all that its pages show.
func workedOut(t testing.TB, c *Console) {
	t.Helper()
	select {
	case <-c.studied().warnings.done:
	case <-time.After(5 * time.Minute):
		t.Fatal("the lexicon is not worked out")
	}
}

// get asks the pages themselves: the guard lets nobody ask so fast.
func get(c *Console, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	c.routes().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func TestLexiconPages(t *testing.T) {
	c := shared()(t)
	for _, x := range []struct {
		path   string
		status int
		has    []string
		lacks  []string
	}{
		{"/lexique", 200, []string{"Maladie grave", "Tous les facteurs sont montrés", "Aucun avertissement", "Capacité"}, []string{"<script>alert"}},
		{"/lexique", 200, []string{"Déterminant FG21/1", "\u00a0termes\u202f; "}, []string{"oteur"}},
		{"/lexique?determinant=capability", 200, []string{"Compréhension et accès"}, []string{"Maladie grave"}},
		{"/lexique?q=CANCER", 200, []string{"Maladie grave", "reconnaît ces mots"}, []string{"Tous les facteurs", "Surendettement"}},
		{"/lexique?q=leucemies", 200, []string{"Maladie grave"}, nil},
		{"/lexique?q=%3Cscript%3Ealert(1)%3C/script%3E", 200, []string{"&lt;script&gt;", "Aucun facteur ne répond"}, []string{"<script>alert"}},
		{"/lexique?categorie=capacity&gravite=1", 200, []string{"Compréhension et accès"}, []string{"Maladie grave"}},
		{"/lexique?urgence=suicide", 200, []string{"/lexique/health."}, []string{"Maladie grave"}},
		{"/lexique?alertes=1", 200, []string{"Aucun facteur ne répond"}, []string{"Maladie grave"}},
		{"/lexique?categorie=..%2F..%2Fetc", 200, []string{"Aucun facteur ne répond"}, nil},
		{"/lexique/health.maladie_grave", 200, []string{"cancer(s|)", "3 sur 4, grave", "tous respectés", "Termes", "part=2"}, nil},
		{"/lexique/health.maladie_grave?part=2", 200, []string{`part=2" aria-current="page"`}, []string{"cancer(s|)</span>"}},
		{"/lexique/health.maladie_grave?part=9999999999999999999", 200, []string{">Sauf "}, nil},
		{"/lexique/health.rien", 404, []string{"n’a pas ce facteur"}, nil},
		{"/lexique/..%2F..%2Fetc%2Fpasswd", 404, []string{"n’a pas ce facteur"}, []string{"passwd"}},
		{"/lexique/health.maladie_grave/..%2F00000000", 404, []string{"n’a pas, ou plus, ce terme"}, nil},
	} {
		w := get(c, x.path)
		body := w.Body.String()
		if w.Code != x.status {
			t.Errorf("%s: %d, want %d", x.path, w.Code, x.status)
		}
		for _, part := range x.has {
			if !strings.Contains(body, part) {
				t.Errorf("%s lacks %q", x.path, part)
			}
		}
		for _, part := range x.lacks {
			if strings.Contains(body, part) {
				t.Errorf("%s has %q", x.path, part)
			}
		}
		if n := len(body); n > 100_000 {
			t.Errorf("%s has %d bytes", x.path, n)
		}
	}
}

// An open page sends what it looks for in a form: none of it stands in an address.
func TestLexiconLive(t *testing.T) {
	c := shared()(t)
	for _, x := range []struct {
		form       url.Values
		status     int
		has, lacks string
	}{
		{url.Values{"q": {"leucemies"}, "gravite": {"3"}}, 200, "Maladie grave", "Surendettement"},
		{url.Values{"q": {"<script>alert(1)</script>"}}, 200, "Aucun facteur ne répond", "alert("},
		{url.Values{}, 200, "Tous les facteurs sont montrés", "<html"},
		{url.Values{"q": {strings.Repeat("x", maxFilters)}}, 400, "rechargez la page", "<html"},
	} {
		if w := postForm(c, "/lexique/liste", true, x.form); w.Code != x.status || !strings.Contains(w.Body.String(), x.has) || strings.Contains(w.Body.String(), x.lacks) {
			t.Errorf("%.60v: %d\n%.2000s", x.form, w.Code, w.Body)
		}
	}
}

// Each factor and term has its page, and none is above 100 kB.
func TestEveryFactor(t *testing.T) {
	c := shared()(t)
	d, _ := c.laid(t.Context())
	largest := 0
	for _, f := range d.factors {
		w := get(c, "/lexique/"+f.ID)
		largest = max(largest, w.Body.Len())
		if w.Code != http.StatusOK || w.Body.Len() > 100_000 {
			t.Errorf("%s: %d, %d bytes", f.ID, w.Code, w.Body.Len())
		}
	}
	for i, f := range d.factors {
		x := f.Terms[i%len(f.Terms)]
		if w := get(c, x.Address()); w.Code != http.StatusOK || w.Body.Len() > 50_000 {
			t.Errorf("%s: %d, %d bytes", x.Address(), w.Code, w.Body.Len())
		}
	}
	t.Logf("the largest page of a factor has %d bytes", largest)
}

// Where a term is found is shown by the status and the annotation, and a text
// stays a text.
func TestTermPlaces(t *testing.T) {
	c := shared()(t)
	d, _ := c.laid(t.Context())
	for _, x := range d.byID["health.maladie_grave"].Terms {
		if x.Pattern != "cancer(s|)" {
			continue
		}
		body := get(c, x.Address()).Body.String()
		for _, part := range []string{"2\u00a0documents", "(1 à raison, 1 à tort)", "1 où le signe est écarté", "<mark class=\"sign\">cancer</mark>", "<del class=\"sign\">cancer</del>", "&lt;script&gt;", "cancers"} {
			if !strings.Contains(body, part) {
				t.Errorf("the term's page lacks %q:\n%s", part, body)
			}
		}
		if strings.Contains(body, "<script>alert") {
			t.Error("a text became script")
		}
		return
	}
	t.Error("there is no such term")
}

func BenchmarkLexicon(b *testing.B) {
	c := shared()(b)
	for _, path := range []string{"/lexique", "/lexique?q=cancer", "/lexique/health.maladie_grave"} {
		b.Run(path, func(b *testing.B) {
			var n int
			for b.Loop() {
				n = get(c, path).Body.Len()
			}
			b.ReportMetric(float64(n), "bytes")
		})
	}
}
