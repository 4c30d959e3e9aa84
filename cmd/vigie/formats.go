package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/format"
)

func formatsCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "formats",
		Short: "The upstream formats that are read, and what each says of itself",
		Long: `formats lists the formats that topics.formats can name: what a value is, and
where its speakers, its time and its id come from, or what is used instead.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if asJSON {
				return printFormatsJSON(c)
			}
			for _, f := range format.All() {
				for _, row := range [][2]string{
					{"reads", f.Reads}, {"speaker", f.Speaker}, {"time", f.Time}, {"id", f.ID}, {"spec", f.Spec},
				} {
					fmt.Fprintf(c.OutOrStdout(), "%-14s %-8s %s\n", f.Name, row[0], row[1])
					f.Name = ""
				}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "a JSON object a line")
	return c
}

func printFormatsJSON(c *cobra.Command) error {
	e := json.NewEncoder(c.OutOrStdout())
	e.SetEscapeHTML(false)
	for _, f := range format.All() {
		if err := e.Encode(struct {
			Name    string `json:"name"`
			Reads   string `json:"reads"`
			Speaker string `json:"speaker"`
			Time    string `json:"time"`
			ID      string `json:"id"`
			Spec    string `json:"spec"`
		}{f.Name, f.Reads, f.Speaker, f.Time, f.ID, f.Spec}); err != nil {
			return fmt.Errorf("writing the formats: %w", err)
		}
	}
	return nil
}

// readFormats puts topics.formats into the rules, and over it the format that
// values from no topic have, "" for CloudEvents. Its error joins all that is
// wrong, each with its place.
func readFormats(cfg *config.Config, ofFiles string) error {
	topics := make(format.Topics)
	var wrong []error
	for _, topic := range slices.Sorted(maps.Keys(cfg.Topics.Formats)) {
		key := cfg.At("topics.formats." + topic)
		data, err := json.Marshal(cfg.Topics.Formats[topic])
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: a name or a section of options is expected", key))
			continue
		}
		o, err := format.ParseOptions(data)
		if err == nil {
			_, err = format.New(o)
		}
		for _, e := range lines(err) {
			wrong = append(wrong, fmt.Errorf("%s: %s", key, e))
		}
		topics[topic] = o
	}
	if ofFiles != "" {
		o := format.Options{Format: ofFiles}
		_, err := format.New(o)
		switch {
		case err != nil && slices.Contains(format.Names(), ofFiles):
			wrong = append(wrong, fmt.Errorf("--format %s: %w; give it such options under a topic of topics.formats and read the files with --topic", ofFiles, err))
		case err != nil:
			wrong = append(wrong, fmt.Errorf("--format: %w", err))
		}
		topics[""] = o
	}
	if err := errors.Join(wrong...); err != nil {
		return err
	}
	var err error
	cfg.Lexicon.Formats, err = topics.JSON()
	return err
}

// lines are the messages of joined errors.
func lines(err error) []string {
	if err == nil {
		return nil
	}
	return strings.Split(err.Error(), "\n")
}
