package console

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/vigie-project/vigie/pkg/config"
)

// Access says who may use a console and from where.
type Access struct{ config.Console }

// free reports whether nobody is asked for a permission.
func (a *Access) free() bool { return a.Token == "" && a.UserHeader == "" }

// onlyProxies reports whether requests must come by a proxy: beyond this
// machine, without encryption of its own.
func (a *Access) onlyProxies() bool { return !a.Loopback() && a.CertFile == "" }

// The cookie of those who gave the token.
const (
	cookieName = "vigie"
	// cookieFor is a working day.
	cookieFor = 10 * time.Hour
	// maxLogin holds a token and a path, in bytes; whoever sends it is not let in yet.
	maxLogin = 8 << 10
)

// open reports whether a request needs no permission: assets are no secret, the
// way in must be reachable, and a console for this machine alone may have none.
func (c *Console) open(r *http.Request) bool {
	if c.Access.free() {
		return true
	}
	return r.URL.Path == "/connexion" || strings.HasPrefix(r.URL.Path, "/actifs/")
}

// knows reports whether a request shows that it may come in: by the token, as a
// bearer's or in the cookie that it was exchanged for, or by the header in which
// a trusted proxy names the user that it let in.
func (c *Console) knows(r *http.Request) bool {
	a := &c.Access
	if c.user(r) != "" {
		return true
	}
	if a.Token == "" {
		return false
	}
	if given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return a.isToken(given)
	}
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return false
	}
	until, proof, ok := strings.Cut(cookie.Value, ".")
	end, err := strconv.ParseInt(until, 10, 64)
	return ok && err == nil && c.Now().Unix() < end && hmac.Equal([]byte(proof), []byte(a.proof(until)))
}

// user is whom a trusted proxy names, "" without.
func (c *Console) user(r *http.Request) string {
	if c.Access.UserHeader == "" || !c.places.byProxy(r) {
		return ""
	}
	return r.Header.Get(c.Access.UserHeader)
}

// isToken compares in a time that says nothing of the token.
func (a *Access) isToken(given string) bool {
	x, y := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(a.Token))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// proof is what only somebody with the token can make of a time.
func (a *Access) proof(until string) string {
	mac := hmac.New(sha256.New, []byte(a.Token))
	_, _ = mac.Write([]byte("console until " + until))
	return hex.EncodeToString(mac.Sum(nil))
}

// turnAway leads a reader to the way in, and tells a program that it has none.
func (c *Console) turnAway(w http.ResponseWriter, r *http.Request) {
	switch {
	case c.Access.Token == "":
		http.Error(w, "Le mandataire n’a nommé personne (console.user_header).", http.StatusUnauthorized)
	case isLive(r):
		c.write(w, r, http.StatusUnauthorized, c.pages.fragments["session-finie"], "session-finie", nil)
	case r.Method == http.MethodGet && r.Header.Get("Authorization") == "":
		http.Redirect(w, r, "/connexion?vers="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
	default:
		if from := c.places.client(r); r.Header.Get("Authorization") != "" && c.wrong.allow(from) {
			c.Log.Warn().Msg("a wrong token was given")
		}
		w.Header().Set("WWW-Authenticate", `Bearer realm="vigie"`)
		http.Error(w, "Il faut le jeton d’accès de la console.", http.StatusUnauthorized)
	}
}

// loginView is what the page of the way in shows.
type loginView struct{ Wrong, Next string }

func (c *Console) loginPage(w http.ResponseWriter, r *http.Request) {
	if c.Access.Token == "" {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	c.render(w, r, http.StatusOK, "connexion", loginView{Next: inside(r.URL.Query().Get("vers"))})
}

func (c *Console) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxLogin)
	next := inside(r.FormValue("vers"))
	from := c.places.client(r)
	if !c.wrong.left(from) {
		c.render(w, r, http.StatusTooManyRequests, "connexion", loginView{Wrong: "Trop d’essais ; attendez une minute.", Next: next})
		return
	}
	if c.Access.Token == "" || !c.Access.isToken(strings.TrimSpace(r.FormValue("jeton"))) {
		if c.wrong.allow(from) {
			c.Log.Warn().Msg("a wrong token was given")
		}
		c.render(w, r, http.StatusForbidden, "connexion", loginView{Wrong: "Ce n’est pas le jeton de cette console.", Next: next})
		return
	}
	until := strconv.FormatInt(c.Now().Add(cookieFor).Unix(), 10)
	http.SetCookie(w, c.cookie(r, until+"."+c.Access.proof(until), int(cookieFor/time.Second)))
	http.Redirect(w, r, next, http.StatusSeeOther)
}

func (c *Console) logout(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, c.cookie(r, "", -1))
	http.Redirect(w, r, "/connexion", http.StatusSeeOther)
}

// cookie is sent back over encrypted connections alone, but on this machine.
func (c *Console) cookie(r *http.Request, value string, age int) *http.Cookie {
	return &http.Cookie{
		Name: cookieName, Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: !c.Access.Loopback() || r.TLS != nil || len(c.Access.Proxies) > 0,
	}
}

// inside is the page to go on to; another site's is none.
func inside(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n") {
		return "/"
	}
	return next
}
