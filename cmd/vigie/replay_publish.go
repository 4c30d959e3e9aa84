package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/vigie-project/vigie/pipeline/replay"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// publishRights are those that publishing needs beside reading the events.
func publishRights(cfg *config.Config) []kafka.Right {
	t := &cfg.Topics
	return []kafka.Right{
		kafka.OnTopic(kafka.Read, t.Flags), kafka.OnTopic(kafka.Write, t.Flags),
		kafka.OnTopic(kafka.Read, t.Lexicons), kafka.OnTopic(kafka.Write, t.Lexicons),
		kafka.OnGroup(kafka.Describe, cfg.Group.ID),
	}
}

// publishAll publishes the flags of a directory that is complete.
func (r *replaying) publishAll(ctx context.Context, w io.Writer, cfg *config.Config, cluster *kafka.Cluster, p *replay.Plan, after *rules) error {
	canonical, err := after.source.Canonical()
	if err != nil {
		return err
	}
	out := &replay.Publication{
		Cluster: cluster, Config: cfg, Dir: r.dir, Plan: p, After: after.classifier, Ruleset: canonical, Now: time.Now(),
		Log: r.log,
	}
	err = out.Run(ctx)
	fmt.Fprintf(w, "\npublié sur %s :\n", cfg.Topics.Flags)
	for _, c := range replay.Changes() {
		if n := out.Changes[c]; n > 0 {
			fmt.Fprintf(w, "  %s\n", changeTold(c, n))
		}
	}
	for _, x := range []struct {
		fate replay.Fate
		text string
	}{
		{replay.Unchanged, "déjà dit"},
		{replay.Urgent, "en urgence, laissé ainsi : le message est trop ancien pour une nouvelle urgence"},
		{replay.Barred, "retiré pour effacement ou pour erreur, laissé ainsi"},
		{replay.Elsewhere, "d’après un autre enregistrement du même message, laissé ainsi"},
		{replay.Unread, "pas encore lu par la production, qui s’en chargera"},
		{replay.Gone, "dont le message n’est plus lisible, laissé ainsi"},
	} {
		if n := out.Fates[x.fate]; n > 0 {
			fmt.Fprintf(w, "  %d %s\n", n, x.text)
		}
	}
	if out.Strange > 0 {
		fmt.Fprintf(w, "  %s de %s ne sont ni des alertes ni des retraits\n", plural(out.Strange, "enregistrement"), cfg.Topics.Flags)
	}
	switch {
	case ctx.Err() != nil:
		return errReplayStopped
	case err != nil:
		return fmt.Errorf("--publish: %w; the same command goes on from here", err)
	}
	return nil
}
