; What the syntax of Python means for a value that may be absent, or be a text.
; The words are those of package flow.

; --- names and their values
(assignment left: (identifier) @name right: (_) @value) @bind
(assignment left: (pattern_list . (identifier) @name . (_) .) right: (expression_list . (_) @value . (_) .)) @bind
(assignment left: (pattern_list . (_) . (identifier) @name .) right: (expression_list . (_) . (_) @value .)) @bind
(assignment left: [(attribute) (subscript)] @name right: (_) @value) @assign
(assignment left: (identifier) @name right: (_) @value) @assign
(delete_statement (subscript) @name) @assign
(named_expression name: (identifier) @name value: (_) @value) @bind
(aliased_import name: (dotted_name (identifier) @value) alias: (identifier) @name) @bind
(import_from_statement name: (dotted_name (identifier) @name @value)) @bind
(pair key: (_) @key value: (_) @value) @field
(keyword_argument name: (_) @key value: (_) @value) @field
(parameters (identifier) @parameter)
(parameters (typed_parameter . (identifier) @parameter))
(parameters (default_parameter name: (identifier) @parameter))
(parameters (typed_default_parameter name: (identifier) @parameter))
(lambda_parameters (identifier) @parameter)

[(function_definition) (class_definition) (lambda)] @scope
(block) @block
(function_definition name: (_) @function) @define
(function_definition body: (_) @deferred)
(lambda body: (_) @deferred)

; --- what passes a value on
(parenthesized_expression (_) @inner) @outer
(await (_) @inner) @outer
(named_expression value: (_) @inner) @outer
((call function: (identifier) @_f arguments: (argument_list . (_) @inner)) @outer
  (#any-of? @_f "str" "Path" "strtobool"))
((call function: (identifier) @_f arguments: (argument_list . (_) @inner)) @outer
  (#any-of? @_f "int" "float" "open" "Decimal" "len")
  (#set! strict true))
((call function: (attribute) @_f arguments: (argument_list . (_) @inner)) @outer
  (#any-of? @_f "json.loads" "ast.literal_eval" "base64.b64decode" "os.path.expanduser" "os.path.abspath" "os.path.exists")
  (#set! strict true))
((call function: (attribute) @_f arguments: (argument_list (_) @inner .)) @outer
  (#any-of? @_f "os.path.join"))
((call function: (_) @_f arguments: (argument_list) @inner) @outer
  (#match? @_f "^(\\w+\\.)*[A-Z]\\w*$|^dict$"))

; --- texts
(string) @string
(interpolation) @hole
[(integer) (float) (true) (false)] @number
(none) @null
(binary_operator left: (_) @left operator: "+" right: (_) @right) @sum
((binary_operator left: (_) @left operator: "/" right: (_) @right) @sum
  (#set! with "/"))
((call function: (attribute object: (string) @template attribute: (identifier) @_f) arguments: (_) @values) @format
  (#eq? @_f "format"))
(binary_operator left: (string) @template operator: "%" right: (tuple) @values) @format
(binary_operator left: (string) @template operator: "%" right: [(identifier) (attribute) (call) (subscript) (integer)] @single) @format

; --- fallbacks
(boolean_operator left: (_) @value operator: "or" right: (_) @fallback) @whole

; --- tests
(not_operator argument: (_) @inner) @not
(boolean_operator left: (_) @left operator: "and" right: (_) @right) @both
((comparison_operator . (_) @subject operators: ["is" "=="] . (_) @_v .) @absent
  (#any-of? @_v "None" "\"\"" "''"))
((comparison_operator . (_) @subject operators: ["is not" "!="] . (_) @_v .) @present
  (#any-of? @_v "None" "\"\"" "''"))
((comparison_operator . (_) @subject operators: ["is" "==" "in" ">" "<" ">=" "<="] . (_) @_v .) @present
  (#not-any-of? @_v "None" "\"\"" "''") (#set! value true))
((comparison_operator . (_) @subject operators: ["!=" "not in"] . (_) @_v .) @absent
  (#not-any-of? @_v "None" "\"\"" "''") (#set! value true))
(comparison_operator . [(string) (integer)] operators: ["==" "in"] . (_) @subject .) @present
((call function: (identifier) @_f arguments: (argument_list . (_) @subject)) @present
  (#any-of? @_f "bool" "any"))
(if_statement condition: (_) @if consequence: (_) @then !alternative) @branch
(if_statement condition: (_) @if consequence: (_) @then . alternative: (_) @else) @branch
(elif_clause condition: (_) @if consequence: (_) @then) @branch
(while_statement condition: (_) @subject) @present
((conditional_expression . (_) @then . (_) @if . (_) @else .) @branch
  (#set! expression true))
(match_statement subject: (_) @subject) @present
(assert_statement . (_) @subject) @demand
(attribute object: (_) @subject) @strict
(subscript value: (_) @subject) @strict
((call function: (identifier) @_f arguments: (argument_list . (_) @subject)) @assert
  (#match? @_f "^(require\\w*|ensure\\w*|must\\w*)$"))
((try_statement body: (_) @tried (except_clause . (_) @_e) @handler)
  (#match? @_e "KeyError|LookupError|Exception|TypeError|ValueError|AttributeError"))
(try_statement body: (_) @tried (except_clause . (block)) @handler)

; --- ends
(return_statement (_)? @result) @leave
(continue_statement) @leave
(break_statement) @leave
(raise_statement) @exit
((call function: (_) @_f) @exit
  (#match? @_f "^(sys\\.exit|exit|quit|os\\._exit|os\\.abort|die|fail|fatal|abort|pytest\\.(fail|exit))$"))
((call function: (_) @_f arguments: (argument_list (keyword_argument name: (_) @_k value: (integer) @_n))) @error
  (#any-of? @_k "status_code" "status") (#match? @_n "^5"))
((return_statement (expression_list (integer) @_n .)) @error
  (#match? @_n "^5\\d\\d$"))
