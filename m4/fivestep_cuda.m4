# SPDX-License-Identifier: GPL-3.0-or-later
#
# FIVESTEP_CUDA
# --with-cuda=auto|yes|no. The interface is declared here, and the driver's library opened at run time. The bodies want a compiler once: nvcc, or
# clang, which needs no toolkit; a release has them compiled. auto: the device is built, whether or not there is one; yes: there must be.
AC_DEFUN([FIVESTEP_CUDA], [
AC_ARG_WITH([cuda], [AS_HELP_STRING([--with-cuda=auto|yes|no], [the device cuda; its bodies by nvcc or clang (auto: also without them)])],
	[], [with_cuda=auto])
AS_CASE(["$with_cuda"],
	[auto|yes|no], [],
	[AC_MSG_ERROR([--with-cuda=$with_cuda: expected auto, yes or no])])
AC_ARG_VAR([NVCC], [compiler for the bodies of the device cuda])
AC_ARG_VAR([PTX_CLANG], [clang that compiles them where there is no nvcc])
AM_CONDITIONAL([WITH_CUDA], [test "$with_cuda" != no])
# Whether or not this build has the device, a release that is made of it does.
AC_PATH_PROG([NVCC], [nvcc], [], [$PATH$PATH_SEPARATOR/usr/local/cuda/bin])
AC_PATH_PROG([PTX_CLANG], [clang])
AS_IF([test "$with_cuda" != no], [
	fivestep_ptx=
	AS_IF([test -n "$NVCC"], [fivestep_ptx="bodies by $NVCC"],
		[test -n "$PTX_CLANG"], [fivestep_ptx="bodies by $PTX_CLANG"],
		[test -s "$srcdir/harness/device/cuda/ptx.inc"], [fivestep_ptx="bodies as they came"])
	AS_IF([test -z "$fivestep_ptx" && test "$with_cuda" = yes],
		[AC_MSG_ERROR([--with-cuda=yes: neither nvcc nor clang was found, and this is no release with compiled bodies])])
	AS_IF([test -z "$fivestep_ptx"], [fivestep_ptx="without bodies: install nvcc or clang"])
	FIVESTEP_PART([cuda], [yes], [NVIDIA GPUs, at run time where there is libcuda.so.1; $fivestep_ptx])],
	[FIVESTEP_PART([cuda], [no], [left out by --with-cuda=no])])
])
