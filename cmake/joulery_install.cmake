# `cmake --install` and the .deb of `cpack -G DEB` put the same things where users expect them.

configure_file(${PROJECT_SOURCE_DIR}/cmake/joulery.pc.in ${PROJECT_BINARY_DIR}/joulery.pc @ONLY)

install(TARGETS joulery RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# Where src/lease/guard_start.cc looks for it from the program's directory.
install(TARGETS joulery-guard RUNTIME DESTINATION libexec/joulery)
install(TARGETS joulery_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/joulery DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${PROJECT_SOURCE_DIR}/docs/man/joulery.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${PROJECT_BINARY_DIR}/joulery.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md ${PROJECT_SOURCE_DIR}/LICENSE
        DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_PACKAGE_NAME joulery)
set(CPACK_PACKAGE_CONTACT "The Joulery maintainers <maintainers@joulery.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
    "Energy, carbon and cost of machine-learning jobs, with their uncertainty")
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR DEB)
# HDF5 brings a dozen libraries that a compute node should not need: its module is a package of its own.
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL joulery hdf5 http)
set(CPACK_DEBIAN_JOULERY_PACKAGE_NAME joulery)
set(CPACK_DEBIAN_JOULERY_PACKAGE_SUGGESTS "gnuplot-nox, joulery-hdf5, joulery-http")
set(CPACK_DEBIAN_HDF5_PACKAGE_NAME joulery-hdf5)
set(CPACK_DEBIAN_HDF5_PACKAGE_DEPENDS joulery)
set(CPACK_DEBIAN_HTTP_PACKAGE_NAME joulery-http)
set(CPACK_DEBIAN_HTTP_PACKAGE_DEPENDS joulery)
include(CPack)
