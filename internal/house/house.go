// Package house keeps the laws of this house that no other tool knows: what each
// room may import, who may read the clock, and what nobody does. Its checks read
// the source; they run with the tests.
package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Module is the path that rooms are imported by.
const Module = "postfix_exporter"

// Check reads the Go files of a source tree, tests apart, and tells what breaks
// a law, a sentence each.
func Check(root string) ([]string, error) {
	var faults []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && skipped(d.Name()):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		f, err := checkFile(filepath.ToSlash(rel), path, nil)
		faults = append(faults, f...)
		return err
	})
	return faults, err
}

func skipped(dir string) bool {
	return strings.HasPrefix(dir, ".") || dir == "testdata" || dir == "tools"
}

// file is one source file under check.
type file struct {
	room   string // its first folder; "main" for the files at the top
	set    *token.FileSet
	name   string
	syntax *ast.File
	faults []string
}

// checkFile checks one file; name is its path in the tree. src is as in parser.ParseFile.
func checkFile(name, path string, src any) ([]string, error) {
	set := token.NewFileSet()
	syntax, err := parser.ParseFile(set, path, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("reading the source: %w", err)
	}
	f := &file{room: roomOf(name), set: set, name: name, syntax: syntax}
	f.checkImports()
	if f.room != "internal" && f.room != "e2e" { // tools for development
		f.checkDeclarations()
		ast.Inspect(syntax, f.checkUse)
	}
	return f.faults, nil
}

// roomOf is the folder that a file stands in, if that is a room of its own, else
// the room around it.
func roomOf(name string) string {
	if folder := path.Dir(name); folder != "." {
		if _, ok := rooms[folder]; ok {
			return folder
		}
	}
	room, _, found := strings.Cut(name, "/")
	if !found {
		return "main"
	}
	return room
}

// fault notes what is wrong at a place, and what to do.
func (f *file) fault(at token.Pos, format string, args ...any) {
	where := fmt.Sprintf("%s:%d: ", f.name, f.set.Position(at).Line)
	f.faults = append(f.faults, where+fmt.Sprintf(format, args...))
}

func (f *file) checkImports() {
	may, known := rooms[f.room]
	if !known {
		f.fault(f.syntax.Package, "room %q is new: say in internal/house/rooms.go what it may import", f.room)
		return
	}
	for _, spec := range f.syntax.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		if why := may.forbids(path); why != "" {
			f.fault(spec.Pos(), "%s may not import %s: %s", f.room, path, why)
		}
	}
}

// forbids says why a room may not import a package, or "".
func (may imports) forbids(path string) string {
	if inner, ours := strings.CutPrefix(path, Module+"/"); ours {
		to := roomOf(inner + "/file.go")
		if may.anything || slices.Contains(may.rooms, to) {
			return ""
		}
		return "imports point down only (docs/ARCHITECTURE.md)"
	}
	first, _, _ := strings.Cut(path, "/")
	if strings.Contains(first, ".") {
		if may.anything || slices.ContainsFunc(may.modules, func(m string) bool { return path == m || strings.HasPrefix(path, m+"/") }) {
			return ""
		}
		return "a library that this room doesn't need; let a room further up use it"
	}
	if !may.anything && slices.Contains(outer, path) && !slices.Contains(may.standard, path) {
		return "inner rooms don't log, serve or run programs: return an error, or let main do it"
	}
	return ""
}
