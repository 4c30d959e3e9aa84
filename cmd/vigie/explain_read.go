package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// judged is the flag that is asked about.
type judged struct {
	// place is what the user calls it.
	place string
	// value is the flag on one line.
	value []byte
	flag  *flag.Flag
	// version of the program that wrote it, "" where it is not known.
	version string
}

// readJudged reads the flag from a file, standard input or a topic.
func readJudged(ctx context.Context, cfg *config.Config, name string, stdin io.Reader) (*judged, error) {
	j := &judged{place: name}
	at, isPlace := parseCoordinates(name)
	if isPlace && !exists(name) {
		r, err := recordAt(ctx, cfg, at)
		if err != nil {
			return nil, err
		}
		j.value = r.Value
		for _, h := range r.Headers {
			if h.Key == "vigie-version" {
				j.version = string(h.Value)
			}
		}
	} else {
		f, called, err := open(name, stdin)
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("%s is neither a file nor a place on a topic such as fragility.flags/3/1201", name)
		}
		if err != nil {
			return nil, err
		}
		defer f.Close()
		value, err := io.ReadAll(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", called, err)
		}
		j.place, j.value = called, oneLine(value)
	}
	var err error
	if j.flag, err = flag.Parse(j.value); err != nil {
		return nil, fmt.Errorf("%s: %w", j.place, err)
	}
	return j, nil
}

// oneLine takes the layout out of JSON; what is none stays as it is.
func oneLine(value []byte) []byte {
	var b bytes.Buffer
	if json.Compact(&b, value) != nil {
		return value
	}
	return b.Bytes()
}

// parseCoordinates reads topic/partition/offset, or the same with colons.
func parseCoordinates(text string) (at flag.Origin, ok bool) {
	for _, separator := range []string{"/", ":"} {
		fields := strings.Split(text, separator)
		if len(fields) != 3 || fields[0] == "" {
			continue
		}
		partition, err1 := strconv.ParseUint(fields[1], 10, 31)
		offset, err2 := strconv.ParseUint(fields[2], 10, 63)
		if err1 == nil && err2 == nil {
			return flag.Origin{Topic: fields[0], Partition: int(partition), Offset: int64(offset)}, true
		}
	}
	return at, false
}

// withTopics calls do with a connection that also knows topics which are not
// configured.
func withTopics(ctx context.Context, cfg *config.Config, topics []string, do func(*kafka.Cluster) error) error {
	wider := *cfg
	wider.Topics.Inputs = slices.Concat(cfg.Topics.Inputs, topics)
	cluster, err := kafka.Connect(&wider)
	if err != nil {
		return err
	}
	defer cluster.Close()
	if err := cluster.Reach(ctx); err != nil {
		return err
	}
	return do(cluster)
}

func recordAt(ctx context.Context, cfg *config.Config, at flag.Origin) (r event.Record, err error) {
	err = withTopics(ctx, cfg, []string{at.Topic}, func(cluster *kafka.Cluster) (err error) {
		r, err = pipeline.RecordAt(ctx, cluster, at.Topic, at.Partition, at.Offset)
		return err
	})
	return r, err
}

// findEvent finds the event of the flag, or the reason why it is gone.
func (x *inquiry) findEvent(ctx context.Context, file string, stdin io.Reader) error {
	ref := &x.judged.flag.Event
	if file != "" {
		return x.eventIn(file, stdin)
	}
	r, err := recordAt(ctx, x.cfg, *ref.Origin)
	var gone *pipeline.GoneError
	switch {
	case errors.As(err, &gone):
		x.because("%s", whereGone(gone))
		return nil
	case errors.Is(err, kafka.ErrMissingTopic):
		x.because("le topic %s de l’événement n’existe plus", ref.Origin.Topic)
		return nil
	case err != nil:
		return err
	}
	if same, ok := x.named(r); ok && !same {
		x.because("à %s/%d/%d se trouve un autre événement : le topic a été recréé depuis", ref.Origin.Topic, ref.Origin.Partition, ref.Origin.Offset)
		return nil
	}
	x.event = &r
	return nil
}

// whereGone says in French what became of a record.
func whereGone(e *pipeline.GoneError) string {
	at := fmt.Sprintf("%s/%d/%d", e.Topic, e.Partition, e.Offset)
	switch {
	case e.Offset < e.First:
		return fmt.Sprintf("l’événement %s n’est plus conservé : le journal commence à %d (durée de conservation, ou effacement)", at, e.First)
	case e.Offset >= e.End:
		return fmt.Sprintf("l’événement %s n’existe pas : le journal s’arrête avant %d (topic recréé depuis ?)", at, e.End)
	}
	return fmt.Sprintf("l’événement %s a été retiré du journal (compactage ou effacement)", at)
}

// named reports whether a record is the flag's event; ok is false where it
// cannot be read.
func (x *inquiry) named(r event.Record) (same, ok bool) {
	doc, err := x.rules.classifier.Decode(r)
	if err != nil {
		return false, false
	}
	ref := &x.judged.flag.Event
	return doc.Source == ref.Source && doc.ID == ref.ID, true
}

// eventIn looks for the flag's event in a file.
func (x *inquiry) eventIn(file string, stdin io.Reader) error {
	f, called, err := open(file, stdin)
	if err != nil {
		return err
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return fmt.Errorf("%s: %w", called, err)
	}
	ref := &x.judged.flag.Event
	lines := [][]byte{data}
	if !json.Valid(data) {
		lines = bytes.Split(data, []byte("\n"))
	}
	for _, line := range lines {
		r := event.Record{Value: line}
		if o := ref.Origin; o != nil {
			r.Origin = &event.Origin{Topic: o.Topic, Partition: o.Partition, Offset: o.Offset, Timestamp: stampOf(ref)}
		}
		if same, _ := x.named(r); same {
			x.event = &r
			return nil
		}
	}
	x.because("%s ne contient pas l’événement de l’alerte (même « source » et même « id »)", called)
	return nil
}

// stampOf returns the timestamp of a record that named its event, 0 where the
// event has a name of its own.
func stampOf(ref *flag.EventRef) int64 {
	if ref.Source != "kafka:"+ref.Origin.Topic {
		return 0
	}
	stamp, err := strconv.ParseInt(ref.ID[strings.LastIndexByte(ref.ID, '-')+1:], 10, 64)
	if err != nil {
		return 0
	}
	return stamp
}
