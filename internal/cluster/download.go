package cluster

import (
	"context"
	"errors"
	"path/filepath"
)

const defaultMajor = 17

func (p *place) fetchedDir() string { return filepath.Join(p.base, "postgresql") }

func (p *place) fetchBinaries(ctx context.Context, want int) (binaries, error) {
	return binaries{}, errors.ErrUnsupported
}
