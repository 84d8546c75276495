# rocktune_embed(TARGET FUNCTION FILE): TARGET gets absl::string_view
# rocktune::FUNCTION(), the text of FILE. Made in the build tree: nothing of
# other people's files is in ours.
if(CMAKE_SCRIPT_MODE_FILE)
  file(READ ${INPUT} text)
  # CONFIGURE would read @ and ${} in the text; this does not.
  file(WRITE ${OUTPUT} "#include \"absl/strings/string_view.h\"\n\n"
    "namespace rocktune {\n\nabsl::string_view ${FUNCTION}();\n"
    "absl::string_view ${FUNCTION}() {\n"
    "  return R\"embedded(" "${text}" ")embedded\";\n}\n\n}\n")
  return()
endif()

set(ROCKTUNE_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
function(rocktune_embed target function file)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded/${function}.cc)
  get_filename_component(input ${file} ABSOLUTE)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${input} -DOUTPUT=${output}
      -DFUNCTION=${function} -P ${ROCKTUNE_EMBED_SCRIPT}
    DEPENDS ${input} ${ROCKTUNE_EMBED_SCRIPT} VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
