package console

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/rs/zerolog"

	"github.com/vigie-project/vigie/pipeline/eval"
)

// post is what a browser sends to the page: fields, and a file beside them.
type post struct {
	fields   []string // name=value
	name     string   // of the file
	data     string
	path     string
	fromForm bool
}

// send posts to a console as the page's script does.
func send(t testing.TB, c *Console, p post) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, field := range p.fields {
		name, value, _ := strings.Cut(field, "=")
		if err := form.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if p.name != "" || p.fromForm {
		w, err := form.CreateFormFile("fichier", p.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(p.data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	path := p.path
	if path == "" {
		path = "/essayer/lecture"
	}
	r := httptest.NewRequest(http.MethodPost, "http://localhost"+path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if p.path == "" {
		r.Header.Set("X-Live", "1")
	}
	w := httptest.NewRecorder()
	c.Handler().ServeHTTP(w, r)
	return w
}

// tryConsole is a console with French names of all that the page tells, to which
// requests may come as fast as a test sends them.
func tryConsole(t testing.TB, with func(*Options)) *Console {
	t.Helper()
	return testConsole(t, func(o *Options) {
		names := map[string]string{
			"asserted": "affirmé", "negated": "nié", "urgent": "urgence", "care": "équipe d’accompagnement", "suicide": "risque suicidaire",
			"partner": "association partenaire", "no_call": "ne pas appeler",
		}
		others := o.Names
		o.Names = func(id string) string { return cmp.Or(names[id], others(id)) }
		start, asked := time.Now(), atomic.Int64{}
		o.Now = func() time.Time { return start.Add(time.Duration(asked.Add(1)) * time.Minute) }
		if with != nil {
			with(o)
		}
	})
}

// plainly is what a page says, without its markup, in single blanks.
func plainly(body string) string {
	text := html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, ""))
	return strings.Join(strings.Fields(text), " ")
}

func upload(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("../../pkg/format/testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestTry posts messages of every kind, and what cannot be read.
func TestTry(t *testing.T) {
	c := tryConsole(t, nil)
	for _, test := range []struct {
		name string
		post post
		code int
		// want and not stand in what the answer says, or do not.
		want, not []string
	}{
		{"nothing", post{}, 200, []string{"Rien à lire encore"}, []string{"Décision"}},
		{"an empty file field", post{fromForm: true}, 200, []string{"Rien à lire encore"}, nil},
		{"a mail", post{fields: []string{"texte=Je suis hospitalisée depuis lundi."}}, 200,
			[]string{"gravité", "Santé oui", "affirmé", "celle du facteur Hospitalisation", "Message"}, []string{"Tour 1"}},
		{"nothing to see", post{fields: []string{"texte=Merci, bonne journée."}}, 200, []string{"Pas d’alerte", "Aucune catégorie n’atteint son seuil.", "Aucun signe trouvé."}, []string{"gravité"}},
		{"negated", post{fields: []string{"texte=Je ne suis pas hospitalisée."}}, 200, []string{"nié : « pas »", "Hospitalisation"}, nil},
		{"under a condition", post{fields: []string{"texte=Si je tombe malade je vous écrirai."}}, 200, []string{"au conditionnel : « Si »"}, nil},
		{"another person", post{fields: []string{"texte=Mon voisin est malade du cancer."}}, 200, []string{"dit d’une autre personne : « Mon voisin"}, nil},
		{"a call", post{fields: []string{"texte=agent : vous êtes en arrêt maladie ?\nclient : non du tout"}}, 200,
			[]string{"Tour 1 conseiller", "Tour 2 client", "dit par le conseiller"}, nil},
		{"a call confirmed", post{fields: []string{"texte=agent : vous êtes en arrêt maladie ?\nclient : oui jusqu'en mars"}}, 200, []string{"confirmé par la réponse : « oui »", "Arrêt de travail, inaptitude"}, nil},
		{"a call in one piece", post{fields: []string{"genre=appel", "texte=je suis en arrêt maladie"}}, 200, []string{"Tour 1 client", "Santé oui"}, nil},
		{"a survey", post{fields: []string{"genre=enquete", "texte=question : Êtes-vous en arrêt maladie ?\nréponse : je suis sourde"}}, 200,
			[]string{"Question 1", "Réponse 1", "Surdité, malentendance", "dit par la question de l’enquête"}, nil},
		{"a letter with a subject", post{fields: []string{"genre=courrier", "objet=Je suis en arrêt maladie", "texte=Madame,"}}, 200, []string{"Objet", "Santé oui"}, nil},
		{"our own quoted letter", post{fields: []string{"genre=courriel", "texte=Bonjour\n\n> Si vous êtes en arrêt maladie ou hospitalisé, dites-le nous."}}, 200,
			[]string{"citation de notre courrier", "Pas d’alerte"}, nil},
		{"a declaration", post{fields: []string{"genre=reclamation", "declare=health", "declare=capacity", "texte=Je conteste."}}, 200,
			[]string{"Santé oui", "déclarée par la personne", "la déclaration de la personne"}, nil},
		{"a declaration that is of no complaint", post{fields: []string{"genre=courrier", "declare=health", "texte=Je conteste."}}, 200, []string{"Pas d’alerte"}, nil},
		{"urgent", post{fields: []string{"texte=Je vais en finir ce soir."}}, 200, []string{"Urgence", "gravité 4 sur 4", "À prévenir : 3114, 15.", "signe d’urgence affirmé"}, nil},
		{"urgent, denied", post{fields: []string{"texte=Je ne vais pas me suicider."}}, 200, []string{"nié, donc signalé à l’équipe sans urgence", "gravité 3 sur 4 : celle d’un signe d’urgence qui ne part pas en urgence"}, nil},
		{"a referral", post{fields: []string{"texte=Mon mari est décédé en mars et je n'arrive plus à payer le loyer, je suis au RSA."}}, 200,
			[]string{"Rupture : Deuil d’un proche", "Manque : "}, []string{"pas de rupture"}},
		{"script in a text", post{fields: []string{"texte=<script>alert(1)</script> je suis malade <img src=x onerror=alert(1)>"}}, 200,
			[]string{"<script>alert(1)</script> je "}, nil},
		{"a kind that is none", post{fields: []string{"genre=pigeon", "texte=a"}}, 400, []string{"Ce genre de message n’existe pas."}, nil},
		{"a category that is none", post{fields: []string{"declare=<script>", "texte=a"}}, 400, []string{"Cette catégorie n’existe pas."}, []string{"script"}},
		{"a number that is none", post{fields: []string{"numero=-1", "texte=a"}}, 400, []string{"nombre à partir de 1"}, nil},
		{"a text of a megabyte and more", post{fields: []string{"texte=" + strings.Repeat("a ", 1<<19+1)}}, 413, []string{"Le texte dépasse un mégaoctet"}, nil},
		{"a subject without end", post{fields: []string{"objet=" + strings.Repeat("a", 5000)}}, 413, []string{"L’objet est trop long : 4 000 caractères au plus."}, nil},
		{"a subject of 4,000 letters of two bytes", post{fields: []string{"objet=" + strings.Repeat("é", 4000), "texte=a"}}, 200, nil, []string{"trop long"}},
		{"a subject of 4,001 letters", post{fields: []string{"objet=" + strings.Repeat("é", 4001)}}, 413, []string{"L’objet est trop long"}, nil},
		{"more than any request", post{name: "a.txt", data: strings.Repeat("a ", 3<<20)}, 413, []string{"C’est trop long"}, nil},
		{"a transcript's file", post{name: "appel.vtt", data: upload(t, "webvtt.vtt")}, 200, []string{"Lu dans le fichier, au format webvtt.", "Tour 1"}, nil},
		{"subtitles", post{name: "APPEL.SRT", data: upload(t, "srt.srt")}, 200, []string{"au format srt", "Tour 1"}, nil},
		{"a mail's file", post{name: "a.eml", data: upload(t, "mail-html.eml")}, 200, []string{"au format rfc5322", "Objet"}, nil},
		{"a format of a system", post{fields: []string{"format=genesys"}, name: "a.json", data: upload(t, "genesys.json")}, 200, []string{"au format genesys", "conseiller"}, nil},
		{"rows of a table", post{fields: []string{"format=csv", "colonnes=Commentaire, Suggestion", "numero=2"}, name: "a.csv", data: upload(t, "survey.csv")}, 200,
			[]string{"Message 2 sur 2 du fichier, au format csv.", "Réponse 2", "vois très mal"}, nil},
		{"fields of an object", post{fields: []string{"format=json", "genre=reclamation", "colonnes=message.body"}, name: "a.json", data: upload(t, "complaints.json")}, 200, []string{"coupé l'électricité"}, nil},
		{"an event", post{name: "evenement", data: `{"specversion":"1.0","id":"1","source":"/t","type":"vigie.letter.v1","data":{"text":"Je suis en arrêt maladie."}}`}, 200, []string{"au format cloudevents", "Santé oui"}, nil},
		{"events, one a line", post{fields: []string{"numero=2"}, name: "e.jsonl", data: "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/t\",\"type\":\"vigie.letter.v1\",\"data\":{\"text\":\"a\"}}\n\n{\"specversion\":\"1.0\",\"id\":\"2\",\"source\":\"/t\",\"type\":\"vigie.letter.v1\",\"data\":{\"text\":\"Je suis en arrêt maladie.\"}}\n"}, 200,
			[]string{"Message 2 sur 2", "Santé oui"}, nil},
		{"a plain file in an old encoding", post{name: "lettre.txt", data: "Je suis en arr\xeat maladie.\r\n"}, 200, []string{"Lu dans le fichier, comme un texte simple.", "Je suis en arrêt maladie", "Santé oui"}, nil},
		{"a plain file of a megabyte and more", post{name: "a.txt", data: strings.Repeat("a ", 1<<19+1)}, 413, []string{"Le texte dépasse un mégaoctet"}, nil},
		{"a file of no known format", post{name: "<img src=x onerror=alert(1)>.bin", data: "\x00\x01"}, 400, []string{"Le format du fichier ne se devine pas"}, []string{"onerror"}},
		{"an empty file", post{name: "a.txt", data: " \n"}, 400, []string{"Le fichier est vide."}, nil},
		{"not what it is said to be", post{fields: []string{"format=whisper"}, name: "a.json", data: "{"}, 422, []string{"Ce fichier ne peut pas être lu comme « whisper » :"}, nil},
		{"a format that is none", post{fields: []string{"format=<b>"}, name: "a.json", data: "{}"}, 400, []string{"Ce format ne peut pas être lu"}, nil},
		{"a topic that is none", post{fields: []string{"format=topic:x"}, name: "a.json", data: "{}"}, 400, []string{"Le topic de ce format n’existe pas"}, []string{"anglais"}},
		{"a table without columns", post{fields: []string{"format=csv"}, name: "a.csv", data: "a,b\n1,2\n"}, 400, []string{"Remplissez « Colonnes du texte »"}, []string{"anglais"}},
		{"fields without columns", post{fields: []string{"format=json", "genre=courriel", "colonnes= , "}, name: "a.json", data: "{}"}, 400, []string{"Remplissez « Colonnes du texte »"}, []string{"anglais"}},
		{"a row that is not there", post{fields: []string{"numero=9", "format=csv", "colonnes=a"}, name: "a.csv", data: "a,b\n1,2\n"}, 400, []string{"Le fichier contient 1 message : il n’y a pas de numéro 9."}, nil},
		{"an event of an unknown type", post{name: "e.json", data: `{"specversion":"1.0","id":"1","source":"/t","type":"vigie.fax.v1","data":{}}`}, 422, []string{"son type est inconnu"}, nil},
		{"another language", post{name: "e.json", data: `{"specversion":"1.0","id":"1","source":"/t","type":"vigie.email.v1","data":{"language":"en","text":"je suis malade"}}`}, 200, []string{"Non lu", "dans une autre langue"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := send(t, c, test.post)
			body := w.Body.String()
			said := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(plainly(body))
			if w.Code != test.code {
				t.Fatalf("%d, want %d: %s", w.Code, test.code, said)
			}
			for _, want := range test.want {
				if !strings.Contains(said, want) {
					t.Errorf("%q is not in: %s", want, said)
				}
			}
			for _, not := range test.not {
				if strings.Contains(said, not) {
					t.Errorf("%q is in: %s", not, said)
				}
			}
			if regexp.MustCompile(`<(script|img)|<[^>]*\s(on[a-z]+|style)=`).MatchString(body) {
				t.Errorf("something runs in: %s", body)
			}
			if test.code != 200 && !strings.Contains(body, `role="alert"`) {
				t.Errorf("an error that nobody hears: %s", body)
			}
		})
	}
}

// What the program says in English is marked so, in a page and in a part of one.
func TestTryEnglish(t *testing.T) {
	c := testConsole(t, nil)
	for _, path := range []string{"", "/essayer"} {
		body := send(t, c, post{fields: []string{"format=<b>"}, name: "a.json", data: "{}", path: path}).Body.String()
		_, after, ok := strings.Cut(body, "Détail, en anglais\u00a0: <span lang=\"en\">")
		if english, _, closed := strings.Cut(after, "</span>.</p>"); !ok || !closed || !strings.Contains(english, "&lt;b&gt;") {
			t.Errorf("%q: %s", path, body)
		}
	}
}

// TestTryPage asks for the page with examples and options in its address, and
// posts to it as a browser without script does.
func TestTryPage(t *testing.T) {
	c := testConsole(t, func(o *Options) {
		o.Samples = []Sample{
			{"Un appel", []byte(`{"specversion":"1.0","id":"1","source":"/t","type":"vigie.transcript.v1","data":{"language":"fr-FR","turns":[{"speaker":"agent","text":"bonjour"},{"speaker":"customer","text":"je suis en arrêt maladie"},{"text":"allô"}]}}`)},
			{"Un courriel en HTML", []byte(`{"specversion":"1.0","id":"2","source":"/t","type":"vigie.email.v1","data":{"html":"<p>😀 Je suis en arr&ecirc;t maladie.</p>"}}`)},
			{"Une télécopie", []byte(`{"specversion":"1.0","id":"3","source":"/t","type":"vigie.fax.v1","data":{}}`)},
		}
	})
	for _, test := range []struct {
		path string
		code int
		want []string
	}{
		{"/essayer", 200, []string{"Essayer un texte", "Rien à lire encore", "Un appel"}},
		{"/essayer?genre=reclamation&declare=health", 200, []string{"Rien à lire encore"}},
		{"/essayer?exemple=message-1", 200, []string{"agent : bonjour client : je suis en arrêt maladie inconnu : allô", "Tour 3 voix inconnue", "Santé oui"}},
		{"/essayer?exemple=message-2", 200, []string{"😀 Je suis en arrêt maladie", "Santé oui"}},
		{"/essayer?exemple=message-3", 422, []string{"Cet exemple ne peut pas être lu"}},
		{"/essayer?exemple=message-4", 404, []string{"Cet exemple n’existe pas, ou n’existe plus."}},
		{"/essayer?exemple=health.maladie-999", 404, []string{"Cet exemple n’existe pas"}},
		{"/essayer?exemple=../../etc/passwd", 404, []string{"Cet exemple n’existe pas"}},
		{"/essayer?genre=x", 400, []string{"Ce genre de message n’existe pas."}},
	} {
		w := get(c, test.path)
		said := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(plainly(w.Body.String()))
		if w.Code != test.code {
			t.Errorf("%s: %d, want %d: %s", test.path, w.Code, test.code, said)
		}
		for _, want := range test.want {
			if !strings.Contains(said, want) {
				t.Errorf("%s: %q is not in: %s", test.path, want, said)
			}
		}
		if strings.Contains(said, "passwd") {
			t.Errorf("%s: told again", test.path)
		}
	}
	whole := send(t, c, post{path: "/essayer", fields: []string{"genre=courrier", "texte=</textarea><script>alert(1)</script> je suis en arrêt maladie"}})
	body := whole.Body.String()
	if whole.Code != 200 || !strings.Contains(body, "&lt;/textarea&gt;&lt;script&gt;") || strings.Contains(body, "<script>alert") || !strings.Contains(body, "Lien permanent") {
		t.Errorf("%d: %s", whole.Code, body)
	}
	if size := get(c, "/essayer").Body.Len(); size > 100_000 {
		t.Errorf("the first page is %d bytes", size)
	}
}

// TestEveryExampleOfTheLexicon: each has a link that shows it, which its own
// answer gives again.
func TestEveryExampleOfTheLexicon(t *testing.T) {
	c := tryConsole(t, nil)
	n := 0
	for _, section := range c.Rules.Source.Sections {
		for _, f := range section.Factors[:1] {
			for i := range f.Examples {
				path := fmt.Sprintf("/essayer?exemple=%s.%s-%d", section.ID, f.ID, i+1)
				if w := get(c, path); w.Code != 200 || !strings.Contains(w.Body.String(), `<a href="`+path+`">Lien permanent`) {
					t.Errorf("%s: %d", path, w.Code)
				}
				n++
			}
		}
	}
	if n < 4 {
		t.Fatalf("only %d examples", n)
	}
}

// TestLinkHoldsNoText: the link of what was tried holds an example's id or the
// options, and a changed example is none.
func TestLinkHoldsNoText(t *testing.T) {
	sample := Sample{"Un courrier", []byte(`{"type":"vigie.letter.v1","data":{"subject":"Retard","text":"Je suis malade."}}`)}
	c := testConsole(t, func(o *Options) { o.Samples = []Sample{sample} })
	for _, test := range []struct {
		fields []string
		want   string
	}{
		{[]string{"texte=secret malade"}, "/essayer"},
		{[]string{"genre=courrier", "objet=secret", "texte=secret malade"}, "/essayer?genre=courrier"},
		{[]string{"genre=reclamation", "declare=health", "texte=secret malade"}, "/essayer?declare=health&amp;genre=reclamation"},
		{[]string{"exemple=message-1", "genre=courrier", "objet=Retard", "texte=Je suis malade."}, "/essayer?exemple=message-1"},
		{[]string{"exemple=message-1", "genre=courrier", "objet=Retard", "texte=Je suis malade. secret"}, "/essayer?genre=courrier"},
		{[]string{"exemple=secret", "texte=malade"}, "/essayer"},
	} {
		body := send(t, c, post{fields: test.fields}).Body.String()
		if !strings.Contains(body, `<a href="`+test.want+`">Lien permanent`) {
			t.Errorf("%q: not the link %s in %s", test.fields, test.want, body)
		}
	}
}

// TestNothingIsLogged: neither a text nor a file's name reaches the log, whatever
// becomes of them.
func TestNothingIsLogged(t *testing.T) {
	var log bytes.Buffer
	c := testConsole(t, func(o *Options) { o.Log = zerolog.New(&log) })
	for _, p := range []post{
		{fields: []string{"texte=secret malade", "objet=secret", "exemple=secret", "revision=secret"}},
		{fields: []string{"format=whisper"}, name: "secret.json", data: `{"secret":`},
		{fields: []string{"format=secret", "genre=secret"}, name: "secret.json", data: `{"secret":1}`},
		{name: "secret.txt", data: "secret malade"},
	} {
		send(t, c, p)
	}
	if strings.Contains(log.String(), "secret") {
		t.Errorf("logged: %s", log.String())
	}
}

// TestTimeOfText: a typed text is written now, an example of the lexicon when its
// examples are, so that it comes out as the lexicon's own test has it.
func TestTimeOfText(t *testing.T) {
	c := tryConsole(t, func(o *Options) {
		o.Now = func() time.Time { return time.Date(2005, 3, 1, 9, 0, 0, 0, time.UTC) }
	})
	const text = "texte=J'ai été hospitalisée en 2004."
	if said := plainly(send(t, c, post{fields: []string{text}}).Body.String()); strings.Contains(said, "passé") {
		t.Errorf("in 2005, 2004 is past: %s", said)
	}
	c.Now = func() time.Time { return time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC) }
	if said := plainly(send(t, c, post{fields: []string{text}}).Body.String()); !strings.Contains(said, "passé") {
		t.Errorf("in 2026, 2004 is not past: %s", said)
	}
	in := &input{example: "health.hospitalisation-1"}
	if err := c.fill(in); err != nil || in.time != eval.ExampleTime {
		t.Errorf("%+v, %v", in, err)
	}
}

// TestMarks holds the places that the page's script gets: in UTF-16 units of the
// text as the browser has it, cut where signs overlap.
func TestMarks(t *testing.T) {
	c := testConsole(t, nil)
	for _, test := range []struct{ text, want string }{
		{"Je suis en arrêt maladie.", "en arrêt maladie"},
		{"😀😀 Je suis en arrêt maladie.", "en arrêt maladie"},
		{"Je suis en arre\u0302t maladie 😀, je suis sourde.", "en arre\u0302t maladie|suis sourde"},
		{"agent : bonjour\r\nclient : 😀 je suis\r\n  en arrêt maladie", "en arrêt maladie"},
		{"Je ne suis pas hospitalisée.", "~hospitalisée"},
		{"agent : vous êtes hospitalisée ?\r\nclient : non", "~hospitalisée"},
	} {
		body := send(t, c, post{fields: []string{"texte=" + test.text, "revision=7"}}).Body.String()
		if !strings.Contains(body, `data-revision="7"`) {
			t.Errorf("%q: not its revision", test.text)
		}
		places := html.UnescapeString(regexp.MustCompile(`data-places="([^"]*)"`).FindStringSubmatch(body)[1])
		var marks [][4]any
		if err := json.Unmarshal([]byte(places), &marks); err != nil {
			t.Fatal(err)
		}
		units, end := utf16.Encode([]rune(strings.ReplaceAll(test.text, "\r\n", "\n"))), 0
		var got []string
		for _, m := range marks {
			from, to := int(m[0].(float64)), int(m[1].(float64))
			if from < end || to <= from || to > len(units) {
				t.Fatalf("%q: %v is not in order", test.text, marks)
			}
			end = to
			word := string(utf16.Decode(units[from:to]))
			if m[3].(bool) {
				word = "~" + word
			}
			got = append(got, word)
		}
		for want := range strings.SplitSeq(test.want, "|") {
			if !slices.ContainsFunc(got, func(g string) bool {
				return strings.HasSuffix(g, strings.TrimPrefix(want, "~")) && strings.HasPrefix(g, "~") == strings.HasPrefix(want, "~")
			}) {
				t.Errorf("%q: %q, want %q", test.text, got, want)
			}
		}
	}
}
