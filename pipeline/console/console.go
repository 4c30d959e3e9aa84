package console

import (
	"io/fs"
	"net/http"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/time/rate"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pipeline/proposal"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// Rules are a lexicon ready to judge with, and where its files stand.
type Rules struct {
	Source     *lexicon.Ruleset
	Program    *lexicon.Program
	Classifier *pipeline.Classifier
	// Files holds Dir, the lexicon's directory.
	Files fs.FS
	Dir   string
	// Engine is the matcher's name, for classifiers of changed lexicons.
	Engine string
}

// Sample is a message to pick.
type Sample struct {
	// Name in French.
	Name string
	// Value is a structured CloudEvent.
	Value []byte
}

// Options is what a console is made of.
type Options struct {
	Rules *Rules
	// Names is the French name of what flags hold by id.
	Names   func(id string) string
	Samples []Sample
	// Corpus holds annotated documents, nil for none.
	Corpus *eval.Corpus
	// Events are further messages to try changes on.
	Events []event.Record
	// Feed tells of flags as they come, nil where no broker is configured. Whoever
	// makes it runs it.
	Feed   *Feed
	Access Access
	Now    func() time.Time
	// Log is told addresses, paths and codes, never a text.
	Log zerolog.Logger
}

// Console answers requests. Make one with New.
type Console struct {
	Options
	pages *pages
	// files are the lexicon's, as long as they stay what they were at the start.
	files       fs.FS
	places      *places
	classifiers sync.Pool
	study       *study
	streams     *streams
	turns       turns
	// wrong counts the wrong tokens of each address.
	wrong   *pace
	handler http.Handler
}

// New returns a console. Its error says what of the options cannot be used.
func New(o Options) (*Console, error) {
	c := &Console{Options: o, study: newStudy(), streams: newStreams(), turns: newTurns(), wrong: newPace(o.Now, rate.Every(wrongEvery), wrongAtOnce)}
	c.classifiers.New = func() any { return o.Rules.Classifier.Clone() }
	var err error
	if c.files, err = proposal.Unchanged(o.Rules.Files, o.Rules.Dir); err != nil {
		return nil, err
	}
	if c.pages, err = newPages(c); err != nil {
		return nil, err
	}
	if c.handler, err = c.guard(c.routes()); err != nil {
		return nil, err
	}
	return c, nil
}

// Handler answers for the whole console.
func (c *Console) Handler() http.Handler { return c.handler }

// classifier returns a classifier for one request; release gives it back.
func (c *Console) classifier() *pipeline.Classifier {
	return c.classifiers.Get().(*pipeline.Classifier)
}
func (c *Console) release(used *pipeline.Classifier) { c.classifiers.Put(used) }

// routes says which page answers what.
func (c *Console) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /actifs/{name}", c.pages.asset)
	mux.HandleFunc("GET /connexion", c.loginPage)
	mux.HandleFunc("POST /connexion", c.login)
	mux.HandleFunc("POST /deconnexion", c.logout)
	mux.HandleFunc("GET /essayer", c.tryPage)
	mux.HandleFunc("POST /essayer", c.tryPost)
	mux.HandleFunc("POST /essayer/lecture", c.tryLive)
	mux.HandleFunc("GET /lexique", c.lexiconPage)
	mux.HandleFunc("POST /lexique/liste", c.lexiconLive)
	mux.HandleFunc("GET /lexique/{factor}", c.factorPage)
	mux.HandleFunc("GET /lexique/{factor}/releve", c.factorSurvey)
	mux.HandleFunc("GET /lexique/{factor}/{term}", c.termPage)
	mux.HandleFunc("GET /proposer", c.proposePage)
	mux.HandleFunc("GET /proposer/texte/{text}", c.textPage)
	mux.HandleFunc("POST /proposer", c.proposePost)
	mux.HandleFunc("POST /proposer/reponse", c.proposeLive)
	mux.HandleFunc("POST /proposer/lieux", c.proposePlaces)
	mux.HandleFunc("POST /proposer/mesure", c.proposeMeasure)
	mux.HandleFunc("POST /proposer/correctif", c.patch)
	mux.HandleFunc("GET /flux", c.fluxPage)
	mux.HandleFunc("GET /flux/evenements", c.fluxStream)
	mux.HandleFunc("GET /flux/{partition}/{offset}", c.flagPage)
	mux.Handle("GET /{$}", http.RedirectHandler("/essayer", http.StatusSeeOther))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		c.fail(w, r, http.StatusNotFound, "Cette page n’existe pas.")
	})
	return mux
}
