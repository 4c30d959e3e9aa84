package event

// Class is the closed set of reasons why a record can never be read; the
// dead-letter header error-class carries it.
type Class string

// The classes of permanent errors.
const (
	ClassJSON     Class = "json"      // the value is not JSON
	ClassEnvelope Class = "envelope"  // the CloudEvents envelope lacks a field or has one of a wrong type
	ClassData     Class = "data"      // data is not what the type says
	ClassType     Class = "type"      // the event's type is unknown
	ClassFormat   Class = "format"    // the value is not of the topic's format
	ClassTooLarge Class = "too_large" // the value is over the configured size
)

// Classes lists the classes.
func Classes() []Class {
	return []Class{ClassJSON, ClassEnvelope, ClassData, ClassType, ClassFormat, ClassTooLarge}
}

// PermanentError says that reading the same record again can't succeed. Its
// message names fields and places, never a text of the value.
type PermanentError struct {
	Class   Class
	Message string
}

// Error returns the class and the message.
func (e *PermanentError) Error() string { return string(e.Class) + ": " + e.Message }
