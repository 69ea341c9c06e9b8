package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
)

// WritePrometheus writes the families that come from the log in the text format
// of a scrape. What is about the exporter itself is left out.
func WritePrometheus(w io.Writer, gathered []*dto.MetricFamily) error {
	b := bufio.NewWriter(w)
	for _, f := range gathered {
		if !strings.HasPrefix(f.GetName(), "postfix_") || strings.HasPrefix(f.GetName(), "postfix_exporter_") {
			continue
		}
		if _, err := expfmt.MetricFamilyToText(b, f); err != nil {
			return fmt.Errorf("write report: %w", err)
		}
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}
