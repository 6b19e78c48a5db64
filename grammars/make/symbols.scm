; Definitions
((rule (targets (_) @name) (recipe)? @body) @definition.target
  (#not-any-of? @name ".PHONY" ".SUFFIXES" ".SECONDARY" ".INTERMEDIATE" ".PRECIOUS" ".SILENT" ".IGNORE" ".POSIX" ".NOTPARALLEL" ".ONESHELL" ".DELETE_ON_ERROR" ".EXPORT_ALL_VARIABLES"))
(variable_assignment name: (_) @name) @definition.variable
(shell_assignment name: (_) @name) @definition.variable
(define_directive name: (_) @name value: (_)? @body) @definition.macro

; Around definitions
(override_directive) @wrapper
(export_directive) @wrapper
(private_directive) @wrapper
(comment) @comment

; Imports
(include_directive filenames: (list (_) @path)) @import

; References
(prerequisites (_) @name) @reference.use
(variable_reference (word) @name) @reference.use
(substitution_reference text: (word) @name) @reference.use
