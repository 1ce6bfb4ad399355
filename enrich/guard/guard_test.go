package guard

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"testing"
	"time"
)

func TestPublic(t *testing.T) {
	for _, tc := range []struct {
		addr string
		want bool
	}{
		{"8.8.8.8", true}, {"127.0.0.1", false}, {"10.0.0.1", false}, {"169.254.169.254", false},
		{"100.64.0.1", false}, {"172.31.255.255", false}, {"172.32.0.1", true}, {"192.168.1.1", false},
		{"192.0.2.1", false}, {"198.19.0.1", false}, {"224.0.0.1", false}, {"255.255.255.255", false}, {"0.0.0.0", false},
		{"::1", false}, {"::", false}, {"fe80::1%eth0", false}, {"fe80::1", false}, {"fc00::1", false}, {"ff02::1", false},
		{"::ffff:127.0.0.1", false}, {"::ffff:8.8.8.8", true}, {"2001:db8::1", false}, {"2606:4700::1111", true},
		{"2002:7f00:1::", false}, {"2002:0808:0808::", true}, {"64:ff9b::10.0.0.1", false}, {"64:ff9b::8.8.8.8", true},
		{"2001:0:1::1", false}, {"4000::1", false},
	} {
		if got := Public(netip.MustParseAddr(tc.addr)); got != tc.want {
			t.Errorf("Public(%s) = %v, want %v", tc.addr, got, tc.want)
		}
	}
	if Public(netip.Addr{}) {
		t.Error("no address is public")
	}
}

// serve answers every connection with f on a loopback port.
func serve(t *testing.T, f func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer c.Close(); f(c) }()
		}
	}()
	return l.Addr().String()
}

func TestOnlyConfiguredServersMayBeLocal(t *testing.T) {
	server := serve(t, func(c net.Conn) { io.WriteString(c, "hello") })
	_, port, _ := net.SplitHostPort(server)
	d := &Dialer{Configured: []string{server}, Ports: []uint16{43}, Timeout: 5 * time.Second}

	c, err := d.DialContext(t.Context(), "tcp", server)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(c); string(b) != "hello" || err != nil {
		t.Errorf("read %q, %v", b, err)
	}

	d.Resolve = func(context.Context, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::ffff:10.0.0.1")}, nil
	}
	d.Dial = func(_ context.Context, _, a string) (net.Conn, error) {
		t.Errorf("dialled %s", a)
		return nil, errors.New("no")
	}
	for _, address := range []string{
		"127.0.0.1:43", "localhost:43", "rebinding.example:43", "[::1]:43", "8.8.8.8:25", "8.8.8.8:" + port,
		"8.8.8.8", "8.8.8.8:0", "8.8.8.8:99999", ":43", "127.1:43", "0x7f.1:43", "[fe80::1%lo]:43",
	} {
		var guarded *Error
		if _, err := d.DialContext(t.Context(), "tcp", address); !errors.As(err, &guarded) {
			t.Errorf("%s: error %v, want a guard's", address, err)
		}
	}
}

func TestTheAddressThatWasCheckedIsDialled(t *testing.T) {
	asked, dialled := 0, ""
	d := &Dialer{Ports: []uint16{43}, Resolve: func(context.Context, string) ([]netip.Addr, error) {
		asked++
		return []netip.Addr{netip.MustParseAddr("8.8.4.4")}, nil
	}, Dial: func(_ context.Context, _, a string) (net.Conn, error) {
		dialled = a
		return nil, errors.New("refused")
	}}
	d.DialContext(t.Context(), "tcp", "whois.example:43")
	if asked != 1 || dialled != "8.8.4.4:43" {
		t.Errorf("resolved %d times, dialled %q", asked, dialled)
	}
}

func TestAnEndlessAnswerEnds(t *testing.T) {
	server := serve(t, func(c net.Conn) {
		for {
			if _, err := c.Write(make([]byte, 4096)); err != nil {
				return
			}
		}
	})
	d := &Dialer{Configured: []string{server}, MaxBytes: 10_000, Timeout: 5 * time.Second}
	c, err := d.DialContext(t.Context(), "tcp", server)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if b, err := io.ReadAll(c); len(b) != 10_000 || !errors.Is(err, ErrTooLarge) {
		t.Errorf("read %d bytes, error %v", len(b), err)
	}
}

func TestADrippingAnswerEnds(t *testing.T) {
	server := serve(t, func(c net.Conn) {
		for {
			if _, err := c.Write([]byte("x")); err != nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	})
	d := &Dialer{Configured: []string{server}, Timeout: 200 * time.Millisecond}
	c, err := d.DialContext(t.Context(), "tcp", server)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	// The server drips for ever: only the deadline ends this.
	if _, err = io.ReadAll(c); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("ended with %v", err)
	}
}
