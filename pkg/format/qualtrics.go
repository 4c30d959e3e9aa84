package format

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/vigie-project/vigie/pkg/event"
)

// qualtrics is the CSV export of a Qualtrics survey: a row of the columns'
// names, one of their questions, one of JSON that says what each is, then a row
// an answer.
// https://www.qualtrics.com/support/survey-platform/data-and-analysis-module/data/download-data/understanding-your-dataset/
var qualtrics = Format{
	Name:    "qualtrics",
	Reads:   "the three header rows and one row of a Qualtrics CSV export; of a file all rows",
	Speaker: "the person who answers; the questions are context",
	Time:    "recordedDate, else endDate or startDate, in the zone that the header says",
	ID:      "_recordId (ResponseId); else the place in Kafka, of a file's row the SHA-256 of header and row",
	Spec:    "https://www.qualtrics.com/support/survey-platform/data-and-analysis-module/data/download-data/understanding-your-dataset/",
	kinds:   []event.Kind{event.Survey},
	takes:   []string{optionZone},
	read:    readQualtrics,
	split:   func(file []byte) ([]Value, *event.PermanentError) { return rowsOf(file, qualtricsHeaders) },
}

const qualtricsHeaders = 3

func readQualtrics(r *Reader, value []byte) (*content, *event.PermanentError) {
	rows, err := oneRow(value, qualtricsHeaders)
	if err != nil {
		return nil, err
	}
	questions, meta, row := rows[1], rows[2], rows[3]
	c := &content{}
	times := make(map[string]string)
	known := false
	for i, cell := range row {
		if i >= len(meta) {
			break
		}
		var column struct {
			ID   string `json:"ImportId"`
			Zone string `json:"timeZone"`
		}
		if json.Unmarshal([]byte(meta[i]), &column) != nil {
			continue
		}
		known = known || column.ID != ""
		switch {
		case column.ID == "_recordId":
			c.id = cell
		case column.ID == "userLanguage":
			c.language = cell
		case strings.HasSuffix(column.ID, "Date"):
			zone := r.zone
			if z, err := time.LoadLocation(column.Zone); err == nil && column.Zone != "" && column.Zone != "Local" {
				zone = z
			}
			times[column.ID] = timeIn(cell, zone)
		case strings.HasSuffix(column.ID, "_NPS_GROUP"): // computed
		case strings.HasPrefix(column.ID, "QID"):
			question := ""
			if i < len(questions) {
				question = questions[i]
			}
			c.answers = append(c.answers, answer{question, cell})
		}
	}
	if !known {
		return nil, bad("the third row does not say the columns' ImportId; is the value a Qualtrics export with its three header rows?")
	}
	for _, name := range []string{"recordedDate", "endDate", "startDate"} {
		if c.time == "" {
			c.time = times[name]
		}
	}
	return c, nil
}
