package json

// Schema names the version of the document. It changes only by addition.
const Schema = "rehearse/report/v1"

// The types below are the contract, field by field in its order. What may be
// missing is omitempty; every list is there even where it is empty, and only
// trace and races are null.

type document struct {
	Schema       string        `json:"schema"`
	Tool         tool          `json:"tool"`
	Project      project       `json:"project"`
	Environments []environment `json:"environments"`
	Findings     []entry       `json:"findings"`
	Trace        *trace        `json:"trace"`
	Races        []race        `json:"races"`
	Unread       []unread      `json:"unread"`
	Notes        []string      `json:"notes,omitempty"`
	Parity       []parity      `json:"parity,omitempty"`
	Summary      summary       `json:"summary"`
}

type tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type project struct {
	Root       string      `json:"root"`
	Components []component `json:"components"`
}

type component struct {
	Name     string      `json:"name"`
	Dir      string      `json:"dir"`
	Language string      `json:"language"`
	Entry    []string    `json:"entry"`
	Start    start       `json:"start"`
	RunsIn   []placement `json:"runs_in"`
	LinkedBy string      `json:"linked_by"`
}

type start struct {
	Local      string `json:"local"`
	Production string `json:"production"`
}

type placement struct {
	Environment string `json:"environment"`
	File        string `json:"file"`
	Line        int    `json:"line,omitempty"`
	Workload    string `json:"workload"`
	Container   string `json:"container"`
	Replicas    int    `json:"replicas"`
}

type environment struct {
	Name string   `json:"name"`
	Kind string   `json:"kind"`
	From []string `json:"from"`
}

type entry struct {
	Fingerprint string     `json:"fingerprint"`
	Check       string     `json:"check"`
	Category    string     `json:"category"`
	Severity    string     `json:"severity"`
	Verdict     string     `json:"verdict"`
	Component   string     `json:"component"`
	Environment string     `json:"environment"`
	Subject     string     `json:"subject"`
	Message     string     `json:"message"`
	Consequence string     `json:"consequence"`
	Remedy      string     `json:"remedy"`
	Evidence    []evidence `json:"evidence"`
	Rehearsal   *rehearsal `json:"rehearsal,omitempty"`
	Known       bool       `json:"known,omitempty"` // the baseline has it
}

type evidence struct {
	Role        string `json:"role"`
	File        string `json:"file"`
	Line        int    `json:"line,omitempty"`
	Column      int    `json:"column,omitempty"`
	Text        string `json:"text,omitempty"`
	Environment string `json:"environment,omitempty"`
}

type rehearsal struct {
	Experiment  string   `json:"experiment"`
	Differences []string `json:"differences"`
	Observed    string   `json:"observed"`
	Runs        int      `json:"runs"`
	Replay      string   `json:"replay,omitempty"`
}

type trace struct {
	Target      string `json:"target"`
	Environment string `json:"environment"`
	Arrives     bool   `json:"arrives"`
	Symptom     string `json:"symptom"`
	Hops        []hop  `json:"hops"`
}

type hop struct {
	Hop     string `json:"hop"`
	Verdict string `json:"verdict"`
	Detail  string `json:"detail"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
}

type race struct {
	Name       string    `json:"name"`
	Overlap    []string  `json:"overlap"`
	Verdict    string    `json:"verdict"`
	Why        string    `json:"why"`
	Schedules  schedules `json:"schedules"`
	FoundAt    int       `json:"found_at,omitempty"`
	DurationMS int64     `json:"duration_ms"`
	Isolation  string    `json:"isolation"`
	Server     string    `json:"server"`
	Timeline   []event   `json:"timeline"`
	Outcome    outcome   `json:"outcome"`
	Serial     []serial  `json:"serial"`
	Replay     string    `json:"replay,omitempty"`
}

type schedules struct {
	Explored  int  `json:"explored"`
	Classes   int  `json:"classes"`
	Bound     int  `json:"bound"`
	Exhausted bool `json:"exhausted"`
}

type event struct {
	Lane   int    `json:"lane"`
	Event  string `json:"event"`
	At     string `json:"at,omitempty"` // file:line
	Result string `json:"result,omitempty"`
}

type outcome struct {
	Responses []int  `json:"responses"`
	State     string `json:"state"`
}

type serial struct {
	Order     []int `json:"order"`
	Responses []int `json:"responses"`
}

type unread struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Reason string `json:"reason"`
}

type summary struct {
	Error      int   `json:"error"`
	Warning    int   `json:"warning"`
	Info       int   `json:"info"`
	Reproduced int   `json:"reproduced"`
	Refuted    int   `json:"refuted"`
	FilesRead  int   `json:"files_read"`
	DurationMS int64 `json:"duration_ms"`
	Known      int   `json:"known,omitempty"`   // not among error, warning and info
	Ignored    int   `json:"ignored,omitempty"` // not among the findings
}

type parity struct {
	Component string   `json:"component"`
	Columns   []column `json:"columns"`
	Rows      []row    `json:"rows"`
}

type column struct {
	Environment string `json:"environment"`
	Workload    string `json:"workload"`
}

type row struct {
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	File  string `json:"file"`
	Line  int    `json:"line,omitempty"`
	Cells []cell `json:"cells"` // one for each column
}

type cell struct {
	State string `json:"state"`
	File  string `json:"file,omitempty"`
	Line  int    `json:"line,omitempty"`
	Note  string `json:"note,omitempty"`

	Checks []string `json:"checks,omitempty"`
}
