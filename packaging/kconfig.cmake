# kconfig.cmake - the sources and settings that follow from packaging/Kconfig:
# duva_sources, duva_includes and duva_definitions.
# SPDX-License-Identifier: MIT

get_filename_component(duva_root ${CMAKE_CURRENT_LIST_DIR}/.. ABSOLUTE)
include(${duva_root}/cmake/sources.cmake)

set(duva_sources ${DUVA_CORE_SOURCES} ${DUVA_EXTRA_SOURCES}
    ${DUVA_CLIENT_SOURCES} ${DUVA_SOCKETS_SOURCES})
if(CONFIG_DUVA_SASL)
    list(APPEND duva_sources ${DUVA_SASL_SOURCES})
endif()
if(CONFIG_DUVA_MIME)
    list(APPEND duva_sources ${DUVA_MIME_SOURCES})
endif()
if(CONFIG_DUVA_MBEDTLS)
    list(APPEND duva_sources ${DUVA_MBEDTLS_SOURCES}
        ${DUVA_MBEDCRYPTO_SOURCES})
endif()
list(TRANSFORM duva_sources PREPEND ${duva_root}/)
set(duva_includes ${duva_root}/include ${duva_root}/port/sockets)

set(duva_definitions DUVA_TEXT_SIZE=${CONFIG_DUVA_TEXT_SIZE}
    DUVA_SOCKETS_ATTEMPT_MS=${CONFIG_DUVA_ATTEMPT_MS})
if(CONFIG_DUVA_PROFILE_CLASSIC)
    list(APPEND duva_definitions DUVA_PROFILE=DUVA_CLASSIC)
elseif(CONFIG_DUVA_PROFILE_SECURE)
    list(APPEND duva_definitions DUVA_PROFILE=DUVA_SECURE)
else()
    list(APPEND duva_definitions DUVA_PROFILE=DUVA_FULL)
endif()
foreach(setting TRACE MIME_SMALL)
    if(CONFIG_DUVA_${setting})
        list(APPEND duva_definitions DUVA_${setting}=1)
    else()
        list(APPEND duva_definitions DUVA_${setting}=0)
    endif()
endforeach()
