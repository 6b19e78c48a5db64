; Definitions
(class_declaration name: (identifier) @name body: (_) @body) @definition.class
(record_declaration name: (identifier) @name body: (_) @body) @definition.class
(interface_declaration name: (identifier) @name body: (_) @body) @definition.interface
(annotation_type_declaration name: (identifier) @name body: (_) @body) @definition.interface
(enum_declaration name: (identifier) @name body: (_) @body) @definition.enum
(enum_constant name: (identifier) @name body: (_)? @body) @definition.variant
(constructor_declaration name: (identifier) @name body: (_) @body) @definition.constructor
(compact_constructor_declaration name: (identifier) @name body: (_) @body) @definition.constructor
(method_declaration name: (identifier) @name body: (_)? @body) @definition.method
(annotation_type_element_declaration name: (identifier) @name) @definition.method
(field_declaration
  (modifiers "static" "final")
  declarator: (variable_declarator name: (identifier) @name value: (_)? @body)) @definition.constant
(constant_declaration
  declarator: (variable_declarator name: (identifier) @name value: (_)? @body)) @definition.constant
(field_declaration
  declarator: (variable_declarator name: (identifier) @name value: (_)? @body)) @definition.field
(module_declaration name: (_) @name body: (_) @body) @definition.module

; Around definitions
(annotation) @attribute
(marker_annotation) @attribute
(line_comment) @comment
(block_comment) @comment

; Imports
(import_declaration [(identifier) (scoped_identifier)] @path (asterisk)? @path) @import

; References
(method_invocation name: (identifier) @name) @reference.call
(object_creation_expression type: [
  (type_identifier) @name
  (generic_type . (type_identifier) @name)
  (scoped_type_identifier (type_identifier) @name .)
  (generic_type . (scoped_type_identifier (type_identifier) @name .))
]) @reference.call
(superclass [
  (type_identifier) @name
  (generic_type . (type_identifier) @name)
  (scoped_type_identifier (type_identifier) @name .)
  (generic_type . (scoped_type_identifier (type_identifier) @name .))
]) @reference.base
(super_interfaces (type_list [
  (type_identifier) @name
  (generic_type . (type_identifier) @name)
  (scoped_type_identifier (type_identifier) @name .)
  (generic_type . (scoped_type_identifier (type_identifier) @name .))
])) @reference.base
(extends_interfaces (type_list [
  (type_identifier) @name
  (generic_type . (type_identifier) @name)
  (scoped_type_identifier (type_identifier) @name .)
  (generic_type . (scoped_type_identifier (type_identifier) @name .))
])) @reference.base
(marker_annotation name: (identifier) @name) @reference.use
(annotation name: (identifier) @name) @reference.use
(type_identifier) @name @reference.type
