package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// samples are invented events, in French but for one: of all five kinds,
// urgent and ordinary, negated and clean, and one that cannot be read.
//
//go:embed demo/*.json
var samples embed.FS

// sample is one of them with what the demonstration shows of it.
type sample struct {
	value         []byte
	ID            string
	Type, Subject string
	Data          struct {
		Turns               []struct{ Text string }
		Answers             []struct{ Text string }
		Subject, Text, HTML string
	}
}

// loadSamples returns the shipped events in the order of their names.
func loadSamples() ([]*sample, error) {
	names, err := fs.Glob(samples, "demo/*.json")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var all []*sample
	for _, name := range names {
		value, err := samples.ReadFile(name)
		if err != nil {
			return nil, err
		}
		s := &sample{value: value}
		if err := json.Unmarshal(value, s); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, s)
	}
	return all, nil
}

// kind returns "email" for "vigie.email.v1".
func (s *sample) kind() string {
	return strings.TrimSuffix(strings.TrimPrefix(s.Type, "vigie."), ".v1")
}

// part returns the text that a span's part names, as a case system would look
// it up: a flag holds places, no words.
func (s *sample) part(name string) string {
	list, rest, indexed := strings.Cut(name, "[")
	if !indexed {
		return map[string]string{"subject": s.Data.Subject, "text": s.Data.Text, "html": s.Data.HTML}[name]
	}
	texts := s.Data.Turns
	if list == "answers" {
		texts = s.Data.Answers
	}
	i, err := strconv.Atoi(rest[:max(strings.IndexByte(rest, ']'), 0)])
	if err != nil || i >= len(texts) {
		return ""
	}
	return texts[i].Text
}
