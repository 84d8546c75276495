# Warnings, sanitizers and the one function that declares a library of ours.
add_library(rocktune_warnings INTERFACE)
target_compile_options(rocktune_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  -Wno-missing-field-initializers $<$<BOOL:${PROJECT_IS_TOP_LEVEL}>:-Werror>)
if(ROCKTUNE_SANITIZE)
  # The first finding ends the test that made it.
  add_compile_options(-fsanitize=${ROCKTUNE_SANITIZE}
    -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${ROCKTUNE_SANITIZE})
  # GCC sees uninitialised members of std::function where its own checks are.
  # Asio's fences are ones that ThreadSanitizer does not model.
  target_compile_options(rocktune_warnings INTERFACE
    -Wno-maybe-uninitialized -Wno-tsan)
endif()

# rocktune_library(NAME) makes a static library of all sources of this folder
# with the alias rocktune::NAME. Adding a file needs no edit here.
function(rocktune_library name)
  file(GLOB sources CONFIGURE_DEPENDS *.cc)
  add_library(rocktune_${name} STATIC ${sources})
  add_library(rocktune::${name} ALIAS rocktune_${name})
  target_include_directories(rocktune_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  target_link_libraries(rocktune_${name} PRIVATE
    $<BUILD_INTERFACE:rocktune_warnings>)
endfunction()
