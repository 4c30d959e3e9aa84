package console

import (
	"errors"
	"fmt"
	"strings"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"

	"github.com/vigie-project/vigie/pkg/kafka"
)

// Condition says how it stands with one thing that the feed reads.
type Condition string

// The conditions.
const (
	Waiting     Condition = "waiting" // not asked for yet
	Reading     Condition = "reading"
	Missing     Condition = "missing" // the topic does not exist
	Denied      Condition = "denied"  // a right is missing
	Unreachable Condition = "unreachable"
)

// State is the condition of one thing that the feed reads, and what is in the
// way.
type State struct {
	Condition Condition
	// What is read: a topic's name, or what stands for several.
	What string
	// Rights are those that are missing.
	Rights []kafka.Right
}

// stateOf is the state after an error, nil for none.
func stateOf(what string, err error) State {
	var denied *kafka.DeniedError
	switch {
	case err == nil:
		return State{Condition: Reading, What: what}
	case errors.As(err, &denied):
		return State{Condition: Denied, What: what, Rights: denied.Missing}
	case errors.Is(err, kafka.ErrMissingTopic), errors.Is(err, kafkago.UnknownTopicOrPartition), errors.Is(err, protocol.ErrNoTopic):
		return State{Condition: Missing, What: what}
	}
	return State{Condition: Unreachable, What: what}
}

// OK reports whether it is being read.
func (s State) OK() bool { return s.Condition == Reading }

// Sentence says the state in French.
func (s State) Sentence() string {
	switch s.Condition {
	case Reading:
		return fmt.Sprintf("%s : lecture en cours.", s.What)
	case Missing:
		return fmt.Sprintf("%s : ce topic n’existe pas sur le cluster. La lecture commencera dès sa création (vigie topics create).", s.What)
	case Denied:
		names := make([]string, len(s.Rights))
		for i, r := range s.Rights {
			names[i] = rightName(r)
		}
		return fmt.Sprintf("%s : le cluster refuse à la console %s. Voir docs/operations.md, « Rights on the cluster ».",
			s.What, strings.Join(names, ", "))
	case Unreachable:
		return fmt.Sprintf("%s : aucun courtier Kafka ne répond. Nouvel essai en cours.", s.What)
	}
	return fmt.Sprintf("%s : connexion en cours.", s.What)
}

// rightName names a right in French, the operation as Kafka's own tools do.
func rightName(r kafka.Right) string {
	kind := map[string]string{"topic": "le topic", "group": "le groupe"}[r.Kind]
	return fmt.Sprintf("le droit %v sur %s %s", r.Operation, kind, r.Name)
}

// same reports whether two states say the same.
func (s State) same(o State) bool { return s.Sentence() == o.Sentence() }
