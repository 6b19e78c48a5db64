; Definitions
(type_spec name: (_) @name type: (struct_type (_) @body)) @definition.struct
(type_spec name: (_) @name type: (interface_type "{" @body "}" @body)) @definition.interface
(type_spec name: (_) @name) @definition.type
(type_alias name: (_) @name) @definition.type
(function_declaration name: (_) @name body: (_)? @body) @definition.function
(method_declaration
  receiver: (parameter_list (parameter_declaration type: [
    (type_identifier) @scope
    (generic_type type: (type_identifier) @scope)
    (pointer_type (type_identifier) @scope)
    (pointer_type (generic_type type: (type_identifier) @scope))
    (parenthesized_type (pointer_type (type_identifier) @scope))
    (_) @scope
  ]))
  name: (_) @name
  body: (_)? @body) @definition.method
(method_elem name: (_) @name) @definition.method
(field_declaration name: (_) @name) @definition.field
(field_declaration . type: [
  (type_identifier) @name
  (qualified_type name: (_) @name)
  (generic_type type: (type_identifier) @name)
  (generic_type type: (qualified_type name: (_) @name))
]) @definition.field
(const_spec name: (identifier) @name value: (_)? @body) @definition.constant
(var_spec name: (identifier) @name value: (_)? @body) @definition.variable

; Around definitions
(type_declaration) @wrapper
(const_declaration) @wrapper
(var_declaration) @wrapper
(comment) @comment

; Variables that belong to no package
(func_literal) @local

; Imports
(import_spec path: (_) @path) @import

; References
(call_expression function: [
  (identifier) @name
  (selector_expression field: (_) @name)
  (index_expression operand: (identifier) @name)
  (type_instantiation_expression type: (type_identifier) @name)
]) @reference.call
(struct_type (field_declaration_list (field_declaration . type: [
  (type_identifier) @name
  (qualified_type name: (_) @name)
]) @reference.base))
(interface_type (type_elem [
  (type_identifier) @name
  (qualified_type name: (_) @name)
])) @reference.base
(type_identifier) @name @reference.type
