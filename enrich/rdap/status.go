package rdap

import (
	"net/http"

	"spoor/enrich"
)

// ofStatus maps an HTTP status, or an errorCode in an answer, to an Outcome. By
// RFC 7480 section 5, 404 means that the object does not exist and 429 that
// there were too many questions.
//
// Refused is final, Failed is tried again. Server errors (5xx) and unknown
// codes are of the latter kind.
func ofStatus(code int) enrich.Outcome {
	switch code {
	case http.StatusOK:
		return enrich.Answered
	case http.StatusNotFound, http.StatusGone:
		return enrich.None
	case http.StatusTooManyRequests:
		return enrich.Throttled
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusNotAcceptable,
		http.StatusUnprocessableEntity, http.StatusUnavailableForLegalReasons, http.StatusNotImplemented:
		return enrich.Refused
	}
	return enrich.Failed
}
