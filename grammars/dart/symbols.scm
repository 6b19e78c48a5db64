; Types
(class_declaration name: (identifier) @name body: (_)? @body) @definition.class
(mixin_declaration name: (identifier) @name body: (_)? @body) @definition.class
(extension_declaration name: (identifier) @name body: (_)? @body) @definition.extension
(extension_declaration "extension" . "on" class: (_) @name body: (_)? @body) @definition.extension
(extension_type_declaration
  name: [(identifier) @name (extension_type_name . (identifier) @name)]
  body: (_)? @body) @definition.extension
(enum_declaration name: (identifier) @name body: (_) @body) @definition.enum
(enum_entry name: (identifier) @name) @definition.variant
(type_alias (type_identifier) @name) @definition.type

; Members
(method_declaration
  signature: (method_signature [
    (constructor_signature name: (identifier) name: (identifier) @name)
    (constructor_signature . name: (identifier) @name . parameters: (_))
    (constant_constructor_signature name: (identifier) name: (identifier) @name)
    (constant_constructor_signature . name: (identifier) @name . parameters: (_))
    (factory_constructor_signature name: (identifier) name: (identifier) @name)
    (factory_constructor_signature . name: (identifier) @name . parameters: (_))
  ] (initializers)? @body)
  body: (_) @body) @definition.constructor
(declaration
  [
    (constructor_signature name: (identifier) name: (identifier) @name)
    (constructor_signature . name: (identifier) @name . parameters: (_))
    (constant_constructor_signature name: (identifier) name: (identifier) @name)
    (constant_constructor_signature . name: (identifier) @name . parameters: (_))
    (factory_constructor_signature name: (identifier) name: (identifier) @name)
    (factory_constructor_signature . name: (identifier) @name . parameters: (_))
    (redirecting_factory_constructor_signature name: (identifier) name: (identifier) @name)
    (redirecting_factory_constructor_signature . name: (identifier) @name . parameters: (_))
  ]
  (initializers)? @body) @definition.constructor
(method_declaration
  signature: (method_signature [
    (getter_signature name: (_) @name)
    (setter_signature name: (_) @name)
  ])
  body: (_) @body) @definition.property
(declaration [
  (getter_signature name: (_) @name)
  (setter_signature name: (_) @name)
]) @definition.property
(method_declaration
  signature: (method_signature [
    (function_signature name: (_) @name)
    (operator_signature "operator" @name operator: _ @name.end)
  ])
  body: (_) @body) @definition.method
(declaration [
  (function_signature name: (_) @name)
  (operator_signature "operator" @name operator: _ @name.end)
]) @definition.method
(declaration
  "const"
  (static_final_declaration_list (static_final_declaration name: (_) @name value: (_)? @body))) @definition.constant
(declaration [
  (static_final_declaration_list (static_final_declaration name: (_) @name value: (_)? @body))
  (initialized_identifier_list (initialized_identifier name: (_) @name value: (_)? @body))
]) @definition.field

; Functions and variables outside of classes
(function_declaration signature: (function_signature name: (_) @name) body: (_) @body) @definition.function
(external_function_declaration signature: (function_signature name: (_) @name)) @definition.function
(local_function_declaration (function_signature name: (_) @name) (function_body) @body) @definition.function
(getter_declaration signature: (getter_signature name: (_) @name) body: (_) @body) @definition.property
(setter_declaration signature: (setter_signature name: (_) @name) body: (_) @body) @definition.property
(top_level_variable_declaration
  modifier: "const"
  (static_final_declaration_list (static_final_declaration name: (_) @name value: (_)? @body))) @definition.constant
(top_level_variable_declaration [
  (static_final_declaration_list (static_final_declaration name: (_) @name value: (_)? @body))
  (initialized_identifier_list (initialized_identifier name: (_) @name value: (_)? @body))
]) @definition.variable

; Tests: test('name', () { ... })
(call_expression
  function: (identifier) @_test
  arguments: (arguments . (string_literal) @name . (function_expression) @body @test)
  (#any-of? @_test "test" "testWidgets" "group" "blocTest")) @definition.function

; Around definitions
(member_declaration) @wrapper
(annotation) @attribute
(comment) @comment
(block_comment) @comment
(documentation_comment) @comment
(documentation_block_comment) @comment

; Imports
(library_import (import_specification uri: (_) @path)) @import
(library_export uri: (_) @path) @import
(part_directive uri: (_) @path) @import

; References
(call_expression function: [
  (identifier) @name
  (member_expression property: (identifier) @name)
  (null_aware_member_expression property: (identifier) @name)
]) @reference.call
(cascade_call_expression property: (identifier) @name) @reference.call
(superclass type: (type (type_identifier) @name)) @reference.base
(mixins (type (type_identifier) @name)) @reference.base
(interfaces (type (type_identifier) @name)) @reference.base
(annotation name: (identifier) @name) @reference.use
(type (type_identifier) @name) @reference.type
