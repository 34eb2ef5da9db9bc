# FindMbedTLS.cmake - mbedTLS 2.28, 3.6 or 4 as the targets of its own build.
# SPDX-License-Identifier: MIT
#
# The cryptographic library is MbedTLS::mbedcrypto with each version; since 4 it
# comes from TF-PSA-Crypto.

if(NOT TARGET MbedTLS::mbedtls)
    find_path(MbedTLS_INCLUDE_DIR mbedtls/ssl.h)
    find_library(MbedTLS_mbedcrypto_LIBRARY NAMES tfpsacrypto mbedcrypto)
    foreach(part mbedx509 mbedtls)
        find_library(MbedTLS_${part}_LIBRARY ${part})
    endforeach()
    mark_as_advanced(MbedTLS_INCLUDE_DIR MbedTLS_mbedcrypto_LIBRARY
        MbedTLS_mbedx509_LIBRARY MbedTLS_mbedtls_LIBRARY)
    foreach(header version build_info)
        set(header ${MbedTLS_INCLUDE_DIR}/mbedtls/${header}.h)
        if(EXISTS ${header})
            file(STRINGS ${header} line REGEX "define MBEDTLS_VERSION_STRING ")
            if(line MATCHES "\"([0-9.]+)")
                set(MbedTLS_VERSION ${CMAKE_MATCH_1})
            endif()
        endif()
    endforeach()
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
    foreach(crypto MbedTLS::tfpsacrypto TF-PSA-Crypto::tfpsacrypto)
        if(TARGET ${crypto} AND NOT TARGET MbedTLS::mbedcrypto)
            add_library(MbedTLS::mbedcrypto INTERFACE IMPORTED GLOBAL)
            set_target_properties(MbedTLS::mbedcrypto PROPERTIES
                INTERFACE_LINK_LIBRARIES ${crypto})
        endif()
    endforeach()
endif()
