package stand

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// startAlertmanager runs one that tells nobody: its page shows what would be told.
func (s *Stand) startAlertmanager(ctx context.Context) error {
	if s.options.Alertmanager == "" {
		return nil
	}
	config, err := s.write("alertmanager.yml", "route:\n  receiver: page\n  group_by: [alertname, instance, provider]\n  group_wait: 5s\nreceivers:\n  - name: page\n")
	if err != nil {
		return err
	}
	return s.start(ctx, "alertmanager", "http://"+s.options.AlertmanagerAt+"/-/ready", s.options.Alertmanager,
		"--config.file="+config, "--storage.path="+filepath.Join(s.options.Dir, "alertmanager"),
		"--web.listen-address="+s.options.AlertmanagerAt, "--cluster.listen-address=")
}

func (s *Stand) startPrometheus(ctx context.Context) error {
	text, err := s.prometheusConfig()
	if err != nil {
		return err
	}
	config, err := s.write("prometheus.yml", text)
	if err != nil {
		return err
	}
	return s.start(ctx, "prometheus", "http://"+s.options.PrometheusAt+"/-/ready", s.options.Prometheus,
		"--config.file="+config, "--storage.tsdb.path="+s.data(), "--storage.tsdb.retention.time=30d", "--web.listen-address="+s.options.PrometheusAt,
		"--rules.alert.for-grace-period=0s") // the history's alerts go on
}

// prometheusConfig scrapes the hosts under the names that they have in the history.
func (s *Stand) prometheusConfig() (string, error) {
	rules, err := s.ruleFiles()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "global:\n  scrape_interval: 15s\n  evaluation_interval: 15s\n")
	if len(rules) > 0 {
		fmt.Fprintf(&b, "rule_files:\n  - %s\n", strings.Join(rules, "\n  - "))
	}
	if s.options.Alertmanager != "" {
		fmt.Fprintf(&b, "alerting:\n  alertmanagers:\n    - static_configs: [{targets: [%q]}]\n", s.options.AlertmanagerAt)
	}
	fmt.Fprintf(&b, "scrape_configs:\n  - job_name: postfix\n    static_configs:\n      - targets: [%s]\n", strings.Join(s.fleet.instances(), ", "))
	fmt.Fprintf(&b, "    relabel_configs:\n"+
		"      - {source_labels: [__address__], target_label: instance}\n"+
		"      - {source_labels: [__address__], target_label: __metrics_path__, replacement: /$1}\n"+
		"      - {target_label: __address__, replacement: %q}\n", s.fleet.at)
	if s.options.Exporter != "" {
		fmt.Fprintf(&b, "  - job_name: postfix-sample\n    static_configs:\n      - targets: [%q]\n", s.options.Exporter)
	}
	return b.String(), nil
}

var hasGroups = regexp.MustCompile(`(?m)^groups:`)

// ruleFiles are those of alerts/ that are there: other YAML lies beside them.
func (s *Stand) ruleFiles() (all []string, err error) {
	files, err := filepath.Glob(filepath.Join(s.alerts(), "*.yaml"))
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if hasGroups.Match(text) {
			all = append(all, name)
		}
	}
	return all, nil
}

const grafanaConfig = `[paths]
data = DIR/grafana
logs = DIR/grafana/log
plugins = DIR/grafana/plugins
provisioning = DIR/provisioning
[server]
http_addr = HOST
http_port = PORT
[auth.anonymous]
enabled = true
org_role = Viewer
[auth]
disable_login_form = true
[analytics]
reporting_enabled = false
check_for_updates = false
check_for_plugin_updates = false
feedback_links_enabled = false
[news]
news_feed_enabled = false
[security]
angular_support_enabled = false
disable_gravatar = true
[unified_alerting]
enabled = false
[alerting]
enabled = false
[dashboards]
default_home_dashboard_path = REPOSITORY/dashboards/postfix-overview.json
[log]
level = warn
`

// startGrafana gives it the provisioning files that we ship, with our addresses.
func (s *Stand) startGrafana(ctx context.Context) error {
	if s.options.Grafana == "" {
		return nil
	}
	if err := s.provision(); err != nil {
		return err
	}
	host, port, _ := strings.Cut(s.options.GrafanaAt, ":")
	config, err := s.write("grafana.ini", strings.NewReplacer("DIR", s.options.Dir, "HOST", host, "PORT", port, "REPOSITORY", s.options.Repository).Replace(grafanaConfig))
	if err != nil {
		return err
	}
	home := s.options.Grafana
	return s.start(ctx, "grafana", s.GrafanaURL()+"/api/health", filepath.Join(home, "bin", "grafana"), "server", "--homepath", home, "--config", config)
}

func (s *Stand) provision() error {
	shipped := filepath.Join(s.options.Repository, "dashboards")
	for name, address := range map[string][2]string{
		"datasources/prometheus.yaml": {"http://localhost:9090", "http://" + s.options.PrometheusAt},
		"dashboards/postfix.yaml":     {"/var/lib/grafana/dashboards/postfix", shipped},
	} {
		text, err := os.ReadFile(filepath.Join(shipped, "provisioning", name))
		if err != nil {
			return err
		}
		if !strings.Contains(string(text), address[0]) {
			return fmt.Errorf("dashboards/provisioning/%s names no %s any more: change it in stand/programs.go too", name, address[0])
		}
		if _, err := s.write(filepath.Join("provisioning", name), strings.Replace(string(text), address[0], address[1], 1)); err != nil {
			return err
		}
	}
	return nil
}
