package console

import (
	"io/fs"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/vigie-project/vigie/configs"
	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// shippedRules compiles the shipped lexicon once for all tests.
var shippedRules = sync.OnceValues(func() (*Rules, error) {
	rs, err := lexicon.Load(configs.FS, "lexicon")
	if err != nil {
		return nil, err
	}
	if rs.Policy, err = lexicon.LoadPolicy(configs.FS, "routing.yaml"); err != nil {
		return nil, err
	}
	program, err := lexicon.Compile(rs)
	if err != nil {
		return nil, err
	}
	classifier, err := pipeline.NewClassifier(program, "words")
	return &Rules{Source: rs, Program: program, Classifier: classifier, Files: fs.FS(configs.FS), Dir: "lexicon", Engine: "words"}, err
})

// testConsole returns a console over the shipped lexicon, for this machine
// alone unless with changes the options.
func testConsole(t testing.TB, with func(*Options)) *Console {
	t.Helper()
	rules, err := shippedRules()
	if err != nil {
		t.Fatal(err)
	}
	names := make(map[string]string)
	for _, x := range rules.Program.Categories {
		names[x.ID] = x.Label
	}
	for _, x := range rules.Program.Factors {
		names[x.ID] = x.Label
	}
	o := Options{
		Rules: rules, Now: time.Now, Log: zerolog.Nop(),
		Names: func(id string) string {
			if name := names[id]; name != "" {
				return name
			}
			return id
		},
		Access: Access{Console: config.Console{Listen: "127.0.0.1:8464"}},
	}
	if with != nil {
		with(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
