# Builds the store.
cmake_minimum_required(VERSION 3.20)
project(store VERSION 1.2 LANGUAGES C CXX)

include(GNUInstallDirs)
include(cmake/warnings.cmake)
find_package(Threads REQUIRED)
find_package(fmt 10 CONFIG)
add_subdirectory(src)

option(STORE_TESTS "Build the tests" ON)
set(STORE_SOURCES
  src/main.cpp
  src/store.cpp)
set(CMAKE_CXX_STANDARD 20 CACHE STRING "The standard")
list(APPEND STORE_SOURCES src/extra.cpp)

#[[ Adds a test program.

Every argument is a source. ]]
function(store_add_test name)
  set(local_only ${ARGN})
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE store Threads::Threads)
  add_test(NAME ${name} COMMAND ${name})
endfunction()

# Sets warnings.
macro(store_warnings TARGET)
  target_compile_options(${TARGET} PRIVATE -Wall)
endmacro()

# The library.
add_library(store STATIC ${STORE_SOURCES})
add_library(Store::store ALIAS store)
target_include_directories(store PUBLIC include)

add_executable(store-cli src/main.cpp)
target_link_libraries(store-cli PRIVATE store)

add_custom_target(docs COMMAND doxygen)
add_custom_command(OUTPUT gen.h COMMAND gen > gen.h)

if(STORE_TESTS)
  enable_testing()
  foreach(case IN ITEMS insert remove)
    store_add_test(test_${case} tests/${case}.cpp)
  endforeach()
  add_executable(bench bench.cpp)
  add_test(NAME smoke COMMAND store-cli --version)
else()
  message(STATUS "no tests")
endif()

install(TARGETS store-cli RUNTIME)
FetchContent_Declare(json URL https://example.org/json.tar.gz)

function(broken
  set(x
