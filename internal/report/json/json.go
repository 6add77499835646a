// Package json writes a document as one JSON value, for other tools. The shape
// is a contract: see schema.go.
package json

import (
	"encoding/json"
	"fmt"
	"io"

	"rehearse/internal/finding"
	"rehearse/internal/report"
	"rehearse/internal/source"
)

type writer struct{ w io.Writer }

// New returns a writer of JSON. The options change nothing: what machines read
// is the same everywhere.
func New(w io.Writer, _ report.Options) report.Writer { return writer{w} }

// Write implements report.Writer.
func (w writer) Write(d report.Document) error {
	e := json.NewEncoder(w.w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(convert(d.Ordered())); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

func convert(d report.Document) document {
	c := d.Counts()
	doc := document{
		Schema:       Schema,
		Tool:         tool(d.Tool),
		Project:      project{Root: d.Project.Root, Components: each(d.Project.Components, ofComponent)},
		Environments: each(d.Environments, ofEnvironment),
		Findings:     each(d.Findings, ofFinding),
		Unread:       each(d.Unread, ofUnread),
		Notes:        d.Notes,
		Summary: summary{
			Error: c.Error, Warning: c.Warning, Info: c.Info, Reproduced: c.Reproduced, Refuted: c.Refuted,
			FilesRead: d.FilesRead, DurationMS: d.Duration.Milliseconds(), Known: c.Known, Ignored: c.Ignored,
		},
	}
	for i := range d.Findings {
		doc.Findings[i].Known = d.IsKnown(&d.Findings[i])
	}
	if d.Parity != nil {
		doc.Parity = each(d.Parity, ofParity)
	}
	if t := d.Trace; t != nil {
		doc.Trace = &trace{
			Target: t.Target, Environment: t.Environment, Arrives: t.Arrives, Symptom: t.Symptom,
			Hops: each(t.Hops, ofHop),
		}
	}
	if d.Races != nil {
		doc.Races = each(d.Races, ofRace)
	}
	return doc
}

func ofComponent(c report.Component) component {
	return component{
		Name: c.Name, Dir: c.Dir, Language: c.Language, Entry: each(c.Entry, same), Start: start(c.Start),
		RunsIn: each(c.RunsIn, ofPlacement), LinkedBy: c.LinkedBy,
	}
}

func ofPlacement(p report.Placement) placement {
	return placement{
		Environment: p.Environment, File: p.At.File, Line: p.At.Line,
		Workload: p.Workload, Container: p.Container, Replicas: p.Replicas,
	}
}

func ofEnvironment(e report.Environment) environment {
	return environment{Name: e.Name, Kind: e.Kind, From: each(e.From, same)}
}

func ofFinding(f finding.Finding) entry {
	e := entry{
		Fingerprint: f.Fingerprint(),
		Check:       f.Check, Category: string(f.Category), Severity: string(f.Severity), Verdict: string(f.Verdict),
		Component: f.Component, Environment: f.Environment, Subject: f.Subject,
		Message: f.Message, Consequence: f.Consequence, Remedy: f.Remedy,
		Evidence: each(f.Evidence, ofEvidence),
	}
	if r := f.Rehearsal; r != nil {
		e.Rehearsal = &rehearsal{
			Experiment: r.Experiment, Differences: each(r.Differences, same),
			Observed: r.Observed, Runs: r.Runs, Replay: r.Replay,
		}
	}
	return e
}

func ofEvidence(e finding.Evidence) evidence {
	return evidence{
		Role: string(e.Role), File: e.At.File, Line: e.At.Line, Column: e.At.Column,
		Text: e.Text, Environment: e.Environment,
	}
}

func ofHop(h report.Hop) hop {
	return hop{Hop: h.Hop, Verdict: h.Verdict, Detail: h.Detail, File: h.At.File, Line: h.At.Line}
}

func ofRace(r report.Race) race {
	return race{
		Name: r.Name, Overlap: each(r.Overlap, same), Verdict: r.Verdict, Why: r.Why,
		Schedules: schedules(r.Schedules), FoundAt: r.FoundAt, DurationMS: r.Duration.Milliseconds(),
		Isolation: r.Isolation, Server: r.Server, Timeline: each(r.Timeline, ofEvent),
		Outcome: outcome{Responses: each(r.Outcome.Responses, same), State: r.Outcome.State},
		Serial:  each(r.Serial, ofSerial), Replay: r.Replay,
	}
}

func ofEvent(e report.Event) event {
	return event{Lane: e.Lane, Event: e.Event, At: place(e.At), Result: e.Result}
}

func ofSerial(s report.Serial) serial {
	return serial{Order: each(s.Order, same), Responses: each(s.Responses, same)}
}

func ofUnread(u source.Unread) unread {
	return unread{File: u.At.File, Line: u.At.Line, Reason: u.Reason}
}

func ofParity(p report.Parity) parity {
	return parity{Component: p.Component, Columns: each(p.Columns, ofColumn), Rows: each(p.Rows, ofRow)}
}

func ofColumn(c report.Column) column { return column(c) }

func ofRow(r report.Row) row {
	return row{Kind: r.Kind, Name: r.Name, File: r.At.File, Line: r.At.Line, Cells: each(r.Cells, ofCell)}
}

func ofCell(c report.Cell) cell {
	return cell{State: string(c.State), File: c.At.File, Line: c.At.Line, Note: c.Note, Checks: c.Checks}
}

func place(s source.Span) string {
	if s.Line == 0 {
		return s.File
	}
	return fmt.Sprintf("%s:%d", s.File, s.Line)
}

// each converts a list; the result is never nil, for null is no list.
func each[From, To any](list []From, convert func(From) To) []To {
	out := make([]To, 0, len(list))
	for _, item := range list {
		out = append(out, convert(item))
	}
	return out
}

func same[T any](t T) T { return t }
