package validate

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/kubernetes/pkg/apis/apps"
	"k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/kubernetes/pkg/apis/networking"
	"k8s.io/kubernetes/pkg/apis/policy"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/vigie-project/vigie/pkg/config"
)

const manifests = "../kubernetes"

// built is what `kubectl apply -k` would send, by kind, each accepted.
func built(t *testing.T, dir string) map[string]runtime.Object {
	t.Helper()
	all, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), filepath.Join(manifests, dir))
	if err != nil {
		t.Fatal(err)
	}
	objects := make(map[string]runtime.Object)
	for _, r := range all.Resources() {
		manifest, err := r.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		obj, err := accept(manifest)
		if err != nil {
			t.Fatalf("%s %s %s is refused: %v", dir, r.GetKind(), r.GetName(), err)
		}
		if r.GetKind() != "Namespace" && r.GetNamespace() != "vigie" {
			t.Errorf("%s %s is in namespace %q", r.GetKind(), r.GetName(), r.GetNamespace())
		}
		objects[r.GetKind()] = obj
	}
	return objects
}

// sent is one object as `kubectl apply -k` would send it.
func sent(t *testing.T, dir, kind string) string {
	t.Helper()
	all, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), filepath.Join(manifests, dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all.Resources() {
		if r.GetKind() == kind {
			manifest, err := r.AsYAML()
			if err != nil {
				t.Fatal(err)
			}
			return string(manifest)
		}
	}
	t.Fatalf("%s sends no %s", dir, kind)
	return ""
}

func TestManifestsAreAccepted(t *testing.T) {
	for dir, kinds := range map[string]int{"base": 5, "keda": 7} {
		if got := built(t, dir); len(got) != kinds {
			t.Errorf("%s has %d kinds of objects, want %d", dir, len(got), kinds)
		}
	}
}

// What is accepted is asked for: each of these is refused.
func TestManifestsAreRefused(t *testing.T) {
	for name, spoil := range map[string][3]string{
		"a field nobody knows":           {"base/deployment.yaml", "minReadySeconds: 10", "minReadySecond: 10"},
		"a number that is a text":        {"base/deployment.yaml", "containerPort: 9464", `containerPort: "9464"`},
		"no update possible":             {"base/deployment.yaml", "maxSurge: 1", "maxSurge: 0"},
		"a selector of other pods":       {"base/deployment.yaml", "      labels:\n        app.kubernetes.io/name: vigie", "      labels:\n        app.kubernetes.io/name: vigil"},
		"a volume that is not there":     {"base/deployment.yaml", "- name: kafka\n              mountPath", "- name: kafkas\n              mountPath"},
		"a limit below the request":      {"base/deployment.yaml", "memory: 512Mi", "memory: 128Mi"},
		"both bounds of a disruption":    {"base/poddisruptionbudget.yaml", "maxUnavailable: 1", "maxUnavailable: 1\n  minAvailable: 1"},
		"a policy that is none":          {"base/poddisruptionbudget.yaml", "AlwaysAllow", "Always"},
		"a port that is none":            {"base/networkpolicy.yaml", "port: 9093", "port: 99093"},
		"a direction that is none":       {"base/networkpolicy.yaml", "[Ingress, Egress]", "[Ingress, Outgress]"},
		"a field that KEDA lacks":        {"keda/scaledobject.yaml", "pollingInterval: 15", "poll: 15"},
		"a replica count that is a text": {"keda/scaledobject.yaml", "minReplicaCount: 2", `minReplicaCount: "2"`},
		"a trigger without a type":       {"keda/scaledobject.yaml", "    - type: kafka\n      metadata", "    - metadata"},
	} {
		data, err := os.ReadFile(filepath.Join(manifests, spoil[0]))
		if err != nil {
			t.Fatal(err)
		}
		spoiled := strings.Replace(string(data), spoil[1], spoil[2], 1)
		if spoiled == string(data) {
			t.Errorf("%s: %s has no %q", name, spoil[0], spoil[1])
		}
		first, _, _ := strings.Cut(spoiled, "\n---\n")
		if _, err := accept([]byte(first)); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

// pod returns the workers' template, its container and the configuration that
// it is started with.
func pod(t *testing.T, objects map[string]runtime.Object) (core.PodTemplateSpec, core.Container, *config.Config) {
	t.Helper()
	template := objects["Deployment"].(*apps.Deployment).Spec.Template
	data := objects["ConfigMap"].(*core.ConfigMap).Data["vigie.yaml"]
	// The files of the Secret are not here; some of that name will do.
	dir := t.TempDir()
	for _, name := range []string{"ca.crt", "password"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "vigie.yaml")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(data, "/etc/vigie/kafka", dir)), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(file, nil)
	if err != nil {
		t.Fatalf("vigie.yaml of the manifests: %v", err)
	}
	return template, template.Spec.Containers[0], cfg
}

// The manifests fit each other and the program.
func TestManifestsFit(t *testing.T) {
	objects := built(t, "base")
	template, container, cfg := pod(t, objects)
	deployment := objects["Deployment"].(*apps.Deployment)

	if grace := time.Duration(*template.Spec.TerminationGracePeriodSeconds) * time.Second; grace < cfg.Worker.ShutdownTimeout+15*time.Second {
		t.Errorf("the grace period is %v, worker.shutdown_timeout %v: a stop that takes its time would be killed", grace, cfg.Worker.ShutdownTimeout)
	}
	if r := deployment.Spec.Strategy.RollingUpdate; r.MaxUnavailable.IntValue() != 0 || deployment.Spec.Replicas < 2 {
		t.Errorf("an update takes away %v of %d workers", r.MaxUnavailable.String(), deployment.Spec.Replicas)
	}
	port := container.Ports[0]
	if !strings.HasSuffix(cfg.Metrics.Listen, ":9464") || strings.HasPrefix(cfg.Metrics.Listen, "127.") || port.ContainerPort != 9464 ||
		template.Annotations["prometheus.io/port"] != "9464" {
		t.Errorf("figures are served at %s, the port is %d", cfg.Metrics.Listen, port.ContainerPort)
	}
	for path, p := range map[string]*core.Probe{"/livez": container.LivenessProbe, "/readyz": container.ReadinessProbe} {
		if p == nil || p.HTTPGet == nil || p.HTTPGet.Path != path || p.HTTPGet.Port.StrVal != port.Name {
			t.Errorf("the probe of %s is %+v", path, p)
		}
	}
	limit, request := container.Resources.Limits.Memory(), container.Resources.Requests.Memory()
	var collector int64
	for _, e := range container.Env {
		if e.Name == "GOMEMLIMIT" {
			collector = mebibytes(t, e.Value)
		}
	}
	if limit.Value() == 0 || request.Value() == 0 || container.Resources.Limits.CPU().IsZero() || collector == 0 ||
		collector > limit.Value()*85/100 || collector < request.Value() {
		t.Errorf("memory: request %v, GOMEMLIMIT %d, limit %v", request, collector, limit)
	}
	mounted := make(map[string]bool)
	for _, m := range container.VolumeMounts {
		mounted[m.MountPath] = m.ReadOnly
	}
	if !mounted["/etc/vigie/kafka"] || !mounted[filepath.Dir(container.Args[2])] || container.Args[1] != "--config" {
		t.Errorf("arguments %q, mounted read-only: %v", container.Args, mounted)
	}
	for kind, selector := range map[string]map[string]string{
		"PodDisruptionBudget": objects["PodDisruptionBudget"].(*policy.PodDisruptionBudget).Spec.Selector.MatchLabels,
		"NetworkPolicy":       objects["NetworkPolicy"].(*networking.NetworkPolicy).Spec.PodSelector.MatchLabels,
	} {
		if len(selector) == 0 || !labels.SelectorFromSet(selector).Matches(labels.Set(template.Labels)) {
			t.Errorf("%s selects %v, the workers have %v", kind, selector, template.Labels)
		}
	}
}

// The network policy lets nobody in but Prometheus, and the workers out to what
// they need and nowhere else.
func TestNetworkPolicy(t *testing.T) {
	objects := built(t, "base")
	_, container, cfg := pod(t, objects)
	p := objects["NetworkPolicy"].(*networking.NetworkPolicy).Spec
	if len(p.PolicyTypes) != 2 || len(p.Ingress) != 1 || len(p.Ingress[0].From) == 0 || len(p.Ingress[0].Ports) != 1 ||
		p.Ingress[0].Ports[0].Port.StrVal != container.Ports[0].Name {
		t.Errorf("in: %+v", p.Ingress)
	}
	kafka := false
	for _, rule := range p.Egress {
		if len(rule.To) == 0 || len(rule.Ports) == 0 {
			t.Errorf("a rule lets out everywhere: %+v", rule)
		}
		for _, port := range rule.Ports {
			kafka = kafka || strings.HasSuffix(cfg.Kafka.Brokers[0], ":"+port.Port.String())
		}
	}
	if !kafka {
		t.Errorf("no rule lets out to the port of %v", cfg.Kafka.Brokers)
	}
}
