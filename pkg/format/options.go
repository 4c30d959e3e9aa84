package format

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a flag must not depend on what zones its machine knows

	"github.com/vigie-project/vigie/pkg/event"
)

// Options say how the values of a topic are read. They are part of what
// decides a flag, so a lexicon's digest covers them.
type Options struct {
	// Format is a format's name.
	Format string `json:"format"`
	// Kind of event that the values are, where the format leaves it open: survey,
	// email, letter or complaint. Default: the first that `vigie formats` lists.
	Kind string `json:"kind,omitempty"`
	// Source of the events' identities. Default: kafka:<topic>, of files "file".
	Source string `json:"source,omitempty"`
	// Language of all values as a tag ("fr-FR"), whatever they say themselves.
	// Default: empty, what each value says.
	Language string `json:"language,omitempty"`
	// Speakers says who is the customer and who the agent, by the names that the
	// values give to speakers (`vigie formats` says which), in any case. It counts
	// where the format itself has no roles. Default: none, unknown.
	Speakers map[string]string `json:"speakers,omitempty"`
	// FirstSpeaker is customer or agent: who speaks first; the second speaker is
	// then the other one, and a third is unknown. Default: empty, not known.
	FirstSpeaker string `json:"first_speaker,omitempty"`
	// TimeZone of times without one, as the IANA names it. Default: Europe/Paris.
	TimeZone string `json:"time_zone,omitempty"`
	// Columns says where the formats csv and json find what they read.
	Columns *Columns `json:"columns,omitempty"`
}

// Columns names columns of a CSV header, or fields of a JSON object with a dot
// between the levels. Those that are empty are not there.
type Columns struct {
	// ID, Time, Case and Language of the event.
	ID       string `json:"id,omitempty"`
	Time     string `json:"time,omitempty"`
	Case     string `json:"case,omitempty"`
	Language string `json:"language,omitempty"`
	// Answers of a survey; the name is the question.
	Answers []string `json:"answers,omitempty"`
	// Subject and Text of an e-mail, letter or complaint.
	Subject string `json:"subject,omitempty"`
	Text    string `json:"text,omitempty"`
}

// Names of options that only some formats have.
const (
	optionKind     = "kind"
	optionSpeakers = "speakers and first_speaker"
	optionColumns  = "columns"
	optionZone     = "time_zone"
)

// Reader reads the values of one topic.
type Reader struct {
	format  *Format
	options Options
	kind    event.Kind
	// voices are Options.Speakers, the names in lower case.
	voices map[string]event.Voice
	zone   *time.Location
}

// New returns a reader. Its error joins all that is wrong with the options.
func New(o Options) (*Reader, error) {
	f := named(o.Format)
	if f == nil {
		return nil, fmt.Errorf("format: %q is none of %s", o.Format, strings.Join(Names(), ", "))
	}
	r := &Reader{format: f, options: o, voices: make(map[string]event.Voice)}
	wrong := r.strange()
	for _, name := range slices.Sorted(maps.Keys(o.Speakers)) {
		v, err := voiceNamed(o.Speakers[name])
		wrong = append(wrong, inside("speakers."+name, err))
		r.voices[strings.ToLower(name)] = v
	}
	if o.FirstSpeaker != "" {
		if v, err := voiceNamed(o.FirstSpeaker); err != nil || v == event.Unknown {
			wrong = append(wrong, fmt.Errorf("first_speaker: %q is neither customer nor agent", o.FirstSpeaker))
		}
	}
	if len(f.kinds) > 0 {
		r.kind = f.kinds[0]
	}
	if o.Kind != "" {
		r.kind = event.Kind(o.Kind)
		if !slices.Contains(f.kinds, r.kind) {
			wrong = append(wrong, fmt.Errorf("kind: %q is none of %q", o.Kind, f.kinds))
		}
	}
	zone := o.TimeZone
	if zone == "" {
		zone = "Europe/Paris"
	}
	var err error
	if r.zone, err = time.LoadLocation(zone); err != nil || zone == "Local" {
		wrong = append(wrong, fmt.Errorf("time_zone: %q is no time zone, such as Europe/Paris", zone))
	}
	if f.unfit != nil {
		wrong = append(wrong, f.unfit(&o))
	}
	return r, errors.Join(wrong...)
}

// strange refuses the options that are set and that the format does not have.
func (r *Reader) strange() (wrong []error) {
	o := &r.options
	for _, x := range []struct {
		set  bool
		name string
	}{
		{o.Kind != "", optionKind},
		{len(o.Speakers) > 0 || o.FirstSpeaker != "", optionSpeakers},
		{o.Columns != nil, optionColumns},
		{o.TimeZone != "", optionZone},
	} {
		if x.set && !slices.Contains(r.format.takes, x.name) {
			wrong = append(wrong, fmt.Errorf("%s: the format %s has no such option", x.name, o.Format))
		}
	}
	if r.format.read == nil && (o.Source != "" || o.Language != "") {
		wrong = append(wrong, fmt.Errorf("source and language: the format %s says its own", o.Format))
	}
	return wrong
}

func inside(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", name, err)
}

// Topics are the options of topics, by topic; the topic "" is that of values which come from
// no topic.
type Topics map[string]Options

// ParseOptions reads the options of one topic from JSON; a string alone is the
// name of the format. An unknown option is an error.
func ParseOptions(data []byte) (Options, error) {
	var o Options
	if json.Unmarshal(data, &o.Format) == nil {
		return o, nil
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&o); err != nil {
		var typ *json.UnmarshalTypeError
		if errors.As(err, &typ) {
			return o, fmt.Errorf("%s: not %s", typ.Field, kindOf(typ.Type))
		}
		return o, errors.New(strings.TrimPrefix(err.Error(), "json: "))
	}
	return o, nil
}

// JSON returns the options without those of topics that are read as CloudEvents,
// nil if that is all.
func (t Topics) JSON() ([]byte, error) {
	foreign := maps.Clone(t)
	maps.DeleteFunc(foreign, func(_ string, o Options) bool { return o.Format == Default })
	if len(foreign) == 0 {
		return nil, nil
	}
	return json.Marshal(foreign)
}

// Readers returns the readers of what [Topics.JSON] wrote, by topic.
func Readers(data []byte) (map[string]*Reader, error) {
	if len(data) == 0 {
		return nil, nil
	}
	var topics Topics
	if err := json.Unmarshal(data, &topics); err != nil {
		return nil, fmt.Errorf("formats of topics: %w", err)
	}
	readers := make(map[string]*Reader, len(topics))
	for topic, o := range topics {
		r, err := New(o)
		if err != nil {
			return nil, fmt.Errorf("format of topic %q: %w", topic, err)
		}
		readers[topic] = r
	}
	return readers, nil
}
