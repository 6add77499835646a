; What the syntax of C# means for a value that may be absent, or be a text. The
; words are those of package flow.

; --- names and their values
(variable_declarator name: (identifier) @name . [(string_literal) (verbatim_string_literal) (raw_string_literal) (interpolated_string_expression) (integer_literal) (boolean_literal) (invocation_expression) (element_access_expression) (binary_expression) (conditional_expression) (conditional_access_expression) (object_creation_expression) (member_access_expression) (identifier) (postfix_unary_expression) (parenthesized_expression) (cast_expression) (await_expression) (lambda_expression)] @value .) @bind
(property_declaration name: (identifier) @name value: (arrow_expression_clause (_) @value)) @bind
(property_declaration name: (identifier) @name value: [(string_literal) (invocation_expression) (element_access_expression) (binary_expression) (integer_literal)] @value) @bind
(assignment_expression left: [(identifier) (member_access_expression) (element_access_expression)] @name right: (_) @value) @assign
(assignment_expression left: (identifier) @name operator: "??=" right: (_) @value) @assign
(initializer_expression (assignment_expression left: (identifier) @key right: (_) @value) @field)
(argument name: (identifier) @key (_) @value) @field
(parameter name: (identifier) @parameter)
(foreach_statement left: (identifier) @parameter)
(catch_declaration name: (identifier) @parameter)

[(declaration_list) (method_declaration) (constructor_declaration) (local_function_statement) (lambda_expression) (for_statement) (foreach_statement) (catch_clause) (using_statement) (accessor_declaration)] @scope
[(block) (switch_section)] @block
(method_declaration name: (identifier) @function) @define
(local_function_statement name: (identifier) @function) @define
(method_declaration body: (_) @deferred)
(local_function_statement body: (_) @deferred)
(lambda_expression body: (_) @deferred)

; --- what passes a value on
(parenthesized_expression (_) @inner) @outer
(argument . (_) @inner .) @outer
(cast_expression value: (_) @inner) @outer
((postfix_unary_expression (_) @inner) @outer
  (#match? @outer "!$"))
(as_expression left: (_) @inner) @outer
(await_expression (_) @inner) @outer
((invocation_expression function: (member_access_expression expression: (_) @_o name: (_) @_f) arguments: (argument_list . (argument) @inner)) @outer
  (#any-of? @_o "int" "Int32" "long" "short" "ushort" "bool" "double" "Guid" "TimeSpan" "IPAddress" "Enum" "Path") (#any-of? @_f "Parse" "GetFullPath")
  (#set! strict true))
((invocation_expression function: (member_access_expression expression: (_) @_o name: (_) @_f) arguments: (argument_list . (argument) @subject)) @optional
  (#any-of? @_f "TryParse" "ToInt32" "ToBoolean" "ToInt64" "TryCreate"))
((invocation_expression function: (member_access_expression expression: (_) @_o name: (_) @_f) arguments: (argument_list . (argument) @subject .)) @absent
  (#match? @_o "^[Ss]tring$") (#any-of? @_f "IsNullOrEmpty" "IsNullOrWhiteSpace"))
((invocation_expression function: (member_access_expression expression: (_) @_o name: (_) @_f) arguments: (argument_list . (argument) @subject)) @assert
  (#match? @_o "^(Argument\\w*Exception|Guard\\.Against|Guard|Check|Throw|Ensure)$") (#match? @_f "^(ThrowIf\\w*|Null\\w*|NotNull\\w*|IfNull\\w*|AgainstNull\\w*|NotEmpty)$"))
((object_creation_expression type: (_) @_t arguments: (argument_list . (argument) @inner)) @outer
  (#any-of? @_t "Uri" "SqlConnection" "NpgsqlConnection" "MySqlConnection" "FileInfo") (#set! strict true))
((invocation_expression function: (member_access_expression expression: (_) @inner name: (_) @_f)) @outer
  (#any-of? @_f "Trim" "TrimEnd" "ToLower" "ToUpper" "ToLowerInvariant" "ToString") (#set! strict true))
((invocation_expression function: (member_access_expression expression: (_) @subject name: (_) @_f) arguments: (argument_list . (argument [(string_literal) (boolean_literal)]))) @strict
  (#any-of? @_f "Equals" "StartsWith" "EndsWith" "Contains"))
((invocation_expression function: (member_access_expression expression: (_) @subject name: (_) @_f)) @strict
  (#any-of? @_f "Split" "Replace" "Substring" "Equals"))
(conditional_access_expression condition: (_) @subject) @optional

; --- texts
[(string_literal) (verbatim_string_literal) (raw_string_literal) (interpolated_string_expression)] @string
(interpolation) @hole
[(integer_literal) (boolean_literal)] @number
(null_literal) @null
(binary_expression left: (_) @left operator: "+" right: (_) @right) @sum
((invocation_expression function: (member_access_expression expression: (_) @_o name: (_) @_f) arguments: (argument_list . (argument) @template) @values) @format
  (#match? @_o "^[Ss]tring$") (#eq? @_f "Format"))

; --- fallbacks
(binary_expression left: (_) @value operator: "??" right: (_) @fallback) @whole
(assignment_expression left: (_) @value operator: "??=" right: (_) @fallback) @whole

; --- tests
(prefix_unary_expression operator: "!" (_) @inner) @not
(binary_expression left: (_) @left operator: "&&" right: (_) @right) @both
(binary_expression left: (_) @left operator: "||" right: (_) @right) @either
((binary_expression left: (_) @subject operator: "==" right: (_) @_v) @absent
  (#any-of? @_v "null" "\"\"" "string.Empty" "String.Empty"))
((binary_expression left: (_) @subject operator: "!=" right: (_) @_v) @present
  (#any-of? @_v "null" "\"\"" "string.Empty" "String.Empty"))
(binary_expression left: (null_literal) operator: "==" right: (_) @subject) @absent
(binary_expression left: (null_literal) operator: "!=" right: (_) @subject) @present
((binary_expression left: (_) @subject operator: "==" right: (_) @_v) @present
  (#not-any-of? @_v "null" "\"\"" "string.Empty" "String.Empty") (#set! value true))
((binary_expression left: (_) @subject operator: "!=" right: (_) @_v) @absent
  (#not-any-of? @_v "null" "\"\"" "string.Empty" "String.Empty") (#set! value true))
(is_pattern_expression expression: (_) @subject pattern: (constant_pattern (null_literal))) @absent
((is_pattern_expression expression: (_) @subject pattern: (_) @_p) @present
  (#not-match? @_p "^null$"))
(if_statement condition: (_) @if consequence: (_) @then alternative: (_)? @else) @branch
((conditional_expression condition: (_) @if consequence: (_) @then alternative: (_) @else) @branch
  (#set! expression true))
(switch_statement value: (_) @subject) @present
(switch_expression . (_) @subject) @present
(try_statement body: (_) @tried (catch_clause body: (_) @handler))

; --- ends
(return_statement (_)? @result) @leave
[(continue_statement) (break_statement)] @leave
[(throw_statement) (throw_expression)] @exit
((invocation_expression function: (member_access_expression expression: (_) @_o name: (_) @_f)) @exit
  (#any-of? @_o "Environment" "Debug") (#any-of? @_f "Exit" "FailFast" "Fail"))
((return_statement (_) @_r) @error
  (#match? @_r "StatusCode\\((5\\d\\d|StatusCodes\\.Status5)|Results\\.Problem\\(|Problem\\("))
