package console

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// Bounds of a request.
const (
	// maxBody holds a text of a megabyte and a file beside it.
	maxBody = 4 << 20
	// answerWithin is how long an answer may take to be read by its browser;
	// streams set their own.
	answerWithin = 60 * time.Second
)

// policy lets a page load what the console serves and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guard puts what every request must pass before the pages: the headers that
// bind the browser, then who asks, from where, how often and how much.
func (c *Console) guard(pages http.Handler) (http.Handler, error) {
	var err error
	if c.places, err = c.Access.places(); err != nil {
		return nil, err
	}
	places := c.places
	origins := http.NewCrossOriginProtection()
	origins.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.fail(w, r, http.StatusForbidden, "Cette demande vient d’une autre page que la console : elle est refusée.")
	}))
	inside := origins.Handler(pages)
	pace := newPace(c.Now, perSecond, atOnce)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer c.recover(w, r)
		head := w.Header()
		head.Set("Content-Security-Policy", policy)
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "no-referrer")
		head.Set("Cross-Origin-Opener-Policy", "same-origin")
		head.Set("Cross-Origin-Resource-Policy", "same-origin")
		head.Set("Cache-Control", "no-store") // texts stay in no cache
		if r.TLS != nil {
			head.Set("Strict-Transport-Security", "max-age=31536000")
		}
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(answerWithin))
		if r.Method == http.MethodGet && r.URL.Path == "/livez" { // probes call by addresses, from anywhere
			_, _ = io.WriteString(w, "alive\n")
			return
		}
		from := places.client(r)
		switch {
		case !places.mayCall(r):
			http.Error(w, "La console n’est pas servie sous ce nom (console.hosts).", http.StatusMisdirectedRequest)
		case !places.mayCome(r):
			http.Error(w, "La console n’est joignable que par son mandataire (console.proxies).", http.StatusForbidden)
		case c.Access.free() && forwarded(r):
			http.Error(w, "Un mandataire mène à cette console, qui ne demande rien à personne : il lui faut console.token_file, ou console.user_header et console.proxies.", http.StatusForbidden)
		case isEmbedded(r):
			http.Error(w, "Cette demande vient d’une autre page que la console : elle est refusée.", http.StatusForbidden)
		case !pace.allow(from) || r.Header.Get("Authorization") != "" && !c.wrong.left(from):
			head.Set("Retry-After", "2")
			c.fail(w, r, http.StatusTooManyRequests, "Trop de demandes à la fois ; réessayez dans quelques secondes.")
		case r.ContentLength > maxBody:
			head.Set("Connection", "close")
			c.fail(w, r, http.StatusRequestEntityTooLarge, tooLarge)
		case !c.open(r) && !c.knows(r):
			c.turnAway(w, r)
		default:
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			inside.ServeHTTP(w, r)
		}
	}), nil
}

// forwarded reports whether a request says that a proxy handed it on.
func forwarded(r *http.Request) bool {
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Via"} {
		if r.Header.Get(name) != "" {
			return true
		}
	}
	return false
}

// isEmbedded reports whether a page elsewhere asks for something of the console as
// a part of its own; a link that leads here is none.
func isEmbedded(r *http.Request) bool {
	return r.Header.Get("Sec-Fetch-Site") == "cross-site" && r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") != "navigate"
}

// tooLarge is what a reader is told of a request above maxBody.
const tooLarge = "C’est trop long : quatre mégaoctets au plus."

// recover answers where a page broke. What it broke on may be a text: the log
// gets the place in the program alone.
func (c *Console) recover(w http.ResponseWriter, r *http.Request) {
	broken := recover()
	switch broken {
	case nil:
		return
	case http.ErrAbortHandler:
		panic(broken)
	}
	c.Log.Error().Str("path", r.Pattern).Bytes("stack", debug.Stack()).Msg("a request broke the console's program")
	http.Error(w, "Cette demande a fait échouer la console ; son journal dit où.", http.StatusInternalServerError)
}

// places are the names, addresses and proxies of an Access, parsed.
type places struct {
	hosts   []string
	proxies []netip.Prefix
	// onlyProxies: whoever comes otherwise than by a proxy is not let in.
	onlyProxies bool
}

func (a *Access) places() (*places, error) {
	p := &places{hosts: []string{"localhost", "127.0.0.1", "::1"}, onlyProxies: a.onlyProxies()}
	for _, host := range a.Hosts {
		p.hosts = append(p.hosts, strings.ToLower(host))
	}
	if host, _, err := net.SplitHostPort(a.Listen); err == nil && host != "" {
		p.hosts = append(p.hosts, host)
	}
	for _, text := range a.Proxies {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("console.proxies: %w", err)
		}
		p.proxies = append(p.proxies, prefix)
	}
	return p, nil
}

// mayCall reports whether the console is served under the name that a request
// calls it by: a page elsewhere that makes its own name lead here gets nothing.
func (p *places) mayCall(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = strings.Trim(r.Host, "[]")
	}
	return slices.Contains(p.hosts, strings.ToLower(host))
}

func (p *places) mayCome(r *http.Request) bool { return !p.onlyProxies || p.byProxy(r) }

// byProxy reports whether a proxy that is trusted hands the request on.
func (p *places) byProxy(r *http.Request) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	addr := from.Addr().Unmap()
	return slices.ContainsFunc(p.proxies, func(x netip.Prefix) bool { return x.Contains(addr) })
}

// client is the address that a request comes from, of IPv6 its network; behind a
// proxy the last one that the proxy itself put down.
func (p *places) client(r *http.Request) string {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	addr := from.Addr()
	if p.byProxy(r) {
		if all := r.Header.Values("X-Forwarded-For"); len(all) > 0 {
			list := strings.Split(all[len(all)-1], ",")
			last := strings.TrimSpace(list[len(list)-1])
			if named, err := netip.ParseAddr(last); err == nil {
				addr = named
			} else if named, err := netip.ParseAddrPort(last); err == nil {
				addr = named.Addr()
			}
		}
	}
	if addr = addr.Unmap().WithZone(""); addr.Is6() {
		network, _ := addr.Prefix(64)
		return network.String()
	}
	return addr.String()
}
