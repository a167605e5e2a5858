#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# rules.sh - run in the source tree: the list of all evidence rules and oracles (rules.awk): FILE, line and rule, tab-separated.
set -eu
# shellcheck disable=SC2046 # names without blanks
exec awk -f build-aux/rules.awk $(find bench kernels harness -name '*.[ch]' | LC_ALL=C sort)
