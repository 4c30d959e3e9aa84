package validate

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/kubernetes/pkg/apis/apps"
)

// parameter is one that KEDA's scaler of Kafka takes, as its source says.
type parameter struct {
	// inTrigger and inAuth say where it may stand.
	inTrigger, inAuth bool
	optional          bool
	values            []string
}

var parameterTag = regexp.MustCompile("`keda:\"name=([A-Za-z]+),order=([A-Za-z;]+)([^\"`]*)\"`")

// parameters reads them from the scaler's source: the definition of a
// ScaledObject takes any.
func parameters(t *testing.T) map[string]parameter {
	t.Helper()
	dir, err := kedaDir()
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(filepath.Join(dir, "pkg/scalers/kafka_scaler.go"))
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]parameter)
	for _, m := range parameterTag.FindAllStringSubmatch(string(source), -1) {
		p := parameter{
			inTrigger: strings.Contains(m[2], "triggerMetadata"), inAuth: strings.Contains(m[2], "authParams"),
			optional: strings.Contains(m[3], "optional") || strings.Contains(m[3], "default="),
		}
		if _, list, ok := strings.Cut(m[3], "enum="); ok {
			p.values = strings.Split(list, ";")
		}
		all[m[1]] = p
	}
	if len(all) < 20 {
		t.Fatalf("%d parameters were found in KEDA's source", len(all))
	}
	return all
}

// The triggers ask for each topic that the workers read, of their group, in
// parameters and values that the scaler knows.
func TestTriggers(t *testing.T) {
	objects := built(t, "keda")
	_, _, cfg := pod(t, objects)
	known := parameters(t)
	object := objects["ScaledObject"].(*unstructured.Unstructured).Object
	triggers, _, err := unstructured.NestedSlice(object, "spec", "triggers")
	if err != nil {
		t.Fatal(err)
	}
	var topics []string
	for _, each := range triggers {
		metadata, _, err := unstructured.NestedStringMap(each.(map[string]any), "metadata")
		if err != nil {
			t.Fatal(err)
		}
		topics = append(topics, metadata["topic"])
		for key, value := range metadata {
			p, ok := known[key]
			if !ok || !p.inTrigger || p.values != nil && !slices.Contains(p.values, value) {
				t.Errorf("%s: %s is no parameter of a trigger with the value %q", metadata["topic"], key, value)
			}
		}
		for key, p := range known {
			if _, ok := metadata[key]; !ok && !p.optional {
				t.Errorf("%s: %s is missing", metadata["topic"], key)
			}
		}
		if n, err := strconv.Atoi(metadata["lagThreshold"]); err != nil || n < cfg.Worker.BatchRecords {
			t.Errorf("lagThreshold is %q: a worker would be added for less than a batch", metadata["lagThreshold"])
		}
		if metadata["consumerGroup"] != cfg.Group.ID || metadata["bootstrapServers"] != strings.Join(cfg.Kafka.Brokers, ",") ||
			metadata["offsetResetPolicy"] != "earliest" || metadata["version"] == "" {
			t.Errorf("%v; the workers are group %s at %v", metadata, cfg.Group.ID, cfg.Kafka.Brokers)
		}
		if metadata["tls"] == "enable" != cfg.Kafka.TLS.Enabled || strings.ReplaceAll(metadata["sasl"], "_", "") != strings.ReplaceAll(cfg.Kafka.SASL.Mechanism, "-", "") {
			t.Errorf("the scaler connects with tls %s and sasl %s", metadata["tls"], metadata["sasl"])
		}
	}
	slices.Sort(topics)
	if want := slices.Sorted(slices.Values(cfg.Topics.Inputs)); !slices.Equal(topics, want) {
		t.Errorf("triggers for %v, the workers read %v", topics, want)
	}
	if least, _, _ := unstructured.NestedInt64(object, "spec", "minReplicaCount"); least < 1 {
		t.Error("with nothing to read there would be no worker")
	}
	auth := objects["TriggerAuthentication"].(*unstructured.Unstructured).Object
	refs, _, _ := unstructured.NestedSlice(auth, "spec", "secretTargetRef")
	for _, each := range refs {
		if name := each.(map[string]any)["parameter"].(string); !known[name].inAuth {
			t.Errorf("%s is no parameter of an authentication", name)
		}
	}
}

// With KEDA the number of workers is the autoscaler's: an apply leaves it alone.
func TestAutoscalerOwnsTheReplicas(t *testing.T) {
	objects := built(t, "keda")
	object := objects["ScaledObject"].(*unstructured.Unstructured).Object
	name, _, _ := unstructured.NestedString(object, "spec", "scaleTargetRef", "name")
	if want := objects["Deployment"].(*apps.Deployment).Name; name != want {
		t.Errorf("it scales %q, the deployment is %q", name, want)
	}
	for dir, want := range map[string]bool{"base": true, "keda": false} {
		if got := strings.Contains(sent(t, dir, "Deployment"), "\n  replicas:"); got != want {
			t.Errorf("%s sets the number of workers: %v, want %v", dir, got, want)
		}
	}
}
