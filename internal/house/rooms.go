package house

// imports is what a room may import beside the standard library.
type imports struct {
	rooms    []string // other rooms
	modules  []string // libraries, by the beginning of their paths
	standard []string // packages of outer that this room may use
	anything bool
}

// rooms is the house: imports point down only. A new room, or a new library in
// one, is a line here.
var rooms = map[string]imports{
	"main":     {anything: true},
	"internal": {anything: true},
	"e2e":      {anything: true},

	"web": {
		rooms:    []string{"collector"},
		modules:  []string{prometheus, common, toolkit, kitlog, "github.com/tjhop/slog-gokit"},
		standard: []string{"log/slog", "net/http"},
	},
	"report": {
		rooms:   []string{"collector", "track", "classify", "maillog", "checkpoint"},
		modules: []string{prometheus, model, common, "golang.org/x/sys/unix"},
	},
	"collector": {
		rooms:   []string{"track", "classify", "rules", "showq", "maillog", "checkpoint"},
		modules: []string{prometheus, model},
	},
	"source": {
		rooms: []string{"maillog", "checkpoint"},
		modules: []string{"github.com/hpcloud/tail/watch", "github.com/hpcloud/tail/util", "golang.org/x/sys/unix",
			"github.com/klauspost/compress/zstd", "github.com/ulikunitz/xz"},
		// The type of that library's logger, which must be kept from ending the process;
		// and journalctl, which reads the journal without cgo.
		standard: []string{"log", "os/exec"},
	},
	"track": {rooms: []string{"classify", "maillog", "checkpoint"}},
	"classify": {
		rooms:   []string{"classify/phrase", "classify/packed", "rules", "maillog"},
		modules: []string{"go.yaml.in/yaml/v3"},
	},
	"classify/phrase": {rooms: []string{"classify/packed"}},
	"classify/packed": {},
	"rules":           {},
	"checkpoint":      {modules: []string{"golang.org/x/sys/unix"}},
	"showq":           {standard: []string{"os/exec"}}, // postqueue, where the socket may not be opened
	"maillog":         {},
}

const (
	prometheus = "github.com/prometheus/client_golang"
	model      = "github.com/prometheus/client_model"
	common     = "github.com/prometheus/common"
	toolkit    = "github.com/prometheus/exporter-toolkit"
	kitlog     = "github.com/go-kit/log"
)

// outer are the packages of the standard library that belong to the house's
// outside: logging, the web, processes, the command line.
var outer = []string{"log", "log/slog", "log/syslog", "net/http", "os/exec", "os/signal", "flag", "expvar", "testing"}

// states are the package variables that must be state, and why.
var states = map[string]string{
	"source.trackerDead": "hpcloud/tail has one tracker a process, so its end is known once a process",
}

// clockReaders may ask what time it is: elsewhere time comes from the line, so
// that metrics are a function of the log.
var clockReaders = []string{"main", "source", "web"}

// neverUsed are names of packages that nobody uses, and what to use.
var neverUsed = map[string]string{
	"os.Exit":                      "return an error or a status up to main",
	"log.Fatal":                    "return an error",
	"log.Fatalf":                   "return an error",
	"log.Fatalln":                  "return an error",
	"http.DefaultServeMux":         "make a mux with http.NewServeMux",
	"http.Handle":                  "make a mux with http.NewServeMux",
	"http.HandleFunc":              "make a mux with http.NewServeMux",
	"http.DefaultClient":           "make a client with a timeout",
	"http.Get":                     "make a client with a timeout",
	"http.Post":                    "make a client with a timeout",
	"prometheus.DefaultRegisterer": "make a registry with prometheus.NewRegistry",
	"prometheus.DefaultGatherer":   "make a registry with prometheus.NewRegistry",
	"prometheus.MustRegister":      "use Register of our own registry, and its error",
	"prometheus.Register":          "use Register of our own registry",
	"prometheus.Unregister":        "use Unregister of our own registry",
	"promhttp.Handler":             "use promhttp.HandlerFor with our own registry",
	"promauto.With":                "declare the family in collector/families.go",
}

// readsClock are the names of package time that tell what time it is.
var readsClock = []string{"time.Now", "time.Since", "time.Until"}
