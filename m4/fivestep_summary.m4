# SPDX-License-Identifier: GPL-3.0-or-later
#
# FIVESTEP_PART(NAME, STATE, WHY)
# One line of the summary at the end of configure: what NAME is, whether it is built, and why (shell words are expanded).
AC_DEFUN([FIVESTEP_PART], [
fivestep_parts="$fivestep_parts$(printf '  %-14s %-5s %s' "$1" "$2" "$3")
"
])

# FIVESTEP_SUMMARY
# Prints the lines.
AC_DEFUN([FIVESTEP_SUMMARY], [
AC_MSG_NOTICE([$PACKAGE_NAME $PACKAGE_VERSION

$fivestep_parts])
])
