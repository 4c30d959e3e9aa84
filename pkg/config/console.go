package config

import (
	"net"
	"net/netip"
	"strings"
)

// Console says where the web page of the lexicon's owners is served, and who may
// use it.
type Console struct {
	// Listen is its host:port. Default: 127.0.0.1:8464, which only this machine
	// reaches, and whoever uses this machine needs no token. Any other interface
	// needs encryption (CertFile, or Proxies that do it) and a permission (Token,
	// or UserHeader): the page shows the texts of the corpus that it is given.
	Listen string `koanf:"listen"`
	// CertFile and KeyFile are the console's PEM certificate and key, both or
	// neither. Default: neither, plain HTTP.
	CertFile string `koanf:"cert_file"`
	KeyFile  string `koanf:"key_file"`
	// Token lets in whoever gives it, on the page /connexion or as a bearer's; at
	// least 16 characters. TokenFile holds it in a file. Default: none.
	Token     Secret `koanf:"token"`
	TokenFile string `koanf:"token_file"`
	// UserHeader is the header in which a proxy that signs users in (OIDC) names
	// the user; it is believed only from Proxies. Default: none.
	UserHeader string `koanf:"user_header"`
	// Proxies are the networks, such as 10.1.2.3/32, of the proxies that hand
	// requests on. Where they are set and CertFile is not, nobody else is let in.
	// Default: none.
	Proxies []string `koanf:"proxies"`
	// Hosts are the names under which browsers reach the console, beside localhost
	// and the host of Listen; requests that call it otherwise are refused.
	// Default: none.
	Hosts []string `koanf:"hosts"`
}

// Loopback reports whether only this machine reaches Listen.
func (c *Console) Loopback() bool {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return false
	}
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// shortestToken is how long a token is at least that nobody can guess.
const shortestToken = 16

func (v *validator) console(c *Console) {
	v.check(isListen(c.Listen), "console.listen", "%q is not host:port, for example 127.0.0.1:8464", c.Listen)
	v.check((c.CertFile == "") == (c.KeyFile == ""), "console.cert_file", "cert_file and key_file go together")
	v.readable("console.cert_file", c.CertFile)
	v.readable("console.key_file", c.KeyFile)
	v.check(c.Token == "" || len(c.Token) >= shortestToken, "console.token", "a token has at least %d characters", shortestToken)
	v.check(c.UserHeader == "" || len(c.Proxies) > 0, "console.user_header",
		"anybody could send this header: name the networks of the proxies that set it in console.proxies")
	for _, p := range c.Proxies {
		prefix, err := netip.ParsePrefix(p)
		v.check(err == nil, "console.proxies", "%q is no network such as 10.1.2.3/32", p)
		v.check(err != nil || prefix.Bits() > 0, "console.proxies", "%s is everybody: name the proxies", p)
	}
	for _, h := range c.Hosts {
		_, err := netip.ParseAddr(h)
		v.check(err == nil || h != "" && !strings.ContainsAny(h, ":/ "), "console.hosts", "%q is no name or address, without scheme and port", h)
	}
	if !isListen(c.Listen) || c.Loopback() {
		return
	}
	v.check(c.CertFile != "" || len(c.Proxies) > 0, "console.listen",
		"%s can be reached from elsewhere: set cert_file and key_file, or proxies that encrypt", c.Listen)
	v.check(c.Token != "" || c.UserHeader != "", "console.listen",
		"%s can be reached from elsewhere: set token_file, or user_header with proxies that sign users in", c.Listen)
}
