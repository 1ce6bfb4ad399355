package rdap

import (
	"net/http"

	"spoor/enrich"
)

// ofStatus maps an HTTP status, or an errorCode in an answer, to an Outcome. RFC 7480,
// section 5: 404 is "no such thing", 429 "too often".
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
