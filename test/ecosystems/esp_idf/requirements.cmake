# requirements.cmake - what ESP-IDF asks each component first, in a script:
# cmake -DESP_PLATFORM=1 -DDUVA=FOLDER -P requirements.cmake
# SPDX-License-Identifier: MIT
macro(idf_component_register)
    cmake_parse_arguments(arg "" "KCONFIG" "SRCS;INCLUDE_DIRS;REQUIRES"
        ${ARGN})
    message(STATUS "REQUIRES ${arg_REQUIRES}")
    message(STATUS "KCONFIG ${arg_KCONFIG}")
    return()
endmacro()
include(${DUVA}/CMakeLists.txt)
