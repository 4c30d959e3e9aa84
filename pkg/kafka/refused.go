package kafka

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"

	kafkago "github.com/segmentio/kafka-go"

	"github.com/vigie-project/vigie/pkg/config"
)

// refusal is why a broker that is there does not let this client in.
type refusal struct {
	err error
	// hint says what to look at.
	hint string
	// final: waiting changes nothing.
	final bool
}

// refusalOf tells what an error of connecting means under a configuration. Its
// hint is "" for what is no refusal.
func refusalOf(err error, k *config.Kafka) refusal {
	var (
		unknownAuthority x509.UnknownAuthorityError
		otherName        x509.HostnameError
		expired          x509.CertificateInvalidError
		notTLS           tls.RecordHeaderError
		remote           *net.OpError
	)
	switch {
	case errors.Is(err, kafkago.SASLAuthenticationFailed):
		return refusal{err, "user name, password or mechanism is not one of the broker's: look at kafka.sasl", true}
	case errors.Is(err, kafkago.UnsupportedSASLMechanism), errors.Is(err, kafkago.IllegalSASLState):
		return refusal{err, "the broker wants another kafka.sasl.mechanism at this port", true}
	case errors.As(err, &unknownAuthority):
		return refusal{err, "kafka.tls.ca_file must hold the authority that signed the broker's certificate", true}
	case errors.As(err, &otherName):
		return refusal{err, "the broker's certificate is for another host: correct kafka.brokers or set kafka.tls.server_name", true}
	case errors.As(err, &expired):
		return refusal{err, "the broker's certificate is not valid (now, or for this use)", true}
	case errors.As(err, &notTLS):
		return refusal{err, "the broker does not speak TLS at this port: another port, or kafka.tls.enabled: false", true}
	case errors.As(err, &remote) && remote.Op == "remote error":
		return refusal{err, "the broker does not take this client's certificate: look at kafka.tls.cert_file and key_file", true}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return refusal{err, closed(k), false}
	}
	return refusal{err: err}
}

// closed is what may be in the way where a broker closes the connection
// without a word, as it does also while it starts.
func closed(k *config.Kafka) string {
	switch {
	case !k.TLS.Enabled:
		return "the broker closed the connection: does it want TLS (kafka.tls.enabled), or a user (kafka.sasl)?"
	case k.SASL.Mechanism == "":
		return "the broker closed the connection: does it want a user (kafka.sasl), or no TLS (kafka.tls.enabled)?"
	default:
		return "the broker closed the connection: does it speak TLS at this port (kafka.tls.enabled), and want a user (kafka.sasl)?"
	}
}
