# FindMbedTLS.cmake - mbedTLS 2.28 as the targets that its own build makes.
# SPDX-License-Identifier: MIT

if(NOT TARGET MbedTLS::mbedtls)
    find_path(MbedTLS_INCLUDE_DIR mbedtls/ssl.h)
    foreach(part mbedcrypto mbedx509 mbedtls)
        find_library(MbedTLS_${part}_LIBRARY ${part})
    endforeach()
    mark_as_advanced(MbedTLS_INCLUDE_DIR MbedTLS_mbedcrypto_LIBRARY
        MbedTLS_mbedx509_LIBRARY MbedTLS_mbedtls_LIBRARY)
    if(MbedTLS_INCLUDE_DIR)
        file(STRINGS ${MbedTLS_INCLUDE_DIR}/mbedtls/version.h line
            REGEX "define MBEDTLS_VERSION_STRING ")
        string(REGEX MATCH "[0-9.]+" MbedTLS_VERSION "${line}")
    endif()
    include(FindPackageHandleStandardArgs)
    find_package_handle_standard_args(MbedTLS
        REQUIRED_VARS MbedTLS_mbedtls_LIBRARY MbedTLS_mbedx509_LIBRARY
            MbedTLS_mbedcrypto_LIBRARY MbedTLS_INCLUDE_DIR
        VERSION_VAR MbedTLS_VERSION)
    if(MbedTLS_FOUND)
        foreach(part mbedcrypto mbedx509 mbedtls)
            add_library(MbedTLS::${part} UNKNOWN IMPORTED)
            set_target_properties(MbedTLS::${part} PROPERTIES
                IMPORTED_LOCATION ${MbedTLS_${part}_LIBRARY}
                INTERFACE_INCLUDE_DIRECTORIES ${MbedTLS_INCLUDE_DIR})
        endforeach()
        set_target_properties(MbedTLS::mbedx509 PROPERTIES
            INTERFACE_LINK_LIBRARIES MbedTLS::mbedcrypto)
        set_target_properties(MbedTLS::mbedtls PROPERTIES
            INTERFACE_LINK_LIBRARIES "MbedTLS::mbedx509;MbedTLS::mbedcrypto")
    endif()
else()
    set(MbedTLS_FOUND TRUE)
endif()
