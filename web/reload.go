package web

import (
	"fmt"
	"net/http"
	"sync/atomic"
)

// reload loads the rules again when it is asked to by POST: 200 once they are in
// use, 500 with what is wrong with them.
func reload(load func() (rules, files int, err error)) http.Handler {
	var busy atomic.Bool
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !busy.CompareAndSwap(false, true) { // however many ask, one file is read at a time
			w.Header().Set("Retry-After", "1")
			http.Error(w, "Rules are being reloaded. Try again.", http.StatusServiceUnavailable)
			return
		}
		defer busy.Store(false)
		rules, files, err := load()
		if err != nil {
			http.Error(w, "The rules in use stay. "+err.Error(), http.StatusInternalServerError)
			return
		}
		say(w, fmt.Sprintf("Reloaded %d rules from %d files.", rules, files))
	})
	// A page of somebody else's, open in an operator's browser, can't do it.
	return http.NewCrossOriginProtection().Handler(h)
}
