# install.cmake - what goes where, for pkg-config and for find_package(Duva).
# SPDX-License-Identifier: MIT

include(CMakePackageConfigHelpers)

file(RELATIVE_PATH up_to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Duva)

# What has no component of its own is for those who write programs.
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME development)

install(FILES ${DUVA_PUBLIC_HEADERS}
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/duva)
install(FILES doc/libduva.3 DESTINATION ${CMAKE_INSTALL_MANDIR}/man3)
# Each part that is built, with its file for pkg-config if it has one.
set(libraries duva)
set(names duva)
foreach(part core mime openssl mbedcrypto mbedtls saslprep idn pool proxy)
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

install(TARGETS duva_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
    COMPONENT command)
if(DUVA_CLI_MODULES)
    install(TARGETS duva_module_tls duva_module_names COMPONENT command
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/duva/modules)
endif()
if(DUVA_OAUTH)
    install(TARGETS duva_oauth COMPONENT command
        RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/duva)
endif()
install(FILES cli/duva.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1
    COMPONENT command)
install(FILES cli/duva-config.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5
    COMPONENT command)
install(FILES cli/completions/duva.bash RENAME duva COMPONENT command
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES cli/completions/duva.fish COMPONENT command
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES LICENSE RENAME copyright COMPONENT command
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/duva)
install(FILES LICENSE RENAME copyright
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/libduva-dev)
install(FILES cli/completions/_duva COMPONENT command
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)

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

# make deb: the command, and what programs are built with.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_CONTACT "Duva maintainers <duva@duva.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each package has its own
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_SOURCE_DIR}/cmake/deb.cmake)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL command development)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_COMMAND_PACKAGE_NAME duva)
set(CPACK_DEBIAN_COMMAND_PACKAGE_SECTION mail)
set(CPACK_DEBIAN_COMMAND_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_COMMAND_PACKAGE_SUGGESTS libsecret-tools)
set(CPACK_DEBIAN_COMMAND_DESCRIPTION
    "send mail over SMTP, and look at mail servers
The command duva sends mails over TLS to any server, logs in with passwords or
OAuth tokens, says truly what became of them, and shows what is wrong with a
mail server.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libduva-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS libc6-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS
    "libssl-dev, libidn-dev, libidn2-dev, libuv1-dev, libmbedtls-dev")
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION
    "SMTP client in C: static libraries and headers
A protocol engine without I/O and heap, clients for POSIX and libuv, TLS, SASL
and a streaming composer of messages.")
include(CPack)
