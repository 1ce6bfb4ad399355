package main

import (
	"runtime"

	"github.com/spf13/cobra"

	"spoor/ingest"
	"spoor/internal/cli"
)

func versionCommand(env *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "this program's version",
		Example: "  collector version --json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if env.JSON() {
				return env.WriteJSON(struct {
					Command   string `json:"command"`
					Version   string `json:"version"`
					Extractor int    `json:"extractor"`
					Go        string `json:"go"`
				}{"version", env.Version, ingest.ExtractorVersion, runtime.Version()})
			}
			return env.Printf("Spoor %s, extractor %d, %s\n", env.Version, ingest.ExtractorVersion, runtime.Version())
		},
	}
}
