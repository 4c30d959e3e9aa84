package main

import (
	"encoding/json"

	"github.com/vigie-project/vigie/pkg/event"
)

// plainEvent is an event as a program that only reads it would declare it: the
// yardstick is what encoding/json takes to fill it.
type plainEvent struct {
	SpecVersion     string    `json:"specversion"`
	ID              string    `json:"id"`
	Source          string    `json:"source"`
	Type            string    `json:"type"`
	Subject         string    `json:"subject"`
	Time            string    `json:"time"`
	DataContentType string    `json:"datacontenttype"`
	Data            plainData `json:"data"`
}

type plainData struct {
	Language string `json:"language"`
	Subject  string `json:"subject"`
	Text     string `json:"text"`
	HTML     string `json:"html"`
	Turns    []struct {
		Speaker    string  `json:"speaker"`
		Text       string  `json:"text"`
		StartMS    int64   `json:"start_ms"`
		EndMS      int64   `json:"end_ms"`
		Confidence float64 `json:"confidence"`
	} `json:"turns"`
	Answers []struct {
		Question string `json:"question"`
		Text     string `json:"text"`
	} `json:"answers"`
	Declared []string `json:"declared"`
}

// unmarshal decodes an event and does nothing else.
func unmarshal(d any) int {
	var e plainEvent
	if err := json.Unmarshal(d.([]byte), &e); err != nil {
		panic("encoding/json refuses an event: " + err.Error())
	}
	return len(e.ID)
}

// decode is vigie's own decoding alone.
func decode(d any) int {
	document, err := event.Decode(d.(event.Record))
	if err != nil {
		panic("an event of the corpus is refused: " + err.Error())
	}
	return len(document.Parts)
}
