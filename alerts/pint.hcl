# pint -c alerts/pint.hcl --offline lint alerts/*.yaml: what the rules of this folder keep.
parser {
  include = ["alerts/(flow|bounces|inbound|exporter|fleet).yaml"]
}

rule {
  match { kind = "alerting" }
  label "severity" {
    severity = "bug"
    required = true
    value    = "critical|warning|info|none"
  }
  annotation "summary" {
    severity = "bug"
    required = true
    value    = "[^{]+" # static: it is the heading of a group of alerts
  }
  annotation "description" {
    severity = "bug"
    required = true
  }
  annotation "runbook_url" {
    severity = "bug"
    required = true
    value    = "https://.+#[a-z]+"
  }
  annotation "dashboard_url" {
    severity = "bug"
    required = true
    value    = "https://.+/postfix-[a-z]+.*"
  }
}

rule {
  match { kind = "recording" }
  name "[a-z_]+:postfix_[a-z_]+:[a-z]+[0-9]*[a-z]*" {
    severity = "bug"
  }
}
