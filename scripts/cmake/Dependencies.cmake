# Everything we link, found once. All of it is SYSTEM: its warnings are not ours.
find_package(Threads REQUIRED)
find_package(RocksDB CONFIG REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(Boost 1.81 CONFIG REQUIRED COMPONENTS json url)
find_package(simdjson CONFIG REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(tomlplusplus CONFIG REQUIRED)
# CLI11 is header-only and Debian 12 ships no package file for it.
find_path(CLI11_INCLUDE_DIR CLI/CLI.hpp REQUIRED)
add_library(rocktune_cli11 INTERFACE)
target_include_directories(rocktune_cli11 SYSTEM INTERFACE ${CLI11_INCLUDE_DIR})
if(ROCKTUNE_TESTS)
  find_package(GTest CONFIG REQUIRED)
endif()
if(ROCKTUNE_BENCH)
  find_package(benchmark REQUIRED)
  # Debian's package file of the C++ build names the library only.
  find_path(NLOPT_INCLUDE_DIR nlopt.hpp REQUIRED)
  find_library(NLOPT_LIBRARY nlopt_cxx REQUIRED)
  add_library(rocktune_nlopt INTERFACE)
  target_include_directories(rocktune_nlopt SYSTEM INTERFACE ${NLOPT_INCLUDE_DIR})
  target_link_libraries(rocktune_nlopt INTERFACE ${NLOPT_LIBRARY})
  # Put into the report pages, which then need no network.
  find_file(CHART_JS chart.min.js PATHS /usr/share/javascript/chart.js
            /usr/share/nodejs/chart.js/dist REQUIRED)
endif()
