include(${CMAKE_CURRENT_LIST_DIR}/sekishoTargets.cmake)
