# What was configured, printed last.
message(STATUS "rocktune ${PROJECT_VERSION}")
foreach(row
    "build type|${CMAKE_BUILD_TYPE}"
    "compiler|${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}"
    "sanitizers|${ROCKTUNE_SANITIZE}"
    "tests|${ROCKTUNE_TESTS}"
    "bench|${ROCKTUNE_BENCH}"
    "RocksDB|${RocksDB_VERSION}"
    "Abseil|${absl_VERSION}"
    "Boost|${Boost_VERSION_STRING}"
    "SQLite|${SQLite3_VERSION}")
  string(REPLACE "|" ";" row "${row}")
  list(GET row 0 name)
  list(GET row 1 value)
  if(value STREQUAL "")
    set(value "none")
  endif()
  message(STATUS "  ${name}: ${value}")
endforeach()
