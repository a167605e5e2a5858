# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# tap.sh - what a shell test sources: flat TAP, one line a check. A test begins with
#
#	. "${srcdir:-.}/tests/tap.sh"
#
# and has then: srcdir (the source tree), FIVESTEP (the program, by its full path), FIVESTEP_DATADIR (exported) and work (an empty
# folder, removed at the end). It says done_testing last; a test that ends before that fails.

: "${srcdir:=.}"
srcdir=$(cd "$srcdir" && pwd)
: "${FIVESTEP:=$PWD/fivestep}"
: "${FIVESTEP_DATADIR:=$srcdir}"
export FIVESTEP FIVESTEP_DATADIR srcdir

tap_ran=0
tap_failed=0
tap_done=no
work=$(mktemp -d "${TMPDIR:-/tmp}/fivestep-test.XXXXXX") || exit 99

tap_exit() {
	status=$?
	rm -rf "$work"
	if [ "$tap_done" = no ]; then
		echo "# the test ended early (status $status)"
		exit 1
	fi
	[ "$tap_failed" -eq 0 ] || exit 1
}
trap tap_exit EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# diag TEXT...: comments for the reader.
diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

# report STATUS NAME: one check, passed where STATUS is 0.
report() {
	tap_ran=$((tap_ran + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_ran - $2"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_ran - $2"
	fi
}

# ok NAME COMMAND...: passes where the command succeeds; its output is shown where it does not.
ok() {
	tap_name=$1
	shift
	if tap_output=$("$@" 2>&1); then
		report 0 "$tap_name"
	else
		report 1 "$tap_name"
		diag "failed: $*"
		diag "$tap_output"
	fi
}

# is GOT WANT NAME: equal texts.
is() {
	if [ "$1" = "$2" ]; then
		report 0 "$3"
	else
		report 1 "$3"
		diag "     got: $1"
		diag "expected: $2"
	fi
}

# like TEXT REGEX NAME: an extended regular expression is found in the text.
like() {
	if printf '%s\n' "$1" | grep -Eq -e "$2"; then
		report 0 "$3"
	else
		report 1 "$3"
		diag "          got: $1"
		diag "does not have: $2"
	fi
}

# status_is STATUS NAME COMMAND...: the exit status; what the command prints is in $work/out and $work/err.
status_is() {
	tap_want=$1
	tap_name=$2
	shift 2
	tap_got=0
	"$@" >"$work/out" 2>"$work/err" || tap_got=$?
	is "$tap_got" "$tap_want" "$tap_name"
	[ "$tap_got" = "$tap_want" ] || diag "$(cat "$work/err")"
}

# skip REASON [N]: N checks (1) that cannot be made here.
skip() {
	tap_left=${2:-1}
	while [ "$tap_left" -gt 0 ]; do
		tap_ran=$((tap_ran + 1))
		tap_left=$((tap_left - 1))
		echo "ok $tap_ran # SKIP $1"
	done
}

# skip_all REASON: nothing of the test can be run here.
skip_all() {
	tap_done=yes
	echo "1..0 # SKIP $1"
	exit 0
}

done_testing() {
	tap_done=yes
	echo "1..$tap_ran"
}
