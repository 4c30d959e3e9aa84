package replay

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// SendFlags writes the flags of the lexicon that is tried to a topic, in the
// order in which [WriteFlags] writes them, and returns the receipts of the
// ranges. What of a segment is written is noted beside it, so that going on
// after a kill repeats one segment at most, with the same ids and values.
func SendFlags(ctx context.Context, c *kafka.Cluster, cfg *config.Config, dir string, p *Plan, topic string) ([]Receipt, error) {
	if missing := p.missing(dir); missing != nil {
		return nil, &MissingError{missing}
	}
	out := newSender(c, cfg, topic)
	for _, s := range p.Segments() {
		sent := filepath.Join(filepath.Dir(s.file(dir)), ".sent-"+topic+"-"+filepath.Base(s.file(dir)))
		if _, err := os.Stat(sent); err == nil {
			continue
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		_, err := s.Read(dir, func(o *Outcome) error {
			if o.After == nil {
				return nil
			}
			return out.add(ctx, pipeline.FlagMessage(o.After, o.Traceparent, cfg.Version))
		})
		if err == nil {
			err = out.flush(ctx)
		}
		if err == nil {
			err = WriteFile(sent, func(*os.File) error { return nil })
		}
		if err != nil {
			return nil, err
		}
	}
	return Read(dir, p, nil)
}

// sender writes messages in their order, some at a time.
type sender struct {
	writer *kafka.Writer
	queue  []kafkago.Message
}

func newSender(c *kafka.Cluster, cfg *config.Config, topic string) *sender {
	return &sender{writer: c.NewWriter(topic, cfg.Topics.MaxMessageBytes)}
}

// sendBatch is how many messages are written at a time.
const sendBatch = 500

func (s *sender) add(ctx context.Context, m kafkago.Message) error {
	if s.queue = append(s.queue, m); len(s.queue) < sendBatch {
		return nil
	}
	return s.flush(ctx)
}

// flush writes what is queued, repeating what failed; a flag that its topic
// does not take is made smaller, as the worker does it.
func (s *sender) flush(ctx context.Context) error {
	for tries := 1; len(s.queue) > 0; {
		failed, tooLarge, err := s.writer.Write(ctx, s.queue)
		s.queue = failed
		switch {
		case err == nil:
			return nil
		case errors.Is(err, kafka.ErrTooLarge):
			_, ok := failed[tooLarge].WriterData.(*flag.Flag)
			if ok {
				failed[tooLarge], ok = pipeline.ShrinkFlag(failed[tooLarge])
			}
			if !ok {
				return err
			}
			continue
		case errors.Is(err, kafka.ErrDenied), ctx.Err() != nil, tries == fetchTries:
			return err
		}
		if err := wait(ctx, min(time.Duration(tries)*200*time.Millisecond, 5*time.Second)); err != nil {
			return err
		}
		tries++
	}
	return nil
}
