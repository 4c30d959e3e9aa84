package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"github.com/vigie-project/vigie/pipeline/replay"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// replaying is what a replay was asked for on the command line.
type replaying struct {
	*settings
	dir, against, out string
	from, to          string
	topics            []string
	partitions        []int
	sample            string
	limit             int64
	clientID          string
	megabytes         float64
	publish           bool
	planOnly, merge   bool
	group             string

	log      zerolog.Logger
	report   string
	withText bool
}

func replayCommand(s *settings) *cobra.Command {
	r := &replaying{settings: s}
	c := &cobra.Command{
		Use:   "replay --dir DIR",
		Short: "Judge ranges of topics again, with one lexicon or two, beside production",
		Long: `replay judges ranges of topics by the lexicon that --lexicon names, or, with
--against, by two over the same events, and says what differs. It joins no group
of production's, moves none of its offsets and writes none of its topics, unless
it is to --publish.

What is judged is kept in --dir, in segments: a replay that was stopped or killed
goes on where it was when the same command is given again, and the result is the
same. The offsets of a range are looked up once, when it begins. --sample 5%
takes the same events each time. It ends with an account of every offset of the
range. Exit code 1: some records cannot be read.

--publish reads from the flags topic what was last said of each event, and writes
what differs: flags with "supersedes" and "replay", and retractions. Given again it
writes nothing new. An event older than replay.urgent_max_age is not routed urgent
by it, and what production has not read yet is left to production.

On several machines: --plan on one, a copy of --dir for each, --group on all of
them, then --merge with their directories on one.

A lexicon is a directory, or the digest (sha256:…) of one on the lexicons topic;
"livré" (or "shipped") is the one in the program.

--report writes one self-contained HTML page: who would be flagged and how, by
which terms, and what was read. It holds nobody's words; with --with-text it cites
some examples, and is then to be kept as the messages are.`,
		Example: `  vigie replay --dir avril --from "last 30d" --lexicon configs/lexicon --out flags.jsonl
  vigie replay --dir essai --topics mails --from 2026-11-02 --to 2026-11-09 --sample 5% \
    --lexicon configs/lexicon --against livré --out difference.jsonl
  vigie replay --dir tout --merge machine-1 machine-2 --lexicon configs/lexicon --out flags.jsonl`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := r.checkMachines(c, args); err != nil {
				return err
			}
			if r.merge {
				return r.runMerge(c, args)
			}
			return r.run(c)
		},
	}
	f := c.Flags()
	f.StringVar(&r.dir, "dir", "", "`DIR` that keeps what was judged; one replay a directory")
	f.StringVar(&r.from, "from", "", "first `OFFSET or TIME`: 1200, 2026-11-02, 2026-11-02T08:00:00Z, \"last 30d\" (default: the start of the log)")
	f.StringVar(&r.to, "to", "", "up to, and without, this `OFFSET or TIME` (default: the end of the log as it is now)")
	f.StringSliceVar(&r.topics, "topics", nil, "`TOPIC`,… to read (default: topics.inputs)")
	f.IntSliceVar(&r.partitions, "partitions", nil, "`N`,… of each topic (default: all)")
	f.StringVar(&r.sample, "sample", "100%", "`SHARE` of the events, by hash of their identity: 5% or 0.05")
	f.Int64Var(&r.limit, "limit", 0, "judge at most `N` offsets, shared out over the partitions (default: all)")
	f.StringVar(&r.against, "against", "", "`DIR or DIGEST` of a second lexicon: what --lexicon would change against it")
	f.StringVar(&r.out, "out", "", "`FILE` for the flags, or with --against for the difference, as JSON lines; one that ends in .parquet gets the flags as Parquet; topic:NAME writes the flags to a topic")
	f.StringVar(&r.report, "report", "", "`FILE` for a page about it all, in French, for those who answer for the lexicon")
	f.BoolVar(&r.withText, "with-text", false, "of --report: cite the words found, from the topics; customers' words")
	f.BoolVar(&r.publish, "publish", false, "make the flags topic say what --lexicon says: new flags and retractions where the last ones there differ")
	f.BoolVar(&r.planOnly, "plan", false, "only look the offsets up and keep them in --dir, for several machines")
	f.StringVar(&r.group, "group", "", "share the work with other machines as a member of this consumer `GROUP`, one of its own for each replay")
	f.BoolVar(&r.merge, "merge", false, "join the directories that several machines filled into --dir, and go on from there")
	f.StringVar(&r.clientID, "client-id", "vigie-replay", "what the brokers' logs and quotas call this client")
	f.Float64Var(&r.megabytes, "max-mb-per-s", 0, "read at most `N` megabytes a second, as stored (default: no bound)")
	return c
}

// errReplayStopped is a signal on the way.
var errReplayStopped = errors.New("interrupted; the same command goes on from here")

// connect returns a connection of the replay's own, which knows the topics that
// it reads and writes.
func (r *replaying) connect(ctx context.Context, cfg *config.Config, asked *replay.Asked) (*kafka.Cluster, error) {
	own := *cfg
	own.Kafka.ClientID = r.clientID
	own.Topics.Inputs = slices.Clone(asked.Topics)
	var rights []kafka.Right
	for _, topic := range asked.Topics {
		rights = append(rights, kafka.OnTopic(kafka.Read, topic))
	}
	if r.group != "" {
		rights = append(rights, kafka.OnGroup(kafka.Read, r.group))
	}
	if r.publish {
		rights = append(rights, publishRights(cfg)...)
	}
	if topic, ok := strings.CutPrefix(r.out, topicOut); ok {
		own.Topics.Inputs = append(own.Topics.Inputs, topic)
		rights = append(rights, kafka.OnTopic(kafka.Write, topic))
	}
	cluster, err := kafka.Connect(&own)
	if err != nil {
		return nil, err
	}
	err = cluster.Reach(ctx)
	if err == nil {
		err = cluster.CheckRights(ctx, rights)
	}
	if err == nil {
		_, err = cluster.Require(ctx, own.Topics.Inputs)
	}
	if err != nil {
		cluster.Close()
		return nil, err
	}
	return cluster, nil
}

// plan returns the plan of the directory, which it makes where there is none.
func (r *replaying) plan(ctx context.Context, cluster *kafka.Cluster, asked replay.Asked, both *bothRules) (*replay.Plan, error) {
	p, err := replay.ReadPlan(r.dir)
	switch {
	case err == nil:
		return p, both.made(p, asked)
	case !errors.Is(err, replay.ErrNoPlan):
		return nil, err
	}
	if r.group != "" {
		return nil, fmt.Errorf("%w: make a plan with --plan and copy the directory to each machine, so that all judge the same offsets", err)
	}
	if files, _ := filepath.Glob(filepath.Join(r.dir, "*")); len(files) > 0 {
		return nil, fmt.Errorf("%s %w but other files: name a directory of its own", r.dir, replay.ErrNoPlan)
	}
	p, err = replay.NewPlan(ctx, cluster, asked, both.beforeID(), both.after.id(), time.Now())
	if err != nil {
		return nil, err
	}
	return p, p.Write(r.dir)
}

// run does all of it.
func (r *replaying) run(c *cobra.Command) error {
	ctx := c.Context()
	cfg, err := r.load()
	if err != nil {
		return err
	}
	asked, err := r.asked(cfg)
	if err != nil {
		return err
	}
	r.log = newLog(c.ErrOrStderr(), cfg)
	open := sync.OnceValues(func() (*kafka.Cluster, error) { return r.connect(ctx, cfg, &asked) })
	both, err := r.rulesets(ctx, cfg, open)
	if err != nil {
		return err
	}
	cluster, err := open()
	if err != nil {
		return err
	}
	defer cluster.Close()
	p, err := r.plan(ctx, cluster, asked, both)
	if err != nil {
		return err
	}
	if r.planOnly {
		fmt.Fprintf(c.OutOrStdout(), "%s : %s sur %s\n", r.dir, plural(int(p.Offsets()), "offset"), plural(len(p.Ranges), "partition"))
		return nil
	}
	if err := r.judge(c, cfg, cluster, p, both); err != nil {
		return err
	}
	if r.group != "" {
		here, of := p.Here(r.dir)
		fmt.Fprintf(c.OutOrStdout(), "tout est jugé ; %s : %d segments sur %d ; réunissez ceux de toutes les machines avec --merge\n", r.dir, here, of)
		return nil
	}
	return r.finish(ctx, c.OutOrStdout(), cfg, cluster, p, both)
}

// judge judges what is missing in the directory, alone or with other machines.
func (r *replaying) judge(c *cobra.Command, cfg *config.Config, cluster *kafka.Cluster, p *replay.Plan, both *bothRules) error {
	ctx := c.Context()
	work := &replay.Replay{Cluster: cluster, Config: cfg, Dir: r.dir, Plan: p, After: both.after.classifier, Log: r.log}
	if both.before != nil {
		work.Before = both.before.classifier
	}
	if r.megabytes > 0 {
		work.Pace = replay.Pace(r.megabytes)
	}
	defer showReplay(c.ErrOrStderr(), &work.Seen, p.Offsets())()
	act := work.Run
	if r.group != "" {
		act = func(ctx context.Context) error { return work.RunGroup(ctx, r.group) }
	}
	err := act(ctx)
	if ctx.Err() != nil {
		return errReplayStopped
	}
	return err
}
