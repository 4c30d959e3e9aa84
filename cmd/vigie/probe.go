package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// probePatience is how long a worker may take to say how it is.
const probePatience = 3 * time.Second

// errProbe says that the worker does not answer, or is not as asked for; what
// it said has been printed.
var errProbe = errors.New("the worker is not ready")

func probeCommand(s *settings) *cobra.Command {
	var live bool
	c := &cobra.Command{
		Use:   "probe",
		Short: "Ask the worker of this configuration whether it is ready: for containers without a shell",
		Long: `probe asks /readyz at metrics.listen and prints the answer; with --live, /livez.
It exits 0 where the answer is yes and 1 where it is no or there is none.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := s.load()
			if err != nil {
				return err
			}
			path := "/readyz"
			if live {
				path = "/livez"
			}
			return probe(c.Context(), c.OutOrStdout(), cfg.Metrics.Listen, path)
		},
	}
	c.Flags().BoolVar(&live, "live", false, "whether the process answers at all, whatever Kafka does")
	return c
}

// probe asks the worker that listens at addr and prints what it says.
func probe(ctx context.Context, out io.Writer, addr, path string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return errors.New("metrics.listen is empty: nothing answers probes")
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost" // it listens on all interfaces
	}
	ctx, cancel := context.WithTimeout(ctx, probePatience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+path, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("%w: %w", errProbe, err)
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(io.LimitReader(resp.Body, 4096))
	if err != nil {
		return fmt.Errorf("%w: %w", errProbe, err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%w: %s", errProbe, strings.TrimSpace(string(said)))
	}
	fmt.Fprintf(out, "%s", said)
	return nil
}
