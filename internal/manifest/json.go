package manifest

import (
	"bytes"
	"encoding/json"

	"github.com/tidwall/jsonc"

	"rehearse/internal/source"
)

// member is a member of a JSON object.
type member struct {
	name string
	line int // of the name, from 1
	from int // the line in which the value begins
	raw  json.RawMessage
}

// members returns the members of a JSON object that begins in a line, in their
// order. What is no object has none.
func members(data []byte, line int) ([]member, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, err
	}
	var all []member
	seen := 0
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		m := member{}
		m.name, _ = key.(string)
		end := int(dec.InputOffset())
		line += bytes.Count(data[seen:end], []byte("\n"))
		m.line = line
		if err := dec.Decode(&m.raw); err != nil {
			return nil, err
		}
		begin := int(dec.InputOffset()) - len(m.raw)
		m.from = line + bytes.Count(data[end:max(end, begin)], []byte("\n"))
		seen = end
		all = append(all, m)
	}
	return all, nil
}

// text returns a JSON text, and "" for all else.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// object reads a file that is a JSON object.
func object(file source.File) ([]member, error) {
	data := bytes.TrimPrefix(file.Data, []byte("\xef\xbb\xbf"))
	all, err := members(data, 1)
	if err != nil {
		at := source.Span{File: file.Path}
		if wrong, ok := err.(*json.SyntaxError); ok {
			at.Line = lineOf(data, int(wrong.Offset))
		}
		return nil, &Broken{At: at, Reason: "not JSON"}
	}
	return all, nil
}

// relaxed returns JSON without comments and commas at ends, of the same length.
func relaxed(data []byte) []byte { return jsonc.ToJSON(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))) }
