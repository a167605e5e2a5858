# SPDX-License-Identifier: GPL-3.0-or-later
#
# FIVESTEP_OPENCL
# --with-opencl=auto|yes|no. Nothing is needed to build: the interface is declared here, and the library opened at run time; auto is yes.
AC_DEFUN([FIVESTEP_OPENCL], [
AC_ARG_WITH([opencl], [AS_HELP_STRING([--with-opencl=auto|yes|no], [the device opencl; its library is looked for at run time (auto: yes)])],
	[], [with_opencl=auto])
AS_CASE(["$with_opencl"],
	[auto|yes|no], [],
	[AC_MSG_ERROR([--with-opencl=$with_opencl: expected auto, yes or no])])
AC_SEARCH_LIBS([dlopen], [dl], [], [AC_MSG_ERROR([no dlopen])])
AM_CONDITIONAL([WITH_OPENCL], [test "$with_opencl" != no])
AS_IF([test "$with_opencl" != no],
	[FIVESTEP_PART([opencl], [yes], [OpenCL devices, at run time where there is libOpenCL.so.1])],
	[FIVESTEP_PART([opencl], [no], [left out by --with-opencl=no])])
])
