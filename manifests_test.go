package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"postfix_exporter/web"
)

// exampleContainer is what the examples say of one, as far as it is looked at.
type exampleContainer struct {
	Image string
	Args  []string
	Ports []struct {
		Name          string
		ContainerPort int `yaml:"containerPort"`
	}
	Liveness  *probe `yaml:"livenessProbe"`
	Readiness *probe `yaml:"readinessProbe"`
	Security  struct {
		NonRoot  bool                    `yaml:"runAsNonRoot"`
		User     int                     `yaml:"runAsUser"`
		ReadOnly bool                    `yaml:"readOnlyRootFilesystem"`
		Caps     struct{ Drop []string } `yaml:"capabilities"`
	} `yaml:"securityContext"`
}

type probe struct {
	HTTP struct{ Path, Port string } `yaml:"httpGet"`
}

// exampleContainers are the exporter's containers in the manifests, by file.
func exampleContainers(t *testing.T) map[string]exampleContainer {
	t.Helper()
	paths, err := filepath.Glob("examples/kubernetes/*.yaml")
	if err != nil || len(paths) < 2 {
		t.Fatalf("%q, %v", paths, err)
	}
	found := make(map[string]exampleContainer)
	for _, path := range paths {
		for _, c := range containersOf(t, path) {
			if strings.HasPrefix(c.Image, program+":") {
				found[path] = c
			}
		}
		if _, ok := found[path]; !ok {
			t.Errorf("%s: there is no exporter in it", path)
		}
	}
	return found
}

func containersOf(t *testing.T, path string) (all []exampleContainer) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for d := yaml.NewDecoder(bytes.NewReader(text)); ; {
		var m struct {
			Spec struct {
				Template struct {
					Spec struct {
						Init       []exampleContainer `yaml:"initContainers"`
						Containers []exampleContainer
					}
				}
			}
		}
		if err := d.Decode(&m); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		all = append(append(all, m.Spec.Template.Spec.Init...), m.Spec.Template.Spec.Containers...)
	}
}

// TestManifests: the exporter takes the arguments that the examples give it, and
// runs as they promise.
func TestManifests(t *testing.T) {
	for path, c := range exampleContainers(t) {
		command, err := parseArgs(c.Args)
		if err != nil || command.name != cmdServe {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if s := command.serve; !s.stateGiven || len(s.logfiles) == 0 || (*s.web.WebListenAddresses)[0] != ":9154" {
			t.Errorf("%s: no state, no log, or another port: %q", path, c.Args)
		}
		if s := c.Security; !s.NonRoot || s.User == 0 || !s.ReadOnly || strings.Join(s.Caps.Drop, "") != "ALL" {
			t.Errorf("%s: %+v", path, s)
		}
		if len(c.Ports) != 1 || c.Ports[0].ContainerPort != 9154 {
			t.Errorf("%s: %+v", path, c.Ports)
		}
		if c.Liveness == nil || c.Liveness.HTTP.Path != web.HealthyPath {
			t.Errorf("%s: liveness %+v", path, c.Liveness)
		}
		if c.Readiness != nil && c.Readiness.HTTP.Path != web.ReadyPath {
			t.Errorf("%s: readiness %+v", path, c.Readiness)
		}
	}
}

// TestContainersGuide: so does that page's command line.
func TestContainersGuide(t *testing.T) {
	text, err := os.ReadFile("docs/CONTAINERS.md")
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for line := range strings.Lines(string(text)) {
		args, ok := strings.CutPrefix(strings.TrimSpace(line), program+" --")
		if !ok {
			continue
		}
		found = true
		if c, err := parseArgs(strings.Fields("--" + args)); err != nil || c.name != cmdServe {
			t.Errorf("%s: %v", line, err)
		}
	}
	if !found {
		t.Error("there is no command line in it")
	}
}

// TestDockerfile: what it builds is what it starts.
func TestDockerfile(t *testing.T) {
	text, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	_, version, _ := strings.Cut(string(mod), "\ngo ")
	version, _, _ = strings.Cut(version, ".0\n")
	for _, want := range []string{"FROM golang:" + version + " AS build", "-o /" + program + " .", `ENTRYPOINT ["/` + program + `"]`, "\nUSER 65532:65532\n", "CGO_ENABLED=0"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("it has no %q", want)
		}
	}
}
