# deb.cmake - what Debian wants of files, done to those of a package to be.
# SPDX-License-Identifier: MIT
#
# CPack runs it between installing and packing.

set(root ${CPACK_TEMPORARY_DIRECTORY})
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)

foreach(folder command/usr/share/doc/duva
        development/usr/share/doc/libduva-dev)
    file(WRITE ${root}/${folder}/changelog
        "duva (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium\n\n"
        "  * The whole list is in CHANGELOG.md of the sources.\n\n"
        " -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
endforeach()

# Policy 12.1 and 12.7; without a time in them, so that they are the same
# whenever they are made.
file(GLOB plain ${root}/*/usr/share/man/man?/*.?
    ${root}/*/usr/share/doc/*/changelog)
foreach(file IN LISTS plain)
    execute_process(COMMAND gzip --best --no-name ${file}
        RESULT_VARIABLE failed)
    if(failed)
        message(FATAL_ERROR "gzip ${file}: ${failed}")
    endif()
    file(CHMOD ${file}.gz PERMISSIONS
        OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
endforeach()
