package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/kafka"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// foundRules are the rules that a flag is made again by.
type foundRules struct {
	program    *lexicon.Program
	classifier *pipeline.Classifier
	labels     labels
	// from says in French where they were found.
	from string
}

// findRules finds the rules of the flag's digest; without them it takes those
// that are configured, and says why.
func (x *inquiry) findRules(ctx context.Context) error {
	program, classifier, err := loadClassifier(&x.cfg.Lexicon)
	if err != nil {
		return err
	}
	x.rules = &foundRules{program, classifier, labelsOf(program), "lexique configuré"}
	if x.cfg.Lexicon.Dir == "" {
		x.rules.from = "lexique du programme"
	}
	want := x.judged.flag.Lexicon
	if program.Digest == want.Digest {
		return nil
	}
	if x.settings.lexicon != "" {
		x.because("l’alerte a été faite par d’autres règles : %s %s, %s (l’empreinte dépend aussi de --routing)", want.Name, want.Version, want.Digest)
		return nil
	}
	var canonical []byte
	err = withTopics(ctx, x.cfg, []string{x.cfg.Topics.Lexicons}, func(cluster *kafka.Cluster) (err error) {
		canonical, err = pipeline.Published(ctx, cluster, x.cfg.Topics.Lexicons, want.Digest)
		return err
	})
	switch {
	case errors.Is(err, pipeline.ErrUnpublished), errors.Is(err, kafka.ErrMissingTopic):
		x.because("les règles de l’alerte (%s %s, %s) ne sont pas sur %s : jugé par celles d’ici ; donnez leur dossier avec --lexicon",
			want.Name, want.Version, want.Digest, x.cfg.Topics.Lexicons)
		return nil
	case err != nil:
		return err
	}
	return x.published(canonical)
}

// published compiles a ruleset that was read from the lexicons topic.
func (x *inquiry) published(canonical []byte) error {
	want, topic := x.judged.flag.Lexicon, x.cfg.Topics.Lexicons
	if sum := sha256.Sum256(canonical); "sha256:"+hex.EncodeToString(sum[:]) != want.Digest {
		x.because("ce qui est sur %s sous l’empreinte %s n’a pas cette empreinte : jugé par les règles d’ici", topic, want.Digest)
		return nil
	}
	rs, err := lexicon.FromCanonical(canonical)
	var other *lexicon.EngineError
	if errors.As(err, &other) {
		x.because("l’alerte a été faite par la version %d des règles du moteur, ce programme a la %d : prenez la version de vigie qui l’a faite ; jugé par les règles d’ici",
			other.Engine, lexicon.EngineVersion)
		return nil
	}
	if err != nil {
		return err
	}
	r, err := compileRules(rs, x.cfg.Lexicon.Engine)
	if err != nil {
		return err
	}
	// A canonical form has no labels: those of here name what is still called so.
	x.rules = &foundRules{r.program, r.classifier, x.rules.labels.with(r.program), topic}
	return nil
}
