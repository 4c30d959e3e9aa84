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
	for range 20 {
		_ = enter("faux", "")
	}
	if w := enter(testToken, ""); w.Code != http.StatusTooManyRequests {
		t.Errorf("after twenty guesses: %d", w.Code)
	}
}

// One address that asks too often is told so; others are not held up.
func TestPace(t *testing.T) {
	now := time.Unix(0, 0)
	c := testConsole(t, func(o *Options) { o.Now = func() time.Time { return now } })
	busy, calm := asked{target: "/livez", from: "127.0.0.1:1"}, asked{target: "/livez", from: "127.0.0.2:1"}
	for i := range atOnce {
		if w := busy.ask(t, c); w.Code != http.StatusOK {
			t.Fatalf("request %d: %d", i, w.Code)
		}
	}
	if w := busy.ask(t, c); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("too many: %d", w.Code)
	}
	if w := calm.ask(t, c); w.Code != http.StatusOK {
		t.Errorf("another address: %d", w.Code)
	}
	now = now.Add(time.Second)
	if w := busy.ask(t, c); w.Code != http.StatusOK {
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
