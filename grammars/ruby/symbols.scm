; Imports
(call
  method: (identifier) @_f
  arguments: (argument_list . (string (string_content) @path))
  (#any-of? @_f "require" "require_relative" "load")) @import
(call
  method: (identifier) @_f
  arguments: (argument_list . (_) . (string (string_content) @path))
  (#eq? @_f "autoload")) @import

; Definitions
(module name: (_) @name body: (_)? @body) @definition.module
(class name: (_) @name body: (_)? @body) @definition.class
(method name: (_) @name parameters: (_)? body: (_)? @body) @definition.function
(singleton_method object: (self) name: (_) @name body: (_)? @body) @definition.method
(singleton_method object: (_) @scope name: (_) @name body: (_)? @body) @definition.method
(assignment
  left: [
    (constant) @name
    (scope_resolution) @name
  ]
  right: (call
    receiver: (constant) @_class
    method: (identifier) @_new
    block: (_)? @body)
  (#any-of? @_class "Class" "Struct" "Data" "Module")
  (#any-of? @_new "new" "define")) @definition.class
(assignment left: (constant) @name right: (_) @body) @definition.constant
(alias name: (_) @name) @definition.method
(call
  method: (identifier) @_f
  arguments: (argument_list . (simple_symbol) @name)
  (#any-of? @_f "alias_method" "alias_attribute")) @definition.method
(call
  method: (identifier) @_f
  arguments: (argument_list . (simple_symbol) @name)
  block: (_)? @body
  (#any-of? @_f "define_method" "define_singleton_method")) @definition.method
(call
  method: (identifier) @_f
  arguments: (argument_list . (simple_symbol) @name .)
  (#any-of? @_f "attr_accessor" "attr_reader" "attr_writer" "mattr_accessor" "cattr_accessor" "class_attribute")) @definition.property
(call
  method: (identifier) @_f
  arguments: (argument_list (simple_symbol) @name @definition.property)
  (#any-of? @_f "attr_accessor" "attr_reader" "attr_writer" "mattr_accessor" "cattr_accessor" "class_attribute"))

; Tests, tasks and groups of them are calls
(call
  !receiver
  method: (identifier) @_f
  arguments: (argument_list . [
    (string) @name
    (simple_symbol) @name
  ])
  block: (_) @body
  (#any-of? @_f "it" "test" "specify" "scenario" "should")) @definition.function @test
(call
  !receiver
  method: (identifier) @_f
  arguments: (argument_list . [
    (string) @name
    (constant) @name
    (scope_resolution) @name
  ])
  block: (_) @body
  (#any-of? @_f "describe" "context" "feature")) @definition.block @test
(call
  receiver: (constant)
  method: (identifier) @_f
  arguments: (argument_list . [
    (string) @name
    (constant) @name
    (scope_resolution) @name
  ])
  block: (_) @body
  (#eq? @_f "describe")) @definition.block @test
(call
  !receiver
  method: (identifier) @_f
  arguments: (argument_list . [
    (simple_symbol) @name
    (pair . (hash_key_symbol) @name)
    (pair . (simple_symbol) @name)
    (pair . (string) @name)
  ])
  block: (_) @body
  (#any-of? @_f "task" "namespace" "multitask")) @definition.target

; Around definitions
(call
  !receiver
  !block
  method: (identifier) @_f
  arguments: (argument_list . [
    (method)
    (singleton_method)
  ] .)
  (#any-of? @_f "private" "protected" "public" "module_function" "private_class_method" "public_class_method" "memoize")) @wrapper
(argument_list . [
  (method)
  (singleton_method)
] .) @wrapper
((identifier) @visibility (#any-of? @visibility "private" "protected" "public"))
(comment) @comment

; Constants that belong to no class
(do_block) @local

; References
(call method: (_) @name) @reference.call
(superclass [
  (constant) @name
  (scope_resolution name: (_) @name)
]) @reference.base
(call
  !receiver
  method: (identifier) @_f
  arguments: (argument_list [
    (constant) @name
    (scope_resolution name: (_) @name)
  ])
  (#any-of? @_f "include" "extend" "prepend")) @reference.base
(constant) @name @reference.use
