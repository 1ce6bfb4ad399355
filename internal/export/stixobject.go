package export

import "time"

// Objects of STIX 2.1 with the properties that are known here.

type stixTime time.Time

// MarshalJSON writes the time with milliseconds, which STIX demands for created
// and modified.
func (t stixTime) MarshalJSON() ([]byte, error) {
	return []byte(time.Time(t).UTC().Format(`"2006-01-02T15:04:05.000Z"`)), nil
}

func stamp(t time.Time) *stixTime {
	if t.IsZero() {
		return nil
	}
	s := stixTime(t)
	return &s
}

// stixCore is common to domain and relationship objects.
type stixCore struct {
	Type       string     `json:"type"`
	Spec       string     `json:"spec_version"`
	ID         string     `json:"id"`
	Author     string     `json:"created_by_ref,omitempty"`
	Created    stixTime   `json:"created"`
	Modified   stixTime   `json:"modified"`
	Confidence *int       `json:"confidence,omitempty"`
	References []stixName `json:"external_references,omitempty"`
}

type stixName struct {
	Source string `json:"source_name"`
	ID     string `json:"external_id"`
}

type stixIdentity struct {
	stixCore
	Name  string `json:"name"`
	Class string `json:"identity_class"`
}

type stixCampaign struct {
	stixCore
	Name        string    `json:"name"`
	Description string    `json:"description"`
	First       *stixTime `json:"first_seen,omitempty"`
	Last        *stixTime `json:"last_seen,omitempty"`
}

type stixInfrastructure struct {
	stixCore
	Name  string    `json:"name"`
	Types []string  `json:"infrastructure_types"`
	First *stixTime `json:"first_seen,omitempty"`
	Last  *stixTime `json:"last_seen,omitempty"`
}

type stixIndicator struct {
	stixCore
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Types       []string `json:"indicator_types"`
	Pattern     string   `json:"pattern"`
	PatternType string   `json:"pattern_type"`
	From        stixTime `json:"valid_from"`
	Until       stixTime `json:"valid_until"`
}

type stixRelationship struct {
	stixCore
	Kind        string    `json:"relationship_type"`
	Description string    `json:"description,omitempty"`
	Source      string    `json:"source_ref"`
	Target      string    `json:"target_ref"`
	Start       *stixTime `json:"start_time,omitempty"`
	Stop        *stixTime `json:"stop_time,omitempty"`
}

// stixObservable is common to observables.
type stixObservable struct {
	Type string `json:"type"`
	Spec string `json:"spec_version"`
	ID   string `json:"id"`
}

type stixValue struct {
	stixObservable
	Value string `json:"value"`
}

type stixTrait struct {
	stixObservable
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

type stixAS struct {
	stixObservable
	Number int64  `json:"number"`
	Name   string `json:"name,omitempty"`
}

type stixFile struct {
	stixObservable
	Hashes map[string]string `json:"hashes"`
	Size   int64             `json:"size,omitempty"`
	Name   string            `json:"name,omitempty"`
	Mime   string            `json:"mime_type,omitempty"`
}

type stixMessage struct {
	stixObservable
	Multipart bool       `json:"is_multipart"`
	Date      *stixTime  `json:"date,omitempty"`
	Content   string     `json:"content_type,omitempty"`
	From      string     `json:"from_ref,omitempty"`
	MessageID string     `json:"message_id,omitempty"`
	Subject   string     `json:"subject,omitempty"`
	Parts     []stixPart `json:"body_multipart,omitempty"`
}

type stixPart struct {
	Body        string `json:"body_raw_ref"`
	Content     string `json:"content_type,omitempty"`
	Disposition string `json:"content_disposition,omitempty"`
}
