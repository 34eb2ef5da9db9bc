# compile.cmake - how every target of this project is compiled.
# SPDX-License-Identifier: MIT

option(DUVA_WERROR "Treat warnings as errors" OFF)
set(DUVA_SANITIZE "" CACHE STRING
    "Sanitizers to build with, such as address,undefined or thread")

if(DUVA_SANITIZE)
    add_compile_options(-fsanitize=${DUVA_SANITIZE}
        -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${DUVA_SANITIZE})
endif()

function(duva_compile)
    foreach(target IN LISTS ARGN)
        set_target_properties(${target} PROPERTIES
            C_STANDARD 99 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF)
        # Where long has 32 bits, sizes of files and times have more.
        target_compile_definitions(${target} PRIVATE _FILE_OFFSET_BITS=64)
        if(NOT target STREQUAL duva_nxsecure_host) # OpenSSL gets its time_t
            target_compile_definitions(${target} PRIVATE _TIME_BITS=64)
        endif()
        if(CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
            target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic
                -Wconversion -Wshadow -Wmissing-declarations
                $<$<BOOL:${DUVA_WERROR}>:-Werror>)
        endif()
    endforeach()
endfunction()

# Hardening of programs that read from the network, as in Debian: TARGET...
function(duva_harden)
    foreach(target IN LISTS ARGN)
        if(CMAKE_C_COMPILER_ID MATCHES "GNU|Clang" AND NOT DUVA_SANITIZE)
            target_compile_options(${target} PRIVATE -fstack-protector-strong
                $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE>
                $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
        endif()
    endforeach()
endfunction()

# The library duva_NAME, which users know as duva::NAME: NAME SOURCE...
function(duva_library name)
    add_library(duva_${name} STATIC ${ARGN})
    add_library(duva::${name} ALIAS duva_${name})
    set_target_properties(duva_${name} PROPERTIES EXPORT_NAME ${name})
    duva_compile(duva_${name})
endfunction()
