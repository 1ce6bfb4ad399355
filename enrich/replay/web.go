package replay

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"spoor/enrich/guard"
)

// RoundTripper puts the Tape between an HTTP client and its transport.
func (t *Tape) RoundTripper(next http.RoundTripper) http.RoundTripper {
	if t.recording {
		return &webRecorder{t, next}
	}
	return &webPlayer{t}
}

// kept are the header fields that readers of answers use.
var kept = []string{"Content-Type", "Location", "Retry-After"}

// webRecorder is a transport that records.
type webRecorder struct {
	tape *Tape
	next http.RoundTripper
}

// RoundTrip asks, and records the answer once it was read.
//
// The body is read whole before it is passed on; the limit is that of the
// guard, and a byte more shows that there is more.
func (w *webRecorder) RoundTrip(req *http.Request) (*http.Response, error) {
	a := &Answer{Protocol: web, Server: req.URL.Host, Question: req.URL.String(), Asked: time.Now()}
	resp, err := w.next.RoundTrip(req)
	if err != nil {
		if guarded, ok := errors.AsType[*guard.Error](err); ok {
			return nil, guarded // judged again in a replay
		}
		a.Error = wordsOf(err)
		w.tape.keep(a)
		return nil, err
	}
	a.Header = append(a.Header, [2]string{"Status", resp.Status})
	for _, name := range kept {
		if v := resp.Header.Get(name); v != "" {
			a.Header = append(a.Header, [2]string{name, v})
		}
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, guard.MaxAnswer+1))
	a.Error, a.Body = wordsOf(err), body
	w.tape.keep(a)
	resp.Body = &replayed{rest: bytes.NewReader(body), end: err, Closer: resp.Body}
	return resp, nil
}

// replayed is a body that was already read.
type replayed struct {
	rest *bytes.Reader
	end  error
	io.Closer
}

// Read returns the rest of the body, and at its end the error of the original.
func (r *replayed) Read(b []byte) (int, error) {
	n, err := r.rest.Read(b)
	if errors.Is(err, io.EOF) && r.end != nil {
		err = r.end
	}
	return n, err
}

// webPlayer is a transport that answers from the folder.
type webPlayer struct{ tape *Tape }

// RoundTrip answers from the folder.
func (w *webPlayer) RoundTrip(req *http.Request) (*http.Response, error) {
	url := req.URL.String()
	a, err := w.tape.find(web, req.URL.Host, url)
	if err != nil {
		return nil, err
	}
	noteTime(req.Context(), url, a.Asked)
	if len(a.Body) == 0 && a.Error != "" && a.get("Status") == "" {
		return nil, errorOf(a.Error)
	}
	number, _, _ := strings.Cut(a.get("Status"), " ")
	code, err := strconv.Atoi(number)
	if err != nil {
		return nil, fmt.Errorf("no HTTP status: %q", a.get("Status"))
	}
	resp := &http.Response{
		Status: a.get("Status"), StatusCode: code, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, ContentLength: -1, Request: req,
		Body: &replayed{rest: bytes.NewReader(a.Body), end: errorOf(a.Error), Closer: io.NopCloser(nil)},
	}
	for _, name := range kept {
		if v := a.get(name); v != "" {
			resp.Header.Set(name, v)
		}
	}
	return resp, nil
}
