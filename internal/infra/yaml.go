package infra

import (
	"errors"
	"fmt"

	"rehearse/internal/source"
	"rehearse/internal/yaml"
)

// YAML returns the documents of a file for the members whose format is YAML.
// A template, which is YAML only once it is filled in, gives no documents and
// one entry of what was not read; so does every key that is given twice, of
// which the later is taken. Errors are of type *Error.
func YAML(file source.File) ([]yaml.Document, []source.Unread, error) {
	docs, err := yaml.Parse(file)
	var broken *yaml.Error
	switch {
	case err == nil:
	case errors.As(err, &broken) && broken.Template:
		at := source.Span{File: file.Path}
		return nil, []source.Unread{{At: at, Reason: "is a template, which is read only once it is filled in"}}, nil
	case errors.As(err, &broken):
		return nil, nil, &Error{At: broken.At, Reason: broken.Reason}
	default:
		return nil, nil, &Error{At: source.Span{File: file.Path}, Reason: err.Error()}
	}
	var unread []source.Unread
	for _, doc := range docs {
		for _, d := range doc.Duplicates {
			unread = append(unread, source.Unread{
				At:     d.At,
				Reason: fmt.Sprintf("the key %q stands here again: what line %d says is lost", d.Key, d.First.Line),
			})
		}
	}
	return docs, unread, nil
}
