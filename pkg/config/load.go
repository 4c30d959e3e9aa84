package config

import (
	"errors"
	"fmt"
	"os"
	"strings"

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
	if err := decode(k, c, places); err != nil {
		return nil, err
	}
	c.places = places
	if err := c.readSecrets(); err != nil {
		return nil, err
	}
	return c, c.Validate()
}

// decode puts the loaded layers over the defaults in c.
func decode(k *koanf.Koanf, c *Config, places map[string]string) error {
	// ZeroFields: a list given replaces the default; merged by index it would keep
	// the default's tail.
	err := k.UnmarshalWithConf("", c, koanf.UnmarshalConf{DecoderConfig: &mapstructure.DecoderConfig{
		Result:           c,
		WeaklyTypedInput: true,
		ZeroFields:       true,
		DecodeHook: mapstructure.ComposeDecodeHookFunc(
			mapstructure.StringToTimeDurationHookFunc(),
			mapstructure.StringToSliceHookFunc(","),
		),
	}})
	return locate(err, places)
}

// locate names place and key of every value that has the wrong type. The value
// itself stays out: it may be a secret.
func locate(err error, places map[string]string) error {
	if err == nil {
		return nil
	}
	var wrong []error
	for _, e := range flatten(err) {
		var field *mapstructure.DecodeError
		if !errors.As(e, &field) {
			return fmt.Errorf("configuration: %w", err)
		}
		key := field.Name()
		wrong = append(wrong, fmt.Errorf("%s: the value has the wrong type", at(places, key)))
	}
	return errors.Join(wrong...)
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
	file := c.Kafka.SASL.PasswordFile
	if file == "" {
		return nil
	}
	const key = "kafka.sasl.password_file"
	if c.Kafka.SASL.Password != "" {
		return fmt.Errorf("%s: the password is given twice, here and as kafka.sasl.password; keep one", at(c.places, key))
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("%s: %w", at(c.places, key), err)
	}
	c.Kafka.SASL.Password = Secret(strings.TrimRight(string(content), "\r\n"))
	return nil
}
