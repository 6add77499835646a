package syntax

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxRequired bounds the texts of which one stands in what an expression fits
// in: beyond it, to look for them is no gain.
const maxRequired = 64

// required returns texts, in small letters, of which every text without
// foldable that the expression fits in holds one, written in small letters or
// capitals; nil where nothing of the kind is known.
func required(r *syntax.Regexp) []string {
	if texts := exact(r); useful(texts) {
		return texts
	}
	switch r.Op {
	case syntax.OpCapture, syntax.OpPlus:
		return required(r.Sub[0])
	case syntax.OpRepeat:
		if r.Min > 0 {
			return required(r.Sub[0])
		}
	case syntax.OpAlternate:
		var all []string
		for _, sub := range r.Sub {
			texts := required(sub)
			if texts == nil {
				return nil
			}
			all = append(all, texts...)
		}
		return bounded(all)
	case syntax.OpConcat:
		return longest(r.Sub)
	}
	return nil
}

// longest returns of what the parts of an expression require that which is
// rarest: that of which the shortest text is longest.
func longest(parts []*syntax.Regexp) []string {
	var best []string
	better := func(texts []string) {
		if useful(texts) && shortest(texts) > shortest(best) {
			best = texts
		}
	}
	run := []string{""} // what the parts before, back to one that is not exact, are
	for _, part := range parts {
		texts := exact(part)
		if texts == nil {
			better(run)
			better(required(part))
			run = []string{""}
			continue
		}
		if run = product(run, texts); run == nil {
			run = texts
		}
		better(run)
	}
	return best
}

// exact returns all texts without foldable that the expression fits, in small
// letters; nil where they are too many.
func exact(r *syntax.Regexp) []string {
	switch r.Op {
	case syntax.OpLiteral:
		return []string{strings.ToLower(string(r.Rune))}
	case syntax.OpCharClass:
		return class(r.Rune)
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return []string{""}
	case syntax.OpCapture:
		return exact(r.Sub[0])
	case syntax.OpQuest:
		if texts := exact(r.Sub[0]); texts != nil {
			return bounded(append([]string{""}, texts...))
		}
	case syntax.OpAlternate:
		var all []string
		for _, sub := range r.Sub {
			texts := exact(sub)
			if texts == nil {
				return nil
			}
			all = append(all, texts...)
		}
		return bounded(all)
	case syntax.OpConcat:
		all := []string{""}
		for _, sub := range r.Sub {
			if all = product(all, exact(sub)); all == nil {
				return nil
			}
		}
		return all
	}
	return nil
}

// maxClass bounds the members of a class that are told, capitals and small
// letters by themselves.
const maxClass = 16

// class returns the members of a class, but for foldable. One that has others
// beyond ASCII is not told, nor are those of all letters, which make too many.
func class(ranges []rune) []string {
	var texts []string
	for i := 0; i+1 < len(ranges); i += 2 {
		if ranges[i] == ranges[i+1] && strings.ContainsRune(foldable, ranges[i]) {
			continue
		}
		for c := ranges[i]; c <= ranges[i+1]; c++ {
			if c >= utf8.RuneSelf {
				return nil
			}
			if texts = append(texts, strings.ToLower(string(c))); len(texts) > maxClass {
				return nil
			}
		}
	}
	return bounded(texts)
}

func product(before, behind []string) []string {
	if len(before)*len(behind) > maxRequired {
		return nil
	}
	var all []string
	for _, a := range before {
		for _, b := range behind {
			all = append(all, a+b)
		}
	}
	return bounded(all)
}

func bounded(texts []string) []string {
	slices.Sort(texts)
	if texts = slices.Compact(texts); len(texts) == 0 || len(texts) > maxRequired {
		return nil
	}
	return texts
}

func shortest(texts []string) int {
	least := 0
	for i, text := range texts {
		if i == 0 || len(text) < least {
			least = len(text)
		}
	}
	return least
}

// useful reports whether texts say anything: every text holds the empty one.
func useful(texts []string) bool { return shortest(texts) > 0 }
