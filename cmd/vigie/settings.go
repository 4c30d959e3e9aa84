package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/vigie-project/vigie/configs"
	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// settings are the options that every command has.
type settings struct {
	config, lexicon, routing string
}

// load returns the configuration with the options over it.
func (s *settings) load() (*config.Config, error) {
	cfg, err := config.Load(s.config, os.Environ())
	if err != nil {
		return nil, err
	}
	s.override(cfg)
	return cfg, readFormats(cfg, "")
}

// rules returns the configuration and the rules that it names.
func (s *settings) rules() (*config.Config, *rules, error) {
	cfg, err := s.load()
	if err != nil {
		return nil, nil, err
	}
	r, err := loadRules(&cfg.Lexicon)
	return cfg, r, err
}

func (s *settings) override(cfg *config.Config) {
	cfg.Version = version
	if s.lexicon != "" {
		cfg.Lexicon.Dir = s.lexicon
	}
	if s.routing != "" {
		cfg.Lexicon.Routing = s.routing
	}
}

// rules is a ruleset ready to judge with.
type rules struct {
	source     *lexicon.Ruleset
	program    *lexicon.Program
	classifier *pipeline.Classifier
}

// loadRules reads and compiles what cfg names. Its error joins all that is
// wrong, each with file, line and column.
func loadRules(cfg *config.Lexicon) (*rules, error) {
	rs, err := loadSources(cfg)
	if err != nil {
		return nil, err
	}
	return compileRules(rs, cfg.Engine)
}

// loadClassifier returns what judges by the rules that cfg names. Those in the
// program are packed, and need no compiling.
func loadClassifier(cfg *config.Lexicon) (*lexicon.Program, *pipeline.Classifier, error) {
	if packed := configs.Program(lexicon.EngineVersion); packed != nil && cfg.Dir+cfg.Routing == "" {
		program, err := lexicon.Unpack(packed)
		if err != nil {
			return nil, nil, err
		}
		if cfg.Formats != nil {
			rs, err := loadSources(cfg)
			if err != nil {
				return nil, nil, err
			}
			program.Formats = cfg.Formats
			if program.Digest, err = rs.Digest(); err != nil {
				return nil, nil, err
			}
		}
		classifier, err := pipeline.NewClassifier(program, cfg.Engine)
		return program, classifier, err
	}
	r, err := loadRules(cfg)
	if err != nil {
		return nil, nil, err
	}
	return r.program, r.classifier, nil
}

// compileRules makes rules of a ruleset.
func compileRules(rs *lexicon.Ruleset, engine string) (*rules, error) {
	program, err := lexicon.Compile(rs)
	if err != nil {
		return nil, err
	}
	classifier, err := pipeline.NewClassifier(program, engine)
	if err != nil {
		return nil, err
	}
	return &rules{source: rs, program: program, classifier: classifier}, nil
}

// loadSources reads lexicon and policy, so that the mistakes of both are told.
func loadSources(cfg *config.Lexicon) (*lexicon.Ruleset, error) {
	policy, wrongPolicy := lexicon.LoadPolicy(place(cfg.Routing, "routing.yaml"))
	rs, wrongLexicon := (*lexicon.Ruleset)(nil), findLexicon(cfg.Dir)
	if wrongLexicon == nil {
		rs, wrongLexicon = lexicon.Load(place(cfg.Dir, "lexicon"))
	}
	if err := errors.Join(wrongPolicy, wrongLexicon); err != nil {
		return nil, err
	}
	rs.Policy, rs.Formats = policy, cfg.Formats
	return rs, nil
}

// findLexicon says, in French as all mistakes of a lexicon, that dir is none
// at all: one message instead of one for each file that is not there.
func findLexicon(dir string) error {
	if dir == "" {
		return nil
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s : ce dossier n’existe pas ; il faut ici celui d’un lexique", dir)
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s : ce n’est pas un dossier ; il faut ici celui d’un lexique", dir)
	}
	inside := filepath.Join(dir, "lexicon")
	if !exists(filepath.Join(dir, "lexicon.yaml")) && exists(filepath.Join(inside, "lexicon.yaml")) {
		return fmt.Errorf("%s : ce n’est pas le dossier d’un lexique ; vouliez-vous dire %s ?", dir, inside)
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// place is where to read: path on disk, or without one what the program ships.
func place(path, shipped string) (fs.FS, string) {
	if path == "" {
		return configs.FS, shipped
	}
	return disk{}, path
}

// disk opens any path as typed, so that errors name files as the caller did.
type disk struct{}

// Open implements fs.FS, without its rules for names.
func (disk) Open(name string) (fs.File, error) { return os.Open(name) }
