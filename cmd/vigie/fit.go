package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pipeline/eval"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// The layers that --without takes away.
const (
	layerFactors    = "factors"
	layerIndices    = "indices"
	layerQualifiers = "qualifiers"
)

// learning holds the options of eval that fit the learned layer.
type learning struct {
	fit      string
	leaveOut bool
	with     []string
	phrases  []string
	read     []string
	most     int
	without  string
}

func (l *learning) addFlags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&l.fit, "fit", "", "fit the learned layer to the corpus and write it to `FILE`")
	f.BoolVar(&l.leaveOut, "leave-out", false, "measure each source with a learned layer that was fitted without it")
	f.StringArrayVar(&l.with, "with", nil, "documents of `FILE` to fit to, not to measure on; may be repeated")
	f.StringArrayVar(&l.phrases, "phrases", nil, "single sentences of `FILE` to fit passages to; may be repeated")
	f.StringSliceVar(&l.read, "read", nil, "`SOURCES` whose texts were read while terms were written: with --leave-out not measured, and no measure of how far terms can be trusted")
	f.IntVar(&l.most, "most", 40000, "how many indices to keep in passages, and in documents, the most frequent ones; 0 keeps all")
	f.StringVar(&l.without, "without", "", "judge without a `LAYER`: factors, indices or qualifiers")
}

func (l *learning) check() error {
	switch {
	case l.fit != "" && l.leaveOut:
		return errors.New("--fit writes a learned layer and --leave-out measures: one at a time")
	case l.without != "" && !slices.Contains([]string{layerFactors, layerIndices, layerQualifiers}, l.without):
		return fmt.Errorf("--without %q is none of %s, %s, %s", l.without, layerFactors, layerIndices, layerQualifiers)
	case l.fit != "" && l.without != "":
		return errors.New("--without is for measuring: a learned layer is fitted to the whole lexicon")
	case !l.leaveOut && l.fit == "" && len(l.with)+len(l.phrases)+len(l.read) > 0:
		return errors.New("--with, --phrases and --read are for --fit and --leave-out")
	case !l.leaveOut && l.without == layerFactors:
		return errors.New("--without factors is for --leave-out: the indices are fitted to stand alone")
	}
	return nil
}

// strip takes a layer away from the rules.
func (l *learning) strip(r *rules, engine string) (*rules, error) {
	source := *r.source
	switch l.without {
	case "":
		return r, nil
	case layerIndices:
		source.Indices = lexicon.IndicesSource{}
	case layerQualifiers:
		source.Qualifiers.Cues, source.Qualifiers.Masks = nil, nil
	case layerFactors:
		source.Sections = factorless(source.Sections)
	}
	return compileRules(&source, engine)
}

// factorless returns sections whose factors weigh next to nothing, so that the
// indices judge alone; the texts are read as before.
func factorless(sections []lexicon.Section) []lexicon.Section {
	sections = slices.Clone(sections)
	for i := range sections {
		factors := slices.Clone(sections[i].Factors)
		for k := range factors {
			factors[k].Weight, factors[k].Urgency = 0, ""
		}
		sections[i].Factors = factors
	}
	return sections
}

// learner fits learned layers to the documents of a corpus and of --with.
type learner struct {
	options  *learning
	rules    *rules
	engine   string
	material *eval.Material
	errs     io.Writer
}

func (l *learning) learner(ctx context.Context, r *rules, engine string, corpus *eval.Corpus, errs io.Writer) (*learner, error) {
	source := *r.source
	source.Indices = lexicon.IndicesSource{}
	bare, err := compileRules(&source, engine)
	if err != nil {
		return nil, err
	}
	with, err := readMore(l.with)
	if err != nil {
		return nil, err
	}
	phrases, err := readMore(l.phrases)
	if err != nil {
		return nil, err
	}
	for _, source := range l.read {
		of := func(d *eval.Document) bool { return d.Source() == source }
		if !slices.ContainsFunc(slices.Concat(corpus.Documents, with, phrases), of) {
			return nil, fmt.Errorf("--read %q: no document has that source (the id up to its last \"-\")", source)
		}
	}
	material, err := eval.Observe(ctx, bare.classifier, l.most, corpus.Documents, with, phrases)
	if err != nil {
		return nil, err
	}
	return &learner{options: l, rules: bare, engine: engine, material: material, errs: errs}, nil
}

// readMore reads the documents of files without a mistake in them.
func readMore(files []string) (all []*eval.Document, err error) {
	for _, file := range files {
		more, name, err := readCorpus(file, nil)
		if err != nil {
			return nil, err
		}
		if len(more.Wrong) > 0 {
			return nil, fmt.Errorf("%s:%d: %s", name, more.Wrong[0].Line, more.Wrong[0].Message)
		}
		all = append(all, more.Documents...)
	}
	return all, nil
}

// layer fits a learned layer without one source.
func (x *learner) layer(source string) lexicon.IndicesSource {
	return x.material.Fit(eval.Fit{
		Read: x.options.read, WithoutFactors: x.options.without == layerFactors,
	}, source)
}

// judge classifies the documents of each source with a layer fitted without it.
func (x *learner) judge(ctx context.Context, corpus *eval.Corpus) ([]*flag.Flag, error) {
	flags := make([]*flag.Flag, len(corpus.Documents))
	for _, source := range corpus.Sources() {
		if slices.Contains(x.options.read, source) {
			continue
		}
		if x.options.without == layerIndices {
			if err := judgeSource(ctx, corpus, source, x.rules.classifier, flags); err != nil {
				return nil, err
			}
			continue
		}
		rs := *x.rules.source
		rs.Indices = x.layer(source)
		r, err := compileRules(&rs, x.engine)
		if err != nil {
			return nil, err
		}
		if err := judgeSource(ctx, corpus, source, r.classifier, flags); err != nil {
			return nil, err
		}
		fmt.Fprintf(x.errs, "%s : %d + %d indices\n", source, len(rs.Indices.Rows[lexicon.Passage]), len(rs.Indices.Rows[lexicon.Whole]))
	}
	return flags, nil
}

func judgeSource(ctx context.Context, corpus *eval.Corpus, source string, c *pipeline.Classifier, flags []*flag.Flag) error {
	part := corpus.Of(source)
	judged, err := part.Judge(ctx, c, func(int) {})
	if err != nil {
		return err
	}
	for i, d := range corpus.Documents {
		if d.Source() == source {
			flags[i], judged = judged[0], judged[1:]
		}
	}
	return nil
}

// write fits a layer to all sources and writes its file.
func (x *learner) write(file string) error {
	layer := x.layer("")
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	return errors.Join(layer.Write(f, fmt.Sprintf(indicesHead, x.material.Documents())), f.Close())
}

// indicesHead is what an owner reads at the top of the file.
const indicesHead = `Les indices : mots, paires et parties de mots, avec le poids que « vigie eval --fit »
a appris de %d documents annotés. 1.000 compte autant qu'un signe fort écrit à la main,
avant division par la racine du nombre de mots. Les plus lourds sont en tête de chaque partie.
Pour ôter un indice, effacez sa ligne ou mettez « # » et une espace devant.
-malad- : des lettres dans un mot ; malad- : au début ; -ade : à la fin.
avant:arret : un mot du conseiller juste avant ; apres:condoleances : juste après.
[passage] : dans un passage d'une vingtaine de mots ; [document] : n'importe où.
`
