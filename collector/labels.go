package collector

// The keys of the families: a struct of strings each, so that swapped values
// don't compile. A tag is the label's name. Open labels take their values from
// the log or from rules, and become "other" when the family is full.

// NoLabels is the key of families that have none besides their closed sets.
type NoLabels struct{}

// InstanceLabels belong to what is known of a Postfix instance as a whole.
type InstanceLabels struct {
	InstanceName string `label:"instance_name,open"`
}

// ServiceLabels belong to the SMTP server's sessions.
type ServiceLabels struct {
	InstanceName string `label:"instance_name,open"`
	Service      string `label:"service,open"`
}

// DaemonLabels belong to what any daemon may log.
type DaemonLabels struct {
	InstanceName string `label:"instance_name,open"`
	Daemon       string `label:"daemon,open"`
}

// DeliveryLabels belong to delivery records.
type DeliveryLabels struct {
	InstanceName string `label:"instance_name,open"`
	Service      string `label:"service,open"`
	Daemon       string `label:"daemon,open"`
	Provider     string `label:"provider,open"`
}

// DelayLabels belong to the delay of what was sent.
type DelayLabels struct {
	InstanceName string `label:"instance_name,open"`
	Daemon       string `label:"daemon,open"`
	Provider     string `label:"provider,open"`
}

// FailureLabels belong to deliveries that failed.
type FailureLabels struct {
	InstanceName string `label:"instance_name,open"`
	Daemon       string `label:"daemon,open"`
	Provider     string `label:"provider,open"`
	Class        string `label:"class"`
	Kind         string `label:"kind"`
}

// ExpirationLabels belong to recipients given up on.
type ExpirationLabels struct {
	InstanceName string `label:"instance_name,open"`
	Provider     string `label:"provider,open"`
	Class        string `label:"class"`
	Kind         string `label:"kind"`
}

// ProviderLabels belong to connections that came to nothing.
type ProviderLabels struct {
	InstanceName string `label:"instance_name,open"`
	Provider     string `label:"provider,open"`
}

// BlockLabels belong to who blocks us, and what is to be done. They are from the
// rules, never from a reply.
type BlockLabels struct {
	Provider string `label:"provider"`
	Class    string `label:"class"`
	List     string `label:"list"`
	Hint     string `label:"hint"`
	Link     string `label:"link"`
}

// ReceivedLabels belong to messages accepted.
type ReceivedLabels struct {
	InstanceName string `label:"instance_name,open"`
	Service      string `label:"service,open"`
	Daemon       string `label:"daemon,open"`
	SASLMethod   string `label:"sasl_method"`
}

// LoginLabels belong to SASL logins.
type LoginLabels struct {
	InstanceName string `label:"instance_name,open"`
	Service      string `label:"service,open"`
	Method       string `label:"method"`
}

// RejectLabels belong to what was refused in an SMTP session.
type RejectLabels struct {
	InstanceName string `label:"instance_name,open"`
	Service      string `label:"service,open"`
	Daemon       string `label:"daemon,open"`
	Stage        string `label:"stage"`
	Code         string `label:"code,open"`
	Reason       string `label:"reason,open"`
}

// DNSBLLabels belong to what was refused because of a DNS list.
type DNSBLLabels struct {
	InstanceName string `label:"instance_name,open"`
	Daemon       string `label:"daemon,open"`
	DNSBL        string `label:"dnsbl,open"`
}

// ContentLabels belong to what content checks, milters and access maps did.
type ContentLabels struct {
	InstanceName string `label:"instance_name,open"`
	Daemon       string `label:"daemon,open"`
	Source       string `label:"source"`
	Action       string `label:"action"`
}

// TLSLabels belong to TLS sessions.
type TLSLabels struct {
	InstanceName string `label:"instance_name,open"`
	Direction    string `label:"direction"`
	Trust        string `label:"trust"`
	Protocol     string `label:"protocol,open"`
	Cipher       string `label:"cipher,open"`
}

// QueueLabels belong to a queue whose number is not always known.
type QueueLabels struct {
	Queue string `label:"queue"`
}

// QueueProviderLabels belong to what waits for a provider.
type QueueProviderLabels struct {
	Queue    string `label:"queue"`
	Provider string `label:"provider,open"`
}

// WaitingLabels belong to recipients who wait.
type WaitingLabels struct {
	Queue    string `label:"queue"`
	Provider string `label:"provider,open"`
	Class    string `label:"class"`
}

// FamilyLabels name a family of this exporter.
type FamilyLabels struct {
	Family string `label:"family"`
}
