package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	reportjson "rehearse/internal/report/json"
)

// largestBaseline bounds a baseline, in bytes.
const largestBaseline = 64 << 20

// baseline returns the fingerprints of the findings of a report in JSON, which
// is a file, or stdin where its name is "-". The errors are those of the file,
// and of what is no such report.
func baseline(file string, stdin io.Reader) (map[string]bool, error) {
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, fmt.Errorf("--baseline: %w", err)
		}
		defer f.Close()
		stdin = f
	}
	data, err := io.ReadAll(io.LimitReader(stdin, largestBaseline+1))
	if err != nil {
		return nil, fmt.Errorf("--baseline: %w", err)
	}
	if len(data) > largestBaseline {
		return nil, fmt.Errorf("--baseline %s: larger than %d MiB", file, largestBaseline>>20)
	}
	var report struct {
		Schema   string `json:"schema"`
		Findings []struct {
			Fingerprint string `json:"fingerprint"`
		} `json:"findings"`
	}
	if err := json.Unmarshal(data, &report); err != nil {
		return nil, fmt.Errorf("--baseline %s: no report in JSON: %w", file, err)
	}
	if report.Schema != reportjson.Schema {
		return nil, fmt.Errorf("--baseline %s: its schema is %q, not %q: write one with --format json", file, report.Schema, reportjson.Schema)
	}
	known := map[string]bool{}
	for _, f := range report.Findings {
		known[f.Fingerprint] = true
	}
	return known, nil
}
