package cluster

import (
	"context"
	"os"
	"testing"
	"time"
)

func TestQuick(t *testing.T) {
	home, _ := os.MkdirTemp("/tmp/cluster", "q")
	o := Options{Home: home + "/x", Create: true, Notice: func(s string) { t.Log(s) }}
	os.Chmod(home, 0o711)
	for range 3 {
		at := time.Now()
		c, err := Open(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Log("open", time.Since(at), c.URL(), c.Version())
		at = time.Now()
		c2, err := Open(context.Background(), o)
		t.Log("join", time.Since(at), err)
		i, err := Status(context.Background(), o)
		t.Log(i, err)
		c2.Close()
		at = time.Now()
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		t.Log("close", time.Since(at))
	}
}
