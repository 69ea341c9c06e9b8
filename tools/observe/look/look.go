// Package look takes pictures of all dashboards in a real Grafana, wide and narrow,
// light and dark, and says what is wrong with them: queries that fail, panels without
// data, errors of the browser. People look at the pictures.
package look

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"postfix_exporter/tools/observe/dashboards"
)

// Options of a look.
type Options struct {
	Dir     string // for the pictures, NAME-WIDTH-THEME.png
	Browser string // a Chromium
	Modules string // where node_modules/puppeteer-core is
	Only    string // of the pictures' names, a part; "" is all
	Out     io.Writer
}

//go:embed shot.mjs
var script []byte

// page is one picture to be taken.
type page struct {
	URL    string `json:"url"`
	Out    string `json:"out"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Empty  bool   `json:"empty"` // a host without mail: some panels have no data
}

// found is what the script says of one.
type found struct {
	Out    string
	Empty  bool // as the page's
	Panels int
	NoData []string // titles
	Failed []string // queries
	Errors []string
}

// widths are those of a desk's screen and of half of it.
var widths = []int{1600, 1000}

// At looks at the Grafana at that address. An error says all that is wrong.
func At(ctx context.Context, grafana string, o Options) error {
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return err
	}
	wanted := slices.DeleteFunc(pages(grafana, o.Dir), func(p page) bool { return !strings.Contains(filepath.Base(p.Out), o.Only) })
	all, err := shoot(ctx, wanted, o)
	if err != nil {
		return err
	}
	var faults []error
	for _, f := range all {
		fmt.Fprintf(o.Out, "%s: %d panels\n", f.Out, f.Panels)
		faults = append(faults, f.faults()...)
	}
	return errors.Join(faults...)
}

// pages are each dashboard over all hosts in each width and theme, its first screen,
// and on a host that has sent nothing yet.
func pages(grafana, dir string) (all []page) {
	for _, b := range dashboards.All() {
		for _, theme := range []string{"light", "dark"} {
			for _, width := range widths {
				all = append(all, page{
					URL: fmt.Sprintf("%s/d/%s?theme=%s&from=now-6h&to=now&var-job=postfix", grafana, b.UID, theme),
					Out: filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", b.UID, width, theme)), Width: width, Height: b.Height()*38 + 190,
				})
			}
		}
		all = append(all, page{
			URL: fmt.Sprintf("%s/d/%s?theme=light&from=now-6h&to=now&%s", grafana, b.UID, nothing(&b)),
			Out: filepath.Join(dir, b.UID+"-empty.png"), Width: 1600, Height: b.Height()*38 + 190, Empty: true,
		})
	}
	for uid, theme := range map[string]string{"postfix-overview": "dark", "postfix-bounces": "light"} {
		all = append(all, page{URL: fmt.Sprintf("%s/d/%s?theme=%s&from=now-6h&to=now&var-job=postfix", grafana, uid, theme),
			Out: filepath.Join(dir, uid+"-first-screen.png"), Width: 1600, Height: 900})
	}
	return all
}

// nothing are variables that choose a host without mail, or of a fleet no host.
func nothing(b *dashboards.Board) string {
	if b.OfFleet() {
		return "var-job=none"
	}
	return "var-job=postfix&var-instance=new.example.com:9154"
}

func shoot(ctx context.Context, all []page, o Options) ([]found, error) {
	modules, err := filepath.Abs(o.Modules)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(modules, "shot.mjs")
	if err := os.WriteFile(file, script, 0o644); err != nil {
		return nil, fmt.Errorf("the script must lie beside puppeteer-core: %w", err)
	}
	list, err := json.Marshal(all)
	if err != nil {
		return nil, err
	}
	browser, err := exec.LookPath(o.Browser)
	if err != nil {
		return nil, fmt.Errorf("no browser: %w; 'apt install chromium'", err)
	}
	cmd := exec.CommandContext(ctx, "node", file, browser)
	cmd.Stdin = strings.NewReader(string(list))
	cmd.Stderr = os.Stderr
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("taking pictures: %w", err)
	}
	var result []found
	err = json.Unmarshal(text, &result)
	return result, err
}

// faults are what is wrong. Tables of Grafana 10 say "No data" in place of our words,
// so that on a host without mail this is no fault.
func (f *found) faults() (all []error) {
	for what, list := range map[string][]string{"failed queries": f.Failed, "errors": f.Errors, "no data in": f.NoData} {
		if len(list) > 0 && (!f.Empty || what != "no data in") {
			slices.Sort(list)
			all = append(all, fmt.Errorf("%s: %s: %s", filepath.Base(f.Out), what, strings.Join(slices.Compact(list), "; ")))
		}
	}
	if f.Panels == 0 {
		all = append(all, fmt.Errorf("%s: no panels at all", filepath.Base(f.Out)))
	}
	return all
}
