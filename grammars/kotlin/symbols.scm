; Definitions
(class_declaration "interface" name: (identifier) @name (class_body)? @body) @definition.interface
(class_declaration name: (identifier) @name (enum_class_body) @body) @definition.enum
(class_declaration name: (identifier) @name (class_body)? @body) @definition.class
(object_declaration name: (identifier) @name (class_body)? @body) @definition.object
(companion_object name: (identifier) @name (class_body)? @body) @definition.object
(companion_object "companion" @name "object" . [(class_body) (delegation_specifiers)]) @definition.object
(enum_entry (identifier) @name (class_body)? @body) @definition.variant
(secondary_constructor "constructor" @name (constructor_delegation_call)? @body (block)? @body) @definition.constructor
(function_declaration [(user_type) (nullable_type)] @scope . "." . name: (identifier) @name (function_body)? @body) @definition.function
(function_declaration name: (identifier) @name (function_body)? @body) @definition.function
(class_parameter ["val" "var"] (identifier) @name) @definition.property
(property_declaration
  (modifiers (property_modifier) @_modifier)
  (variable_declaration (identifier) @name)
  "=" @body
  (#eq? @_modifier "const")) @definition.constant
(property_declaration [(user_type) (nullable_type)] @scope . "." . (variable_declaration (identifier) @name)
  . [(getter) (property_delegate) "="]? @body) @definition.property
(property_declaration
  (variable_declaration (identifier) @name)
  . [(getter) (property_delegate) "="]? @body) @definition.property
(type_alias type: (identifier) @name) @definition.type

; Around definitions
(annotation) @attribute
(line_comment) @comment
(block_comment) @comment

; Imports
(import . [(identifier) (qualified_identifier)] @path "*"? @path) @import

; References
(call_expression . [
  (identifier) @name
  (navigation_expression (identifier) @name .)
]) @reference.call
(delegation_specifier [
  (user_type (identifier) @name)
  (constructor_invocation (user_type (identifier) @name))
  (explicit_delegation (user_type (identifier) @name))
]) @reference.base
(annotation [
  (user_type (identifier) @name)
  (constructor_invocation (user_type (identifier) @name))
]) @reference.use
(user_type (identifier) @name) @reference.type
