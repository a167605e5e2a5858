# SPDX-License-Identifier: GPL-3.0-or-later
#
# FIVESTEP_GUEST
# The reference guest. Only looked for: fivestep guest finds QEMU at run time, and says what is missing.
AC_DEFUN([FIVESTEP_GUEST], [
AC_CHECK_PROG([QEMU], [qemu-system-x86_64], [qemu-system-x86_64], [no])
AS_IF([test "$QEMU" = no],
	[FIVESTEP_PART([guest], [no], [reference guest, at run time: qemu-system-x86_64 is not in PATH; everything else works])],
	[FIVESTEP_PART([guest], [yes], [reference guest, at run time])])
])
