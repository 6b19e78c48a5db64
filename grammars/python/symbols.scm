; Definitions
(class_definition
  name: (identifier) @name
  body: (block . (expression_statement (string) @doc)?) @body) @definition.class
(function_definition
  name: (identifier) @name
  body: (block . (expression_statement (string) @doc)?) @body) @definition.function
(type_alias_statement left: (type [
  (identifier) @name
  (generic_type (identifier) @name)
])) @definition.type
(expression_statement (assignment left: (identifier) @name right: (_)? @body)) @definition.variable
(expression_statement
  (assignment right: (assignment left: (identifier) @name right: (_)? @body))) @definition.variable
(expression_statement
  (assignment left: (pattern_list (identifier) @name) right: (_) @body)) @definition.variable

; Around definitions
(decorated_definition) @wrapper
(decorator) @attribute
(comment) @comment

; Variables that belong to no module or class
(for_statement) @local
(with_statement) @local
(while_statement) @local

; Imports
(import_statement name: [
  (dotted_name) @path
  (aliased_import name: (_) @path)
]) @import
(import_from_statement module_name: (_) @path) @import
(future_import_statement "__future__" @path) @import

; References
(call function: [
  (identifier) @name
  (attribute attribute: (identifier) @name)
]) @reference.call
(decorator [
  (identifier) @name
  (attribute attribute: (identifier) @name)
]) @reference.call
(class_definition superclasses: (argument_list [
  (identifier) @name
  (attribute attribute: (identifier) @name)
  (subscript value: (identifier) @name)
  (subscript value: (attribute attribute: (identifier) @name))
])) @reference.base
(type [
  (identifier) @name
  (attribute attribute: (identifier) @name)
  (subscript value: (identifier) @name)
  (generic_type (identifier) @name)
  (binary_operator left: (identifier) @name)
  (binary_operator right: (identifier) @name)
]) @reference.type
