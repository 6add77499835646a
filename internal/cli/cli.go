// Package cli is the command line: commands, flags, progress and exit statuses,
// and the one list of every member of every family.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"rehearse/internal/finding"
	"rehearse/internal/report"
)

// Version is the version of the tool.
const Version = "0.1.0"

// The exit statuses.
const (
	Clean      = 0 // nothing at or above --fail-on
	Findings   = 1
	Usage      = 2 // wrong usage or configuration
	Incomplete = 3 // something could not be read or run
)

// Command is a run of the program.
type Command struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer

	status int
	flags  flags
	before map[string]bool // the fingerprints of the baseline; nil where there is none
}

// flags are those that every command has.
type flags struct {
	format      string
	color       string
	failOn      string
	environment string
	verbose     bool
	stage       string
	timeout     time.Duration
	baseline    string
	table       bool
}

// failure is an error with the exit status that it leads to.
type failure struct {
	status int
	err    error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// Main runs the program with the arguments behind its name and returns its exit
// status.
func (c *Command) Main(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	root := c.root()
	root.SetArgs(args)
	root.SetIn(c.Stdin)
	root.SetOut(c.Stdout)
	root.SetErr(c.Stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return c.status
	}
	if ctx.Err() != nil {
		fmt.Fprintln(c.Stderr, "rehearse: interrupted; everything that was started is gone")
		return Incomplete
	}
	fmt.Fprintln(c.Stderr, "rehearse:", report.Clean(err.Error()))
	var failed *failure
	if errors.As(err, &failed) {
		return failed.status
	}
	return Usage
}

func (c *Command) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "rehearse [DIR]",
		Short: "Tell what will break in production although it works on this machine, and prove it",
		Long: "rehearse reads a project, compares what its code needs with what each environment supplies,\n" +
			"starts it on this machine as it runs locally and as its definitions say it runs in production,\n" +
			"and isolates for each request that comes out otherwise the smallest difference that causes it.",
		Version:       Version,
		Args:          cobra.MaximumNArgs(1),
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(cmd *cobra.Command, args []string) error { return c.rehearse(cmd.Context(), directory(args)) },
	}
	all := root.PersistentFlags()
	all.StringVar(&c.flags.format, "format", "text", "what the report is written as: "+strings.Join(formats(), ", "))
	all.StringVar(&c.flags.color, "color", "auto", "auto, always or never")
	all.StringVar(&c.flags.failOn, "fail-on", "warning", "the least severity that makes the exit status 1: error, warning, info")
	all.StringVar(&c.flags.environment, "environment", "", "only this environment, by its name or the beginning of it")
	all.StringVar(&c.flags.stage, "stage", "auto", "what the rehearsal is played on: auto, or plain: without namespaces, as on systems that have none")
	all.DurationVar(&c.flags.timeout, "timeout", 10*time.Minute, "how long a rehearsal may take; what was not tried by then is not rehearsed")
	all.StringVar(&c.flags.baseline, "baseline", "", "a report in JSON, from before, or - for standard input: what it has is known, is only counted, and leaves the exit status alone")
	all.BoolVarP(&c.flags.verbose, "verbose", "v", false, "shorten nothing")
	root.PersistentPreRunE = func(*cobra.Command, []string) error {
		err := c.flags.check()
		if err == nil && c.flags.baseline != "" {
			c.before, err = baseline(c.flags.baseline, c.Stdin)
		}
		return err
	}
	check := &cobra.Command{
		Use: "check [DIR]", Short: "Only read: needs against supplies. Executes nothing, opens no socket, writes nothing",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.check(cmd.Context(), directory(args)) },
	}
	check.Flags().BoolVar(&c.flags.table, "table", false, "the table of needs: variables down, environments across (as "+strings.Join(Tables(), ", ")+")")
	root.AddCommand(
		check,
		&cobra.Command{
			Use: "run [DIR]", Short: "The stage: start the components under production's differences and isolate what breaks",
			Args: cobra.MaximumNArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error { return c.rehearse(cmd.Context(), directory(args)) },
		},
		&cobra.Command{
			Use: "replay FILE", Short: "Play one reproduced finding again",
			Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error { return c.replay(cmd.Context(), args[0]) },
		},
		&cobra.Command{
			Use: "explain [CHECK]", Short: "What a check means, an example that fails and one that passes; without a name, which checks there are",
			Args: cobra.MaximumNArgs(1), ValidArgs: checkNames(),
			RunE: func(_ *cobra.Command, args []string) error { return c.explain(strings.Join(args, "")) },
		},
	)
	return root
}

func directory(args []string) string {
	if len(args) == 0 {
		return "."
	}
	return args[0]
}

func formats() []string {
	var names []string
	for name := range Papers() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (f *flags) check() error {
	switch {
	case !slices.Contains(formats(), f.format):
		return fmt.Errorf("--format %s: want one of %s", f.format, strings.Join(formats(), ", "))
	case !slices.Contains([]string{"auto", "always", "never"}, f.color):
		return fmt.Errorf("--color %s: want auto, always or never", f.color)
	case !slices.Contains([]string{"auto", "plain"}, f.stage):
		return fmt.Errorf("--stage %s: want auto or plain", f.stage)
	case f.timeout <= 0:
		return fmt.Errorf("--timeout %s: want more than nothing", f.timeout)
	case finding.Severity(f.failOn).Rank() == 0:
		return fmt.Errorf("--fail-on %s: want error, warning or info", f.failOn)
	case f.table && !slices.Contains(Tables(), f.format):
		return fmt.Errorf("--table --format %s: a table is written as one of %s", f.format, strings.Join(Tables(), ", "))
	}
	return nil
}

// options returns what the reader's eyes ask for.
func (c *Command) options() report.Options {
	o := report.Options{Verbose: c.flags.verbose, Color: c.flags.color == "always"}
	if file, ok := c.Stdout.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		if width, _, err := term.GetSize(int(file.Fd())); err == nil {
			o.Width = width
		}
		o.Color = c.flags.color != "never" && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" || o.Color
	}
	return o
}

// write writes the report and sets the exit status.
func (c *Command) write(document report.Document, complete bool) error {
	document.FailOn, document.Known = finding.Severity(c.flags.failOn), c.before
	paper := Papers()[c.flags.format](c.Stdout, c.options())
	if err := paper.Write(document); err != nil {
		return &failure{Incomplete, err}
	}
	c.status = Clean
	for i := range document.Findings {
		if document.Fails(&document.Findings[i]) {
			c.status = Findings
		}
	}
	if !complete {
		c.status = Incomplete
	}
	return nil
}
