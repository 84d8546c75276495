# The product: one shared library that carries policy, hooks, llm and sidecar, the
# public headers, and a package for find_package(rocktune).
#
# Shared, because a host should see RocksDB and nothing else of what we link:
# Boost, Abseil and SQLite stay inside and are no dependencies of whoever
# compiles against us.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

add_library(rocktune_shared SHARED
  $<TARGET_OBJECTS:rocktune_policy>
  $<TARGET_OBJECTS:rocktune_hooks>
  $<TARGET_OBJECTS:rocktune_llm>
  $<TARGET_OBJECTS:rocktune_sidecar>)
add_library(rocktune::rocktune ALIAS rocktune_shared)
# Before 1.0 a minor version may change the ABI, so it is part of the soname.
set_target_properties(rocktune_shared PROPERTIES
  LINKER_LANGUAGE CXX
  OUTPUT_NAME rocktune
  EXPORT_NAME rocktune
  VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
# The public headers ask for no more than RocksDB's own do.
target_compile_features(rocktune_shared INTERFACE cxx_std_17)
target_include_directories(rocktune_shared INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/sidecar/include>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_link_libraries(rocktune_shared
  PUBLIC RocksDB::rocksdb-shared
  PRIVATE $<BUILD_INTERFACE:rocktune_sidecar>)
set(exports ${CMAKE_CURRENT_LIST_DIR}/exports.map)
target_link_options(rocktune_shared PRIVATE LINKER:--version-script=${exports})
if(NOT ROCKTUNE_SANITIZE)  # a sanitizer's own symbols are found at run time
  target_link_options(rocktune_shared PRIVATE LINKER:--no-undefined)
endif()
set_target_properties(rocktune_shared PROPERTIES LINK_DEPENDS ${exports})

install(TARGETS rocktune_shared EXPORT rocktuneTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/sidecar/include/rocktune
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/rocktune)
install(EXPORT rocktuneTargets NAMESPACE rocktune:: DESTINATION ${package_dir})
# RocksDB adds virtual functions between minor versions: ours must be used
# with the one it was built with.
string(REGEX MATCH "^[0-9]+\\.[0-9]+" ROCKTUNE_ROCKSDB_VERSION
  "${RocksDB_VERSION}")
configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/rocktuneConfig.cmake.in
  ${PROJECT_BINARY_DIR}/rocktuneConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/rocktuneConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/rocktuneConfig.cmake
  ${PROJECT_BINARY_DIR}/rocktuneConfigVersion.cmake
  DESTINATION ${package_dir})
