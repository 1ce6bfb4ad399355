package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// manTree is a program whose texts hold characters with a meaning in roff.
func manTree() *cobra.Command {
	root := &cobra.Command{Use: "collector", Short: "stores mail", RunE: func(*cobra.Command, []string) error { return nil }}
	read := &cobra.Command{
		Use: "read PATH...", Short: "read it's way", RunE: root.RunE,
		Example: "  collector read '*.example.org' C:\\new",
		Long:    ".so /etc/passwd\n'tm 1\n\n  a  table\n  of two lines",
	}
	read.Flags().StringP("own", "o", "", "`PATTERN` our servers\nMay be given again.")
	read.Flags().Bool("secret", false, "")
	if err := read.Flags().MarkHidden("secret"); err != nil {
		panic(err)
	}
	root.AddCommand(read)
	return root
}

func TestManPages(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "man1")
	env, stdout, stderr := fakeEnv("man", dir)
	env.Version, env.Getenv = "1.2", func(name string) string {
		return map[string]string{"SOURCE_DATE_EPOCH": "86400"}[name]
	}
	if code := Execute(t.Context(), env, manTree()); code != Done {
		t.Fatalf("exit %d: %s%s", code, stdout, stderr)
	}
	text, err := os.ReadFile(filepath.Join(dir, "collector-read.1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		".TH COLLECTOR\\-READ 1 \"1970-01-02\" \"Spoor 1.2\" \"Spoor\"\n",
		`collector\-read \- read it\(aqs way`,
		"collector read \\(aq*.example.org\\(aq C:\\enew\n",
		"\\&.so /etc/passwd\n\\(aqtm 1\n.PP\n.br\n  a  table\n.br\n",
		"\\fB\\-o\\fR, \\fB\\-\\-own\\fR \\fIPATTERN\\fR\nour servers.\nMay be given again.\n",
		"\\fB130\\fR\nstopped by a signal",
		`\fBcollector\fR(1)`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(string(text), "secret") {
		t.Error("a hidden flag is told")
	}
	for _, page := range []string{"collector.1", "collector-completion-bash.1"} {
		if _, err := os.Stat(filepath.Join(dir, page)); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "collector-man.1")); err == nil {
		t.Error("the hidden command has a page")
	}
}
