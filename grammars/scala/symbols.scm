; Definitions
(package_clause name: (_) @name body: (_) @body) @definition.package
(package_object name: (_) @name body: (_)? @body) @definition.object
(class_definition name: (_) @name body: (_)? @body) @definition.class
(object_definition name: (_) @name body: (_)? @body) @definition.object
(trait_definition name: (_) @name body: (_)? @body) @definition.trait
(enum_definition name: (_) @name body: (_) @body) @definition.enum
(simple_enum_case name: (_) @name) @definition.variant
(full_enum_case name: (_) @name) @definition.variant
(given_definition name: (_) @name return_type: "with"? @body body: (_)? @body) @definition.object
(extension_definition
  parameters: (parameters (parameter type: (_) @name))
  body: (_) @body) @definition.extension
(type_definition name: (_) @name) @definition.type
(function_definition name: (_) @name body: (_) @body (#eq? @name "this")) @definition.constructor
(function_definition name: (_) @name body: (_) @body) @definition.function
(function_declaration name: (_) @name) @definition.function
(class_parameter ["val" "var"] name: (identifier) @name) @definition.property
(val_definition
  pattern: [
    (identifier) @name
    (operator_identifier) @name
    (tuple_pattern (identifier) @name)
    (identifiers (identifier) @name)
  ]
  value: (_) @body) @definition.variable
(var_definition
  pattern: [
    (identifier) @name
    (operator_identifier) @name
    (tuple_pattern (identifier) @name)
    (identifiers (identifier) @name)
  ]
  value: (_) @body) @definition.variable
(val_declaration name: (identifier) @name) @definition.variable
(var_declaration name: (identifier) @name) @definition.variable

; Tests of the usual frameworks: test("name") { ... }
(call_expression
  function: (call_expression
    function: (identifier) @_test
    arguments: (arguments . (string) @name))
  arguments: (block) @body @test
  (#any-of? @_test "test" "property" "it" "they" "describe" "feature" "scenario")) @definition.function

; Around definitions
(annotation) @attribute
(comment) @comment
(block_comment) @comment

; Imports
(import_declaration . path: (identifier) @path
  [(namespace_selectors) (namespace_wildcard) (as_renamed_identifier) (identifier)]? @path .) @import

; References
(call_expression function: [
  (identifier) @name
  (field_expression field: (identifier) @name)
  (generic_function function: (identifier) @name)
  (generic_function function: (field_expression field: (identifier) @name))
]) @reference.call
(instance_expression [
  (type_identifier) @name
  (generic_type type: (type_identifier) @name)
  (stable_type_identifier (type_identifier) @name)
]) @reference.call
(extends_clause type: [
  (type_identifier) @name
  (generic_type type: (type_identifier) @name)
  (stable_type_identifier (type_identifier) @name)
  (generic_type type: (stable_type_identifier (type_identifier) @name))
]) @reference.base
(annotation name: (type_identifier) @name) @reference.use
(type_identifier) @name @reference.type
