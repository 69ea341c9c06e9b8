package report

import (
	"encoding/json"
	"fmt"
	"io"
)

// WriteJSON writes the summary for programs; Summary's tags are the fields.
func (s *Summary) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false) // templates have <address> in them
	if err := e.Encode(s); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}
