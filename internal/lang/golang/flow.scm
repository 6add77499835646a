; What the syntax of Go means for a value that may be absent, or be a text. The
; words are those of package flow.

; --- names and their values
(const_spec name: (identifier) @name value: (expression_list . (_) @value .)) @bind
(var_spec name: (identifier) @name value: (expression_list . (_) @value .)) @bind
(short_var_declaration
  left: (expression_list . (identifier) @name .)
  right: (expression_list . (_) @value .)) @bind
(short_var_declaration
  left: (expression_list . (identifier) @name . (identifier) .)
  right: (expression_list . (_) @value . (_) .)) @bind
(short_var_declaration
  left: (expression_list . (identifier) . (identifier) @name .)
  right: (expression_list . (_) . (_) @value .)) @bind
((short_var_declaration
  left: (expression_list . (identifier) @name . (identifier) @ok .)
  right: (expression_list . (call_expression function: (_) @_f) @value .)) @bind
  (#match? @_f "LookupEnv$"))
((short_var_declaration
  left: (expression_list . (identifier) @name . (identifier) @err .)
  right: (expression_list . (call_expression function: (_) @_f) @value .)) @bind
  (#not-match? @_f "LookupEnv$"))
((short_var_declaration
  left: (expression_list . (identifier) @err .)
  right: (expression_list . (call_expression) @value .)) @bind
  (#match? @err "^(err|e|.*Err)$"))
((assignment_statement
  left: (expression_list . (identifier) @err .)
  right: (expression_list . (call_expression) @value .)) @bind
  (#match? @err "^(err|e|.*Err)$"))
((assignment_statement
  left: (expression_list . (_) @name . (identifier) @err .)
  right: (expression_list . (call_expression) @value .)) @bind
  (#match? @err "^(err|e|.*Err)$"))
(assignment_statement
  left: (expression_list . (_) @name .)
  right: (expression_list . (_) @value .)) @assign
((call_expression
  function: (selector_expression operand: (identifier) @_p field: (field_identifier) @_f)
  arguments: (argument_list . (unary_expression operand: (_) @name) . (_) . (_) @value)) @bind
  (#any-of? @_p "flag" "pflag") (#match? @_f "^(String|Int)Var$"))
(keyed_element
  . (literal_element (identifier) @key)
  . (literal_element (_) @value)) @field
(parameter_declaration name: (identifier) @parameter)

[(function_declaration) (method_declaration) (func_literal) (block) (if_statement) (for_statement)
 (expression_case) (default_case) (expression_switch_statement)] @scope
(function_declaration name: (identifier) @function) @define
(method_declaration name: (field_identifier) @function) @define
(func_literal body: (block) @deferred)

; --- what passes a value on
(parenthesized_expression (_) @inner) @outer
(unary_expression operator: ["&" "*"] operand: (_) @inner) @outer
(composite_literal body: (literal_value) @inner) @outer
(type_conversion_expression operand: (_) @inner) @outer
((call_expression function: (_) @_f arguments: (argument_list . (_) @inner)) @outer
  (#match? @_f "^(strings\\.(Trim|To|Split|Fields|Replace)\\w*|strconv\\.(Atoi|Parse\\w+)|time\\.ParseDuration|url\\.Parse\\w*|(file)?path\\.(Clean|Abs)|string|int|int64|uint16|len)$"))
((call_expression
  function: (selector_expression operand: (identifier) @_p field: (field_identifier) @_f)
  arguments: (argument_list . (_) . (_) @inner)) @outer
  (#any-of? @_p "flag" "pflag" "kingpin") (#any-of? @_f "String" "Int" "Duration" "StringP" "IntP"))
((call_expression function: (_) @_f arguments: (argument_list (_) @inner .)) @outer
  (#any-of? @_f "filepath.Join" "path.Join"))

; --- texts
[(interpreted_string_literal) (raw_string_literal)] @string
[(int_literal) (float_literal) (true) (false)] @number
(nil) @null
(binary_expression left: (_) @left operator: "+" right: (_) @right) @sum
((call_expression function: (_) @_f arguments: (argument_list . (_) @left . (_) @right .)) @sum
  (#eq? @_f "net.JoinHostPort") (#set! with ":"))
((call_expression function: (_) @_f arguments: (argument_list . (_) @template) @values) @format
  (#eq? @_f "fmt.Sprintf"))

; --- fallbacks
((call_expression function: (_) @_f arguments: (argument_list (_) @value (_)* (_) @fallback .)) @whole
  (#eq? @_f "cmp.Or"))

; --- tests
(unary_expression operator: "!" operand: (_) @inner) @not
(binary_expression left: (_) @left operator: "&&" right: (_) @right) @both
(binary_expression left: (_) @left operator: "||" right: (_) @right) @either
((binary_expression left: (_) @subject operator: "==" right: (_) @_v) @absent
  (#any-of? @_v "\"\"" "``" "nil" "0"))
((binary_expression left: (_) @subject operator: "!=" right: (_) @_v) @present
  (#any-of? @_v "\"\"" "``" "nil" "0"))
((binary_expression left: (_) @subject operator: ">" right: (_) @_v) @present
  (#eq? @_v "0"))
((binary_expression left: (_) @subject operator: "==" right: (_) @_v) @present
  (#not-any-of? @_v "\"\"" "``" "nil" "0") (#set! value true))
((binary_expression left: (_) @subject operator: "!=" right: (_) @_v) @absent
  (#not-any-of? @_v "\"\"" "``" "nil" "0") (#set! value true))
(binary_expression left: (_) @_v operator: ["==" "!="] right: (call_expression) @subject) @present
(expression_switch_statement value: (_) @subject) @present
((call_expression function: (_) @_f arguments: (argument_list . (_) @subject)) @present
  (#match? @_f "^(strings\\.(HasPrefix|HasSuffix|Contains|EqualFold)|slices\\.Contains)$"))
(if_statement condition: (_) @if consequence: (_) @then alternative: (_)? @else) @branch

; --- ends
(return_statement (expression_list . (_) @result)?) @leave
[(continue_statement) (break_statement)] @leave
((return_statement (expression_list (call_expression function: (_) @_f) .)) @error
  (#match? @_f "^(errors\\.\\w+|fmt\\.Errorf|\\w*[eE]rr\\w*|\\w+\\.\\w*Err\\w*|status\\.Errorf?)$"))
((return_statement (expression_list [(identifier) (selector_expression)] @_e .)) @error
  (#match? @_e "^(err|(\\w+\\.)?Err\\w+)$"))
((call_expression function: (_) @_f) @error
  (#eq? @_f "http.Error"))
((call_expression function: (_) @_f) @exit
  (#match? @_f "^(panic|os\\.Exit|runtime\\.Goexit|(.*\\.)?(Fatal|Panic)(f|ln|w|Context)?|(k|g)log\\.Exit\\w*|die|fatal\\w*|exit\\w*|abort)$"))
((call_expression function: (_) @_f arguments: (argument_list . (_) @subject)) @assert
  (#match? @_f "^(must|require|assert)([A-Z]\\w*)?$"))
