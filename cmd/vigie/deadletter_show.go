package main

import (
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/vigie-project/vigie/pipeline"
	"github.com/vigie-project/vigie/pkg/config"
	"github.com/vigie-project/vigie/pkg/kafka"
)

func deadletterShow(s *settings) *cobra.Command {
	var pick selection
	var withText bool
	c := &cobra.Command{
		Use:   "show PLACE…",
		Short: "What a dead letter is made of: sizes, headers, the shape of its JSON; text only with --with-text",
		Long: `show prints of each letter where and why it died, the names and sizes of its
headers, and the shape of its JSON: fields, types and lengths, as far as it is
JSON. With --with-text it prints key, headers and value as they came: the words of
a customer.`,
		RunE: func(c *cobra.Command, places []string) error {
			if err := pick.parse(places, time.Now()); err != nil {
				return err
			}
			if pick.everything() {
				return errors.New("name letters by the place that vigie deadletter list prints, or by --class, --topic, --since or --until")
			}
			return s.withCluster(c.Context(), func(cfg *config.Config, cluster *kafka.Cluster) error {
				_, err := pick.letters(c.Context(), cfg, cluster, c.ErrOrStderr(), func(l *pipeline.Letter) {
					printLetter(c.OutOrStdout(), l, withText)
				})
				return err
			})
		},
	}
	pick.flags(c)
	c.Flags().BoolVar(&withText, "with-text", false, "key, headers and value too: customers' words")
	return c
}

// printLetter prints what l is made of, and with text what it says.
func printLetter(w io.Writer, l *pipeline.Letter, text bool) {
	o := &l.Origin
	fmt.Fprintf(w, "dead letter %s\n", l.Place())
	fmt.Fprintf(w, "  died      %s, attempt %d, read by vigie %s\n", l.Died.Format(time.RFC3339), l.Attempts, l.Version)
	fmt.Fprintf(w, "  why       %s: %s\n", l.Class, l.Message)
	fmt.Fprintf(w, "  origin    %s/%d/%d of %s\n", o.Topic, o.Partition, o.Offset, time.UnixMilli(o.Timestamp).UTC().Format(time.RFC3339))
	fmt.Fprintf(w, "  key       %s\n", said(l.Key, text))
	for _, h := range l.Headers {
		fmt.Fprintf(w, "  header    %s: %s\n", h.Key, said(h.Value, text))
	}
	if l.LostSHA256 != "" {
		fmt.Fprintf(w, "  value     %d bytes, not kept: too large for the topic (sha256 %s)\n\n", l.Size, l.LostSHA256)
		return
	}
	if text {
		fmt.Fprintf(w, "  value     %d bytes\n%s\n\n", l.Size, l.Value)
		return
	}
	s, wrong := shapeOf(l.Value)
	switch {
	case len(l.Value) == 0:
		fmt.Fprint(w, "  value     none\n")
	case wrong != nil:
		fmt.Fprintf(w, "  value     %d bytes, JSON %v%s\n", l.Size, wrong, encoding(l.Value))
	default:
		fmt.Fprintf(w, "  value     %d bytes of JSON%s\n", l.Size, encoding(l.Value))
	}
	s.print(w, "    ")
	fmt.Fprintln(w)
}

// encoding says what is special about how a value is encoded.
func encoding(value []byte) string {
	if utf8.Valid(value) {
		return ""
	}
	return ", not UTF-8"
}

// said is what bytes say, or without text how many they are.
func said(b []byte, text bool) string {
	switch {
	case b == nil:
		return "none"
	case text:
		return fmt.Sprintf("%q", b)
	}
	return fmt.Sprintf("%d bytes", len(b))
}
