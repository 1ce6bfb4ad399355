package export

import "time"

// Objects of STIX 2.1 with the properties that are known here.

// stixTime is a time as STIX 2.1 writes it.
type stixTime time.Time

// MarshalJSON writes the time with milliseconds, which STIX demands for created
// and modified.
func (t stixTime) MarshalJSON() ([]byte, error) {
	return []byte(time.Time(t).UTC().Format(`"2006-01-02T15:04:05.000Z"`)), nil
}

// stamp is an optional time; nil if it is unknown.
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

// stixName refers to an object in another system by its name there.
type stixName struct {
	Source string `json:"source_name"`
	ID     string `json:"external_id"`
}

// stixIdentity is an identity (section 4.5).
type stixIdentity struct {
	stixCore
	Name  string `json:"name"`
	Class string `json:"identity_class"`
}

// stixCampaign is a campaign (section 4.2).
type stixCampaign struct {
	stixCore
	Name        string    `json:"name"`
	Description string    `json:"description"`
	First       *stixTime `json:"first_seen,omitempty"`
	Last        *stixTime `json:"last_seen,omitempty"`
}

// stixInfrastructure is an infrastructure (section 4.8).
type stixInfrastructure struct {
	stixCore
	Name  string    `json:"name"`
	Types []string  `json:"infrastructure_types"`
	First *stixTime `json:"first_seen,omitempty"`
	Last  *stixTime `json:"last_seen,omitempty"`
}

// stixIndicator is an indicator with a detection pattern (section 4.7).
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

// stixRelationship relates two objects (section 5.1).
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

// stixValue is an observable that consists of its value: domain name, address,
// URL, mail address.
type stixValue struct {
	stixObservable
	Value string `json:"value"`
}

// stixTrait is our extension for values that STIX has no observable for.
type stixTrait struct {
	stixObservable
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// stixAS is an autonomous system (section 6.2).
type stixAS struct {
	stixObservable
	Number int64  `json:"number"`
	Name   string `json:"name,omitempty"`
}

// stixFile is a part of a message, known by its hash (section 6.7).
type stixFile struct {
	stixObservable
	Hashes map[string]string `json:"hashes"`
	Size   int64             `json:"size,omitempty"`
	Name   string            `json:"name,omitempty"`
	Mime   string            `json:"mime_type,omitempty"`
}

// stixMessage is an email message (section 6.6).
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

// stixPart is a MIME part, which refers to its file.
type stixPart struct {
	Body        string `json:"body_raw_ref"`
	Content     string `json:"content_type,omitempty"`
	Disposition string `json:"content_disposition,omitempty"`
}
