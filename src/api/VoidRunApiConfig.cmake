# SPDX-License-Identifier: MIT
include(CMakeFindDependencyMacro)
find_dependency(Qt6 6.8 COMPONENTS Core Network WebSockets)
include(${CMAKE_CURRENT_LIST_DIR}/VoidRunApiTargets.cmake)
