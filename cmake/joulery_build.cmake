# How everything here is compiled, and joulery_module(): a folder of src/ with the folders that it may use.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

add_compile_options(-Wall -Wextra -Wconversion -Wshadow)
if(JOULERY_WERROR)
  add_compile_options(-Werror)
endif()
if(JOULERY_SANITIZE)
  add_compile_options(-fsanitize=${JOULERY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${JOULERY_SANITIZE})
endif()
if(JOULERY_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # What ccache asks for where headers are precompiled; without it every such file misses.
  set(CMAKE_CXX_COMPILER_LAUNCHER env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
# The folders, and so the programs, take these three in as archives where the system has them: loading them as shared
# libraries took 0.5 ms of every start (docs/decisions/0002-libraries.md). libjoulery.so links the shared ones.
foreach(library ZSTD SQLITE XXHASH)
  add_library(joulery_with_${library} INTERFACE)
  find_library(JOULERY_${library}_ARCHIVE lib${${library}_LIBRARIES}.a HINTS ${${library}_LIBRARY_DIRS} ${${library}_LIBDIR})
  if(JOULERY_${library}_ARCHIVE)
    target_include_directories(joulery_with_${library} SYSTEM INTERFACE ${${library}_INCLUDE_DIRS})
    target_link_libraries(joulery_with_${library} INTERFACE ${JOULERY_${library}_ARCHIVE} Threads::Threads ${CMAKE_DL_LIBS} m)
  else()
    target_link_libraries(joulery_with_${library} INTERFACE PkgConfig::${library})
  endif()
endforeach()
# Time zones of Abseil, as archives for the same reason (docs/decisions/0060-series.md). Debian's are not for shared
# libraries: libjoulery.so links the shared ones.
pkg_check_modules(ABSL_TIME REQUIRED IMPORTED_TARGET absl_time)
add_library(joulery_time_zones INTERFACE)
foreach(part time time_zone civil_time strings strings_internal base raw_logging_internal int128 throw_delegate
        spinlock_wait log_severity)
  find_library(JOULERY_ABSL_${part}_ARCHIVE libabsl_${part}.a REQUIRED)
  target_link_libraries(joulery_time_zones INTERFACE ${JOULERY_ABSL_${part}_ARCHIVE})
endforeach()
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus QUIET)
if(JOULERY_TESTS)
  enable_testing()
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()

# joulery_unit_test(PROGRAM): a program of unit tests. Its own code is compiled for a fast build, the code under test keeps
# its flags; the first such program reads GoogleTest and the common headers of the standard library once for all of them
# (docs/decisions/0071-the-time-of-a-check.md). A file still includes what it uses: presets without this exist.
function(joulery_unit_test program)
  target_compile_options(${program} PRIVATE -O0 $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
  if(program STREQUAL joulery_base_test)
    target_precompile_headers(${program} PRIVATE <gmock/gmock.h> <gtest/gtest.h> <fmt/format.h> <algorithm> <array> <cmath>
      <cstdint> <filesystem> <functional> <map> <memory> <optional> <string> <string_view> <utility> <vector>)
  else()
    target_precompile_headers(${program} REUSE_FROM joulery_base_test)
  endif()
endfunction()

# joulery_module(NAME USES other... LINKS libraries... SOURCES ... TESTS ...)
# USES are folders of src/: the linker sees no others, and tools/check_layers.py holds the same for #include.
# LINKS are libraries of the system, private to the folder. TESTS make one program, joulery_<name>_test.
function(joulery_module name)
  cmake_parse_arguments(ARG "" "" "USES;LINKS;SOURCES;TESTS;TEST_LINKS" ${ARGN})
  add_library(joulery_${name} STATIC ${ARG_SOURCES})
  target_include_directories(joulery_${name} PUBLIC ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
  foreach(used ${ARG_USES})
    target_link_libraries(joulery_${name} PUBLIC joulery_${used})
  endforeach()
  target_link_libraries(joulery_${name} PRIVATE fmt::fmt ${ARG_LINKS})
  if(JOULERY_TESTS AND ARG_TESTS)
    add_executable(joulery_${name}_test ${ARG_TESTS})
    target_link_libraries(joulery_${name}_test PRIVATE joulery_${name} fmt::fmt GTest::gmock_main ${ARG_LINKS} ${ARG_TEST_LINKS})
    joulery_unit_test(joulery_${name}_test)
    target_compile_definitions(joulery_${name}_test PRIVATE JOULERY_SOURCE_DIR="${PROJECT_SOURCE_DIR}" JOULERY_BINARY_DIR="${CMAKE_BINARY_DIR}")
    gtest_discover_tests(joulery_${name}_test TEST_PREFIX "${name}." PROPERTIES LABELS "${name}" TIMEOUT 300 DISCOVERY_TIMEOUT 60)
  endif()
endfunction()

# joulery_embed_text(VARIABLE FILE NAME): a C++ file, whose path VARIABLE tells, with the text of FILE as NAME.
function(joulery_embed_text variable file name)
  get_filename_component(stem ${file} NAME_WE)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${stem}_text.cc)
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DIN=${file} -DOUT=${out} -DNAME=${name} -P ${PROJECT_SOURCE_DIR}/cmake/embed_text.cmake
    DEPENDS ${file} ${PROJECT_SOURCE_DIR}/cmake/embed_text.cmake)
  set(${variable} ${out} PARENT_SCOPE)
endfunction()
