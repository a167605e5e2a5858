# SPDX-License-Identifier: GPL-3.0-or-later
#
# FIVESTEP_PAPI_SDE
# --with-papi-sde=auto|yes|no. libsde is linked, not opened at run time: PAPI looks for it when a tool starts, which may be before main.
AC_DEFUN([FIVESTEP_PAPI_SDE], [
AC_ARG_WITH([papi-sde], [AS_HELP_STRING([--with-papi-sde=auto|yes|no],
	[export counts to PAPI as software-defined events (auto: where libsde and sde_lib.h are found)])], [], [with_papi_sde=auto])
AS_CASE(["$with_papi_sde"],
	[auto|yes|no], [],
	[AC_MSG_ERROR([--with-papi-sde=$with_papi_sde: expected auto, yes or no])])
fivestep_papi_sde=no
AS_IF([test "$with_papi_sde" != no], [
	AC_CHECK_HEADER([sde_lib.h], [AC_CHECK_LIB([sde], [papi_sde_register_counter_cb], [fivestep_papi_sde=yes])])
])
AS_IF([test "$with_papi_sde:$fivestep_papi_sde" = yes:no],
	[AC_MSG_ERROR([--with-papi-sde=yes, and no libsde or no sde_lib.h: install libpapi-dev (PAPI 7.0 or newer)])])
SDE_LIBS=
fivestep_sde_reader=no
AS_IF([test "$fivestep_papi_sde" = yes], [
	SDE_LIBS=-lsde
	AC_DEFINE([HAVE_PAPI_SDE], [1], [Define to export counts as software-defined events of PAPI.])
	FIVESTEP_PART([papi-sde], [yes], [faults, pages and bytes for PAPI-based tools])
	AC_CHECK_HEADER([papi.h], [AC_CHECK_LIB([papi], [PAPI_library_init], [fivestep_sde_reader=yes])])
], [test "$with_papi_sde" = no], [
	FIVESTEP_PART([papi-sde], [no], [left out by --with-papi-sde=no])
], [
	FIVESTEP_PART([papi-sde], [no], [no libsde: PAPI-based tools do not see fivestep's own counts (apt install libpapi-dev)])
])
AC_SUBST([SDE_LIBS])
AM_CONDITIONAL([SDE_READER], [test "$fivestep_sde_reader" = yes])
])
