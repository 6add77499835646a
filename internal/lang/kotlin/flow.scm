; What the syntax of Kotlin means for a value that may be absent, or be a text.
; The words are those of package flow. The grammar has no names for the parts of
; a node: their order tells.

; --- names and their values
(property_declaration (variable_declaration . (simple_identifier) @name) . (_) @value .) @bind
((property_declaration (variable_declaration . (simple_identifier) @name) (property_delegate (call_expression . (simple_identifier) @_l (call_suffix (annotated_lambda (lambda_literal (statements (_) @value .))))))) @bind
  (#eq? @_l "lazy"))
(assignment . (directly_assignable_expression) @name . (_) @value .) @assign
(value_argument . (simple_identifier) @key . (_) @value .) @field
(class_parameter (simple_identifier) @parameter)
(parameter . (simple_identifier) @parameter)

[(class_body) (function_declaration) (lambda_literal) (catch_block) (for_statement) (primary_constructor)] @scope
[(statements) (control_structure_body)] @block
(function_declaration . (modifiers)? . (simple_identifier) @function) @define
(function_declaration (function_body) @deferred)

; --- what passes a value on
(parenthesized_expression (_) @inner) @outer
(value_argument . (_) @inner .) @outer
(as_expression . (_) @inner) @outer
(interpolated_expression (_) @inner) @outer
((postfix_expression . (_) @subject) @assert
  (#match? @assert "!!$"))
((call_expression . (navigation_expression . (_) @subject (navigation_suffix) @_s)) @optional
  (#match? @_s "^\\?\\."))
((call_expression . (navigation_expression . (_) @subject (navigation_suffix (simple_identifier) @_f))) @absent
  (#any-of? @_f "isNullOrBlank" "isNullOrEmpty" "isEmpty" "isBlank"))
((call_expression . (navigation_expression . (_) @subject (navigation_suffix (simple_identifier) @_f))) @present
  (#any-of? @_f "isNotBlank" "isNotEmpty"))
((call_expression . (navigation_expression . (_) @subject (navigation_suffix (simple_identifier) @_f))) @optional
  (#any-of? @_f "orEmpty" "toBoolean"))
((call_expression . (navigation_expression . (_) @inner (navigation_suffix (simple_identifier) @_f))) @outer
  (#any-of? @_f "takeIf" "takeUnless" "ifBlank" "ifEmpty"))
((call_expression . (navigation_expression . (_) @inner (navigation_suffix (simple_identifier) @_f))) @outer
  (#any-of? @_f "toInt" "toLong" "trim" "lowercase" "uppercase" "toString" "toURI" "toBigDecimal") (#set! strict true))
((call_expression . (navigation_expression . (_) @subject (navigation_suffix (simple_identifier) @_f) @_s)) @strict
  (#match? @_s "^\\.") (#any-of? @_f "split" "replace" "startsWith" "endsWith" "toByteArray" "removeSuffix" "contains"))
((call_expression . (simple_identifier) @_f (call_suffix (value_arguments . (value_argument) @subject))) @assert
  (#any-of? @_f "requireNotNull" "checkNotNull"))

; --- texts
(string_literal) @string
[(interpolated_identifier) (interpolated_expression)] @part
[(integer_literal) (boolean_literal)] @number
"null" @null
((additive_expression . (_) @left . (_) @right .) @sum
  (#match? @sum "\\+"))

; --- fallbacks
(elvis_expression . (_) @value . (_) @fallback .) @whole
(elvis_expression . (_) @value "null" @fallback .) @whole

; --- tests
((prefix_expression (_) @inner) @not
  (#match? @not "^!"))
(conjunction_expression . (_) @left . (_) @right .) @both
(disjunction_expression . (_) @left . (_) @right .) @either
((equality_expression . (_) @subject) @absent
  (#match? @absent "==\\s*null$"))
((equality_expression . (_) @subject) @present
  (#match? @present "!=\\s*null$"))
((equality_expression . (_) @subject . (_)) @present
  (#match? @present "==") (#set! value true))
((equality_expression . (_) @subject . (_)) @absent
  (#match? @absent "!=") (#set! value true))
(when_subject (_) @subject) @present
(if_expression . (_) @if . (control_structure_body) @then . (control_structure_body)? @else) @branch
(try_expression . (statements) @tried (catch_block (statements) @handler))

; --- ends
((jump_expression (_)? @result) @leave
  (#match? @leave "^(return|continue|break)"))
((jump_expression) @exit
  (#match? @exit "^throw"))
((call_expression . (simple_identifier) @_f) @exit
  (#any-of? @_f "error" "exitProcess" "TODO" "fail"))
