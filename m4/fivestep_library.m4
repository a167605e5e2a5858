# SPDX-License-Identifier: GPL-3.0-or-later
#
# FIVESTEP_LIBRARY(PREFIX, MODULE, MINIMUM, PURPOSE)
# A library that fivestep cannot do without, found by pkg-config. What is missing is collected, so that
# FIVESTEP_LIBRARIES_DONE can name all of it at once.
AC_DEFUN([FIVESTEP_LIBRARY], [
PKG_CHECK_MODULES([$1], [$2 >= $3], [FIVESTEP_PART([$2], [yes], [$4])], [
	fivestep_missing="$fivestep_missing $2"
	FIVESTEP_PART([$2], [NO], [$4: $2 >= $3 not found by pkg-config])
])
])

# FIVESTEP_LIBRARY_NUMA
# libnuma has no pkg-config file everywhere.
AC_DEFUN([FIVESTEP_LIBRARY_NUMA], [
fivestep_numa=no
AC_CHECK_HEADER([numa.h], [AC_CHECK_LIB([numa], [numa_available], [fivestep_numa=yes])])
AS_IF([test "$fivestep_numa" = yes], [
	NUMA_LIBS=-lnuma
	FIVESTEP_PART([numa], [yes], [memory nodes, page placement])
], [
	fivestep_missing="$fivestep_missing numa"
	FIVESTEP_PART([numa], [NO], [memory nodes, page placement: numa.h or libnuma not found])
])
AC_SUBST([NUMA_LIBS])
])

# FIVESTEP_LIBRARIES_DONE
# Stops where a library is missing.
AC_DEFUN([FIVESTEP_LIBRARIES_DONE], [
AS_IF([test -n "$fivestep_missing"], [
	FIVESTEP_SUMMARY
	AC_MSG_ERROR([missing:$fivestep_missing; $srcdir/build-aux/packages.sh installs them, or prints the command that does])
])
])
