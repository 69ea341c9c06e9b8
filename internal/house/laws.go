package house

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
)

// checkDeclarations looks at what a file declares at its top.
func (f *file) checkDeclarations() {
	for _, d := range f.syntax.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.Name == "init" {
				f.fault(d.Pos(), "init runs unasked: make a function that main calls, or a table")
			}
		case *ast.GenDecl:
			if d.Tok == token.VAR {
				f.checkVariables(d)
			}
		}
	}
}

// checkVariables allows tables and sentinel errors: variables with a value.
func (f *file) checkVariables(d *ast.GenDecl) {
	for _, spec := range d.Specs {
		v, ok := spec.(*ast.ValueSpec)
		if !ok || len(v.Values) > 0 || embeds(d.Doc) || embeds(v.Doc) {
			continue
		}
		name := v.Names[0].Name
		if _, allowed := states[f.room+"."+name]; !allowed {
			f.fault(v.Pos(), "variable %s of the package is state: package variables are tables and sentinel errors only, put it in a struct", name)
		}
	}
}

func embeds(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

// checkUse looks at each name that is used.
func (f *file) checkUse(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncDecl:
		// func main() { os.Exit(run(...)) } is the one place where the process ends.
		return f.room != "main" || n.Name.Name != "main"
	case *ast.CallExpr:
		if name, ok := n.Fun.(*ast.Ident); ok && name.Name == "panic" {
			f.fault(n.Pos(), "panic ends the process: return an error, or count what can't be read")
		}
	case *ast.SelectorExpr:
		f.checkSelector(n)
	}
	return true
}

func (f *file) checkSelector(s *ast.SelectorExpr) {
	x, ok := s.X.(*ast.Ident)
	if !ok {
		return
	}
	imported := f.imported(x.Name)
	if imported == "" {
		return
	}
	name := path.Base(imported) + "." + s.Sel.Name
	if instead := neverUsed[name]; instead != "" {
		f.fault(s.Pos(), "%s is not used here: %s", name, instead)
	}
	if imported == "time" && slices.Contains(readsClock, name) && !slices.Contains(clockReaders, f.room) {
		f.fault(s.Pos(), "%s reads the clock: in %s time comes from the line, or from a caller", name, f.room)
	}
}

// imported is the path of the package that a name stands for in this file, or "".
func (f *file) imported(name string) string {
	for _, spec := range f.syntax.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		if spec.Name != nil && spec.Name.Name == name || spec.Name == nil && path.Base(p) == name {
			return p
		}
	}
	return ""
}
