# install.cmake - what goes where, for pkg-config and for find_package(Duva).
# SPDX-License-Identifier: MIT

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

file(RELATIVE_PATH up_to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Duva)

install(FILES ${DUVA_PUBLIC_HEADERS}
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/duva)
set(libraries duva_core duva duva_mime duva_openssl)
if(DUVA_SASLPREP)
    list(APPEND libraries duva_saslprep)
endif()
install(TARGETS ${libraries} EXPORT Duva
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
if(DUVA_IDN)
    install(TARGETS duva_idn EXPORT Duva
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endif()
if(DUVA_POOL)
    install(TARGETS duva_pool EXPORT Duva
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
    configure_file(cmake/duva-pool.pc.in duva-pool.pc @ONLY)
    install(FILES ${CMAKE_CURRENT_BINARY_DIR}/duva-pool.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()
install(TARGETS duva_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
if(DUVA_MBEDTLS)
    install(TARGETS duva_mbedcrypto duva_mbedtls EXPORT Duva
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endif()
install(FILES cli/duva.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)

install(EXPORT Duva NAMESPACE duva:: FILE DuvaTargets.cmake
    DESTINATION ${package_dir})
configure_package_config_file(cmake/DuvaConfig.cmake.in DuvaConfig.cmake
    INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(DuvaConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
configure_file(cmake/duva.pc.in duva.pc @ONLY)
configure_file(cmake/duva-openssl.pc.in duva-openssl.pc @ONLY)
install(FILES
    ${CMAKE_CURRENT_BINARY_DIR}/DuvaConfig.cmake
    ${CMAKE_CURRENT_BINARY_DIR}/DuvaConfigVersion.cmake
    DESTINATION ${package_dir})
install(FILES
    ${CMAKE_CURRENT_BINARY_DIR}/duva.pc
    ${CMAKE_CURRENT_BINARY_DIR}/duva-openssl.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
if(DUVA_SASLPREP)
    configure_file(cmake/duva-saslprep.pc.in duva-saslprep.pc @ONLY)
    install(FILES ${CMAKE_CURRENT_BINARY_DIR}/duva-saslprep.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()
if(DUVA_MBEDTLS)
    configure_file(cmake/duva-mbedtls.pc.in duva-mbedtls.pc @ONLY)
    install(FILES ${CMAKE_CURRENT_BINARY_DIR}/duva-mbedtls.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
    install(FILES cmake/FindMbedTLS.cmake DESTINATION ${package_dir})
endif()
