package pattern

import (
	"slices"

	"rehearse/internal/syntax"
)

// branches are what the grammars call one of several ways that code may take,
// forks what they call the statement or expression that has them as fields, and
// bodies what they call a function, whose callers are not looked at.
var (
	branches = []string{
		"switch_case", "expression_case", "type_case", "case_clause", "switch_block_statement_group", "switch_rule", "switch_section", "switch_expression_arm",
		"when", "when_entry", "case_statement", "match_conditional_expression", "match_arm", "in_clause", "catch_clause", "except_clause", "rescue",
	}
	forks = []string{
		"if_statement", "if_expression", "if", "unless", "elsif", "elif_clause", "else_if_clause", "if_modifier", "unless_modifier",
		"ternary_expression", "conditional_expression", "conditional",
	}
	bodies = []string{
		"function", "function_declaration", "function_definition", "function_expression", "function_item", "generator_function_declaration", "arrow_function",
		"method", "method_declaration", "method_definition", "singleton_method", "constructor_declaration", "local_function_statement", "func_literal",
		"lambda", "lambda_expression", "lambda_literal", "closure_expression", "anonymous_function", "anonymous_function_creation_expression",
	}
)

// branched reports whether a node stands in one of several ways that the code
// around it may take, rather than in the question which of them it takes.
func branched(n syntax.Node) bool {
	for p := n.Parent(); !p.IsZero(); n, p = p, p.Parent() {
		kind := p.Kind()
		switch {
		case slices.Contains(branches, kind):
			return true
		case slices.Contains(forks, kind):
			if !asked(p, n) {
				return true
			}
		case slices.Contains(bodies, kind):
			return false
		}
	}
	return false
}

// asked reports whether a part of a fork is what it asks.
func asked(fork, part syntax.Node) bool {
	named := false
	for _, field := range []string{"condition", "initializer", "value", "subject"} {
		q := fork.Field(field)
		if !q.IsZero() && q.Covers(part) {
			return true
		}
		named = named || !q.IsZero()
	}
	first := fork.Children()
	return !named && len(first) > 0 && first[0].Covers(part) // Kotlin's grammar names no parts
}

// attempted reports whether what fails in a node is caught around it.
func attempted(n syntax.Node) bool {
	for p := n.Parent(); !p.IsZero() && !slices.Contains(bodies, p.Kind()); p = p.Parent() {
		if body := p.Field("body"); p.Kind() == "try_statement" && !body.IsZero() && body.Covers(n) {
			return true
		}
	}
	return false
}
