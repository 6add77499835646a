
; --- what only TypeScript has
(as_expression . (_) @inner) @outer
(satisfies_expression . (_) @inner) @outer
(non_null_expression (_) @inner) @outer
(required_parameter pattern: (identifier) @parameter)
(optional_parameter pattern: (identifier) @parameter)
(required_parameter pattern: (object_pattern (shorthand_property_identifier_pattern) @parameter))
(public_field_definition name: (_) @name value: (_) @value) @bind
