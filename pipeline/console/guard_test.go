package console

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/vigie-project/vigie/pkg/config"
)

const testToken = "un-jeton-d-essai-assez-long"

// asked is a request as a browser or a program makes it, and what must come.
type asked struct {
	name           string
	access         config.Console
	method, target string
	from, host     string
	header         map[string]string
	body           string
	https          bool
	status         int
	// says is in the answer or its Location.
	says string
}

func TestGuard(t *testing.T) {
	local := config.Console{Listen: "127.0.0.1:8464"}
	token := config.Console{Listen: "0.0.0.0:8464", CertFile: "c", KeyFile: "k", Token: testToken, Hosts: []string{"vigie.example"}}
	proxy := config.Console{Listen: "0.0.0.0:8464", Proxies: []string{"10.0.0.0/24"}, UserHeader: "X-User", Hosts: []string{"vigie.example"}}
	for _, x := range []asked{
		{name: "this machine", access: local, target: "/connexion", status: 303},
		{name: "a name that leads here", access: local, host: "evil.example", target: "/", status: 421},
		{name: "a page that is not there", access: local, target: "/nulle-part", status: 404, says: "Page introuvable"},
		{name: "path tricks", access: local, target: "/actifs/..%2f..%2fguard.go", status: 404},
		{name: "path tricks, plain", access: local, target: "/actifs/../../guard.go", status: 307},
		{name: "an asset", access: local, target: "/actifs/console.css", status: 200, says: "--page"},
		{name: "another site posts", access: local, method: "POST", target: "/deconnexion", header: map[string]string{"Sec-Fetch-Site": "cross-site"}, status: 403, says: "autre page"},
		{name: "another site posts, old browser", access: local, method: "POST", target: "/deconnexion", header: map[string]string{"Origin": "https://evil.example"}, status: 403},
		{name: "our own page posts", access: local, method: "POST", target: "/deconnexion", header: map[string]string{"Sec-Fetch-Site": "same-origin"}, status: 303},
		{name: "too large", access: local, method: "POST", target: "/deconnexion", body: strings.Repeat("x", maxBody+1), status: 413, says: "trop long"},

		{name: "no token", access: token, host: "vigie.example", target: "/flux?x=1", status: 303, says: "/connexion?vers=%2Fflux%3Fx%3D1"},
		{name: "no token, a program", access: token, host: "vigie.example", method: "POST", target: "/deconnexion", status: 401},
		{name: "no token, an open page", access: token, host: "vigie.example", target: "/flux", header: map[string]string{"X-Live": "1"}, status: 401},
		{name: "wrong token", access: token, host: "vigie.example", target: "/nulle-part", header: map[string]string{"Authorization": "Bearer " + testToken + "x"}, status: 401},
		{name: "token", access: token, host: "vigie.example", target: "/nulle-part", header: map[string]string{"Authorization": "Bearer " + testToken}, status: 404},
		{name: "made-up cookie", access: token, host: "vigie.example", target: "/nulle-part", header: map[string]string{"Cookie": "vigie=99999999999.00"}, status: 303},
		{name: "the way in", access: token, host: "vigie.example", target: "/connexion", status: 200, says: "Jeton"},
		{name: "a header alone", access: token, host: "vigie.example", target: "/flux", header: map[string]string{"X-User": "a"}, status: 303},
		{name: "encrypted", access: token, host: "vigie.example", target: "/connexion", https: true, status: 200},

		{name: "past the proxy", access: proxy, host: "vigie.example", target: "/nulle-part", header: map[string]string{"X-User": "a"}, status: 403, says: "mandataire"},
		{name: "proxy without a user", access: proxy, host: "vigie.example", from: "10.0.0.7:1", target: "/nulle-part", status: 401},
		{name: "proxy with a user", access: proxy, host: "vigie.example", from: "10.0.0.7:1", target: "/nulle-part", header: map[string]string{"X-User": "a"}, status: 404},
		{name: "a probe", access: token, target: "/livez", status: 200, says: "alive"},
		{name: "a probe by address, past the proxy", access: proxy, host: "10.0.3.7:8464", target: "/livez", status: 200, says: "alive"},
		{name: "a name in capitals", access: config.Console{Listen: "127.0.0.1:1", Hosts: []string{"Vigie.Example"}}, host: "vigie.EXAMPLE:8464", target: "/nulle-part", status: 404},
		{name: "a proxy that nobody named", access: local, target: "/lexique", header: map[string]string{"X-Forwarded-For": "203.0.113.9"}, status: 403, says: "token_file"},
		{name: "an image elsewhere", access: local, target: "/flux/0/1", header: map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, status: 403, says: "autre page"},
		{name: "a link elsewhere", access: local, target: "/nulle-part", header: map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, status: 404},
		{name: "too much for a token", access: token, host: "vigie.example", method: "POST", target: "/connexion", body: "vers=" + strings.Repeat("x", maxLogin), header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, status: 403, says: "pas le jeton"},
	} {
		t.Run(x.name, func(t *testing.T) {
			c := testConsole(t, func(o *Options) { o.Access.Console = x.access })
			w := x.ask(t, c)
			if said := w.Body.String() + w.Header().Get("Location"); w.Code != x.status || !strings.Contains(said, x.says) {
				t.Errorf("%d %q, want %d %q", w.Code, said, x.status, x.says)
			}
			if got := w.Header().Get("Content-Security-Policy"); got != policy {
				t.Errorf("policy %q", got)
			}
			if sts := w.Header().Get("Strict-Transport-Security"); (sts != "") != x.https {
				t.Errorf("Strict-Transport-Security %q", sts)
			}
		})
	}
}

func (x *asked) ask(t *testing.T, c *Console) *httptest.ResponseRecorder {
	t.Helper()
	method := x.method
	if method == "" {
		method = http.MethodGet
	}
	r := httptest.NewRequest(method, x.target, strings.NewReader(x.body))
	r.Host = "localhost"
	if x.host != "" {
		r.Host = x.host
	}
	if x.from != "" {
		r.RemoteAddr = x.from
	}
	if x.https {
		r.TLS = &tls.ConnectionState{}
	}
	for k, v := range x.header {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	c.Handler().ServeHTTP(w, r)
	return w
}

// The token is exchanged for a cookie that ends after a working day; it leads
// on to the page that was asked for, and to no other site's.
func TestLogin(t *testing.T) {
	now := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	c := testConsole(t, func(o *Options) {
		o.Now = func() time.Time { return now }
		o.Access.Console = config.Console{Listen: "0.0.0.0:1", CertFile: "c", Token: testToken}
	})
	enter := func(token, next string) *httptest.ResponseRecorder {
		form := url.Values{"jeton": {token}, "vers": {next}}
		x := asked{method: "POST", target: "/connexion", body: form.Encode(), header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}}
		return x.ask(t, c)
	}
	if w := enter("faux", "/flux"); w.Code != http.StatusForbidden || w.Header().Get("Set-Cookie") != "" {
		t.Fatalf("a wrong token: %d, cookie %s", w.Code, w.Header().Get("Set-Cookie"))
	}
	for next, want := range map[string]string{"/flux?x=1": "/flux?x=1", "//evil.example": "/", "https://evil.example/": "/", `/\evil.example`: "/", "": "/"} {
		w := enter(testToken, next)
		if got := w.Header().Get("Location"); got != want {
			t.Errorf("from %q on to %q, want %q", next, got, want)
		}
		cookie, err := http.ParseSetCookie(w.Header().Get("Set-Cookie"))
		if err != nil {
			t.Fatal(err)
		}
		if !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteStrictMode || strings.Contains(cookie.Value, testToken) {
			t.Errorf("cookie %v", cookie)
		}
		x := asked{target: "/nulle-part", header: map[string]string{"Cookie": cookie.Name + "=" + cookie.Value}}
		if w := x.ask(t, c); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "Se déconnecter") {
			t.Errorf("with the cookie: %d", w.Code)
		}
		now = now.Add(cookieFor)
		if w := x.ask(t, c); w.Code != http.StatusSeeOther {
			t.Errorf("with a cookie of yesterday: %d", w.Code)
		}
	}
}

// An address that gives wrong tokens, in the form or as a bearer's, is soon not
// asked any more; the others are.
func TestGuesses(t *testing.T) {
	now := time.Unix(0, 0)
	var log strings.Builder
	c := testConsole(t, func(o *Options) {
		o.Now = func() time.Time { return now }
		o.Log = zerolog.New(&log)
		o.Access.Console = config.Console{Listen: "0.0.0.0:1", CertFile: "c", Token: testToken}
	})
	form := func(from, token string) int {
		x := asked{method: "POST", target: "/connexion", from: from, body: url.Values{"jeton": {token}}.Encode(), header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}}
		return x.ask(t, c).Code
	}
	bearer := func(from, token string) int {
		x := asked{target: "/nulle-part", from: from, header: map[string]string{"Authorization": "Bearer " + token}}
		return x.ask(t, c).Code
	}
	const guesser, network, other = "[2001:db8::1]:1", "[2001:db8::2]:1", "192.0.2.1:1"
	for i := range wrongAtOnce {
		if i%2 == 0 && form(guesser, "faux") != http.StatusForbidden || i%2 == 1 && bearer(network, "faux") != http.StatusUnauthorized {
			t.Fatalf("guess %d is not refused as one", i)
		}
	}
	if a, b := form(network, "faux"), bearer(guesser, "faux"); a != http.StatusTooManyRequests || b != a {
		t.Errorf("after %d guesses: %d and %d", wrongAtOnce, a, b)
	}
	if a, b := form(other, testToken), bearer(other, testToken); a != http.StatusSeeOther || b != http.StatusNotFound {
		t.Errorf("another address: %d and %d", a, b)
	}
	if n := strings.Count(log.String(), "a wrong token"); n != wrongAtOnce || strings.Contains(log.String(), "faux") {
		t.Errorf("%d guesses are in the log: %s", n, log.String())
	}
	now = now.Add(wrongEvery)
	if a := form(guesser, testToken); a != http.StatusSeeOther {
		t.Errorf("later: %d", a)
	}
}

// What a proxy says of the client counts where the proxy is trusted and it is an
// address; else the proxy is the client.
func TestClient(t *testing.T) {
	p, err := (&Access{config.Console{Listen: "0.0.0.0:1", Proxies: []string{"10.0.0.0/24"}}}).places()
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ remote, forwarded, want string }{
		{"203.0.113.9:1", "", "203.0.113.9"},
		{"203.0.113.9:1", "198.51.100.1", "203.0.113.9"},
		{"10.0.0.7:1", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.7:1", "192.0.2.1, 198.51.100.1", "198.51.100.1"},
		{"10.0.0.7:1", "198.51.100.1:4711", "198.51.100.1"},
		{"10.0.0.7:1", strings.Repeat("x", 30_000), "10.0.0.7"},
		{"[::ffff:10.0.0.7]:1", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = x.remote
		if x.forwarded != "" {
			r.Header.Set("X-Forwarded-For", x.forwarded)
		}
		if got := p.client(r); got != x.want {
			t.Errorf("%s for %.20s: %s, want %s", x.remote, x.forwarded, got, x.want)
		}
	}
}

// One address that asks too often is told so; others are not held up.
func TestPace(t *testing.T) {
	now := time.Unix(0, 0)
	c := testConsole(t, func(o *Options) { o.Now = func() time.Time { return now } })
	busy, calm := asked{target: "/connexion", from: "127.0.0.1:1"}, asked{target: "/connexion", from: "127.0.0.2:1"}
	for i := range atOnce {
		if w := busy.ask(t, c); w.Code != http.StatusSeeOther {
			t.Fatalf("request %d: %d", i, w.Code)
		}
	}
	if w := busy.ask(t, c); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("too many: %d", w.Code)
	}
	if w := calm.ask(t, c); w.Code != http.StatusSeeOther {
		t.Errorf("another address: %d", w.Code)
	}
	now = now.Add(time.Second)
	if w := busy.ask(t, c); w.Code != http.StatusSeeOther {
		t.Errorf("a second later: %d", w.Code)
	}
}

// What breaks on a text does not put it into the log.
func TestBroken(t *testing.T) {
	var log strings.Builder
	c := testConsole(t, func(o *Options) { o.Log = zerolog.New(&log) })
	h, err := c.guard(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		panic(string(text))
	}))
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/", strings.NewReader("je suis malade"))
	r.Host = "localhost"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String()+log.String(), "malade") || !strings.Contains(log.String(), "guard_test.go") {
		t.Errorf("%d %s %s", w.Code, w.Body, log.String())
	}
}
