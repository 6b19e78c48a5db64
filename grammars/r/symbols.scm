; Imports
(call
  function: (identifier) @_f
  arguments: (arguments . argument: (argument value: [
    (identifier) @path
    (string content: (_) @path)
  ]))
  (#any-of? @_f "library" "require" "requireNamespace" "loadNamespace" "source")) @import

; Definitions
(binary_operator
  lhs: [
    (identifier) @name
    (string) @name
    (extract_operator lhs: (_) @scope rhs: (_) @name)
  ]
  operator: [
    "<-"
    "="
    "<<-"
  ]
  rhs: (function_definition body: (_) @body)) @definition.function
(binary_operator
  lhs: (identifier) @name
  operator: [
    "<-"
    "="
  ]
  rhs: (call
    function: [
      (identifier) @_f
      (namespace_operator rhs: (identifier) @_f)
    ]
    arguments: (_) @body)
  (#any-of? @_f "R6Class" "setRefClass" "setClass" "ggproto" "new_class")) @definition.class
(binary_operator
  lhs: [
    (identifier) @name
    (string) @name
  ]
  operator: [
    "<-"
    "="
    "<<-"
  ]
  rhs: (_) @body) @definition.variable

; Members of classes that are made by a call
(call
  function: [
    (identifier) @_f
    (namespace_operator rhs: (identifier) @_f)
  ]
  arguments: (arguments
    argument: (argument
      value: (call
        arguments: (arguments
          argument: (argument
            name: (identifier) @name
            value: (function_definition body: (_) @body)) @definition.method))))
  (#any-of? @_f "R6Class" "setRefClass" "new_class"))
(call
  function: [
    (identifier) @_f
    (namespace_operator rhs: (identifier) @_f)
  ]
  arguments: (arguments
    argument: (argument
      name: (identifier) @name
      value: (function_definition body: (_) @body)) @definition.method)
  (#any-of? @_f "ggproto"))

; S4 classes, generics and methods
(call
  function: (identifier) @_f
  arguments: (arguments . argument: (argument value: (string) @name))
  (#any-of? @_f "setClass" "setClassUnion" "setRefClass")) @definition.class
(call
  function: (identifier) @_f
  arguments: (arguments
    .
    argument: (argument value: (string) @name)
    argument: (argument value: (function_definition) @body))
  (#any-of? @_f "setGeneric" "setMethod" "setValidity" "setReplaceMethod" "assign")) @definition.function

; Tests are calls
(call
  function: (identifier) @_f
  arguments: (arguments
    .
    argument: (argument value: (string) @name)
    argument: (argument value: (braced_expression) @body))
  (#any-of? @_f "test_that" "it")) @definition.function @test
(call
  function: (identifier) @_f
  arguments: (arguments
    .
    argument: (argument value: (string) @name)
    argument: (argument value: (braced_expression) @body))
  (#any-of? @_f "describe" "context")) @definition.block @test

; Around definitions
(comment) @comment

; Variables that belong to no package
(arguments) @local
(function_definition) @local
(for_statement) @local
(while_statement) @local
(repeat_statement) @local

; References
(call function: [
  (identifier) @name
  (namespace_operator rhs: (identifier) @name)
  (extract_operator rhs: (identifier) @name)
]) @reference.call
(argument
  name: (identifier) @_name
  value: [
    (identifier) @name
    (namespace_operator rhs: (identifier) @name)
  ]
  (#any-of? @_name "inherit" "contains")) @reference.base
(argument
  name: (identifier) @_name
  value: (string content: (_) @name)
  (#eq? @_name "contains")) @reference.base
