package integration

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

// rule is the right of one user.
type rule struct {
	resource  kmsg.ACLResourceType
	name      string
	operation kmsg.ACLOperation
}

// String names the right as the program does.
func (r rule) String() string {
	kind := map[kmsg.ACLResourceType]string{kmsg.ACLResourceTypeTopic: "topic", kmsg.ACLResourceTypeGroup: "group"}[r.resource]
	operation := map[kmsg.ACLOperation]string{
		kmsg.ACLOperationRead: "Read", kmsg.ACLOperationWrite: "Write", kmsg.ACLOperationCreate: "Create",
		kmsg.ACLOperationDescribe: "Describe", kmsg.ACLOperationDescribeConfigs: "DescribeConfigs",
	}[r.operation]
	return fmt.Sprintf("%s on %s %s", operation, kind, r.name)
}

func onTopics(operation kmsg.ACLOperation, topics ...string) (rules []rule) {
	for _, topic := range topics {
		rules = append(rules, rule{kmsg.ACLResourceTypeTopic, topic, operation})
	}
	return rules
}

// The rights that docs/operations.md gives to each, written down here once
// more so that the code cannot ask for others unseen.
func workerRules(cfg *config.Config) []rule {
	t := &cfg.Topics
	return slices.Concat(
		onTopics(kmsg.ACLOperationRead, t.Inputs...),
		onTopics(kmsg.ACLOperationWrite, outputs(cfg)...),
		[]rule{{kmsg.ACLResourceTypeGroup, cfg.Group.ID, kmsg.ACLOperationRead}},
	)
}

// outputs are the topics that are written, with evidence where it is on.
func outputs(cfg *config.Config) []string {
	t := &cfg.Topics
	topics := []string{t.Flags, t.DeadLetter, t.Receipts, t.Lexicons}
	if t.Evidence != "" {
		topics = append(topics, t.Evidence)
	}
	return topics
}

// evidenceOn gives a test's configuration a topic for evidence.
func evidenceOn(c *config.Config) {
	c.Topics.Evidence = strings.TrimSuffix(c.Topics.Flags, "flags") + "evidence"
}

func topicsRules(cfg *config.Config) []rule {
	t := &cfg.Topics
	topics := append(outputs(cfg), t.Inputs...)
	return slices.Concat(
		onTopics(kmsg.ACLOperationDescribe, topics...), onTopics(kmsg.ACLOperationDescribeConfigs, topics...),
	)
}

func createRules(cfg *config.Config) []rule {
	t := &cfg.Topics
	topics := append(outputs(cfg), t.Inputs...)
	return append(topicsRules(cfg), onTopics(kmsg.ACLOperationCreate, topics...)...)
}

func listRules(cfg *config.Config) []rule {
	return onTopics(kmsg.ACLOperationRead, cfg.Topics.DeadLetter)
}

// consoleRules are those of a console's page of flags; for the words behind them
// it needs to read fragility.evidence too.
func consoleRules(cfg *config.Config) []rule {
	t := &cfg.Topics
	return slices.Concat(
		onTopics(kmsg.ACLOperationRead, t.Flags, t.Receipts), onTopics(kmsg.ACLOperationDescribe, append([]string{t.DeadLetter}, t.Inputs...)...),
		[]rule{{kmsg.ACLResourceTypeGroup, cfg.Group.ID, kmsg.ACLOperationDescribe}},
	)
}

func redriveRules(cfg *config.Config) []rule {
	return slices.Concat(listRules(cfg),
		onTopics(kmsg.ACLOperationRead, cfg.Topics.Inputs[0]), onTopics(kmsg.ACLOperationWrite, cfg.Topics.Inputs[0]),
		[]rule{{kmsg.ACLResourceTypeGroup, cfg.Group.ID + ".redrive", kmsg.ACLOperationRead}},
	)
}

// allow gives rights to a user, on the internal listener.
func (b *secureBroker) allow(t *testing.T, user string, rules ...rule) {
	t.Helper()
	req := kmsg.NewPtrCreateACLsRequest()
	for _, r := range rules {
		c := kmsg.NewCreateACLsRequestCreation()
		c.ResourceType, c.ResourceName, c.ResourcePatternType = r.resource, r.name, kmsg.ACLResourcePatternTypeLiteral
		c.Principal, c.Host, c.Operation, c.PermissionType = user, "*", r.operation, kmsg.ACLPermissionTypeAllow
		req.Creations = append(req.Creations, c)
	}
	b.admin(t, func(ctx context.Context, client *kgo.Client) error {
		resp, err := req.RequestWith(ctx, client)
		if err != nil {
			return err
		}
		for _, r := range resp.Results {
			if err := kerr.ErrorForCode(r.ErrorCode); err != nil {
				return err
			}
		}
		return nil
	})
	for _, r := range rules {
		b.holds(t, user, r, 1)
	}
}

// holds waits until the broker, which learns of rules from its controller,
// knows so many of a right.
func (b *secureBroker) holds(t *testing.T, user string, r rule, n int) {
	t.Helper()
	req := kmsg.NewPtrDescribeACLsRequest()
	req.ResourceType, req.ResourceName, req.ResourcePatternType = r.resource, &r.name, kmsg.ACLResourcePatternTypeLiteral
	req.Principal, req.Operation, req.PermissionType = &user, r.operation, kmsg.ACLPermissionTypeAllow
	b.admin(t, func(ctx context.Context, client *kgo.Client) error {
		resp, err := req.RequestWith(ctx, client)
		if err == nil {
			err = kerr.ErrorForCode(resp.ErrorCode)
		}
		if err == nil && len(resp.Resources) != n {
			err = fmt.Errorf("%v: %d rules, want %d", r, len(resp.Resources), n)
		}
		return err
	})
}

// deny takes one right away again.
func (b *secureBroker) deny(t *testing.T, user string, r rule) {
	t.Helper()
	f := kmsg.NewDeleteACLsRequestFilter()
	f.ResourceType, f.ResourceName, f.ResourcePatternType = r.resource, &r.name, kmsg.ACLResourcePatternTypeLiteral
	f.Principal, f.Operation, f.PermissionType = &user, r.operation, kmsg.ACLPermissionTypeAllow
	req := kmsg.NewPtrDeleteACLsRequest()
	req.Filters = append(req.Filters, f)
	b.admin(t, func(ctx context.Context, client *kgo.Client) error {
		resp, err := req.RequestWith(ctx, client)
		if err == nil {
			err = kerr.ErrorForCode(resp.Results[0].ErrorCode)
		}
		if err == nil && len(resp.Results[0].MatchingACLs) != 1 {
			err = fmt.Errorf("%v: %d rules were taken away", r, len(resp.Results[0].MatchingACLs))
		}
		return err
	})
	b.holds(t, user, r, 0)
}

// secure is the configuration of e over SCRAM.
func (e *env) secure(b *secureBroker) *config.Config {
	return e.as(func(c *config.Config) {
		c.Kafka.Brokers = []string{b.scram}
		c.Kafka.TLS = config.TLS{Enabled: true, CAFile: b.ca}
		c.Kafka.SASL = config.SASL{Mechanism: "scram-sha-512", Username: account, Password: password}
	})
}

// With only the documented rights each command works; without
// each single one of them its error names the right and the resource.
func (b *secureBroker) testRights(t *testing.T) {
	const user = "User:" + account
	redrive := func(ctx context.Context, cfg *config.Config) error {
		cluster, err := kafka.Connect(cfg)
		if err != nil {
			return err
		}
		defer cluster.Close()
		var letters []*pipeline.Letter
		if _, err := pipeline.Letters(ctx, cluster, cfg.Topics.DeadLetter, nil, func(l *pipeline.Letter) error {
			letters = append(letters, l)
			return nil
		}); err != nil {
			return err
		}
		sent := 0
		r := pipeline.NewRedrive(cluster, cfg, letters)
		r.Report = func(_ *pipeline.Letter, fate pipeline.Fate, _ error) { sent++ }
		if err := r.Run(ctx); err != nil {
			return err
		}
		if sent != 1 {
			return fmt.Errorf("%d letters were settled, want 1", sent)
		}
		return nil
	}
	for _, tt := range []struct {
		name  string
		rules func(*config.Config) []rule
		// act does what needs the rights; with them it returns nil.
		act func(context.Context, *config.Config) error
	}{
		{"run", workerRules, nil},
		{"topics check", topicsRules, func(ctx context.Context, cfg *config.Config) error {
			_, err := kafka.CheckTopics(ctx, cfg, true)
			return err
		}},
		{"topics create", createRules, func(ctx context.Context, cfg *config.Config) error {
			_, err := kafka.CreateTopics(ctx, cfg, true)
			return err
		}},
		{"deadletter list", listRules, func(ctx context.Context, cfg *config.Config) error {
			cluster, err := kafka.Connect(cfg)
			if err != nil {
				return err
			}
			defer cluster.Close()
			_, err = pipeline.Letters(ctx, cluster, cfg.Topics.DeadLetter, nil, func(*pipeline.Letter) error { return nil })
			return err
		}},
		{"deadletter redrive", redriveRules, redrive},
		{"console", consoleRules, readFeed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := newEnv(t, []string{b.internal}, 1, evidenceOn)
			cfg := e.secure(b)
			rules := tt.rules(e.cfg)
			if tt.name == "deadletter redrive" {
				e.died(1, 1)
			}
			b.allow(t, user, rules...)
			for _, r := range rules {
				b.deny(t, user, r)
				act := tt.act
				if act == nil {
					act = func(ctx context.Context, cfg *config.Config) error { return newWorker(t, cfg, &log{}).Run(ctx) }
				}
				err := act(t.Context(), cfg)
				if !errors.Is(err, kafka.ErrDenied) || !strings.Contains(err.Error(), r.String()) || strings.Count(err.Error(), " on topic ")+strings.Count(err.Error(), " on group ") != 1 {
					t.Errorf("without %v the error is %v", r, err)
				}
				b.allow(t, user, r)
			}
			if tt.name == "topics create" { // where there are none yet
				for _, topic := range []string{e.calls(), e.cfg.Topics.Flags} {
					e.drop(topic)
					e.until("the topic is gone", func() bool { return !e.exists(topic) })
				}
			}
			if tt.act == nil {
				e.works(cfg)
			} else if err := tt.act(t.Context(), cfg); err != nil {
				t.Errorf("with all of them: %v", err)
			}
		})
	}
}

// A worker whose rights are taken away at work says which one it lacks, loses
// nothing and goes on when it has it back.
func (b *secureBroker) testRightsComeAndGo(t *testing.T) {
	const user = "User:" + account
	e := newEnv(t, []string{b.internal}, 1, evidenceOn)
	rules := workerRules(e.cfg)
	b.allow(t, user, rules...)
	own := *e
	own.cfg = e.secure(b)
	w := own.start()
	e.accounted(e.fill(e.calls(), 1, 8))
	for _, r := range rules {
		if r.name == e.cfg.Topics.Lexicons || r.name == e.mails() {
			continue // nothing is to be written or read there
		}
		b.deny(t, user, r)
		e.produceBroken(1)
		ends := e.fill(e.calls(), 1, 8)
		e.until("the log names "+r.String(), func() bool { return strings.Contains(w.log.String(), "denies this client "+r.String()) })
		b.allow(t, user, r)
		e.accounted(ends)
	}
	ends := e.fill(e.calls(), 1, 8)
	e.accounted(ends)
	w.end()
	e.flagsAre(e.expected(e.calls()), true)
}

// The documented rights are the ones that are tested.
func TestRightsAreDocumented(t *testing.T) {
	doc, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(doc), "\n## Rights on the cluster\n")
	section, _, _ = strings.Cut(section, "\n## ")
	cfg := config.Default()
	cfg.Topics.Evidence = "fragility.evidence"
	for command, rules := range map[string][]rule{
		"vigie run": workerRules(cfg), "vigie topics create": createRules(cfg), "vigie topics check": topicsRules(cfg),
		"vigie deadletter list": listRules(cfg), "vigie deadletter redrive": redriveRules(cfg), "vigie console": consoleRules(cfg),
	} {
		if !strings.Contains(section, command) {
			t.Errorf("docs/operations.md does not name %s", command)
		}
		for _, r := range rules {
			operation, _, _ := strings.Cut(r.String(), " ")
			if !strings.Contains(section, operation) || !strings.Contains(section, r.name) {
				t.Errorf("docs/operations.md does not give %v to %s", r, command)
			}
		}
	}
	if got, want := len(pipeline.Rights(cfg)), len(workerRules(cfg)); got != want {
		t.Errorf("the worker asks for %d rights, %d are documented", got, want)
	}
}
