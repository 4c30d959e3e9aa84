// Package validate has only tests: of the Kubernetes manifests, read, defaulted
// and validated by the API server's own code and by the schemas of KEDA's
// resources, and of the Grafana dashboard, by Grafana's published kinds.
package validate
