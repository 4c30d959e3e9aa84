package main

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/vigie-project/vigie/pipeline/replay"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// checkMachines checks the options for several machines.
func (r *replaying) checkMachines(c *cobra.Command, args []string) error {
	cfg, err := r.load()
	if err != nil {
		return err
	}
	several := 0
	for _, on := range []bool{r.planOnly, r.group != "", r.merge} {
		if on {
			several++
		}
	}
	makes := r.out != "" || r.report != "" || r.publish
	switch {
	case len(args) > 0 && !r.merge:
		return fmt.Errorf("%q is too much: directories go with --merge", args[0])
	case several > 1:
		return errors.New("--plan, --group and --merge are three steps: one at a time")
	case r.merge && len(args) == 0:
		return errors.New("--merge: name the directories of the machines")
	case makes && (r.planOnly || r.group != ""):
		return errors.New("--out, --report and --publish need all segments: give them with --merge")
	case r.group == cfg.Group.ID, strings.HasPrefix(r.group, cfg.Group.ID+"."):
		return fmt.Errorf("--group %s is production's: name one of the replay's own", r.group)
	}
	if r.merge {
		for _, name := range []string{"from", "to", "topics", "partitions", "sample", "limit"} {
			if c.Flags().Changed(name) {
				return fmt.Errorf("--%s: what is joined was judged already", name)
			}
		}
	}
	return nil
}

// runMerge joins directories and makes what was asked for of them.
func (r *replaying) runMerge(c *cobra.Command, from []string) error {
	ctx := c.Context()
	cfg, err := r.load()
	if err != nil {
		return err
	}
	if r.dir == "" {
		return errors.New("--dir is missing: where to join them")
	}
	if err := r.checkOut(cfg); err != nil {
		return err
	}
	p, err := replay.Merge(r.dir, from)
	if err != nil {
		return fmt.Errorf("--merge: %w", err)
	}
	r.log = newLog(c.ErrOrStderr(), cfg)
	open := sync.OnceValues(func() (*kafka.Cluster, error) { return r.connect(ctx, cfg, &p.Asked) })
	both, err := r.rulesets(ctx, cfg, open)
	if err != nil {
		return err
	}
	if err := both.made(p, p.Asked); err != nil {
		return err
	}
	var cluster *kafka.Cluster
	if r.publish || r.withText || strings.HasPrefix(r.out, topicOut) {
		if cluster, err = open(); err != nil {
			return err
		}
		defer cluster.Close()
	}
	return r.finish(ctx, c.OutOrStdout(), cfg, cluster, p, both)
}
