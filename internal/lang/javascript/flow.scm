; What the syntax of JavaScript means for a value that may be absent, or be a
; text. The words are those of package flow; what only it has, and what only TypeScript
; has, stands in untyped.scm and typescript.scm.

; --- names and their values
(variable_declarator name: (identifier) @name value: (_) @value) @bind
(variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @name @value)) @bind
(variable_declarator name: (object_pattern (object_assignment_pattern left: (_) @name @value))) @bind
(variable_declarator name: (object_pattern (pair_pattern value: (identifier) @name @value))) @bind
(variable_declarator name: (object_pattern (pair_pattern value: (assignment_pattern left: (identifier) @name @value)))) @bind
(import_specifier name: (identifier) @name @value !alias) @bind
(import_specifier name: (identifier) @value alias: (identifier) @name) @bind
(assignment_expression left: [(identifier) (member_expression) (subscript_expression)] @name right: (_) @value) @assign
(unary_expression operator: "delete" argument: (_) @name) @assign
(pair key: (_) @key value: (_) @value) @field
(arrow_function parameter: (identifier) @parameter)

[(function_declaration) (arrow_function) (method_definition) (statement_block) (class_body) (for_statement) (for_in_statement) (switch_case)] @scope
(function_declaration name: (_) @function) @define
(method_definition name: (_) @function) @define
(variable_declarator name: (identifier) @function value: (arrow_function) @define)
(pair key: (property_identifier) @function value: (arrow_function) @define)
(function_declaration body: (_) @deferred)
(arrow_function body: (_) @deferred)
(method_definition body: (_) @deferred)

; --- what passes a value on
(parenthesized_expression (_) @inner) @outer
(await_expression (_) @inner) @outer
(unary_expression operator: ["+" "typeof"] argument: (_) @inner) @outer
((call_expression function: (identifier) @_f arguments: (arguments . (_) @inner)) @outer
  (#any-of? @_f "Number" "parseInt" "parseFloat" "String" "BigInt" "trim"))
((call_expression function: (member_expression) @_f arguments: (arguments . (_) @inner)) @outer
  (#any-of? @_f "Number.parseInt" "Number.parseFloat" "Object.freeze"))
((call_expression function: (_) @_f arguments: (arguments . (_) @inner)) @outer
  (#any-of? @_f "JSON.parse" "Buffer.from" "fs.readFileSync" "readFileSync")
  (#set! strict true))
((new_expression constructor: (identifier) @_c arguments: (arguments . (_) @inner .)) @outer
  (#eq? @_c "URL")
  (#set! strict true))
(call_expression function: (member_expression optional_chain: (_)) @inner) @outer
((call_expression function: (member_expression) @_f arguments: (arguments (_) @inner .)) @outer
  (#any-of? @_f "path.join" "path.resolve"))

; --- texts
[(string) (template_string)] @string
(template_substitution) @hole
[(number) (true) (false)] @number
[(null) (undefined)] @null
(binary_expression left: (_) @left operator: "+" right: (_) @right) @sum

; --- fallbacks
(binary_expression left: (_) @value operator: ["||" "??"] right: (_) @fallback) @whole
(augmented_assignment_expression left: (_) @value operator: ["||=" "??="] right: (_) @fallback) @whole
((member_expression object: (array (_) @value (_)* (_) @fallback .) @whole property: (property_identifier) @_p)
  (#any-of? @_p "find" "map" "filter"))

; --- tests
(unary_expression operator: "!" argument: (_) @inner) @not
(binary_expression left: (_) @left operator: "&&" right: (_) @right) @both
((binary_expression left: (_) @subject operator: ["==" "==="] right: (_) @_v) @absent
  (#any-of? @_v "undefined" "null" "''" "\"\"" "'undefined'" "\"undefined\"" "void 0"))
((binary_expression left: (_) @subject operator: ["!=" "!=="] right: (_) @_v) @present
  (#any-of? @_v "undefined" "null" "''" "\"\"" "'undefined'" "\"undefined\"" "void 0"))
((binary_expression left: (_) @subject operator: ["==" "===" ">" "<" ">=" "<="] right: (_) @_v) @present
  (#not-any-of? @_v "undefined" "null" "''" "\"\"" "'undefined'" "\"undefined\"" "void 0") (#set! value true))
((binary_expression left: (_) @subject operator: ["!=" "!=="] right: (_) @_v) @absent
  (#not-any-of? @_v "undefined" "null" "''" "\"\"" "'undefined'" "\"undefined\"" "void 0") (#set! value true))
((binary_expression left: [(string) (number)] operator: ["==" "==="] right: (_) @subject) @present (#set! value true))
((binary_expression left: [(string) (number)] operator: ["!=" "!=="] right: (_) @subject) @absent (#set! value true))
((call_expression function: (_) @_f arguments: (arguments . (_) @subject)) @absent
  (#any-of? @_f "isNaN" "Number.isNaN" "isEmpty" "_.isEmpty"))
((call_expression function: (_) @_f arguments: (arguments . (_) @subject)) @present
  (#any-of? @_f "Boolean" "isString"))
((call_expression function: (member_expression property: (property_identifier) @_p) arguments: (arguments . (_) @subject .)) @present
  (#any-of? @_p "includes" "test" "has"))
(switch_statement value: (_) @subject) @present
(if_statement condition: (_) @if consequence: (_) @then alternative: (_)? @else) @branch
((ternary_expression condition: (_) @if consequence: (_) @then alternative: (_) @else) @branch
  (#set! expression true))
(while_statement condition: (_) @subject) @present
(member_expression object: (_) @subject optional_chain: (_)) @optional
(member_expression object: (_) @subject !optional_chain) @strict
((call_expression function: (_) @_f arguments: (arguments . (_) @subject)) @assert
  (#match? @_f "^(assert(\\.\\w+)?|invariant|tiny?Invariant|must\\w*|required?\\w*|ensure\\w*|nullthrows)$") (#not-eq? @_f "require"))

; --- ends
(return_statement (_)? @result) @leave
[(continue_statement) (break_statement)] @leave
(throw_statement) @exit
((call_expression function: (_) @_f) @exit
  (#match? @_f "^(process\\.(exit|abort|kill)|Deno\\.exit|exit\\w*|die|panic|fail|fatal|abort|throwError|raise)$"))
((new_expression constructor: (_) @_c) @error
  (#match? @_c "(Error|Exception)$"))
((call_expression function: (member_expression property: (property_identifier) @_p) arguments: (arguments . (number) @_n)) @error
  (#any-of? @_p "status" "sendStatus" "code" "writeHead") (#match? @_n "^5"))
((pair key: (property_identifier) @_k value: (number) @_n) @error
  (#any-of? @_k "status" "statusCode") (#match? @_n "^5"))
((call_expression function: (identifier) @_f) @error
  (#eq? @_f "reject"))
