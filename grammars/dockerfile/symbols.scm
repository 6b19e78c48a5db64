; Definitions
(from_instruction as: (_) @name) @definition.stage @heading.1
(from_instruction !as (image_spec) @name) @definition.stage @heading.1
(arg_pair name: (_) @name) @definition.variable
(env_pair name: (_) @name) @definition.variable
(label_pair key: (_) @name) @definition.property
(workdir_instruction "WORKDIR" @name) @definition.property
(expose_instruction "EXPOSE" @name) @definition.property
(volume_instruction "VOLUME" @name) @definition.property
(user_instruction "USER" @name) @definition.property
(healthcheck_instruction "HEALTHCHECK" @name) @definition.property
(entrypoint_instruction "ENTRYPOINT" @name) @definition.property
((cmd_instruction "CMD" @name) @definition.property
  (#not-has-parent? @definition.property "healthcheck_instruction"))

; Around definitions
(arg_instruction) @wrapper
(env_instruction) @wrapper
(label_instruction) @wrapper
(comment) @comment

; Imports
(from_instruction (image_spec) @path) @import

; References
(from_instruction (image_spec name: (image_name) @name)) @reference.use
(expansion (variable) @name) @reference.use
