package cli

import (
	"runtime"
	"runtime/debug"
	"slices"

	"github.com/spf13/cobra"

	"spoor/ingest"
	"spoor/internal/format"
)

// release is the version that a packager built; the linker sets it.
var release string

// version returns the version from the linker or from the build information.
//
// A build from a checkout has its commit, so that a report of a fault says
// which code ran.
func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "devel-" + s.Value[:12]
		}
	}
	return "devel"
}

// versionJSON is the output of version.
type versionJSON struct {
	Version   string `json:"version"`
	Extractor int    `json:"extractor"`
	Go        string `json:"go"`
}

// versionCommand is "version"; --version does the same.
func versionCommand(env *Env) *cobra.Command {
	c := &cobra.Command{
		Use:   "version",
		Short: "this program's version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if env.ForPrograms() {
				return env.Result(versionJSON{env.Version, ingest.ExtractorVersion, runtime.Version()})
			}
			return env.Printf("Spoor %s, extractor %d, %s\n", env.Version, ingest.ExtractorVersion, runtime.Version())
		},
	}
	return env.Prints(c, format.One[versionJSON]())
}

// wantsVersion looks for --version before the words of a command.
func wantsVersion(args []string) bool {
	n := slices.IndexFunc(args, func(a string) bool { return a == "" || a[0] != '-' || a == "--" })
	if n >= 0 {
		args = args[:n]
	}
	return slices.Contains(args, "--version")
}

// versionOf finds the command version, which every program has.
func versionOf(root *cobra.Command) *cobra.Command {
	i := slices.IndexFunc(root.Commands(), func(c *cobra.Command) bool { return c.Name() == "version" })
	return root.Commands()[i]
}
