; Definitions
(class_definition
  name: (identifier) @name
  body: (block . (expression_statement (string) @doc)?) @body) @definition.class
(function_definition
  name: (identifier) @name
  body: (block . (expression_statement (string) @doc)?) @body) @definition.function
(expression_statement (assignment left: (identifier) @name right: (_)? @body)) @definition.variable

; Around definitions
(decorated_definition) @wrapper
(decorator) @attribute
(comment) @comment

; Imports
(import_statement name: (_) @path) @import
(import_from_statement module_name: (_) @path) @import

; References
(call function: [
  (identifier) @name
  (attribute attribute: (identifier) @name)
]) @reference.call
(class_definition superclasses: (argument_list [
  (identifier) @name
  (attribute attribute: (identifier) @name)
])) @reference.base
(type (identifier) @name) @reference.type
