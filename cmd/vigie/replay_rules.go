package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pipeline/replay"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
	"github.com/vigie-project/vigie/pkg/lexicon"
)

// digestPrefix begins what names a ruleset by its digest.
const digestPrefix = "sha256:"

// bothRules are the lexicon that is tried and the one it is compared against,
// nil for none.
type bothRules struct{ before, after *rules }

func (r *rules) id() flag.Lexicon {
	return flag.Lexicon{Name: r.program.Name, Version: r.program.Version, Digest: r.program.Digest}
}

func (b *bothRules) beforeID() *flag.Lexicon {
	if b.before == nil {
		return nil
	}
	id := b.before.id()
	return &id
}

// names are the labels of either lexicon.
func (b *bothRules) names() labels {
	names := shippedLabels()
	if b.before != nil {
		names = names.with(b.before.program)
	}
	return names.with(b.after.program)
}

// made says by its error that the replay of a directory is another one.
func (b *bothRules) made(p *replay.Plan, asked replay.Asked) error {
	switch {
	case !reflect.DeepEqual(p.Asked, asked):
		return fmt.Errorf("--dir holds a replay of another range (%s): give the same options again, or another directory", rangeTold(p.Asked))
	case p.After != b.after.id():
		return fmt.Errorf("--dir holds a replay by the lexicon %s %s, %s: give that one, or another directory", p.After.Name, p.After.Version, p.After.Digest)
	case !reflect.DeepEqual(p.Before, b.beforeID()):
		return fmt.Errorf("--dir holds a replay against another lexicon, or against none: give the same --against, or another directory")
	}
	return nil
}

// rangeTold is a range as it was asked for.
func rangeTold(a replay.Asked) string {
	list := []string{"--topics " + strings.Join(a.Topics, ",")}
	for _, p := range a.Partitions {
		list = append(list, fmt.Sprintf("--partitions %d", p))
	}
	if a.From != "" {
		list = append(list, fmt.Sprintf("--from %q", a.From))
	}
	if a.To != "" {
		list = append(list, fmt.Sprintf("--to %q", a.To))
	}
	if a.Share < 1 {
		list = append(list, fmt.Sprintf("--sample %v", a.Share))
	}
	if a.Limit > 0 {
		list = append(list, fmt.Sprintf("--limit %d", a.Limit))
	}
	return strings.Join(list, " ")
}

// opener opens the connection, at its first call: what is wrong with a lexicon
// is told without a broker.
type opener func() (*kafka.Cluster, error)

// rulesets loads the lexicons that the options name.
func (r *replaying) rulesets(ctx context.Context, cfg *config.Config, open opener) (*bothRules, error) {
	both := &bothRules{}
	var err error
	if both.after, err = namedRules(ctx, cfg, open, cfg.Lexicon.Dir); err != nil {
		return nil, fmt.Errorf("--lexicon: %w", err)
	}
	if r.against == "" {
		return both, nil
	}
	if both.before, err = namedRules(ctx, cfg, open, r.against); err != nil {
		return nil, fmt.Errorf("--against: %w", err)
	}
	if both.before.program.Digest == both.after.program.Digest {
		return nil, fmt.Errorf("--lexicon and --against are the same ruleset, %s: there would be no difference", both.after.program.Digest)
	}
	if !bytes.Equal(both.after.program.Formats, both.before.program.Formats) {
		return nil, errors.New("--against reads its topics in other formats than are configured here: events are decoded once for both; configure the formats that it was made with, or give it as a directory")
	}
	return both, nil
}

// namedRules loads a lexicon by its directory, by its digest, or the one in the
// program.
func namedRules(ctx context.Context, cfg *config.Config, open opener, name string) (*rules, error) {
	l := cfg.Lexicon
	if strings.HasPrefix(name, digestPrefix) {
		cluster, err := open()
		if err != nil {
			return nil, err
		}
		canonical, err := pipeline.Published(ctx, cluster, cfg.Topics.Lexicons, name)
		if err != nil {
			return nil, err
		}
		rs, err := lexicon.FromCanonical(canonical)
		if err != nil {
			return nil, err
		}
		return compileRules(rs, l.Engine)
	}
	if l.Dir = name; name == shipped || name == "shipped" {
		l.Dir = ""
	}
	return loadRules(&l)
}

// parseShare reads "5%" or "0.05".
func parseShare(text string) (float64, error) {
	number, percent := strings.CutSuffix(text, "%")
	share, err := strconv.ParseFloat(number, 64)
	if percent {
		share /= 100
	}
	if err != nil || !(share > 0 && share <= 1) {
		return 0, fmt.Errorf("--sample %q is no share: give 5%% or 0.05, more than nothing and at most 100%%", text)
	}
	return share, nil
}
