package alerts

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A real Alertmanager with the example silences what follows from something else,
// on that host and provider alone.
func TestInhibitions(t *testing.T) {
	url := alertmanager(t)
	fire(t, url,
		`{"alertname":"PostfixExporterDown","severity":"critical","job":"postfix","instance":"gone"}`,
		`{"alertname":"BounceSpike","severity":"warning","job":"postfix","instance":"gone"}`,
		`{"alertname":"BounceRateHigh","severity":"critical","job":"postfix","instance":"bad"}`,
		`{"alertname":"BounceSpike","severity":"warning","job":"postfix","instance":"bad"}`,
		`{"alertname":"BounceSpike","severity":"warning","job":"postfix","instance":"good"}`,
		`{"alertname":"ReputationBlock","severity":"critical","job":"postfix","instance":"bad","provider":"google","class":"blocklisted"}`,
		`{"alertname":"ProviderRefusing","severity":"warning","job":"postfix","instance":"bad","provider":"google"}`,
		`{"alertname":"ProviderRefusing","severity":"warning","job":"postfix","instance":"bad","provider":"yahoo"}`,
		`{"alertname":"DNSFailing","severity":"warning","job":"postfix","instance":"deaf"}`,
		`{"alertname":"DeferralSpike","severity":"warning","job":"postfix","instance":"deaf"}`,
		`{"alertname":"PostfixDown","severity":"critical","job":"postfix","instance":"off"}`,
		`{"alertname":"LogStale","severity":"warning","job":"postfix","instance":"off"}`,
	)
	want := map[string]bool{ // silenced
		"PostfixExporterDown gone ": false, "BounceSpike gone ": true,
		"BounceRateHigh bad ": false, "BounceSpike bad ": true, "BounceSpike good ": false,
		"ReputationBlock bad google": false, "ProviderRefusing bad google": true, "ProviderRefusing bad yahoo": false,
		"DNSFailing deaf ": false, "DeferralSpike deaf ": true,
		"PostfixDown off ": false, "LogStale off ": true,
	}
	var got map[string]bool
	for range 50 {
		if got = silenced(t, url); fmt.Sprint(got) == fmt.Sprint(want) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Errorf("silenced are\n%v, want\n%v", got, want)
}

// alertmanager starts one on loopback that ends with the test.
func alertmanager(t *testing.T) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	cmd := exec.Command(program(t, "alertmanager"), "--config.file="+filepath.Join(root, "alerts", "alertmanager.yml"),
		"--storage.path="+t.TempDir(), "--web.listen-address="+address, "--cluster.listen-address=")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for range 200 {
		if resp, err := http.Get("http://" + address + "/-/ready"); err == nil {
			resp.Body.Close()
			return "http://" + address + "/api/v2/alerts"
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("Alertmanager does not start:\n%s", stderr.String())
	return ""
}

func fire(t *testing.T, url string, labels ...string) {
	t.Helper()
	var all []string
	for _, l := range labels {
		all = append(all, `{"labels":`+l+`}`)
	}
	resp, err := http.Post(url, "application/json", strings.NewReader("["+strings.Join(all, ",")+"]"))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", resp.Status, text)
	}
}

// silenced says of each alert whether another inhibits it.
func silenced(t *testing.T, url string) map[string]bool {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var alerts []struct {
		Labels map[string]string
		Status struct{ InhibitedBy []string }
	}
	if err := json.NewDecoder(resp.Body).Decode(&alerts); err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, a := range alerts {
		all[a.Labels["alertname"]+" "+a.Labels["instance"]+" "+a.Labels["provider"]] = len(a.Status.InhibitedBy) > 0
	}
	return all
}
