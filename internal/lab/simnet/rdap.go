package simnet

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// serveRDAP answers RDAP requests (RFC 9082), and those for the bootstrap
// files.
//
// Paths are compared without regard to case, which is more than RFC 9082 asks.
func (s *server) serveRDAP(w http.ResponseWriter, r *http.Request) {
	question := strings.ToLower(strings.TrimPrefix(r.URL.Path, "/"))
	if _, subject, ok := strings.Cut(question, "/"); ok && s.ix.specialPath(subject) {
		question = subject
	}
	v := s.begin(question, "tcp")
	if v.Fault == Blackhole {
		<-r.Context().Done()
		s.end(v, "fault")
		return
	}
	if !s.wait(v.Latency) {
		s.end(v, "fault")
		return
	}
	if s.httpRefusal(w, r, v) {
		return
	}
	status, body, outcome := s.rdapAnswer(v, strings.ToLower(r.URL.Path))
	s.end(v, outcome)
	w.Header().Set("Content-Type", "application/rdap+json")
	w.WriteHeader(status)
	w.Write(body)
}

// specialPath: a question that World.Special names is counted by its subject
// alone.
func (ix *index) specialPath(subject string) bool {
	_, ok := ix.Special[subject]
	return ok
}

// httpRefusal answers without RDAP: limits, redirects and faults.
//
// A limit comes before a redirect, as a server that refuses gives no hints.
func (s *server) httpRefusal(w http.ResponseWriter, r *http.Request, v verdict) bool {
	outcome := "fault"
	switch {
	case v.throttled:
		if v.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(v.RetryAfter))
		}
		rdapError(w, http.StatusTooManyRequests, "Too many requests")
		outcome = "throttled"
	case v.Refuse:
		rdapError(w, http.StatusForbidden, "Access denied")
		outcome = "refused"
	case v.Redirect != "":
		w.Header().Set("Location", v.Redirect)
		w.WriteHeader(http.StatusFound)
		outcome = "answered"
	case v.Raw != nil:
		w.Header().Set("Content-Type", "application/rdap+json")
		w.Write(v.Raw)
		outcome = "answered"
	case !s.httpFault(w, r, v):
		return false
	}
	s.end(v, outcome)
	return true
}

// httpFault acts out a Fault; false if there is none that HTTP has.
func (s *server) httpFault(w http.ResponseWriter, r *http.Request, v verdict) bool {
	w.Header().Set("Content-Type", "application/rdap+json")
	switch v.Fault {
	case Lame:
		rdapError(w, http.StatusInternalServerError, "Internal error")
	case Reset:
		w.Header().Set("Content-Length", "4096")
		w.Write([]byte(`{"objectClassName":"domain","ldhName":"`))
		flush(w)
		// The client has read the first part by then, in most cases; the reset
		// discards the rest.
		time.Sleep(20 * time.Millisecond)
		hijack(w, true)
	case Closed:
		hijack(w, false)
	case Binary:
		w.Write(binaryNoise())
	case HTMLPage:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write([]byte(htmlPage))
	case Endless:
		stream(w, r, `{"notices":[`, `{"title":"more"},`, 1<<40)
	case HugeJSON:
		stream(w, r, `{"objectClassName":"domain","notices":[`, `{"title":"more"},`, 10<<20)
		w.Write([]byte(`{}]}`))
	// A hundred thousand levels: a recursive parser without a limit overflows
	// its stack.
	case DeepJSON:
		w.Write([]byte(strings.Repeat(`{"entities":[`, 100_000) + strings.Repeat(`]}`, 100_000)))
	case Drip:
		for s.wait(time.Second) {
			if _, err := w.Write([]byte("{")); err != nil {
				break
			}
			flush(w)
			if r.Context().Err() != nil {
				break
			}
		}
	default:
		return false
	}
	return true
}

// stream writes size bytes of the same piece, or until the caller has gone.
func stream(w http.ResponseWriter, r *http.Request, head, piece string, size int64) {
	w.Write([]byte(head))
	pieces := []byte(strings.Repeat(piece, 1000))
	for written := int64(0); written < size && r.Context().Err() == nil; written += int64(len(pieces)) {
		if _, err := w.Write(pieces); err != nil {
			return
		}
	}
}

func flush(w http.ResponseWriter) {
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
}

// hijack ends the connection under an answer.
func hijack(w http.ResponseWriter, rst bool) {
	h, ok := w.(http.Hijacker)
	if !ok {
		return
	}
	c, _, err := h.Hijack()
	if err != nil {
		return
	}
	if rst {
		reset(c)
		return
	}
	c.Close()
}

func rdapError(w http.ResponseWriter, status int, title string) {
	w.Header().Set("Content-Type", "application/rdap+json")
	w.WriteHeader(status)
	w.Write(errorBody(status, title))
}

func errorBody(status int, title string) []byte {
	return toJSON(object{"rdapConformance": list{"rdap_level_0"}, "errorCode": status, "title": title, "description": list{title + "."}})
}

// Values of JSON.
type (
	object = map[string]any // encoding/json sorts its keys
	list   = []any
)

// toJSON encodes an answer.
func toJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return []byte(`{"errorCode":500}`)
	}
	return b
}

// rdapAnswer returns the answer to a path.
//
// An unknown class is a bad request (RFC 7480 section 5.4), an unknown object
// 404 (section 5.3).
func (s *server) rdapAnswer(v verdict, path string) (status int, body []byte, outcome string) {
	if s.key == keyBootstrap {
		if file := s.ix.bootstrap(strings.TrimPrefix(path, "/")); file != nil {
			return http.StatusOK, file, "answered"
		}
		return http.StatusNotFound, errorBody(404, "Not found"), "none"
	}
	class, subject, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	var answer object
	switch class {
	case "domain":
		answer = s.rdapDomain(subject, v.Refers)
	case "ip":
		answer = s.rdapIP(subject)
	case "autnum":
		answer = s.rdapAutnum(subject)
	case "entity":
		answer = s.rdapEntity(subject)
	case "help":
		answer = object{"notices": list{object{"title": "Help", "description": list{"A simulated server."}}}}
	default:
		return http.StatusBadRequest, errorBody(400, "Bad request"), "refused"
	}
	if answer == nil {
		return http.StatusNotFound, errorBody(404, "Not found"), "none"
	}
	answer["rdapConformance"] = list{"rdap_level_0", "icann_rdap_response_profile_1", "redacted"}
	answer["notices"] = append(asList(answer["notices"]), object{
		"title": "Terms of Use", "description": list{"Service subject to Terms of Use."},
		"links": list{object{"href": "https://www.example.com/terms", "type": "text/html"}},
	})
	return http.StatusOK, toJSON(answer), "answered"
}

func asList(v any) list {
	l, _ := v.(list)
	return l
}
