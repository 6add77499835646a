package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	reportjson "rehearse/internal/report/json"
)

// largestBaseline bounds a baseline, in bytes.
const largestBaseline = 64 << 20

// baseline returns the fingerprints of the findings of a report in JSON. The
// errors are those of the file, and of what is no such report.
func baseline(file string) (map[string]bool, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("--baseline: %w", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() || info.Size() > largestBaseline {
		return nil, errors.Join(fmt.Errorf("--baseline %s: not a file of at most %d MiB", file, largestBaseline>>20), err)
	}
	data, err := io.ReadAll(io.LimitReader(f, largestBaseline))
	if err != nil {
		return nil, fmt.Errorf("--baseline: %w", err)
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
