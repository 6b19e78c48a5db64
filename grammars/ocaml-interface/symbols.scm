; Definitions
(module_binding (module_name) @name module_type: (signature)? @body) @definition.module
(module_type_definition (module_type_name) @name body: (signature)? @body) @definition.interface
(class_binding (class_name) @name class_type: [
  (class_body_type) @body
  (class_function_type codomain: (class_body_type) @body)
  (_)
]) @definition.class
(class_type_binding (class_type_name) @name body: (_)? @body) @definition.interface
(method_specification (method_name) @name) @definition.method
(exception_definition (constructor_declaration (constructor_name) @name)) @definition.type
(type_binding name: (_) @name body: (variant_declaration) @body) @definition.enum
(type_binding name: (_) @name body: (polymorphic_variant_type) @body) @definition.enum
(type_binding name: (_) @name body: (record_declaration) @body) @definition.struct
(type_binding name: (_) @name) @definition.type
(constructor_declaration (constructor_name) @name) @definition.variant
((tag_specification (tag) @name) @definition.variant
  (#has-parent? @definition.variant "polymorphic_variant_type"))
(field_declaration (field_name) @name) @definition.field
(external . (_) @name) @definition.function
(value_specification . (_) @name type: (function_type)) @definition.function
(value_specification . (_) @name) @definition.variable

; Around definitions
(module_definition) @wrapper
(class_definition) @wrapper
(class_type_definition) @wrapper
(type_definition) @wrapper
(comment) @comment

; Imports
(open_module_signature module: (_) @path) @import
(include_module_type module_type: (_) @path) @import

; References
(module_type_path (module_type_name) @name) @reference.base
(type_constructor_path (type_constructor) @name) @reference.type
