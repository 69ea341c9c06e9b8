package web

import (
	"fmt"
	"path"
	"strings"
)

// CheckPath says what is wrong with a telemetry path. Patterns of http.ServeMux
// give blanks and braces a meaning, so only plain characters are let in.
func CheckPath(p string) error {
	switch {
	case p == "":
		return fmt.Errorf("the path is empty")
	case p[0] != '/':
		return fmt.Errorf("the path does not begin with a slash")
	case strings.HasPrefix(p, "/-/"):
		return fmt.Errorf("paths under /-/ are the exporter's own")
	case p == UnclassifiedPath, p == BlocksPath:
		return fmt.Errorf("that path is a page of the exporter's own")
	case path.Clean(p) != p:
		return fmt.Errorf("the path is not in its shortest form, %s", path.Clean(p))
	}
	for _, c := range []byte(p) {
		if !plain(c) {
			return fmt.Errorf("the path has the character %q; letters, digits and -._~/ are allowed", c)
		}
	}
	return nil
}

// plain is RFC 3986's "unreserved", and the slash.
func plain(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~/", c) >= 0
}
