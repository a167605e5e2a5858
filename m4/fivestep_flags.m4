# SPDX-License-Identifier: GPL-3.0-or-later
#
# FIVESTEP_ADD_FLAG(VARIABLE, FLAG)
# Appends FLAG to VARIABLE where the compiler takes it without a warning (clang warns of flags it ignores).
AC_DEFUN([FIVESTEP_ADD_FLAG], [
AC_MSG_CHECKING([whether $CC takes $2])
fivestep_saved="$CFLAGS"
CFLAGS="$CFLAGS -Werror $2"
AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])], [AC_MSG_RESULT([yes]); $1="$$1 $2"], [AC_MSG_RESULT([no])])
CFLAGS="$fivestep_saved"
])

# FIVESTEP_WERROR
# --enable-werror: for developers; a compiler of tomorrow must not break a user's build.
AC_DEFUN([FIVESTEP_WERROR], [
AC_ARG_ENABLE([werror], [AS_HELP_STRING([--enable-werror], [make warnings errors])], [], [enable_werror=no])
WARNING_CFLAGS="-Wall -Wextra"
AS_IF([test "$enable_werror" = yes], [WARNING_CFLAGS="$WARNING_CFLAGS -Werror"])
AC_SUBST([WARNING_CFLAGS])
])

# FIVESTEP_SANITIZERS
# --enable-sanitizers=address,undefined: of everything, the measured code too, so its numbers mean nothing then.
AC_DEFUN([FIVESTEP_SANITIZERS], [
AC_ARG_ENABLE([sanitizers],
	[AS_HELP_STRING([--enable-sanitizers=LIST], [build with these sanitizers, as in address,undefined or thread])],
	[], [enable_sanitizers=no])
AS_CASE(["$enable_sanitizers"],
	[no], [],
	[yes], [enable_sanitizers=address,undefined])
AS_IF([test "$enable_sanitizers" != no], [
	SANITIZER_CFLAGS="-fsanitize=$enable_sanitizers -fno-sanitize-recover=all -fno-omit-frame-pointer"
	fivestep_saved="$CFLAGS"
	CFLAGS="$CFLAGS $SANITIZER_CFLAGS"
	AC_MSG_CHECKING([whether $CC builds with -fsanitize=$enable_sanitizers])
	AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [AC_MSG_RESULT([yes])],
		[AC_MSG_RESULT([no]); AC_MSG_ERROR([--enable-sanitizers=$enable_sanitizers: $CC cannot link with it])])
	CFLAGS="$fivestep_saved"
	FIVESTEP_PART([sanitizers], [yes], [$enable_sanitizers: numbers of this build mean nothing])
])
AC_SUBST([SANITIZER_CFLAGS])
])

# FIVESTEP_MEASURED
# The flags of measured code, the same whatever CFLAGS says, so that two builds measure the same program:
#   -O2, and the baseline of the architecture: -march=native would make machines run different code
#   no idiom recognition: a loop over a buffer stays a loop, and does not become memset or memcpy behind the benchmark's back
#   functions and loops aligned: unrelated changes must not move a hot loop across a cache line
#   no contraction of floating point: the device's answer must equal the CPU's reference bit for bit
# They are recorded in every run (build.measured_cflags).
AC_DEFUN([FIVESTEP_MEASURED], [
MEASURED_CFLAGS="-O2 -g"
FIVESTEP_ADD_FLAG([MEASURED_CFLAGS], [-fno-tree-loop-distribute-patterns])
FIVESTEP_ADD_FLAG([MEASURED_CFLAGS], [-falign-functions=64])
FIVESTEP_ADD_FLAG([MEASURED_CFLAGS], [-falign-loops=32])
FIVESTEP_ADD_FLAG([MEASURED_CFLAGS], [-ffp-contract=off])
AS_IF([test -n "$SANITIZER_CFLAGS"], [MEASURED_CFLAGS="$MEASURED_CFLAGS $SANITIZER_CFLAGS"])
AC_SUBST([MEASURED_CFLAGS])
FIVESTEP_PART([measured code], [yes], [$CC $MEASURED_CFLAGS])
])
