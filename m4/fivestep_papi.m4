# SPDX-License-Identifier: GPL-3.0-or-later
#
# FIVESTEP_PAPI
# --with-papi=auto|yes|no. Its header is needed to build the counter source papi; the library is opened at run time, so that the program
# also works where there is none.
AC_DEFUN([FIVESTEP_PAPI], [
AC_ARG_WITH([papi], [AS_HELP_STRING([--with-papi=auto|yes|no], [the counter source papi (auto: where papi.h is found)])], [], [with_papi=auto])
AS_CASE(["$with_papi"],
	[auto|yes|no], [],
	[AC_MSG_ERROR([--with-papi=$with_papi: expected auto, yes or no])])
fivestep_papi=no
AS_IF([test "$with_papi" != no], [AC_CHECK_HEADER([papi.h], [fivestep_papi=yes])])
AS_IF([test "$with_papi:$fivestep_papi" = yes:no], [AC_MSG_ERROR([--with-papi=yes, and no papi.h: install libpapi-dev or papi-devel])])
AC_SEARCH_LIBS([dlopen], [dl], [], [AC_MSG_ERROR([no dlopen])])
AS_IF([test "$fivestep_papi" = yes], [
	AC_DEFINE([HAVE_PAPI], [1], [Define to build the counter source papi.])
	FIVESTEP_PART([papi], [yes], [PAPI presets and native events, at run time where there is libpapi])
], [test "$with_papi" = no], [
	FIVESTEP_PART([papi], [no], [left out by --with-papi=no])
], [
	FIVESTEP_PART([papi], [no], [no papi.h: counters by perf only (apt install libpapi-dev)])
])
])
