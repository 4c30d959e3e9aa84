// Command vigie finds the signs of fragility in customers' messages. One
// binary, a file a command; docs/schemas holds the contract of what it reads
// and writes.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/vigie-project/vigie/pkg/kafka"
)

// version is set by the build (-ldflags "-X main.version=…").
var version = "dev"

// Exit codes of the contract.
const (
	exitInput       = 1 // done, but something in the input was wrong; a probe's no
	exitUsage       = 2 // wrong usage or configuration
	exitUnreachable = 3 // the broker could not be reached
)

// errInput says that the work is done but something in the input was wrong.
// What it was has been said where it stood.
var errInput = errors.New("something in the input was wrong")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second signal ends the program at once.
	context.AfterFunc(ctx, stop)
	err := exec(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, errInput) {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(exitCode(err))
}

// exitCode is the contract's code for the outcome of exec.
func exitCode(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errInput), errors.Is(err, errProbe):
		return exitInput
	case errors.Is(err, kafka.ErrUnreachable):
		return exitUnreachable
	default:
		return exitUsage
	}
}

// exec runs the command that args name.
func exec(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	root := rootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return root.ExecuteContext(ctx)
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "vigie",
		Short: "Find the signs of fragility in customers' messages, and say why",
		Long: `vigie reads transcripts, e-mails, letters, surveys and complaints, finds the
signs that a person is fragile, and writes flags that a case system can act on.

Exit codes: 0 done; 1 done, but something in the input was wrong; 2 wrong usage
or configuration; 3 the broker could not be reached.`,
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	var s settings
	f := root.PersistentFlags()
	f.StringVar(&s.config, "config", os.Getenv("VIGIE_CONFIG"), "configuration `FILE` (default: $VIGIE_CONFIG, else the defaults)")
	f.StringVar(&s.lexicon, "lexicon", "", "`DIR` of the lexicon (default: as configured, else the one in the program)")
	f.StringVar(&s.routing, "routing", "", "`FILE` of the routing policy (default: as configured, else the one in the program)")
	root.AddCommand(
		runCommand(&s), demoCommand(&s), classifyCommand(&s), checkCommand(&s),
		lexiconCommand(&s), evalCommand(&s), topicsCommand(&s), deadletterCommand(&s), explainCommand(&s), replayCommand(&s), formatsCommand(), consoleCommand(&s), probeCommand(&s),
	)
	return root
}

// group is a command that only holds others: alone it says which.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{
		Use: use, Short: short,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("unknown command %q for %q; see %s --help", args[0], c.CommandPath(), c.CommandPath())
			}
			return c.Help()
		},
	}
	c.AddCommand(commands...)
	return c
}
