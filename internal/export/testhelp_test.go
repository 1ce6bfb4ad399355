package export

import (
	"io"

	"spoor/internal/dossier"
)

// writePart is a writer that loses its input.
func writePart(w io.Writer, campaigns []dossier.Campaign, _ Options) (int, error) {
	_, err := io.WriteString(w, "one\n")
	return indicators(campaigns), err
}
