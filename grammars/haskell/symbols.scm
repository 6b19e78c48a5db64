; Definitions
(header module: (module) @name exports: (_)? @body) @definition.module
(data_type name: (_) @name constructors: (_)? @body) @definition.enum
(newtype name: (_) @name constructor: (_)? @body) @definition.struct
(data_constructor constructor: [
  (prefix name: (_) @name)
  (record name: (_) @name fields: (_) @body)
  (infix operator: (_) @name)
]) @definition.variant
(gadt_constructor name: (_) @name) @definition.variant
(newtype_constructor name: (_) @name field: (_)? @body) @definition.variant
(field name: (field_name (variable) @name)) @definition.field
(type_synonym name: (_) @name) @definition.type
(type_family name: (_) @name) @definition.type
(data_family name: (_) @name) @definition.type
(class name: (_) @name declarations: (_)? @body) @definition.trait
(instance
  patterns: [
    (type_patterns . (name) @name .)
    (type_patterns . (parens type: (apply constructor: (name) @name)) .)
    (type_patterns . (parens type: (apply constructor: (apply constructor: (name) @name))) .)
    (type_patterns) @name
  ]
  declarations: (_)? @body) @definition.impl
(deriving_instance patterns: (type_patterns) @name) @definition.impl
(pattern_synonym [
  (signature synonym: (_) @name)
  (equation synonym: (_) @name)
]) @definition.constructor
(foreign_import (signature name: (_) @name)) @definition.function
(signature name: [(variable) @name (prefix_id (_) @name)] type: [(function) (context) (forall)]) @definition.function
(signature names: (binding_list name: [(variable) @name (prefix_id (_) @name)]) type: [(function) (context) (forall)]) @definition.function
((signature name: [(variable) @name (prefix_id (_) @name)]) @definition.function
  (#has-parent? @definition.function "class_declarations" "instance_declarations"))
(signature name: [(variable) @name (prefix_id (_) @name)]) @definition.variable
(signature names: (binding_list name: [(variable) @name (prefix_id (_) @name)])) @definition.variable
(function name: [(variable) @name (prefix_id (_) @name)] match: (_) @body) @definition.function
(function (infix operator: [(operator) @name (infix_id (_) @name)]) match: (_) @body) @definition.function
((bind name: [(variable) @name (prefix_id (_) @name)] match: (_) @body) @definition.function
  (#has-parent? @definition.function "class_declarations" "instance_declarations"))
(bind name: [(variable) @name (prefix_id (_) @name)] match: (_) @body) @definition.variable
(bind pattern: (tuple element: (variable) @name) match: (_) @body) @definition.variable

; Around definitions
(comment) @comment
(haddock) @comment
(pragma) @attribute
(export variable: (variable) @exported)
(export operator: (prefix_id (_) @exported))
(export type: (name) @exported)

; Imports
(import module: (module) @path) @import

; References
(apply function: [
  (variable) @name
  (qualified id: (variable) @name)
]) @reference.call
(infix operator: (infix_id [
  (variable) @name
  (qualified id: (variable) @name)
])) @reference.call
((infix left_operand: [
  (variable) @name
  (qualified id: (variable) @name)
] operator: (operator) @_operator) @reference.call
  (#any-of? @_operator "$" "$!" "." "<$>" ">>=" ">=>" ">>" "<*>"))
((infix operator: (operator) @_operator right_operand: [
  (variable) @name
  (qualified id: (variable) @name)
]) @reference.call
  (#any-of? @_operator "." "=<<" ">>=" ">=>" ">>" "<$>" "$" "&" "<&>"))
(apply argument: (variable) @name) @reference.use
(instance name: [
  (name) @name
  (qualified id: (name) @name)
]) @reference.base
(deriving classes: [
  (name) @name
  (tuple (name) @name)
  (parens (name) @name)
]) @reference.base
(name) @name @reference.type
