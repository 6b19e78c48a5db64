; Definitions
(function_def (function_command (argument_list . (argument) @name)) @signature) @definition.function
(macro_def (macro_command (argument_list . (argument) @name)) @signature) @definition.macro
((normal_command (identifier) @_command (argument_list . (argument) @name)) @definition.package
  (#any-of? @_command "project" "PROJECT"))
((normal_command (identifier) @_command (argument_list . (argument) @name)) @definition.target
  (#any-of? @_command
    "add_executable" "add_library" "add_custom_target"
    "ADD_EXECUTABLE" "ADD_LIBRARY" "ADD_CUSTOM_TARGET"))
((normal_command (identifier) @_command (argument_list . (argument) @_first . (argument) @name)) @definition.target
  (#any-of? @_command "add_test" "ADD_TEST")
  (#eq? @_first "NAME"))
((normal_command (identifier) @_command (argument_list . (argument) @name)) @definition.target
  (#any-of? @_command "add_test" "ADD_TEST")
  (#not-eq? @name "NAME"))
((normal_command (identifier) @_command (argument_list . (argument) @name)) @definition.variable
  (#any-of? @_command "set" "option" "SET" "OPTION" "cmake_dependent_option" "CMAKE_DEPENDENT_OPTION"))

; Around definitions
(line_comment) @comment
(bracket_comment) @comment

; Imports
((normal_command (identifier) @_command (argument_list . (argument) @path)) @import
  (#any-of? @_command
    "include" "find_package" "add_subdirectory" "FetchContent_Declare"
    "INCLUDE" "FIND_PACKAGE" "ADD_SUBDIRECTORY"))

; References
((normal_command (identifier) @name) @reference.call
  (#not-any-of? @name
    "set" "unset" "option" "list" "string" "file" "message" "math" "include" "return" "project"
    "install" "find_package" "find_library" "find_path" "find_program" "add_library" "add_test"
    "add_executable" "add_custom_target" "add_custom_command" "add_subdirectory" "get_property"
    "set_property" "target_link_libraries" "target_include_directories" "target_sources"
    "target_compile_options" "target_compile_definitions" "target_compile_features"
    "set_target_properties" "get_target_property" "get_filename_component" "configure_file"
    "execute_process" "cmake_minimum_required" "cmake_parse_arguments" "enable_testing"
    "mark_as_advanced" "add_dependencies" "add_definitions" "add_compile_options"
    "SET" "UNSET" "OPTION" "LIST" "STRING" "FILE" "MESSAGE" "INCLUDE" "PROJECT" "INSTALL"
    "FIND_PACKAGE" "ADD_LIBRARY" "ADD_EXECUTABLE" "ADD_SUBDIRECTORY" "TARGET_LINK_LIBRARIES"))
((normal_command (identifier) @_command (argument_list (argument) @name)) @reference.use
  (#any-of? @_command
    "target_link_libraries" "add_dependencies" "TARGET_LINK_LIBRARIES" "ADD_DEPENDENCIES")
  (#not-any-of? @name "PRIVATE" "PUBLIC" "INTERFACE" "LINK_PRIVATE" "LINK_PUBLIC"))
((normal_command (identifier) @_command (argument_list . (argument) @name)) @reference.use
  (#any-of? @_command
    "target_sources" "target_include_directories" "target_compile_options"
    "target_compile_definitions" "target_compile_features" "set_target_properties"))
((normal_command (identifier) @_command (argument_list . (argument) @_targets . (argument) @name)) @reference.use
  (#any-of? @_command "install" "INSTALL")
  (#eq? @_targets "TARGETS"))
(normal_var (variable) @name) @reference.use
