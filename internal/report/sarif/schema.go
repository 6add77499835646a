package sarif

// What the tool uses of SARIF 2.1.0 (OASIS Standard, "Static Analysis Results
// Interchange Format (SARIF) Version 2.1.0 Plus Errata 01"), object by object,
// under the standard's own names. The test holds the output to the standard's
// JSON schema. A library that writes all of SARIF would bring along a validator
// and its own idea of which empty lists to write.

const (
	version = "2.1.0"
	schema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

type log struct {
	Schema  string `json:"$schema"`
	Version string `json:"version"`
	Runs    []run  `json:"runs"`
}

type run struct {
	Tool        tool                `json:"tool"`
	Invocations []invocation        `json:"invocations"`
	Bases       map[string]artifact `json:"originalUriBaseIds,omitempty"`
	Results     []result            `json:"results"` // there even where it is empty: the scan was done
}

type tool struct {
	Driver driver `json:"driver"`
}

type driver struct {
	Name            string `json:"name"`
	SemanticVersion string `json:"semanticVersion,omitempty"`
	Rules           []rule `json:"rules"`
}

type rule struct {
	ID         string         `json:"id"`
	Short      *message       `json:"shortDescription,omitempty"`
	Full       *message       `json:"fullDescription,omitempty"`
	Help       *multiformat   `json:"help,omitempty"`
	Properties *ruleVariables `json:"properties,omitempty"`
}

type ruleVariables struct {
	Tags []string `json:"tags"`
}

type message struct {
	Text string `json:"text"`
}

type multiformat struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown"`
}

type invocation struct {
	Successful    bool           `json:"executionSuccessful"`
	Notifications []notification `json:"toolExecutionNotifications,omitempty"`
}

type notification struct {
	Level     string     `json:"level"`
	Message   message    `json:"message"`
	Locations []location `json:"locations,omitempty"`
}

type result struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      message           `json:"message"`
	Locations    []location        `json:"locations"`
	Related      []location        `json:"relatedLocations,omitempty"`
	Fingerprints map[string]string `json:"partialFingerprints"`
	Baseline     string            `json:"baselineState,omitempty"`
	Suppressions []struct{}        `json:"suppressions"` // none: what is ignored is not a result
	Properties   resultVariables   `json:"properties"`
}

// resultVariables are what a finding has and SARIF has no name for.
type resultVariables struct {
	Verdict     string   `json:"verdict"`
	Component   string   `json:"component,omitempty"`
	Environment string   `json:"environment,omitempty"`
	Subject     string   `json:"subject,omitempty"`
	Consequence string   `json:"consequence,omitempty"`
	Remedy      string   `json:"remedy,omitempty"`
	Observed    string   `json:"observed,omitempty"`
	Differences []string `json:"differences,omitempty"`
	Replay      string   `json:"replay,omitempty"`
}

type location struct {
	ID       int       `json:"id,omitempty"` // by which the message links to it
	Physical *physical `json:"physicalLocation,omitempty"`
	Message  *message  `json:"message,omitempty"`
}

type physical struct {
	Artifact artifact `json:"artifactLocation"`
	Region   *region  `json:"region,omitempty"`
}

type artifact struct {
	URI  string `json:"uri"`
	Base string `json:"uriBaseId,omitempty"`
}

// region is a line, or the rest of it from a column on. Columns count bytes,
// which are characters wherever the line is ASCII up to there.
type region struct {
	StartLine   int      `json:"startLine"`
	StartColumn int      `json:"startColumn,omitempty"`
	Snippet     *message `json:"snippet,omitempty"`
}
