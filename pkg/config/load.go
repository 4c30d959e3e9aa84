package config

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/v2"
)

// Load returns the configuration: the defaults, over them the YAML file at
// path ("" for none), over it the variables VIGIE_A__B of environ (as
// os.Environ gives them), validated. Its error joins everything that is wrong,
// each with file, line and column or the variable's name.
func Load(path string, environ []string) (*Config, error) {
	c := Default()
	known := knownKeys(c)
	k := koanf.New(".")
	places := make(map[string]string)

	fromFile, err := readFile(path, known, places)
	if err != nil {
		return nil, err
	}
	fromEnv, err := readEnviron(environ, known, places)
	if err != nil {
		return nil, err
	}
	for _, layer := range []map[string]any{fromFile, fromEnv} {
		if err := k.Load(confmap.Provider(layer, "."), nil); err != nil {
			return nil, fmt.Errorf("configuration: %w", err)
		}
	}
	wrong, err := decode(k, c)
	if err != nil {
		return nil, err
	}
	c.places = places
	// What has the wrong type was told; its zero is not judged as well.
	v := validator{places: places, skip: wrong}
	if err := errors.Join(v.types(), c.readSecrets(), v.validate(c)); err != nil {
		return nil, err
	}
	return c, nil
}

// decode puts the loaded layers over the defaults in c. It returns the keys
// whose values have the wrong type, with the type each should have.
func decode(k *koanf.Koanf, c *Config) (map[string]reflect.Type, error) {
	// ZeroFields: a list given replaces the default; merged by index it would keep
	// the default's tail.
	err := k.UnmarshalWithConf("", c, koanf.UnmarshalConf{DecoderConfig: &mapstructure.DecoderConfig{
		Result:           c,
		WeaklyTypedInput: true,
		ZeroFields:       true,
		DecodeHook: mapstructure.ComposeDecodeHookFunc(
			durationHook, listHook, mapHook,
		),
	}})
	if err == nil {
		return nil, nil
	}
	wrong := make(map[string]reflect.Type)
	for _, e := range flatten(err) {
		var field *mapstructure.DecodeError
		if !errors.As(e, &field) {
			return nil, fmt.Errorf("configuration: %w", err)
		}
		wrong[field.Name()] = typeOf(reflect.TypeOf(*c), field.Name())
	}
	return wrong, nil
}

var durationType = reflect.TypeFor[time.Duration]()

// durationHook reads "10s"; a bare number has no unit and is refused.
func durationHook(_, to reflect.Type, value any) (any, error) {
	if to != durationType {
		return value, nil
	}
	text, ok := value.(string)
	if !ok {
		return nil, errors.New("no unit")
	}
	return time.ParseDuration(text)
}

// listHook reads "a, b" as a list.
func listHook(_, to reflect.Type, value any) (any, error) {
	text, ok := value.(string)
	if !ok || to.Kind() != reflect.Slice {
		return value, nil
	}
	items := strings.Split(text, ",")
	for i := range items {
		items[i] = strings.TrimSpace(items[i])
	}
	return items, nil
}

// mapHook reads "a=b, c=d" as a map.
func mapHook(_, to reflect.Type, value any) (any, error) {
	text, ok := value.(string)
	if !ok || to.Kind() != reflect.Map {
		return value, nil
	}
	items := make(map[string]any)
	for pair := range strings.SplitSeq(text, ",") {
		name, item, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, errors.New("no =")
		}
		items[strings.TrimSpace(name)] = strings.TrimSpace(item)
	}
	return items, nil
}

// typeOf returns the type of the field that a key names, nil for none.
func typeOf(t reflect.Type, key string) reflect.Type {
	name, rest, more := strings.Cut(key, ".")
	for f := range t.Fields() {
		if f.Tag.Get("koanf") == name {
			if more && f.Type.Kind() == reflect.Struct {
				return typeOf(f.Type, rest)
			}
			return f.Type
		}
	}
	return nil
}

// flatten lists the leaves of joined errors.
func flatten(err error) []error {
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, flatten(e)...)
	}
	return all
}

// at returns "place: key" for a key that was set, else the key alone.
func at(places map[string]string, key string) string {
	if place, ok := places[key]; ok {
		return place + ": " + key
	}
	return key
}

// readSecrets fills secrets that are given by a file.
func (c *Config) readSecrets() error {
	return errors.Join(
		c.readSecret("kafka.sasl.password", c.Kafka.SASL.PasswordFile, &c.Kafka.SASL.Password),
		c.readSecret("console.token", c.Console.TokenFile, &c.Console.Token),
	)
}

// readSecret fills the secret of a key from the file that the key with _file names.
func (c *Config) readSecret(key, file string, secret *Secret) error {
	if file == "" {
		return nil
	}
	where := at(c.places, key+"_file")
	if *secret != "" {
		return fmt.Errorf("%s: the secret is given twice, here and as %s; keep one", where, key)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	*secret = Secret(strings.TrimRight(string(content), "\r\n"))
	return nil
}
