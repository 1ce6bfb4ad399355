package main

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"spoor/ingest"
	"spoor/ingest/received"
	"spoor/internal/cli"
	"spoor/sql/store/facts"
)

// failuresCommand defines failures, which lists without a subcommand.
func failuresCommand(env *cli.Env) *cobra.Command {
	list := failuresList(env)
	c := &cobra.Command{
		Use:   "failures",
		Short: "list the mail that could not be read, with reasons",
		Example: "  collector failures                  place and reason of each\n" +
			"  collector failures --run 7          of one import\n" +
			"  collector failures retry            read them again, after a repair",
		RunE: list.RunE,
	}
	c.Flags().AddFlagSet(list.Flags())
	c.AddCommand(list, failuresRetry(env))
	return c
}

// failuresList defines failures list.
func failuresList(env *cli.Env) *cobra.Command {
	var filter facts.FailureFilter
	c := &cobra.Command{
		Use:     "list",
		Short:   "list them",
		Example: "  collector failures list --all",
		Args:    cobra.NoArgs,
	}
	c.Flags().Int64Var(&filter.Import, "run", 0, "only those of import `N`")
	c.Flags().BoolVar(&filter.Resolved, "all", false, "also those that were read later")
	c.Flags().IntVar(&filter.Limit, "limit", 0, "at most `N`")
	c.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		s, err := env.OpenStore(cmd.Context(), cli.Read)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.Close()) }()
		all, err := facts.New(s.DB).Failures(cmd.Context(), filter)
		if err != nil {
			return env.StoreError(err, s.Where)
		}
		return listFailures(env, all)
	}
	return c
}

// failuresJSON is the output of failures.
type failuresJSON struct {
	Failures []failureJSON `json:"failures"`
}

// listFailures prints the failures. None is exit code 1, for programs too.
//
// One failure may stand for many items, such as the members of a damaged
// archive: the total counts items.
//
// A failure is one place of a source, and stays until a later import reads that
// place.
func listFailures(env *cli.Env, all []facts.Failure) error {
	items := int64(0)
	if env.ForPrograms() {
		var out failuresJSON
		for _, f := range all {
			out.Failures = append(out.Failures, failureJSON{f.ID, f.Path, f.Name, f.Offset, f.Length, f.Code, f.Reason, f.ResolvedImport != 0, summedUp(f.Items)})
		}
		if err := env.Result(out); err != nil {
			return err
		}
	} else {
		for _, f := range all {
			items += f.Items
			reason := f.Reason
			if f.ResolvedImport != 0 {
				reason += " (read since)"
			}
			if err := printFailure(env, f.Path, f.Name, f.Offset, reason); err != nil {
				return err
			}
		}
	}
	if len(all) == 0 {
		if !env.ForPrograms() {
			env.Notef("Everything that was imported could be read.\n")
		}
		return cli.Silent(cli.NoneFound)
	}
	if env.ForPrograms() {
		return nil
	}
	return env.Printf("\n%s. Again: collector failures retry\n", cli.Count(items, "failure", ""))
}

// summedUp returns 0 for a failure that stands for one item only.
func summedUp(items int64) int64 {
	if items == 1 {
		return 0
	}
	return items
}

// failuresRetry defines failures retry. Its flags are those of import.
func failuresRetry(env *cli.Env) *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use:   "retry",
		Short: "read the failed sources again",
		Example: "  collector failures retry\n" +
			"  collector failures retry --as ham",
		Long: "Imports once more every source that holds a failure, as spam or ham as before. Stored messages stay as they are; " +
			"a failure whose place can be read now is marked as resolved.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return retry(cmd, env, &f) },
	}
	f.add(c)
	return c
}

// nothingJSON is the output of a command that had nothing to do.
type nothingJSON struct{}

// retry imports the sources of the failures again. A failure whose place was
// read this time is marked as resolved, unless the import was stopped before
// its end.
//
// The whole source is read again, since a damaged archive has no place to start
// at. Known messages cost a hash each.
func retry(cmd *cobra.Command, env *cli.Env, f *importFlags) (err error) {
	ctx := cmd.Context()
	if _, err := f.ownServers(); err != nil {
		return err
	}
	s, err := env.OpenStore(ctx, cli.Write)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	all, err := facts.New(s.DB).Failures(ctx, facts.FailureFilter{})
	if err != nil {
		return env.StoreError(err, s.Where)
	}
	all = f.chooseClass(env, all, cmd.Flags().Changed("as"))
	// A source that is gone keeps its failures: it may be on a disk that is not
	// mounted.
	paths, gone := failedPaths(all)
	for _, path := range gone {
		env.Notef("%s is not there any more; its failures stay listed.\n", env.Text(path))
	}
	if len(paths) == 0 {
		env.Notef("Nothing to read again.\n")
		if env.ForPrograms() {
			if err := env.Result(nothingJSON{}); err != nil {
				return err
			}
		}
		return cli.Silent(cli.NoneFound)
	}
	done, err := importPaths(ctx, env, s, f, received.Own{}, paths)
	if err != nil {
		return env.StoreError(err, s.Where)
	}
	// A stopped import may not have reached a place. Its failure stays until a
	// whole pass.
	if !done.stopped {
		if err := facts.New(s.DB).Settle(ctx, done.run, readAgain(all)); err != nil {
			return env.StoreError(err, s.Where)
		}
	}
	if env.ForPrograms() {
		err = env.Result(done.json())
	} else {
		err = done.print(env, "")
	}
	return errors.Join(err, done.end())
}

// readAgain lists the failures whose place still exists, and so was read again
// with its source. A repaired folder or archive has no message at the exact
// place of the failure that would resolve it.
//
// A failure of a file that is gone is not resolved: nobody has read its mail.
func readAgain(all []facts.Failure) (ids []int64) {
	for _, f := range all {
		if f.Path == "-" { // standard input is not read again
			continue
		}
		info, err := os.Stat(f.Path)
		if err == nil && info.IsDir() {
			_, err = os.Stat(filepath.Join(f.Path, filepath.FromSlash(f.Name)))
		}
		if err == nil {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// chooseClass keeps the failures of one class, since an import is of one class:
// the class of --as, else that of the first failure. It prints a note about the
// others.
func (f *importFlags) chooseClass(env *cli.Env, all []facts.Failure, given bool) []facts.Failure {
	if len(all) > 0 && !given {
		f.class = class(all[0].Class)
	}
	var chosen []facts.Failure
	for _, x := range all {
		if class(x.Class) == f.class {
			chosen = append(chosen, x)
		}
	}
	if left := len(all) - len(chosen); left > 0 && !given {
		other := class(ingest.Spam)
		if f.class == other {
			other = class(ingest.Ham)
		}
		env.Notef("%s left: collector failures retry --as %s\n", cli.Count(left, "failure", ""), other)
	}
	return chosen
}

// failedPaths lists the sources that hold a failure, each once, and those that are gone.
// Standard input can't be read again.
func failedPaths(all []facts.Failure) (paths, gone []string) {
	seen := map[string]bool{"-": true}
	for _, f := range all {
		if seen[f.Path] {
			continue
		}
		seen[f.Path] = true
		if _, err := os.Stat(f.Path); err != nil {
			gone = append(gone, f.Path)
		} else {
			paths = append(paths, f.Path)
		}
	}
	return paths, gone
}
