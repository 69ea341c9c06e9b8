package replay

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// promise is how soon an alert fires after what it is about has begun, as its page says.
func promise(t *testing.T, alert string) time.Duration {
	t.Helper()
	text, err := os.ReadFile("../../../docs/RUNBOOKS.md")
	if err != nil {
		t.Fatal(err)
	}
	_, page, _ := strings.Cut(string(text), "\n### "+alert+"\n")
	page, _, _ = strings.Cut(page, "\n### ")
	says := regexp.MustCompile(`Fires within (\d+) minutes\.`).FindStringSubmatch(page)
	if says == nil {
		t.Fatalf("docs/RUNBOOKS.md does not say how soon %s fires: add \"Fires within N minutes.\" to its section", alert)
	}
	minutes, err := strconv.Atoi(says[1])
	if err != nil {
		t.Fatal(err)
	}
	return time.Duration(minutes) * time.Minute
}
