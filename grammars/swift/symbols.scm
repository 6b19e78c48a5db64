; Definitions
(class_declaration declaration_kind: "extension" name: (_) @name body: (_) @body) @definition.extension
(class_declaration declaration_kind: "struct" name: (_) @name body: (_) @body) @definition.struct
(class_declaration declaration_kind: "enum" name: (_) @name body: (_) @body) @definition.enum
(class_declaration name: (_) @name body: (_) @body) @definition.class
(protocol_declaration name: (_) @name body: (_) @body) @definition.interface
(enum_entry name: (simple_identifier) @name) @definition.variant
(associatedtype_declaration name: (_) @name) @definition.type
(typealias_declaration "typealias" . name: (_) @name) @definition.type
(init_declaration name: "init" @name body: (_)? @body) @definition.constructor
(deinit_declaration "deinit" @name body: (_) @body) @definition.method
(subscript_declaration "subscript" @name (computed_property) @body) @definition.method
(function_declaration "func" . name: _ @name body: (_) @body) @definition.function
(protocol_function_declaration "func" . name: _ @name) @definition.function
(protocol_property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @definition.property
(property_declaration
  name: (pattern bound_identifier: (simple_identifier) @name)
  computed_value: (_) @body) @definition.property
(property_declaration
  name: (pattern bound_identifier: (simple_identifier) @name)
  . (type_annotation)? . value: (_)? @body) @definition.variable
(macro_declaration "macro" . (simple_identifier) @name definition: (_)? @body) @definition.macro

; Around definitions
(attribute) @attribute
(comment) @comment
(multiline_comment) @comment

; Imports
(import_declaration (identifier) @path) @import

; References
(call_expression . [
  (simple_identifier) @name
  (navigation_expression suffix: (navigation_suffix suffix: (simple_identifier) @name))
]) @reference.call
(macro_invocation . (simple_identifier) @name) @reference.call
(inheritance_specifier inherits_from: (user_type (type_identifier) @name)) @reference.base
(attribute (user_type (type_identifier) @name)) @reference.use
(user_type (type_identifier) @name) @reference.type
