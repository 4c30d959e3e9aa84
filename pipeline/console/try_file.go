package console

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/format"
	"github.com/vigie-project/vigie/pkg/french"
)

// Formats of files beside those of pkg/format.
const (
	// plainText is a file that holds what could be typed.
	plainText = "texte"
	// likeTopic before a topic's name reads a file as the values of that topic.
	likeTopic = "topic:"
)

// file is one value of a file, ready to be decoded.
type file struct {
	reader *format.Reader // nil for CloudEvents
	format string
	value  []byte
	// number is the value's, from 1, of the file's count.
	number, count int
}

func (f *file) decode() (*event.Document, error) {
	return format.Decode(event.Record{Value: f.value}, f.reader)
}

// take reads a file into in: its text where it is plain, else its value of the
// number asked for. Its error is a *mistake.
func (c *Console) take(in *input, name string, data []byte) error {
	if len(bytes.TrimSpace(data)) == 0 {
		return &mistake{status: http.StatusBadRequest, message: "Le fichier est vide."}
	}
	chosen := in.format
	if chosen == "" {
		if chosen = guess(name, data); chosen == "" {
			return &mistake{status: http.StatusBadRequest, message: "Le format du fichier ne se devine pas : choisissez-le dans la liste."}
		}
	}
	if chosen == plainText {
		text, _ := event.Repair(data)
		in.text, in.example, in.fromFile = lines(string(text)), "", true
		return in.compose()
	}
	f := &file{format: chosen}
	var values []format.Value
	var err error
	if chosen == format.Default {
		values = cloudEvents(data)
	} else {
		if f.reader, err = c.readerOf(chosen, in); err != nil {
			return err
		}
		if values, err = f.reader.Values(data); err != nil {
			in.file = f
			return in.unreadable(err)
		}
	}
	f.number, f.count = in.Number(), len(values)
	if f.number > f.count {
		return &mistake{status: http.StatusBadRequest, message: fmt.Sprintf("Le fichier contient %s : il n’y a pas de numéro %s.", french.Count(f.count, "message"), french.Number(f.number))}
	}
	f.value = values[f.number-1].Data
	in.file, in.example = f, ""
	return nil
}

// cloudEvents cuts a file into events: the file itself where it is one JSON
// text, else its lines.
func cloudEvents(data []byte) (values []format.Value) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if json.Valid(data) {
		return []format.Value{{Data: data}}
	}
	for line := range bytes.Lines(data) {
		if len(bytes.TrimSpace(line)) > 0 {
			values = append(values, format.Value{Data: line})
		}
	}
	return values
}

// readerOf returns the reader of a format that was chosen, with the columns that
// in names. Its error is a *mistake.
func (c *Console) readerOf(chosen string, in *input) (*format.Reader, error) {
	if topic, ok := strings.CutPrefix(chosen, likeTopic); ok {
		readers, err := format.Readers(c.Rules.Program.Formats)
		if err != nil || readers[topic] == nil {
			return nil, &mistake{status: http.StatusBadRequest, message: "Le topic de ce format n’existe pas, ou n’existe plus."}
		}
		return readers[topic], nil
	}
	o := format.Options{Format: chosen, Source: "console"}
	if chosen == "csv" || chosen == "json" {
		o.Columns = &format.Columns{}
		var names []string
		for name := range strings.SplitSeq(in.columns, ",") {
			if name = strings.TrimSpace(name); name != "" {
				names = append(names, name)
			}
		}
		if len(names) == 0 {
			return nil, &mistake{status: http.StatusBadRequest, message: "Remplissez « Colonnes du texte » : le nom de la colonne qui contient le texte, ou de plusieurs, séparés par des virgules."}
		}
		switch in.kind {
		case event.Email, event.Letter, event.Complaint:
			o.Kind = string(in.kind)
			o.Columns.Text = names[0]
		default:
			o.Kind, o.Columns.Answers = string(event.Survey), names
		}
	}
	reader, err := format.New(o)
	if err != nil {
		return nil, &mistake{status: http.StatusBadRequest, message: "Ce format ne peut pas être lu avec ces réglages.", english: err.Error()}
	}
	return reader, nil
}

// guess tells a file's format by its name and by what it holds, "" where only
// the reader knows.
func guess(name string, data []byte) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".vtt":
		return "webvtt"
	case ".srt":
		return "srt"
	case ".eml":
		return "rfc5322"
	case ".txt", ".text", ".md":
		return plainText
	}
	first, _, _ := bytes.Cut(bytes.TrimPrefix(data, []byte("\ufeff")), []byte("\n"))
	if !json.Valid(data) {
		data = first
	}
	var top map[string]json.RawMessage
	if json.Unmarshal(data, &top) == nil && top["specversion"] != nil {
		return format.Default
	}
	return ""
}

// formats lists what a file can be read as.
func (c *Console) formats(chosen string) []choice {
	list := []choice{{"", "à deviner d’après le fichier", chosen == ""}, {plainText, "texte simple", chosen == plainText}}
	for _, f := range format.All() {
		text := "format " + f.Name
		if f.Name == format.Default {
			text = "événements de vigie (CloudEvents)"
		}
		list = append(list, choice{f.Name, text, chosen == f.Name})
	}
	readers, err := format.Readers(c.Rules.Program.Formats)
	if err != nil {
		return list // they were read before the console began
	}
	var topics []string
	for topic := range readers {
		if topic != "" {
			topics = append(topics, topic)
		}
	}
	slices.Sort(topics)
	for _, topic := range topics {
		list = append(list, choice{likeTopic + topic, "comme sur le topic " + topic, chosen == likeTopic+topic})
	}
	return list
}

// unreadable says why a message cannot be read.
func (in *input) unreadable(err error) error {
	var permanent *event.PermanentError
	if !errors.As(err, &permanent) {
		return err
	}
	message := "Ce message ne peut pas être lu"
	switch {
	case in.example != "":
		message = "Cet exemple ne peut pas être lu"
	case in.file != nil:
		message = "Ce fichier ne peut pas être lu comme « " + in.file.format + " »"
	}
	why := map[event.Class]string{
		event.ClassJSON: "ce n’est pas du JSON complet", event.ClassEnvelope: "il manque quelque chose à son enveloppe",
		event.ClassData: "son contenu n’a pas la forme attendue", event.ClassType: "son type est inconnu",
		event.ClassFormat: "il n’a pas ce format", event.ClassTooLarge: "il est trop long",
	}[permanent.Class]
	return &mistake{status: http.StatusUnprocessableEntity, message: french.Typeset(message + " : " + why + "."), english: permanent.Message}
}
