package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"spoor/internal/cli"
	"spoor/internal/page/serve"
	"spoor/sql/store"
	"spoor/sql/store/access"
	"spoor/sql/store/campaigns"
	"spoor/sql/store/lookups"
	"spoor/sql/store/messages"
)

// serveFlags are the flags of serve.
//
// The zero token means that a new one is made for this call.
type serveFlags struct {
	listen, token string
	names         []string
	decide        bool
}

// serveCommand defines serve.
func serveCommand(env *cli.Env) *cobra.Command {
	var f serveFlags
	c := &cobra.Command{
		Use:   "serve",
		Short: "show the store as pages in a browser",
		Example: `  correlate serve                    then open the address that it prints
  correlate serve --decide           merge, split, name from the page, too
  correlate serve --listen 192.0.2.7:8300 --token token.txt`,
		Long: `Pages are for you alone: the printed address sets a cookie, and requests without it are refused. They are read with a login that can only read; --decide opens a second one. Nothing is fetched from elsewhere, and mail is shown as text. Ctrl-C ends it.

Beyond this machine (--listen) it takes a token of your own, and connections are not encrypted: prefer ssh -L 8300:127.0.0.1:8300.`,
		Args: noWords,
		RunE: func(c *cobra.Command, _ []string) error {
			return withStore(c.Context(), env, f.access(), func(ctx context.Context, s *cli.Session) error {
				return f.run(ctx, env, s)
			})
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	c.Flags().StringVar(&f.listen, "listen", "127.0.0.1:8300", "listen at `ADDRESS:PORT`; port 0 takes a free one")
	c.Flags().StringVar(&f.token, "token", "", "`FILE` that holds the token, of 20 characters or more; else a new one is made")
	c.Flags().StringArrayVar(&f.names, "name", nil, "answer to this host `NAME`, too; may be repeated")
	c.Flags().BoolVar(&f.decide, "decide", false, "allow decisions from the page")
	return c
}

// access is read-only unless decisions are allowed.
//
// With --decide the pages still read with the reader's login: only the handlers
// of decisions have the other.
func (f *serveFlags) access() cli.Access {
	if f.decide {
		return cli.Write
	}
	return cli.Read
}

// run serves until a signal. The address is printed only when it is open, so
// that a program that reads it can connect.
func (f *serveFlags) run(ctx context.Context, env *cli.Env, s *cli.Session) error {
	token, err := f.readToken()
	if err != nil {
		return err
	}
	reader, err := openReader(ctx, env, s)
	if err != nil {
		return err
	}
	defer reader.Close()
	desk := serve.Desk{Env: env, Reader: campaigns.New(reader), Messages: messages.New(reader), Lookups: lookups.New(reader), DB: reader, Where: s.Where}
	if f.decide {
		desk.Decider = campaigns.New(s.DB)
	}
	l, err := net.Listen("tcp", f.listen)
	if err != nil {
		return &cli.Error{Code: cli.Misused, Message: "cannot listen at " + f.listen, Hint: "--listen 127.0.0.1:0 takes a free port.", Err: err}
	}
	at, err := netip.ParseAddrPort(l.Addr().String())
	if err != nil {
		return errors.Join(err, l.Close())
	}
	if !at.Addr().IsLoopback() {
		env.Notef("Warning: others can reach %s, and connections are not encrypted. Anyone with the token can read all mail in this store.\n", at)
	}
	if err := env.Printf("http://%s/?token=%s\n", at, token); err != nil {
		return errors.Join(err, l.Close())
	}
	env.Notef("Open that address. Ctrl-C ends.\n")
	handler := serve.Handler(desk, serve.Access{Token: token, Names: f.names, Port: fmt.Sprint(at.Port())})
	return serveUntil(ctx, l, handler)
}

// readToken returns the token of the file, or a new one. Beyond loopback a file
// of the user's is required.
//
// A token in a file can be shared on purpose. One on the command line would
// stand in the list of processes.
func (f *serveFlags) readToken() (string, error) {
	if f.token != "" {
		text, err := os.ReadFile(f.token)
		if err != nil {
			return "", &cli.Error{Code: cli.Misused, Message: "--token names no file that can be read", Err: err}
		}
		token := strings.TrimSpace(string(text))
		return token, serve.CheckToken(token)
	}
	host, _, err := net.SplitHostPort(f.listen)
	if err != nil {
		return "", cli.Usage("--listen takes ADDRESS:PORT, such as 127.0.0.1:8300")
	}
	// A name other than localhost may resolve to any address.
	if a, err := netip.ParseAddr(host); (err != nil || !a.IsLoopback()) && host != "localhost" {
		return "", cli.Usage("beyond this machine --listen takes --token FILE, too; openssl rand -hex 16 > FILE makes one")
	}
	return serve.NewToken(), nil
}

// openReader connects with a login that can only read. On the user's own server
// it keeps the user's login, in read-only transactions.
//
// PostgreSQL then refuses any change, also one that a fault in a handler would
// try.
func openReader(ctx context.Context, env *cli.Env, s *cli.Session) (*store.DB, error) {
	url := s.URL
	if s.Private {
		admin, err := access.Open(ctx, s.URL)
		if err != nil {
			return nil, err
		}
		if err := errors.Join(admin.Reader(ctx), admin.Close(ctx)); err != nil {
			return nil, err
		}
		url = s.URLOf(access.Login)
	}
	return store.Open(ctx, url, store.Options{ReadOnly: true, Program: "spoor"})
}

// Limits on a client: the time to send its headers, to stay idle, and to
// receive the last answers; and the size of headers in bytes. Without them a
// client that sends slowly would hold a connection for ever.
const (
	headTime = 10 * time.Second
	idleTime = 2 * time.Minute
	lastTime = 5 * time.Second // for answers that are under way at the end
	maxHead  = 64 << 10
)

// serveUntil answers until ctx ends, then lets answers under way finish for
// lastTime.
//
// WithoutCancel is needed, since ctx has ended by then and would end the
// shutdown at once.
func serveUntil(ctx context.Context, l net.Listener, h http.Handler) error {
	s := &http.Server{Handler: h, ReadHeaderTimeout: headTime, ReadTimeout: time.Minute, IdleTimeout: idleTime, MaxHeaderBytes: maxHead}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastTime)
	defer cancel()
	if err := s.Shutdown(last); err != nil {
		err = s.Close()
		return err
	}
	return nil
}
