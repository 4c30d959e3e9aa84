package kafka

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
	"github.com/segmentio/kafka-go/protocol/describegroups"
	"github.com/segmentio/kafka-go/protocol/metadata"
)

// ErrDenied says that the cluster does not let this client do what it must.
// An error that wraps it is a [*DeniedError] and says what.
var ErrDenied = errors.New("the cluster denies a right")

// Operation is what may be done with a resource, by its number in Kafka's
// protocol.
type Operation int8

// The operations that vigie needs.
const (
	Read            Operation = 3
	Write           Operation = 4
	Create          Operation = 5
	Describe        Operation = 8
	DescribeConfigs Operation = 10
)

// String is the operation's name in Kafka's own tools.
func (o Operation) String() string {
	return map[Operation]string{
		Read: "Read", Write: "Write", Create: "Create", Describe: "Describe", DescribeConfigs: "DescribeConfigs",
	}[o]
}

// Right is one operation on one resource.
type Right struct {
	Operation Operation
	// Kind of the resource: "topic" or "group".
	Kind, Name string
}

// The kinds of resources.
const (
	topicResource = "topic"
	groupResource = "group"
)

// OnTopic and OnGroup return the right to do something with one.
func OnTopic(o Operation, name string) Right { return Right{o, topicResource, name} }

// OnGroup returns the right to do something with a consumer group.
func OnGroup(o Operation, name string) Right { return Right{o, groupResource, name} }

// String is "Write on topic fragility.flags".
func (r Right) String() string { return fmt.Sprintf("%v on %s %s", r.Operation, r.Kind, r.Name) }

// DeniedError names the rights that this client lacks.
type DeniedError struct{ Missing []Right }

// Error names them and says where to look.
func (e *DeniedError) Error() string {
	names := make([]string, len(e.Missing))
	for i, r := range e.Missing {
		names[i] = r.String()
	}
	return fmt.Sprintf("the cluster denies this client %s; who needs what: docs/operations.md, \"Rights on the cluster\"",
		strings.Join(names, ", "))
}

// Is reports whether target is [ErrDenied].
func (e *DeniedError) Is(target error) bool { return target == ErrDenied }

// named returns err, or where it says that access is denied a [*DeniedError]
// that names the right.
func named(err error, right Right) error {
	if isAny(err, []error{kafkago.TopicAuthorizationFailed, kafkago.GroupAuthorizationFailed, kafkago.ClusterAuthorizationFailed}) {
		return &DeniedError{Missing: []Right{right}}
	}
	return err
}

// CheckRights asks the cluster which of rights this client has. Its error
// wraps [ErrDenied] and names all that are missing at once. Where topics do not
// exist, or the brokers are too old to say (before Kafka 2.3), nothing is denied.
//
// Without it, a right to write dead letters would be missed only when somebody
// dies unread.
func (c *Cluster) CheckRights(ctx context.Context, rights []Right) error {
	have := make(map[string]int32) // by "kind name", a bit for each operation
	var topics []string
	for _, r := range rights {
		if key := r.Kind + " " + r.Name; have[key] == 0 {
			have[key] = unknownOperations
			if r.Kind == topicResource {
				topics = append(topics, r.Name)
			}
		}
	}
	err := again(ctx, canPass, func() error { return c.topicOperations(ctx, topics, have) })
	if err != nil {
		return err
	}
	for _, r := range rights {
		if r.Kind == groupResource {
			if err := again(ctx, canPass, func() error { return c.groupOperations(ctx, r.Name, have) }); err != nil {
				return err
			}
		}
	}
	denied := &DeniedError{}
	for _, r := range rights {
		has := have[r.Kind+" "+r.Name]
		if has == 0 && slices.Contains(rights, OnTopic(Describe, r.Name)) && r.Operation != Describe {
			continue // what else is missing is told to those only who may look
		}
		if has != unknownOperations && has&(1<<r.Operation) == 0 && !slices.Contains(denied.Missing, r) {
			denied.Missing = append(denied.Missing, r)
		}
	}
	if len(denied.Missing) > 0 {
		return denied
	}
	return nil
}

// unknownOperations is what a broker answers that was not asked, or can't say.
const unknownOperations = -1 << 31

// topicOperations fills in what this client may do with topics.
func (c *Cluster) topicOperations(ctx context.Context, topics []string, have map[string]int32) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	resp, err := c.transport.RoundTrip(ctx, c.client.Addr, &operationsRequest{topics: topics})
	if err != nil {
		return fmt.Errorf("asking for the rights on topics: %w", err)
	}
	for _, t := range resp.(*operationsResponse).Topics {
		switch kafkago.Error(t.ErrorCode) {
		case kafkago.TopicAuthorizationFailed:
			have[topicResource+" "+t.Name] = 0
		case 0:
			have[topicResource+" "+t.Name] = t.TopicAuthorizedOperations
		}
	}
	return nil
}

// groupOperations fills in what this client may do with a group.
func (c *Cluster) groupOperations(ctx context.Context, group string, have map[string]int32) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	resp, err := c.transport.RoundTrip(ctx, c.client.Addr,
		&describegroups.Request{Groups: []string{group}, IncludeAuthorizedOperations: true})
	if err == nil {
		for _, g := range resp.(*describegroups.Response).Groups {
			if g.ErrorCode != 0 {
				err = kafkago.Error(g.ErrorCode)
				continue
			}
			have[groupResource+" "+group] = g.AuthorizedOperations
		}
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, kafkago.GroupAuthorizationFailed):
		have[groupResource+" "+group] = 0
		return nil
	}
	return fmt.Errorf("asking for the rights on group %s: %w", group, err)
}

// operationsRequest asks a broker, not kafka-go's cache, which does not hold
// them, for the operations that this client may do with topics.
type operationsRequest struct {
	topics  []string
	version int16
}

// operationsResponse has a type of its own: kafka-go takes metadata responses
// for answers to its own requests.
type operationsResponse struct{ *metadata.Response }

// operationsVersion is the first version of the request that asks for them.
const operationsVersion = 8

// ApiKey implements protocol.Message.
func (*operationsRequest) ApiKey() protocol.ApiKey { return protocol.Metadata } //nolint:revive // kafka-go's name

// Required implements protocol.RawExchanger.
func (r *operationsRequest) Required(versions map[protocol.ApiKey]int16) bool {
	r.version = versions[protocol.Metadata]
	return true
}

// RawExchange implements protocol.RawExchanger.
func (r *operationsRequest) RawExchange(rw io.ReadWriter) (protocol.Message, error) {
	if r.version < operationsVersion {
		return &operationsResponse{&metadata.Response{}}, nil
	}
	// Nothing else is under way on this connection, so any id will do.
	resp, err := protocol.RoundTrip(rw, operationsVersion, 1<<30, "", &metadata.Request{
		TopicNames: r.topics, IncludeTopicAuthorizedOperations: true,
	})
	if err != nil {
		return nil, err
	}
	return &operationsResponse{resp.(*metadata.Response)}, nil
}
