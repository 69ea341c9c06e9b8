package dashboards

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
)

var update = flag.Bool("update", false, "write the dashboards' files again")

const folder = "../../../dashboards"

// The files are what the generator makes, and there are no others.
func TestFiles(t *testing.T) {
	want := map[string]bool{}
	for _, b := range All() {
		text, err := b.JSON()
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(folder, b.File())
		want[name] = true
		if *update {
			if err := os.WriteFile(name, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%s is stale: run make dashboards", b.File())
		}
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !want[f] {
			t.Errorf("%s is made by no dashboard: remove it", f)
		}
	}
}

// The SDK's own reading of a dashboard has no complaint.
func TestStrict(t *testing.T) {
	plugins.RegisterDefaultPlugins()
	for _, b := range All() {
		text := mustJSON(t, &b)
		var d classic
		if err := d.UnmarshalJSONStrict(text); err.Error() != "" { // it is never nil
			t.Errorf("%s: %v", b.UID, err)
		}
		wrong := bytes.Replace(text, []byte(`"schemaVersion": `), []byte(`"schemaVersions": `), 1)
		if err := new(classic).UnmarshalJSONStrict(wrong); err.Error() == "" {
			t.Errorf("%s: a wrong field was taken", b.UID)
		}
	}
}

func mustJSON(t *testing.T, b *Board) []byte {
	t.Helper()
	text, err := b.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// board is what a test reads of a file.
type board struct {
	UID           string
	Title         string
	Description   string
	Editable      bool
	GraphTooltip  int
	SchemaVersion int
	Tags          []string
	Panels        []shown
	Templating    struct{ List []variable }
	Annotations   struct{ List []annotation }
	Links         []struct {
		Type                              string
		Tags                              []string
		AsDropdown, IncludeVars, KeepTime bool
	}
}

type shown struct {
	ID                       int
	Type, Title, Description string
	GridPos                  struct{ X, Y, W, H int }
	Datasource               struct{ UID string }
	Targets                  []struct {
		Expr, RefID, LegendFormat, Format string
		Instant                           bool
		Datasource                        struct{ UID string }
	}
	FieldConfig struct {
		Defaults struct{ Unit, NoValue string }
	}
}

type variable struct {
	Name, Type, AllValue string
	Multi, IncludeAll    bool
	Refresh              int
	Query                any
}

type annotation struct {
	Name            string
	Target          struct{ Expr string }
	UseValueForTime bool
}

func read(t *testing.T) (all []board) {
	t.Helper()
	for _, b := range All() {
		var d board
		if err := json.Unmarshal(mustJSON(t, &b), &d); err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	return all
}

// What holds of each dashboard as a whole.
func TestBoards(t *testing.T) {
	uids := map[string]bool{}
	for _, d := range read(t) {
		if uids[d.UID] || d.UID == "" || d.Title == "" || d.Description == "" {
			t.Errorf("%q: uid, title and description must be there, and the uid once", d.UID)
		}
		uids[d.UID] = true
		if d.Editable || d.GraphTooltip != 1 || d.SchemaVersion < 39 || d.SchemaVersion > 42 || !slices.Contains(d.Tags, tag) {
			t.Errorf("%s: want editable false, a shared crosshair, schema 39 to 42 and the tag", d.UID)
		}
		if len(d.Links) == 0 || !d.Links[0].AsDropdown || !d.Links[0].IncludeVars || !d.Links[0].KeepTime || !slices.Contains(d.Links[0].Tags, tag) {
			t.Errorf("%s: no menu of the other dashboards", d.UID)
		}
		if a := d.Annotations.List; len(a) == 0 || !strings.HasPrefix(a[len(a)-1].Target.Expr, "(ALERTS_FOR_STATE{") || !a[len(a)-1].UseValueForTime {
			t.Errorf("%s: the beginnings of alerts are not marked: %+v", d.UID, a)
		}
		d.checkVariables(t)
	}
}

func (d *board) checkVariables(t *testing.T) {
	t.Helper()
	names := []string{}
	for _, v := range d.Templating.List {
		names = append(names, v.Name)
		if v.Type == "query" && (!v.Multi || !v.IncludeAll || v.AllValue != ".+" || v.Refresh != 2) {
			t.Errorf("%s: variable %s: want multi, all = .+, refresh on a change of the time range", d.UID, v.Name)
		}
	}
	want := []string{"datasource", "job", "instance"}
	if d.UID == "postfix-fleet" {
		want = want[:2] // what is recorded by provider is of all hosts
	}
	if !slices.Equal(names[:min(len(names), len(want))], want) || len(want) == 2 && len(names) != 2 {
		t.Errorf("%s: variables %v", d.UID, names)
	}
}

// What holds of each panel.
func TestPanels(t *testing.T) {
	for _, d := range read(t) {
		ids, titles, panels := map[int]bool{}, map[string]bool{}, 0
		for i, p := range d.Panels {
			if ids[p.ID] || titles[p.Title] || p.Title == "" {
				t.Errorf("%s, panel %q: id and title must be there, and once", d.UID, p.Title)
			}
			ids[p.ID], titles[p.Title] = true, true
			for _, other := range d.Panels[:i] {
				if p.overlaps(&other) {
					t.Errorf("%s: %q lies over %q", d.UID, p.Title, other.Title)
				}
			}
			if p.Type != "row" {
				panels++
				p.check(t, d.UID)
			}
		}
		if panels < 12 || panels > 27 {
			t.Errorf("%s has %d panels", d.UID, panels)
		}
	}
}

func (p *shown) overlaps(o *shown) bool {
	a, b := p.GridPos, o.GridPos
	return a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H
}

var fixedWindow = regexp.MustCompile(`\[\d`)

func (p *shown) check(t *testing.T, uid string) {
	t.Helper()
	if len(p.Description) < 40 || p.FieldConfig.Defaults.Unit == "" || p.Datasource.UID != "${datasource}" || len(p.Targets) == 0 {
		t.Errorf("%s, %q: description, unit, the data source's variable and a query must be there", uid, p.Title)
	}
	if g := p.GridPos; g.W < 1 || g.H < 3 || g.X+g.W > gridWidth {
		t.Errorf("%s, %q: does not fit: %+v", uid, p.Title, g)
	}
	refs := map[string]bool{}
	for _, x := range p.Targets {
		if refs[x.RefID] || x.Datasource.UID != "${datasource}" || fixedWindow.MatchString(x.Expr) {
			t.Errorf("%s, %q: query %s: a name of its own, the data source's variable, no fixed window: %s", uid, p.Title, x.RefID, x.Expr)
		}
		refs[x.RefID] = true
	}
}

var boardLink = regexp.MustCompile(`/d/([\w-]+)`)

// Links lead to dashboards that are there, and take variables and times along.
func TestLinks(t *testing.T) {
	uids := map[string]bool{}
	for _, b := range All() {
		uids[b.UID] = true
	}
	for _, b := range All() {
		for _, m := range boardLink.FindAllSubmatch(mustJSON(t, &b), -1) {
			if !uids[string(m[1])] {
				t.Errorf("%s links to %s, which is not there", b.UID, m[1])
			}
		}
	}
}
