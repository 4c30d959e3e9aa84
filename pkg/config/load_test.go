package config

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "vigie.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// The shipped file says what the defaults are; it must stay true and complete.
func TestShippedFileIsTheDefault(t *testing.T) {
	path := filepath.Join("..", "..", "configs", "vigie.yaml")
	got, err := Load(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Default(), got, cmpopts.IgnoreUnexported(Config{})); diff != "" {
		t.Errorf("configs/vigie.yaml differs from Default (-default +file):\n%s", diff)
	}
	for key := range knownKeys(Default()) {
		if got.places[key] == "" {
			t.Errorf("configs/vigie.yaml lacks %s", key)
		}
	}
}

func TestLayers(t *testing.T) {
	path := write(t, "kafka:\n  brokers: [a:1, b:2]\ngroup:\n  id: from-file\nworker:\n  batch_records: 7\n")
	c, err := Load(path, []string{
		"VIGIE_GROUP__ID=from-env", "VIGIE_TOPICS__INPUTS=x,y", "VIGIE_WORKER__WATCH_INTERVAL=3s",
		"VIGIE_KAFKA__TLS__ENABLED=true", "VIGIE_PORT=tcp://10.0.0.1:80", "VIGIE_CONFIG=x", "PATH=/bin",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Kafka.Brokers = []string{"a:1", "b:2"}
	want.Group.ID = "from-env"
	want.Topics.Inputs = []string{"x", "y"}
	want.Worker.BatchRecords = 7
	want.Worker.WatchInterval = 3 * time.Second
	want.Kafka.TLS.Enabled = true
	if diff := cmp.Diff(want, c, cmpopts.IgnoreUnexported(Config{})); diff != "" {
		t.Error(diff)
	}
}

func TestRefused(t *testing.T) {
	for _, tt := range []struct {
		name, yaml string
		environ    []string
		want       []string // FILE stands for the file's path
	}{
		{"unknown key", "kafka:\n  brokrs: [a:1]\n", nil, []string{"FILE:2:3: unknown key kafka.brokrs", "known in kafka: brokers"}},
		{"unknown section", "kafkaa:\n  brokers: [a:1]\n", nil, []string{"FILE:1:1: unknown key kafkaa"}},
		{"key of another section", "worker:\n  session_timeout: 9s\n", nil, []string{"FILE:2:3", "did you mean group.session_timeout?"}},
		{"two at once", "a: 1\nb: 2\n", nil, []string{"FILE:1:1: unknown key a", "FILE:2:1: unknown key b"}},
		{"twice", "group:\n  id: a\n  id: b\n", nil, []string{"FILE:3:3"}},
		{"wrong type", "worker:\n  batch_records: many\n", nil, []string{"FILE:2:3: worker.batch_records: the value must be a whole number"}},
		{"no duration", "group:\n  session_timeout: soon\n", nil, []string{"FILE:2:3: group.session_timeout: the value must be a duration with its unit, such as 10s or 720h"}},
		{"duration without a unit", "group:\n  session_timeout: 10\n", nil, []string{"FILE:2:3: group.session_timeout: the value must be a duration"}},
		{"a wrong type hides nothing else", "worker:\n  batch_records: x\nlog:\n  level: loud\n", nil, []string{"FILE:2:3", "FILE:4:3: log.level"}},
		{"metrics without a port", "metrics:\n  listen: localhost\n", nil, []string{"FILE:2:3: metrics.listen"}},
		{"console open to all", "console:\n  listen: 0.0.0.0:8464\n", nil, []string{
			"FILE:2:3: console.listen: 0.0.0.0:8464 can be reached from elsewhere: set cert_file",
			"FILE:2:3: console.listen: 0.0.0.0:8464 can be reached from elsewhere: set token_file",
		}},
		{"console by a header that anybody sends", "console:\n  user_header: X-User\n", nil, []string{"FILE:2:3: console.user_header: anybody could send"}},
		{"console with a short token", "console:\n  token: hunter2\n", nil, []string{"FILE:2:3: console.token: a token has at least 16"}},
		{"console with half a certificate", "console:\n  cert_file: FILE\n", nil, []string{"console.cert_file: cert_file and key_file go together"}},
		{"console's proxies", "console:\n  proxies: [10.0.0.1]\n", nil, []string{`FILE:2:3: console.proxies: "10.0.0.1" is no network`}},
		{"console's proxies are everybody", "console:\n  proxies: [0.0.0.0/0]\n", nil, []string{"FILE:2:3: console.proxies: 0.0.0.0/0 is everybody"}},
		{"console's hosts", "console:\n  hosts: [\"https://vigie.example\"]\n", nil, []string{"FILE:2:3: console.hosts: \"https://vigie.example\" is no name"}},
		{"no such CA file", "kafka:\n  tls:\n    enabled: true\n    ca_file: missing.pem\n", nil, []string{"FILE:4:5: kafka.tls.ca_file"}},
		{"two wrong types", "worker:\n  batch_records: x\n  max_value_bytes: y\n", nil, []string{"FILE:2:3", "FILE:3:3"}},
		{"section as value", "kafka: localhost\n", nil, []string{"FILE:1:8"}},
		{"syntax", "kafka:\n  brokers: [a\n", nil, []string{"FILE:2"}},
		{"bad value", "log:\n  level: loud\n", nil, []string{`FILE:2:3: log.level: "loud" is none of`}},
		{"unknown variable", "", []string{"VIGIE_KAFKA__BROKRS=a:1"}, []string{"environment variable VIGIE_KAFKA__BROKRS is unknown"}},
		{"one underscore", "", []string{"VIGIE_KAFKA_BROKERS=a:1"}, []string{"did you mean VIGIE_KAFKA__BROKERS?"}},
		{"bad variable", "", []string{"VIGIE_WORKER__BATCH_RECORDS=0"}, []string{"environment variable VIGIE_WORKER__BATCH_RECORDS: worker.batch_records: 0 is not between"}},
		{"no broker", "kafka: {brokers: []}", nil, []string{"FILE:1:9: kafka.brokers: name at least one"}},
		{"broker without port", "kafka: {brokers: [host]}", nil, []string{`"host" is not host:port`}},
		{"heartbeat", "group: {heartbeat_interval: 5s}", nil, []string{"group.heartbeat_interval: 5s is not between"}},
		{"retention", "topics: {retention: 721h}", nil, []string{"topics.retention"}},
		{"dead letters", "topics: {dead_letter_retention: 337h}", nil, []string{"topics.dead_letter_retention"}},
		{"topic used twice", "topics: {inputs: [fragility.flags]}", nil, []string{`topics.flags: "fragility.flags" is already topics.inputs`}},
		{"no topic's name", "topics: {inputs: ['a b']}", nil, []string{`"a b" is no name of a topic`}},
		{"half a certificate", "kafka: {tls: {enabled: true, cert_file: x}}", nil, []string{"go together"}},
		{"TLS forgotten", "kafka: {tls: {ca_file: x}}", nil, []string{"TLS is off"}},
		{"no password", "kafka: {sasl: {mechanism: plain, username: u}}", nil, []string{"needs username and password"}},
		{"no mechanism", "kafka: {sasl: {username: u}}", nil, []string{"no mechanism"}},
		{"policy", "group: {on_out_of_range: newest}", nil, []string{`"newest" is none of`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := write(t, tt.yaml)
			_, err := Load(path, tt.environ)
			if err == nil {
				t.Fatal("accepted")
			}
			for _, want := range tt.want {
				want = strings.ReplaceAll(want, "FILE", path)
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error is\n%v\nwithout %q", err, want)
				}
			}
		})
	}
}

func TestPasswordFile(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(secret, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	environ := []string{
		"VIGIE_KAFKA__SASL__MECHANISM=plain", "VIGIE_KAFKA__SASL__USERNAME=vigie",
		"VIGIE_KAFKA__SASL__PASSWORD_FILE=" + secret,
	}
	c, err := Load("", environ)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(c.Kafka.SASL.Password); got != "s3cret" {
		t.Errorf("password is %q", got)
	}
	if _, err := Load("", append(environ, "VIGIE_KAFKA__SASL__PASSWORD=x")); err == nil {
		t.Error("a password given twice was accepted")
	}
	for _, print := range []string{fmt.Sprint(c.Kafka), fmt.Sprintf("%+v %#v", c.Kafka, c.Kafka.SASL)} {
		if strings.Contains(print, "s3cret") {
			t.Errorf("the password is printed: %s", print)
		}
	}
}

// A wrong value may be a secret in the wrong place, so errors name keys only.
func TestTypeErrorsDoNotRepeatTheValue(t *testing.T) {
	_, err := Load(write(t, "kafka:\n  tls:\n    enabled: hunter2\n"), nil)
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error is %v", err)
	}
}

// Every key says in its doc comment what its default is; here: that it exists
// as a field with a tag, so that none is left out by a typing error.
func TestEveryFieldHasAKey(t *testing.T) {
	var walk func(typ reflect.Type)
	walk = func(typ reflect.Type) {
		for f := range typ.Fields() {
			if !f.IsExported() {
				continue
			}
			if f.Tag.Get("koanf") == "" {
				t.Errorf("%s.%s has no key", typ.Name(), f.Name)
			}
			if f.Type.Kind() == reflect.Struct {
				walk(f.Type)
			}
		}
	}
	walk(reflect.TypeOf(Config{}))
}

// Whatever listens listens on this machine alone, or not at all, until
// somebody says otherwise.
func TestListensOnLoopback(t *testing.T) {
	listens := 0
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		for field, value := range v.Fields() {
			switch {
			case value.Kind() == reflect.Struct:
				walk(value)
			case strings.Contains(field.Name, "Listen"):
				listens++
				host, _, err := net.SplitHostPort(value.String())
				if value.String() != "" && (err != nil || !net.ParseIP(host).IsLoopback()) {
					t.Errorf("%s is %q by default", field.Name, value)
				}
			}
		}
	}
	walk(reflect.ValueOf(Default()).Elem())
	if listens == 0 {
		t.Error("no field says where something listens")
	}
}

// TestLists: blanks around the items of a list in the environment mean nothing.
func TestLists(t *testing.T) {
	c, err := Load("", []string{"VIGIE_KAFKA__BROKERS=a:1, b:2", "VIGIE_TOPICS__INPUTS=calls , mails"})
	if err != nil {
		t.Fatal(err)
	}
	if got := slices.Concat(c.Kafka.Brokers, c.Topics.Inputs); !slices.Equal(got, []string{"a:1", "b:2", "calls", "mails"}) {
		t.Errorf("%q", got)
	}
}

// No error shows what stands where a secret does, however the file or the
// environment is broken.
func TestErrorsHideSecrets(t *testing.T) {
	const secret = "hunter2"
	for _, yaml := range []string{
		"kafka:\n  sasl:\n    password: \"hunter2\n",
		"kafka:\n  sasl:\n    password: 'hunter2\n",
		"kafka:\n  sasl:\n    password: @hunter2\n",
		"kafka:\n  sasl:\n    password: `hunter2\n",
		"kafka:\n  sasl:\n    password: %hunter2\n",
		"kafka:\n  sasl:\n    password: hunter2: x\n",
		"kafka:\n  sasl:\n    password: &hunter2\n",
		"kafka:\n  sasl:\n    password: *hunter2\n",
		"kafka:\n  sasl:\n    password: !hunter2 x\n",
		"kafka:\n  sasl:\n    password: !!int hunter2\n",
		"kafka:\n  sasl:\n    password: !!binary hunter2\n",
		"kafka:\n  sasl:\n    password: [hunter2]\n",
		"kafka:\n  sasl:\n    password: [hunter2\n",
		"kafka:\n  sasl:\n    password: {hunter2: x}\n",
		"kafka:\n  sasl:\n    password: {hunter2\n",
		"kafka:\n  sasl:\n    password: |\n  hunter2\n",
		"kafka:\n  sasl:\n    password:\n      hunter2: x\n",
		"kafka:\n  sasl:\n    password:\n    hunter2\n",
		"kafka:\n  sasl:\n    password: \"\\hunter2\"\n",
		"kafka:\n  sasl: hunter2\n",
		"kafka:\n  sasl: {mechanism: plain, username: u, password: hunter2, password_file: nowhere}\n",
		"kafka:\n  sasl: {password: hunter2}\n",
		"kafka: {brokers: [\"user:hunter2@broker:9092\"]}\n",
		"kafka: {brokers: [\"sasl://user:hunter2@broker\"]}\n",
		"kafka:\n\tsasl: hunter2\n",
	} {
		_, err := Load(write(t, yaml), nil)
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%q: error is %v", yaml, err)
		}
	}
	for _, variables := range [][]string{
		{"VIGIE_KAFKA__SASL__PASSWORD=hunter2"},
		{"VIGIE_KAFKA__SASL__PASWORD=hunter2"},
		{"VIGIE_KAFKA_SASL_PASSWORD=hunter2"},
		{"VIGIE_KAFKA__SASL=hunter2"},
		{"VIGIE_KAFKA__BROKERS=user:hunter2@broker:9092"},
	} {
		_, err := Load("", variables)
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%q: error is %v", variables, err)
		}
	}
}
