; Definitions
(namespace_declaration name: (_) @name body: (_) @body) @definition.namespace
(file_scoped_namespace_declaration name: (_) @name) @definition.namespace
(class_declaration name: (identifier) @name body: (_)? @body) @definition.class
(record_declaration "struct" name: (identifier) @name body: (_)? @body) @definition.struct
(record_declaration name: (identifier) @name body: (_)? @body) @definition.class
(struct_declaration name: (identifier) @name body: (_)? @body) @definition.struct
(interface_declaration name: (identifier) @name body: (_)? @body) @definition.interface
(enum_declaration name: (identifier) @name body: (_)? @body) @definition.enum
(enum_member_declaration name: (identifier) @name value: (_)? @body) @definition.variant
(delegate_declaration name: (identifier) @name) @definition.type
(constructor_declaration name: (identifier) @name (constructor_initializer)? @body body: (_)? @body) @definition.constructor
(destructor_declaration "~" @name name: (identifier) @name.end body: (_)? @body) @definition.method
(method_declaration name: (identifier) @name body: (_)? @body) @definition.method
(operator_declaration "operator" @name operator: _ @name.end body: (_)? @body) @definition.method
(conversion_operator_declaration "operator" @name type: (_) @name.end body: (_)? @body) @definition.method
(local_function_statement name: (identifier) @name body: (_)? @body) @definition.function
(indexer_declaration "this" @name accessors: (_)? @body value: (_)? @body) @definition.property
(property_declaration name: (identifier) @name accessors: (_)? @body value: (_)? @body) @definition.property
(event_declaration name: (identifier) @name accessors: (_)? @body) @definition.event
(event_field_declaration (variable_declaration (variable_declarator name: (identifier) @name))) @definition.event
(field_declaration
  (modifier) @_modifier
  (variable_declaration (variable_declarator name: (identifier) @name (_)? @body))
  (#eq? @_modifier "const")) @definition.constant
(field_declaration
  (variable_declaration (variable_declarator name: (identifier) @name (_)? @body))) @definition.field

; Around definitions
(attribute_list) @attribute
(preproc_if_in_attribute_list) @attribute
(comment) @comment

; Imports
(using_directive name: (_)? "="? [(qualified_name) (identifier) (alias_qualified_name) (generic_name)] @path .) @import

; References
(invocation_expression function: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (member_access_expression name: (identifier) @name)
  (member_access_expression name: (generic_name . (identifier) @name))
  (conditional_access_expression (member_binding_expression name: (identifier) @name))
  (conditional_access_expression (member_binding_expression name: (generic_name . (identifier) @name)))
]) @reference.call
(object_creation_expression type: [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: (identifier) @name)
  (qualified_name name: (generic_name . (identifier) @name))
]) @reference.call
(base_list [
  (identifier) @name
  (generic_name . (identifier) @name)
  (qualified_name name: (identifier) @name)
  (qualified_name name: (generic_name . (identifier) @name))
  (primary_constructor_base_type type: (identifier) @name)
  (primary_constructor_base_type type: (generic_name . (identifier) @name))
]) @reference.base
(attribute name: [
  (identifier) @name
  (qualified_name name: (identifier) @name)
]) @reference.use
(generic_name . (identifier) @name) @reference.type
(type_argument_list (identifier) @name) @reference.type
(parameter type: (identifier) @name) @reference.type
(variable_declaration type: (identifier) @name) @reference.type
(property_declaration type: (identifier) @name) @reference.type
(indexer_declaration type: (identifier) @name) @reference.type
(method_declaration returns: (identifier) @name) @reference.type
(nullable_type type: (identifier) @name) @reference.type
(array_type type: (identifier) @name) @reference.type
(cast_expression type: (identifier) @name) @reference.type
(typeof_expression type: (identifier) @name) @reference.type
