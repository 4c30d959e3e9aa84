package validate

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/validation/field"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	appsvalidation "k8s.io/kubernetes/pkg/apis/apps/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	corevalidation "k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/pkg/apis/networking"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	networkvalidation "k8s.io/kubernetes/pkg/apis/networking/validation"
	"k8s.io/kubernetes/pkg/apis/policy"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	policyvalidation "k8s.io/kubernetes/pkg/apis/policy/validation"
)

// keda is the release whose resources and scaler the manifests are checked
// against; sum pins its content.
const (
	keda    = "github.com/kedacore/keda/v2@v2.21.0"
	kedaSum = "h1:R6z2HZvstK4RLUMxroNACzBj74xGxt3kG59b5Xc+Xps="
)

// kedaDir downloads KEDA's source into the module cache and returns its place.
var kedaDir = sync.OnceValues(func() (string, error) {
	out, err := exec.Command("go", "mod", "download", "-json", keda).Output()
	if err != nil {
		return "", fmt.Errorf("go mod download %s: %w\n%s", keda, err, out)
	}
	var m struct{ Dir, Sum string }
	if err := json.Unmarshal(out, &m); err != nil {
		return "", err
	}
	if m.Sum != kedaSum {
		return "", fmt.Errorf("%s has the sum %s, expected is %s", keda, m.Sum, kedaSum)
	}
	return m.Dir, nil
})

// accept does with a manifest what an API server does that is told to be
// strict about fields: it decodes, sets defaults and validates.
func accept(manifest []byte) (runtime.Object, error) {
	var kind runtime.TypeMeta
	if err := utilyaml.Unmarshal(manifest, &kind); err != nil {
		return nil, err
	}
	if strings.HasPrefix(kind.APIVersion, "keda.sh/") {
		return acceptKEDA(manifest, kind)
	}
	codecs := serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict)
	obj, err := runtime.Decode(codecs.UniversalDecoder(
		schema.GroupVersion{Version: runtime.APIVersionInternal},
		schema.GroupVersion{Group: "apps", Version: runtime.APIVersionInternal},
		schema.GroupVersion{Group: "policy", Version: runtime.APIVersionInternal},
		schema.GroupVersion{Group: "networking.k8s.io", Version: runtime.APIVersionInternal},
	), manifest)
	if err != nil {
		return nil, err
	}
	return obj, validate(obj).ToAggregate()
}

// validate is the API server's own validation of a new object.
func validate(obj runtime.Object) field.ErrorList {
	switch o := obj.(type) {
	case *apps.Deployment:
		return appsvalidation.ValidateDeployment(o, corevalidation.PodValidationOptions{})
	case *policy.PodDisruptionBudget:
		return policyvalidation.ValidatePodDisruptionBudget(o, policyvalidation.PodDisruptionBudgetValidationOptions{})
	case *networking.NetworkPolicy:
		return networkvalidation.ValidateNetworkPolicy(o, networkvalidation.NetworkPolicyValidationOptions{})
	case *core.Namespace:
		return corevalidation.ValidateNamespace(o)
	case *core.ConfigMap:
		return corevalidation.ValidateConfigMap(o)
	}
	return field.ErrorList{field.InternalError(nil, fmt.Errorf("no validation of %T is known here", obj))}
}

// acceptKEDA does the same by the definitions of KEDA's resources.
func acceptKEDA(manifest []byte, kind runtime.TypeMeta) (runtime.Object, error) {
	dir, err := kedaDir()
	if err != nil {
		return nil, err
	}
	name := "keda.sh_" + strings.ToLower(kind.Kind) + "s.yaml"
	data, err := os.ReadFile(filepath.Join(dir, "config/crd/bases", name))
	if err != nil {
		return nil, err
	}
	var external apiextensionsv1.CustomResourceDefinition
	if err := utilyaml.Unmarshal(data, &external); err != nil {
		return nil, err
	}
	var props apiextensions.JSONSchemaProps
	err = apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(external.Spec.Versions[0].Schema.OpenAPIV3Schema, &props, nil)
	if err != nil {
		return nil, err
	}
	shape, err := structural.NewStructural(&props)
	if err != nil {
		return nil, err
	}
	obj := &unstructured.Unstructured{}
	if err := utilyaml.Unmarshal(manifest, &obj.Object); err != nil {
		return nil, err
	}
	pruned := pruning.PruneWithOptions(obj.DeepCopy().Object, shape, true, structural.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})
	if len(pruned) > 0 {
		return nil, fmt.Errorf("unknown fields: %s", strings.Join(pruned, ", "))
	}
	validator, _, err := validation.NewSchemaValidator(&props)
	if err != nil {
		return nil, err
	}
	return obj, validation.ValidateCustomResource(nil, obj.Object, validator).ToAggregate()
}
