package validate

import (
	"strconv"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kubernetes/pkg/apis/core"
	corev1conversion "k8s.io/kubernetes/pkg/apis/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// The workers' pods are what the Pod Security Standard "restricted" allows, by
// the admission plugin's own rules, and more: nothing can be written.
func TestPodsAreRestricted(t *testing.T) {
	objects := built(t, "base")
	template, container, _ := pod(t, objects)
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	level := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	judge := func(spec core.PodSpec) (wrong []string) {
		var external corev1.PodSpec
		if err := corev1conversion.Convert_core_PodSpec_To_v1_PodSpec(&spec, &external, nil); err != nil {
			t.Fatal(err)
		}
		for _, r := range evaluator.EvaluatePod(level, &metav1.ObjectMeta{}, &external) {
			if !r.Allowed {
				wrong = append(wrong, r.ForbiddenReason+": "+r.ForbiddenDetail)
			}
		}
		return wrong
	}
	if wrong := judge(template.Spec); len(wrong) > 0 {
		t.Errorf("refused as restricted: %s", strings.Join(wrong, "; "))
	}
	if s := container.SecurityContext; s.ReadOnlyRootFilesystem == nil || !*s.ReadOnlyRootFilesystem {
		t.Error("the file system can be written")
	}
	if a := template.Spec.AutomountServiceAccountToken; a == nil || *a {
		t.Error("the pods get a token of the cluster's API, which they never need")
	}
	if n := objects["Namespace"].(*core.Namespace); n.Labels["pod-security.kubernetes.io/enforce"] != "restricted" {
		t.Errorf("the namespace enforces %q", n.Labels["pod-security.kubernetes.io/enforce"])
	}
	// And the rules do refuse.
	spoiled := template.DeepCopy().Spec
	spoiled.Containers[0].SecurityContext.Capabilities = nil
	if len(judge(spoiled)) == 0 {
		t.Error("a pod with capabilities is allowed")
	}
}

// mebibytes reads a GOMEMLIMIT of that unit.
func mebibytes(t *testing.T, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(strings.TrimSuffix(s, "MiB"), 10, 64)
	if err != nil || !strings.HasSuffix(s, "MiB") {
		t.Fatalf("GOMEMLIMIT is %q", s)
	}
	return n << 20
}
