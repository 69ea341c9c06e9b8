package collector

// Names that were changed since older states were written.

// A renaming is one name that was changed: of a family; with label, of one of its
// labels; with value too, of a value of that label. family and label are the
// names of that time. Without a family it is of all families, and the values
// also of tracked messages, /unclassified and /blocks.
//
// A name that was given up must not be used for something else: states don't say
// which of the two they mean.
type renaming struct{ family, label, value, now string }

// renamings are in the order in which they were made. A name that is missing here
// makes older states unusable, and a person hears which it is:
//
//	{family: "postfix_old_total", now: "postfix_new_total"},
//	{family: "postfix_deliveries_total", label: "result", now: "status"},
//	{label: "class", value: "spam", now: "spam_rejected"},
var renamings = names{}

// names finds what names in a state are now.
type names []renaming

func (n names) family(family string) string {
	now, _, _ := n.follow(family, "", "")
	return now
}

// label and value take a family's name as it is in the state.
func (n names) label(family, label string) string {
	_, now, _ := n.follow(family, label, "")
	return now
}

func (n names) value(family, label, value string) string {
	_, _, now := n.follow(family, label, value)
	return now
}

// follow goes through the renamings: those that come later speak of the names
// that earlier ones gave.
func (n names) follow(family, label, value string) (string, string, string) {
	for _, r := range n {
		here := r.family == "" || r.family == family
		switch {
		case r.label == "":
			if family == r.family {
				family = r.now
			}
			if label == familyLabel && value == r.family { // it may be a value, too
				value = r.now
			}
		case r.value == "":
			if here && label == r.label {
				label = r.now
			}
		case here && label == r.label && value == r.value:
			value = r.now
		}
	}
	return family, label, value
}

// familyLabel is the label whose values are families.
const familyLabel = "family"
