; Definitions
(contract_declaration name: (identifier) @name body: (_) @body) @definition.class
(interface_declaration name: (identifier) @name body: (_) @body) @definition.interface
(library_declaration name: (identifier) @name body: (_) @body) @definition.module
(struct_declaration name: (identifier) @name body: (_) @body) @definition.struct
(struct_member name: (identifier) @name) @definition.field
(enum_declaration name: (identifier) @name body: (_) @body) @definition.enum
(enum_value) @name @definition.variant
(event_definition name: (identifier) @name) @definition.event
(error_declaration name: (identifier) @name) @definition.type
(user_defined_type_definition name: (identifier) @name) @definition.type
(constructor_definition "constructor" @name body: (_) @body) @definition.constructor
(fallback_receive_definition ["receive" "fallback"] @name (visibility)? @visibility body: (_)? @body) @definition.function
(modifier_definition name: (identifier) @name body: (_)? @body) @definition.function
(function_definition name: (identifier) @name (visibility)? @visibility body: (_)? @body) @definition.function
(constant_variable_declaration name: (identifier) @name value: (_)? @body) @definition.constant
(state_variable_declaration ["constant" (immutable)] name: (identifier) @name value: (_)? @body) @definition.constant
(state_variable_declaration name: (identifier) @name value: (_)? @body) @definition.field

; Around definitions
(comment) @comment

; Imports
(import_directive source: (_) @path) @import

; References
(call_expression function: (expression [
  (identifier) @name
  (member_expression property: (identifier) @name)
])) @reference.call
(emit_statement name: (expression [
  (identifier) @name
  (member_expression property: (identifier) @name)
])) @reference.call
(revert_statement error: (expression [
  (identifier) @name
  (member_expression property: (identifier) @name)
])) @reference.call
(modifier_invocation (identifier) @name .) @reference.call
(inheritance_specifier ancestor: (user_defined_type (identifier) @name .)) @reference.base
(user_defined_type (identifier) @name .) @reference.type
(type_alias (identifier) @name) @reference.type
