; What the syntax of PHP means for a value that may be absent, or be a text. The
; words are those of package flow. What is absent is false for getenv
; (https://www.php.net/manual/en/function.getenv.php), null for an element of an
; array that is not there.

; --- what is done with a value where it is given a name
(unary_op_expression operator: "!" argument: (assignment_expression right: (_) @inner)) @not
(unary_op_expression operator: "!" argument: (parenthesized_expression (assignment_expression right: (_) @inner))) @not
(binary_expression left: (assignment_expression right: (_) @value) operator: "or" right: (throw_expression) @fallback) @whole
((binary_expression left: (assignment_expression right: (_) @value) operator: "or" right: (function_call_expression function: (name) @_f) @fallback) @whole
  (#any-of? @_f "die" "exit"))
((binary_expression left: (parenthesized_expression (assignment_expression right: (_) @subject)) operator: ["==" "==="] right: (_) @_v) @absent
  (#any-of? @_v "null" "NULL" "false" "FALSE" "''" "\"\""))
((binary_expression left: (_) @_v operator: ["==" "==="] right: (assignment_expression right: (_) @subject)) @absent
  (#any-of? @_v "null" "NULL" "false" "FALSE" "''" "\"\""))

; --- names and their values
(assignment_expression left: [(variable_name) (member_access_expression) (scoped_property_access_expression)] @name right: (_) @value) @bind
(assignment_expression left: (_) @name right: (_) @value) @assign
(augmented_assignment_expression left: (_) @name operator: "??=" right: (_) @value) @assign
(const_element . (name) @name . (_) @value) @bind
(property_element . (variable_name) @name . (property_initializer (_) @value)) @bind
(array_element_initializer . (_) @key . (_) @value .) @field
(argument name: (name) @key (_) @value) @field
(simple_parameter name: (variable_name) @parameter)
(variadic_parameter name: (variable_name) @parameter)
(property_promotion_parameter name: (variable_name) @parameter)

[(method_declaration) (function_definition) (anonymous_function_creation_expression) (arrow_function) (class_declaration) (trait_declaration)] @scope
[(compound_statement) (colon_block) (case_statement) (default_statement)] @block
(function_definition name: (name) @function) @define
(method_declaration name: (name) @function) @define
(function_definition body: (_) @deferred)
(method_declaration body: (_) @deferred)
(anonymous_function_creation_expression body: (_) @deferred)
(arrow_function body: (_) @deferred)

; --- what passes a value on
(parenthesized_expression . (_) @inner .) @outer
(argument . (_) @inner .) @outer
(argument name: (_) (_) @inner) @outer
((cast_expression type: (_) @_t value: (_) @inner) @outer
  (#not-any-of? @_t "bool" "boolean" "array"))
((cast_expression type: (_) @_t value: (_) @subject) @optional
  (#any-of? @_t "bool" "boolean" "array"))
(array_element_initializer . (_) @inner .) @outer
((function_call_expression function: (_) @_f arguments: (arguments . (argument) @inner)) @outer
  (#any-of? @_f "trim" "rtrim" "ltrim" "strtolower" "strtoupper" "strval" "intval" "floatval" "realpath" "urlencode" "rawurlencode" "addslashes" "base64_decode" "json_decode" "parse_url" "value"))
; https://www.php.net/manual/en/function.explode.php
((function_call_expression function: (_) @_f arguments: (arguments . (_) . (argument) @inner)) @outer
  (#any-of? @_f "explode"))
((function_call_expression function: (_) @_f arguments: (arguments . (argument) @subject)) @present
  (#any-of? @_f "isset" "is_string" "is_numeric" "strlen" "filled" "class_exists" "file_exists" "is_file" "is_dir" "is_readable"))
((function_call_expression function: (_) @_f arguments: (arguments . (argument) @subject)) @absent
  (#any-of? @_f "empty" "is_null" "blank"))
((function_call_expression function: (_) @_f arguments: (arguments . (argument) @subject)) @present
  (#any-of? @_f "in_array" "str_contains" "str_starts_with" "str_ends_with" "strpos" "stripos" "strcmp" "strcasecmp" "version_compare" "ctype_digit") (#set! value true))
((function_call_expression function: (_) @_f arguments: (arguments . (_) . (argument) @subject)) @present
  (#any-of? @_f "preg_match" "hash_equals" "fnmatch") (#set! value true))
((function_call_expression function: (_) @_f arguments: (arguments . (argument) @subject)) @optional
  (#any-of? @_f "filter_var" "boolval" "array_filter" "var_dump" "count" "is_bool" "is_array" "is_int"))
(nullsafe_member_access_expression object: (_) @subject) @optional
(nullsafe_member_call_expression object: (_) @subject) @optional

; --- texts
(string) @string
(encapsed_string) @string
[(variable_name) (member_access_expression) (subscript_expression) (nullsafe_member_access_expression)] @part
[(integer) (float) (boolean)] @number
(null) @null
(binary_expression left: (_) @left operator: "." right: (_) @right) @sum
((function_call_expression function: (_) @_f arguments: (arguments . (argument) @template) @values) @format
  (#eq? @_f "sprintf"))

; --- fallbacks
(binary_expression left: (_) @value operator: "??" right: (_) @fallback) @whole
(conditional_expression condition: (_) @value !body alternative: (_) @fallback) @whole
((binary_expression left: (_) @value operator: ["or" "||"] right: [(throw_expression) (function_call_expression function: (name) @_f)] @fallback) @whole
  (#any-of? @_f "die" "exit"))

; --- tests
(unary_op_expression operator: "!" argument: (_) @inner) @not
(binary_expression left: (_) @left operator: ["&&" "and"] right: (_) @right) @both
(binary_expression left: (_) @left operator: ["||" "or" "xor"] right: (_) @right) @either
((binary_expression left: (_) @subject operator: ["==" "==="] right: (_) @_v) @absent
  (#any-of? @_v "null" "NULL" "false" "FALSE" "''" "\"\""))
((binary_expression left: (_) @subject operator: ["!=" "!==" "<>"] right: (_) @_v) @present
  (#any-of? @_v "null" "NULL" "false" "FALSE" "''" "\"\""))
((binary_expression left: (_) @_v operator: ["==" "==="] right: (_) @subject) @absent
  (#any-of? @_v "null" "NULL" "false" "FALSE" "''" "\"\""))
((binary_expression left: (_) @_v operator: ["!=" "!==" "<>"] right: (_) @subject) @present
  (#any-of? @_v "null" "NULL" "false" "FALSE" "''" "\"\""))
((binary_expression left: (_) @subject operator: ["==" "===" ">" ">=" "<" "<="] right: (_) @_v) @present
  (#not-any-of? @_v "null" "NULL" "false" "FALSE" "''" "\"\"") (#set! value true))
((binary_expression left: (_) @subject operator: ["!=" "!==" "<>"] right: (_) @_v) @absent
  (#not-any-of? @_v "null" "NULL" "false" "FALSE" "''" "\"\"") (#set! value true))
((binary_expression left: [(string) (encapsed_string) (integer)] operator: ["==" "==="] right: (_) @subject) @present
  (#set! value true))
(switch_statement condition: (_) @subject) @present
(match_expression condition: (_) @subject) @present
(while_statement condition: (_) @subject) @present
(if_statement condition: (_) @if body: (_) @then alternative: (_)? @else) @branch
(else_if_clause condition: (_) @if body: (_) @then alternative: (_)? @else) @branch
((conditional_expression condition: (_) @if body: (_) @then alternative: (_) @else) @branch
  (#set! expression true))
(try_statement (catch_clause body: (_) @handler)) @tried

; --- ends
(return_statement (_)? @result) @leave
[(break_statement) (continue_statement)] @leave
[(throw_expression) (exit_statement)] @exit
((function_call_expression function: (name) @_f) @exit
  (#any-of? @_f "die" "exit" "throw_if" "throw_unless"))
((expression_statement (name) @exit)
  (#any-of? @exit "die" "exit"))
((function_call_expression function: (name) @_f) @error
  (#any-of? @_f "abort" "trigger_error"))
