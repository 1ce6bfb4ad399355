package main

import (
	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/format"
	"spoor/internal/report/message"
)

// declare declares the results of each command for programs, by its name.
//
// The shapes serve three ends: --json and --format check their options against
// them, a schema can be printed, and a test finds commands without one. List
// names the key whose elements --format csv writes as rows.
//
// A name that is no command panics at the start, which every test would notice.
func declare(env *cli.Env, root *cobra.Command) {
	env.Declare(root, map[string][]format.Shape{
		"collector":           {format.One[placeJSON]()},
		"run":                 {format.List[runJSON]("correlate.campaigns")},
		"import":              {format.List[importJSON]("sources")},
		"watch":               {format.Stream[burstJSON]()},
		"enrich":              {format.List[enrichJSON]("sources"), format.List[planJSON]("plans")},
		"lookup":              {format.List[lookupJSON]("observations")},
		"import-observations": {format.One[observationsJSON]()},
		"reparse":             {format.One[reparseJSON]()},
		"failures":            {format.List[failuresJSON]("failures")},
		"failures list":       {format.List[failuresJSON]("failures")},
		"failures retry":      {format.List[importJSON]("sources"), format.One[nothingJSON]()},
		"show":                {format.List[message.Document]("links")},
		"status":              {format.One[statusJSON]()},
		"config check":        {format.List[configJSON]("settings")},
		"db url":              {format.One[urlJSON]()},
		"db start":            {format.One[clusterJSON]()},
		"db stop":             {format.One[stoppedJSON]()},
		"db status":           {format.One[clusterJSON]()},
		"db grant":            {format.One[grantJSON]()},
		"db revoke":           {format.One[revokeJSON]()},
		"db grants":           {format.List[grantsJSON]("logins")},
		"own-mx add":          {format.One[ownChangeJSON]()},
		"own-mx remove":       {format.One[ownChangeJSON]()},
		"own-mx list":         {format.List[ownListJSON]("own")},
		"own-domain add":      {format.One[ownChangeJSON]()},
		"own-domain remove":   {format.One[ownChangeJSON]()},
		"own-domain list":     {format.List[ownListJSON]("own")},
		"forget":              {format.One[forgetJSON]()},
		"backup":              {format.One[backupJSON]()},
		"restore":             {format.One[backupJSON]()},
		"destroy":             {format.One[destroyJSON]()},
	})
}
