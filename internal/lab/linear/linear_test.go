package linear

import (
	"strings"
	"testing"
)

// recorder takes the verdict instead of failing the test.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failed = true }

func TestCheckTellsQuadraticWork(t *testing.T) {
	build := func(n int) string { return strings.Repeat("a", n) }
	count := func(s string) (n int) {
		for range s {
			n++
		}
		return n
	}
	var linear, quadratic recorder
	Check(&linear, 1<<24, build, func(s string) { count(s) })
	Check(&quadratic, 1<<13, build, func(s string) {
		for i := range s {
			count(s[i:])
		}
	})
	if linear.failed || !quadratic.failed {
		t.Errorf("linear work failed %v, quadratic work failed %v", linear.failed, quadratic.failed)
	}
}
