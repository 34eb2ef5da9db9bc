# toolchain.cmake - compiles for another processor, and runs it in QEMU.
# SPDX-License-Identifier: MIT
#
# DUVA_COMPILER       as in s390x-linux-gnu-gcc
# DUVA_EMULATOR       as in qemu-s390x
# DUVA_LIBRARIES      the folder that ./libraries made
# DUVA_MULTIARCH      the name of the folder of libraries in it

set(words DUVA_COMPILER DUVA_EMULATOR DUVA_LIBRARIES DUVA_MULTIARCH)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES ${words})
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${DUVA_EMULATOR})
set(CMAKE_C_COMPILER ${DUVA_COMPILER})
set(CMAKE_FIND_ROOT_PATH ${DUVA_LIBRARIES})
if(DUVA_MULTIARCH)             # else the folder is the compiler's own
    set(CMAKE_SYSROOT ${DUVA_LIBRARIES})
    set(CMAKE_C_LIBRARY_ARCHITECTURE ${DUVA_MULTIARCH})
    set(CMAKE_LIBRARY_ARCHITECTURE ${DUVA_MULTIARCH})
endif()
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_CROSSCOMPILING_EMULATOR ${DUVA_EMULATOR} -L ${DUVA_LIBRARIES})
foreach(kind EXE SHARED MODULE)
    set(CMAKE_${kind}_LINKER_FLAGS_INIT
        -Wl,-rpath-link,${DUVA_LIBRARIES}/usr/lib/${DUVA_MULTIARCH})
endforeach()
# The runtime of UndefinedBehaviorSanitizer is the compiler's.
if(DUVA_SANITIZE STREQUAL undefined)
    string(APPEND CMAKE_EXE_LINKER_FLAGS_INIT " -static-libubsan")
endif()
