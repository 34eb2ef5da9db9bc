# install.cmake - what goes where, for pkg-config and for find_package(Duva).
# SPDX-License-Identifier: MIT

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

file(RELATIVE_PATH up_to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Duva)

install(FILES ${DUVA_PUBLIC_HEADERS}
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/duva)
# Each part that is built, with its file for pkg-config if it has one.
set(libraries duva)
set(names duva)
foreach(part core mime openssl mbedcrypto mbedtls saslprep idn pool)
    if(TARGET duva_${part})
        list(APPEND libraries duva_${part})
        if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/cmake/duva-${part}.pc.in)
            list(APPEND names duva-${part})
        endif()
    endif()
endforeach()
install(TARGETS ${libraries} EXPORT Duva
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
foreach(name IN LISTS names)
    configure_file(cmake/${name}.pc.in ${name}.pc @ONLY)
    install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()
install(TARGETS duva_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES cli/duva.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)

install(EXPORT Duva NAMESPACE duva:: FILE DuvaTargets.cmake
    DESTINATION ${package_dir})
configure_package_config_file(cmake/DuvaConfig.cmake.in DuvaConfig.cmake
    INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(DuvaConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES
    ${CMAKE_CURRENT_BINARY_DIR}/DuvaConfig.cmake
    ${CMAKE_CURRENT_BINARY_DIR}/DuvaConfigVersion.cmake
    DESTINATION ${package_dir})
if(DUVA_MBEDTLS)
    install(FILES cmake/FindMbedTLS.cmake DESTINATION ${package_dir})
endif()
