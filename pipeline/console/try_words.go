package console

import (
	"strings"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/event"
	"github.com/vigie-project/vigie/pkg/flag"
	"github.com/vigie-project/vigie/pkg/french"
)

// reasonOf says in French how a sign is meant, and by which words.
func (c *Console) reasonOf(doc *event.Document, x *pipeline.Explained) string {
	switch x.Rule {
	case "agent":
		return "dit par le conseiller"
	case "question":
		return "dit par la question de l’enquête"
	case "quoted":
		if len(x.Places) > 0 && doc.Parts[x.Places[0].Part].Voice == event.Aside {
			return "signature ou mention"
		}
		return "citation de notre courrier"
	case "confirmed":
		return french.Typeset("confirmé par la réponse : « " + x.CueWords + " »")
	}
	said := c.Names(string(x.Finding.Status))
	switch x.Finding.Status {
	case flag.Hypothetical:
		said = "au conditionnel"
	case flag.OtherPerson:
		said = "dit d’une autre personne"
	case flag.Reported:
		said = "propos rapporté"
	case flag.Asked:
		said = "demandé, non dit"
	case flag.Past:
		said = "passé"
		if x.Rule == "guérison" {
			said = "passé, rétabli"
		}
	}
	words := strings.Join(strings.Fields(x.CueWords), " ")
	if words == "" {
		return said
	}
	return french.Typeset(said + " : « " + shorten(words) + " »")
}

// voices are the names of whose words a part holds.
var voices = map[event.Voice]string{
	event.Customer: "client", event.Unknown: "voix inconnue", event.Agent: "conseiller", event.Quoted: "citation de notre courrier",
	event.Question: "question", event.Aside: "signature, mention ou bruit",
}

// titleOf names a part, and whose words it holds.
func titleOf(doc *event.Document, p *event.Part) (title, voice string) {
	voice = voices[p.Voice]
	switch {
	case p.Name == "subject":
		title = "Objet"
	case p.Voice == event.Question:
		return "Question " + french.Number(p.Turn+1), ""
	case doc.Kind == event.Transcript:
		title = "Tour " + french.Number(p.Turn+1)
	case doc.Kind == event.Survey:
		title = "Réponse " + french.Number(p.Turn+1)
	default:
		title = "Message"
	}
	if p.Voice == event.Customer && doc.Kind != event.Transcript {
		voice = ""
	}
	return title, voice
}
