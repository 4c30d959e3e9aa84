package format

import (
	"strings"

	"github.com/vigie-project/vigie/pkg/event"
)

// contactLens is what Amazon Connect Contact Lens writes: the file of a contact
// that is over, and the events of its real-time segment stream.
// https://docs.aws.amazon.com/connect/latest/adminguide/contact-lens-example-output-files.html
// https://docs.aws.amazon.com/connect/latest/adminguide/real-time-contact-analysis-segment-streams-data-model.html
var contactLens = Format{
	Name:    "contact-lens",
	Reads:   "Amazon Connect Contact Lens: a contact that is over, or an event of real-time segments",
	Speaker: "ParticipantRole, else the name ParticipantId",
	Time:    "the first AbsoluteTime of a chat; of a call none",
	ID:      "ContactId, of real-time segments with the first segment's Id; else the place in Kafka, of a file's value its SHA-256",
	Spec:    "https://docs.aws.amazon.com/connect/latest/adminguide/contact-lens-example-output-files.html",
	kinds:   []event.Kind{event.Transcript},
	takes:   []string{optionSpeakers},
	json:    true,
	read:    readContactLens,
	split:   jsonOrLines,
}

type contactLensTurn struct {
	ID           string  `json:"Id"`
	Participant  string  `json:"ParticipantId"`
	Role         string  `json:"ParticipantRole"`
	Content      string  `json:"Content"`
	AbsoluteTime string  `json:"AbsoluteTime"`
	Begin        float64 `json:"BeginOffsetMillis"`
	End          float64 `json:"EndOffsetMillis"`
}

func readContactLens(_ *Reader, value []byte) (*content, *event.PermanentError) {
	var x struct {
		LanguageCode string
		// Of a contact that is over.
		CustomerMetadata struct {
			ContactID string `json:"ContactId"`
		}
		Participants []struct {
			ID   string `json:"ParticipantId"`
			Role string `json:"ParticipantRole"`
		}
		Transcript *[]contactLensTurn
		// Of a real-time event.
		ContactID string `json:"ContactId"`
		EventType string
		Segments  *[]struct {
			// Transcript repeats the Utterances that it is made of.
			Transcript *contactLensTurn
			// Utterance and Categories are the other things that one can be.
			Utterance, Categories *struct{}
		}
	}
	if err := parse(value, &x); err != nil {
		return nil, err
	}
	c := &content{language: x.LanguageCode, id: x.CustomerMetadata.ContactID}
	var turns []contactLensTurn
	switch {
	case x.Transcript != nil:
		turns = *x.Transcript
	case x.Segments != nil:
		known := len(*x.Segments) == 0
		for _, s := range *x.Segments {
			known = known || s.Transcript != nil || s.Utterance != nil || s.Categories != nil
			if s.Transcript != nil {
				turns = append(turns, *s.Transcript)
			}
		}
		if !known {
			return nil, missing("Segments.Transcript", "an output of Contact Lens")
		}
		if len(turns) > 0 && x.ContactID != "" && turns[0].ID != "" {
			c.id = x.ContactID + "/" + turns[0].ID
		}
	case x.EventType == "": // STARTED, COMPLETED and FAILED hold no segments
		return nil, missing("Transcript and Segments", "an output of Contact Lens")
	}
	roles := make(map[string]string, len(x.Participants))
	for _, p := range x.Participants {
		roles[p.ID] = p.Role
	}
	for _, t := range turns {
		if c.time == "" {
			c.time = t.AbsoluteTime
		}
		role := t.Role
		if role == "" {
			role = roles[t.Participant]
		}
		if role == "" {
			role = t.Participant // of a call it is the role
		}
		c.segments = append(c.segments, segment{
			speaker: t.Participant, role: connectRole(role), text: t.Content, start: t.Begin / 1000, end: t.End / 1000,
		})
	}
	return c, nil
}

// connectRole is the voice of a participant's role; whoever is not the customer
// speaks for the company.
func connectRole(role string) event.Voice {
	switch strings.ToUpper(role) {
	case "CUSTOMER":
		return event.Customer
	case "AGENT", "SUPERVISOR", "SYSTEM", "CUSTOM_BOT":
		return event.Agent
	}
	return event.Unknown
}
