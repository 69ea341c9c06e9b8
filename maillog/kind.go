package maillog

// String is the kind's name.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "invalid"
}

var kindNames = [kinds]string{
	"Unrecognized", "Note", "Problem", "Delivery", "AttemptFailed", "ConnectFailed", "Connect", "Disconnect",
	"LostConnection", "ProtocolAbuse", "RateLimited", "Client", "Restriction", "ContentCheck", "SASLFailed",
	"TLSEstablished", "TLSFailed", "MessageID", "Pickup", "Active", "Expired", "Removed", "Notification",
	"Postscreen", "DNSBLListed", "AnvilStatistics", "Lifecycle", "QueueAction",
}
