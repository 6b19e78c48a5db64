; Definitions
(function_definition name: (word) @name body: (_) @body) @definition.function
((variable_assignment name: (variable_name) @name) @definition.variable
  (#has-parent? @definition.variable "program" "declaration_command"))
(declaration_command (variable_name) @name) @definition.variable

; Around definitions
(declaration_command) @wrapper
(comment) @comment

; Imports
((command name: (command_name) @_command argument: (_) @path) @import
  (#any-of? @_command "source" "."))

; References
((command name: (command_name (word) @name)) @reference.call
  (#not-any-of? @name
    "." "[" ":" "alias" "bind" "break" "builtin" "cat" "cd" "command" "continue" "declare" "echo"
    "eval" "exec" "exit" "export" "false" "getopts" "hash" "kill" "let" "local" "popd" "printf"
    "pushd" "pwd" "read" "readonly" "return" "set" "shift" "shopt" "source" "test" "time" "trap"
    "true" "type" "typeset" "umask" "unalias" "unset" "wait"))
((command name: (command_name) @_command argument: (word) @name) @reference.use
  (#any-of? @_command "trap" "command" "time" "sudo" "exec" "xargs" "retry"))
