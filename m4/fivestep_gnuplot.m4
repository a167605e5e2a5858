# SPDX-License-Identifier: GPL-3.0-or-later
#
# FIVESTEP_GNUPLOT
# The pictures of reports. Only looked for: it is used at run time, and a report without it says so.
AC_DEFUN([FIVESTEP_GNUPLOT], [
AC_CHECK_PROG([GNUPLOT], [gnuplot], [gnuplot], [no])
AS_IF([test "$GNUPLOT" = no],
	[FIVESTEP_PART([gnuplot], [no], [pictures of reports, at run time: gnuplot is not in PATH; reports come without pictures])],
	[FIVESTEP_PART([gnuplot], [yes], [pictures of reports, at run time])])
])
