# component.cmake - Duva as a component of ESP-IDF.  The CMakeLists.txt of the
# project includes this one there.
# SPDX-License-Identifier: MIT

include(${CMAKE_CURRENT_LIST_DIR}/../kconfig.cmake)
idf_component_register(SRCS ${duva_sources} INCLUDE_DIRS ${duva_includes}
    REQUIRES lwip mbedtls KCONFIG ${CMAKE_CURRENT_LIST_DIR}/Kconfig)
target_compile_definitions(${COMPONENT_LIB} PUBLIC ${duva_definitions}
    DUVA_SOCKETS_HEADER="sockets_lwip.h")
