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
#   -O3, which makes vectors of loops (-O2 does not before GCC 12, and hardly with it), and the baseline of the architecture: -march=native would
#   make a build that other machines cannot run. Device bodies are compiled for wider vector units besides (harness/body.h), where the compiler can
#   compile a function for another one than the rest of its file.
#   no idiom recognition: a loop over a buffer stays a loop, and does not become memset or memcpy behind the benchmark's back
#   functions and loops aligned: unrelated changes must not move a hot loop across a cache line
#   no contraction of floating point: the device's answer must equal the CPU's reference bit for bit
#   no errno of square roots, for which vectors of them would be taken apart
# They are recorded in every run (build.measured_cflags).
AC_DEFUN([FIVESTEP_MEASURED], [
MEASURED_CFLAGS="-O3 -g"
FIVESTEP_ADD_FLAG([MEASURED_CFLAGS], [-fno-tree-loop-distribute-patterns])
FIVESTEP_ADD_FLAG([MEASURED_CFLAGS], [-falign-functions=64])
FIVESTEP_ADD_FLAG([MEASURED_CFLAGS], [-falign-loops=64])
FIVESTEP_ADD_FLAG([MEASURED_CFLAGS], [-ffp-contract=off])
FIVESTEP_ADD_FLAG([MEASURED_CFLAGS], [-fno-math-errno])
AS_IF([test -n "$SANITIZER_CFLAGS"], [MEASURED_CFLAGS="$MEASURED_CFLAGS $SANITIZER_CFLAGS"])
AC_SUBST([MEASURED_CFLAGS])
AC_MSG_CHECKING([whether $CC compiles a function for several vector units])
AC_LINK_IFELSE([AC_LANG_PROGRAM([[
	static inline __attribute__((always_inline)) void any(double *x, long n) { for (long i = 0; i < n; i++) x[i] = 2 * x[i]; }
	__attribute__((target("avx2"))) static void avx2(double *x, long n) { any(x, n); }
	__attribute__((target("avx512f"))) static void avx512(double *x, long n) { any(x, n); }]],
	[[double x[64] = {0}; __builtin_cpu_init();
	if (__builtin_cpu_supports("avx512f")) avx512(x, 64); else if (__builtin_cpu_supports("avx2")) avx2(x, 64);
	return (int)x[0];]])],
	[fivestep_forms=", bodies for AVX2 and AVX-512 too"
	AC_MSG_RESULT([yes])],
	[fivestep_forms=
	AC_DEFINE([FIVESTEP_NO_BODY_FORMS], [1], [device bodies are compiled for what every processor of the architecture has, no more])
	AC_MSG_RESULT([no])])
FIVESTEP_PART([measured code], [yes], [$CC $MEASURED_CFLAGS$fivestep_forms])
])
