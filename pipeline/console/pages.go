package console

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/french"
)

var (
	//go:embed pages/*.html.tmpl
	templates embed.FS
	//go:embed assets
	assets embed.FS
)

// pages holds what is shown: a template set a page, each with the layout.
type pages struct {
	sets map[string]*template.Template
	// fragments are the sets that define them, by the fragment's name.
	fragments map[string]*template.Template
	// version is a hash of all assets: it stands in their addresses.
	version string
}

// ofLayout are the templates that each page defines for the layout, or may.
var ofLayout = map[string]bool{"title": true, "main": true, "head": true, "layout": true, "": true}

func newPages(c *Console) (*pages, error) {
	p := &pages{sets: make(map[string]*template.Template), fragments: make(map[string]*template.Template)}
	hash := sha256.New()
	err := fs.WalkDir(assets, "assets", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := assets.ReadFile(name)
		_, _ = hash.Write(data)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the console's assets: %w", err)
	}
	p.version = hex.EncodeToString(hash.Sum(nil)[:6])
	layout, err := template.New("").Funcs(template.FuncMap{
		"nom": c.Names, "nombre": french.Number, "pourcent": french.Percent, "compte": french.Count,
		"jour": french.Date, "instant": french.Instant, "typo": french.Typeset, "capitale": french.Capital,
		"motif": reason, "entier": func(n int64) int { return int(n) }, "texte": func(s flag.Status) string { return string(s) },
		"actif": func(name string) string { return "/actifs/" + name + "?v=" + p.version },
	}).ParseFS(templates, "pages/layout.html.tmpl", "pages/communs.html.tmpl")
	if err != nil {
		return nil, fmt.Errorf("the console's layout: %w", err)
	}
	files, err := fs.Glob(templates, "pages/*.html.tmpl")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".html.tmpl")
		if name == "layout" || name == "communs" {
			continue
		}
		set := template.Must(layout.Clone())
		if set, err = set.ParseFS(templates, file); err != nil {
			return nil, fmt.Errorf("the console's page %s: %w", name, err)
		}
		p.sets[name] = set
		for _, t := range set.Templates() {
			if !ofLayout[t.Name()] && !strings.HasSuffix(t.Name(), ".html.tmpl") {
				p.fragments[t.Name()] = set
			}
		}
	}
	return p, nil
}

// types of the assets.
var types = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

// asset answers with a file of the program. Its address holds a hash of all of
// them, so that a browser may keep it for ever.
func (p *pages) asset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	data, err := assets.ReadFile("assets/" + name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", types[path.Ext(name)]) // a system may know others
	if r.URL.Query().Get("v") == p.version {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	_, _ = w.Write(data)
}

// view is what the layout shows around a page's data.
type view struct {
	Page    string
	Data    any
	Name    string
	Version string
	Digest  string
	// Leave: this reader came in with a token, and can go out again.
	Leave bool
	Nav   []link
}

// link is an entry of the navigation.
type link struct{ Page, Path, Text string }

var navigation = []link{
	{"essayer", "/essayer", "Essayer"},
	{"lexique", "/lexique", "Lexique"},
	{"proposer", "/proposer", "Proposer"},
	{"flux", "/flux", "Flux"},
}

// within are the pages that stand below one of the navigation.
var within = map[string]string{"facteur": "lexique", "terme": "lexique", "texte": "proposer"}

// render answers with a page in the layout.
func (c *Console) render(w http.ResponseWriter, r *http.Request, status int, page string, data any) {
	p := c.Rules.Program
	v := view{
		Page: cmp.Or(within[page], page), Data: data, Name: p.Name, Version: p.Version, Digest: p.Digest,
		Leave: c.Access.Token != "" && c.knows(r), Nav: navigation,
	}
	c.write(w, r, status, c.pages.sets[page], "layout", v)
}

// fragment answers with a part of a page, for a page that is open.
func (c *Console) fragment(w http.ResponseWriter, r *http.Request, name string, data any) {
	c.write(w, r, http.StatusOK, c.pages.fragments[name], name, data)
}

// failure is what an error page says.
type failure struct {
	Status  int
	Message string
	// English is what the program says of it, "" for nothing.
	English string
}

// fail answers with an error in French: a page, or a part of one that is open.
func (c *Console) fail(w http.ResponseWriter, r *http.Request, status int, message string) {
	c.failWith(w, r, failure{Status: status, Message: message})
}

func (c *Console) failWith(w http.ResponseWriter, r *http.Request, f failure) {
	if isLive(r) {
		c.write(w, r, f.Status, c.pages.fragments["erreur-partielle"], "erreur-partielle", f)
		return
	}
	c.render(w, r, f.Status, "erreur", f)
}

// isLive reports whether the script of an open page asks, not the browser itself.
func isLive(r *http.Request) bool { return r.Header.Get("X-Live") != "" }

// write executes a template before anything is sent, so that a failure is told
// as one.
func (c *Console) write(w http.ResponseWriter, r *http.Request, status int, set *template.Template, name string, data any) {
	var b bytes.Buffer
	if err := set.ExecuteTemplate(&b, name, data); err != nil {
		// The error names a template and a field, not what stands in it.
		c.Log.Error().Err(err).Str("path", r.Pattern).Msg("a page could not be made")
		http.Error(w, "Cette page n’a pas pu être faite ; le journal de la console dit pourquoi.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}
