; Definitions
(mod_item name: (identifier) @name body: (declaration_list)? @body) @definition.module
(struct_item name: (type_identifier) @name body: (_)? @body) @definition.struct
(union_item name: (type_identifier) @name body: (_)? @body) @definition.union
(enum_item name: (type_identifier) @name body: (_)? @body) @definition.enum
(enum_variant name: (identifier) @name) @definition.variant
(field_declaration name: (field_identifier) @name) @definition.field
(trait_item name: (type_identifier) @name body: (_)? @body) @definition.trait
(impl_item
  type: [
    (type_identifier) @name
    (primitive_type) @name
    (generic_type type: (type_identifier) @name)
    (generic_type type: (scoped_type_identifier name: (type_identifier) @name))
    (scoped_type_identifier name: (type_identifier) @name)
    (reference_type type: (type_identifier) @name)
    (_) @name
  ]
  body: (_)? @body) @definition.impl
(function_item name: (_) @name body: (block) @body) @definition.function
(function_signature_item name: (_) @name) @definition.function
(type_item name: (type_identifier) @name) @definition.type
(associated_type name: (type_identifier) @name) @definition.type
(const_item name: (identifier) @name value: (_)? @body) @definition.constant
(static_item name: (identifier) @name value: (_)? @body) @definition.variable
(macro_definition name: (identifier) @name . (_)? @body) @definition.macro

; Macros around items: what they hold are bare tokens to the grammar
(source_file (macro_invocation (token_tree) @again))
(source_file (expression_statement (macro_invocation (token_tree) @again)))
(declaration_list (macro_invocation (token_tree) @again))

; Around definitions
(attribute_item) @attribute
(line_comment) @comment
(block_comment) @comment

; Imports
(use_declaration argument: (_) @path) @import
(extern_crate_declaration name: (identifier) @path) @import

; References
(call_expression function: [
  (identifier) @name
  (field_expression field: (field_identifier) @name)
  (scoped_identifier name: (identifier) @name)
  (generic_function function: (identifier) @name)
  (generic_function function: (scoped_identifier name: (identifier) @name))
  (generic_function function: (field_expression field: (field_identifier) @name))
]) @reference.call
(macro_invocation macro: [
  (identifier) @name
  (scoped_identifier name: (identifier) @name)
]) @reference.call
(token_tree (identifier) @name . (token_tree "(")) @reference.call
(scoped_identifier path: [
  (identifier) @name
  (scoped_identifier name: (identifier) @name)
  (generic_type type: (type_identifier) @name)
]) @reference.use
(impl_item trait: [
  (type_identifier) @name
  (generic_type type: (type_identifier) @name)
  (scoped_type_identifier name: (type_identifier) @name)
]) @reference.base
(type_identifier) @name @reference.type
