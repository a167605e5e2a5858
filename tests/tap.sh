# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# tap.sh - flat TAP for shell tests: source it, call what follows, end with done_testing.
#
#   ok STATUS NAME               passes where STATUS is 0: ok $? "it works"; returns whether it did: ok $? "it works" || tap_diag "$(cat log)"
#   is GOT WANT NAME             equal strings
#   has TEXT PART NAME           TEXT contains PART
#   lacks TEXT PART NAME         TEXT does not contain PART
#   fs WANT_STATUS NAME ARGS...  runs fivestep: status as wanted; $out and $err hold what it printed. Rounds have ten minutes, since a
#                                test must pass on a machine with much else to do, unless ARGS say how many (--timeout)
#   settle FILE                  waits until its last change is so long ago that another one would have another time
#   skip REASON [N]              N checks (1) that cannot be made here
#   pages N                      the bytes of N base pages of this machine
#   skip_all REASON              the whole test is a skip
#
# $srcdir is the source tree, $FIVESTEP the program, both by their full paths; $tmp a folder that goes at the end.

srcdir=$(cd "${srcdir:-.}" && pwd)
FIVESTEP_DATADIR=${FIVESTEP_DATADIR:-$srcdir}
export srcdir FIVESTEP_DATADIR
FIVESTEP=${FIVESTEP:-./fivestep}
case $FIVESTEP in /*) ;; *) FIVESTEP=$PWD/$FIVESTEP ;; esac
export FIVESTEP
# Tests change their folder.
tap_script=$(cd "$(dirname "$0")" && pwd)/${0##*/}
tap_n=0
tap_failed=0
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' INT TERM HUP
# PoCL keeps what it compiled: not what an older test left, and nothing in the user's own cache.
POCL_CACHE_DIR=$tmp/.pocl
export POCL_CACHE_DIR
# Sentences that a test looks for are not broken into lines.
COLUMNS=9999
export COLUMNS
mkdir "$POCL_CACHE_DIR"

ok() {
	tap_n=$((tap_n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tap_n - $2"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_n - $2"
		tap_where "$2"
	fi
	[ "$1" -eq 0 ]
}

# Where a check of that name stands in the script: dash tells no line, but a name stands alone. What a name has of variables may be anything, and of the
# texts that could be it, the one that has most of it as letters is it.
tap_where() {
	NAME=$1 awk -v file="${tap_script#"$srcdir"/}" '
		{
			# What is between quotes on one line may be outside of them on the next, where a text has several lines.
			n = split($0, text, "\"")
			for (i = 1; i <= n; i++)
				if (text[i] ~ / / && fits(text[i]) && known >= most) {
					found = (known > most || found == "" ? "" : found ", ") file ":" FNR
					most = known
				}
		}
		# Leaves in known how many of its letters are no variable'"'"'s.
		function fits(text,   parts, part, i, rest, at) {
			parts = split(text, part, /\$[A-Za-z0-9_?]+|\$\{[^}]*\}|\$\([^)]*\)/)
			rest = ENVIRON["NAME"]
			known = 0
			for (i = 1; i <= parts; i++) {
				at = part[i] == "" ? 1 : index(rest, part[i])
				if (at == 0 || i == 1 && at != 1)
					return 0
				rest = substr(rest, at + length(part[i]))
				known += length(part[i])
			}
			return rest == "" || part[parts] == ""
		}
		END { if (found != "") print "# at " found }' "$tap_script"
}

pages() {
	echo $(($1 * $(getconf PAGESIZE)))
}

tap_diag() {
	printf '%s\n' "$1" | sed 's/^/# /'
}

is() {
	[ "$1" = "$2" ]
	ok $? "$3"
	[ "$1" = "$2" ] || tap_diag "got: $1
wanted: $2"
}

has() {
	case $1 in
	*"$2"*) ok 0 "$3" ;;
	*)
		ok 1 "$3"
		tap_diag "no '$2' in:
$1"
		;;
	esac
}

lacks() {
	case $1 in
	*"$2"*)
		ok 1 "$3"
		tap_diag "there is '$2' in:
$1"
		;;
	*) ok 0 "$3" ;;
	esac
}

patient=10m # a --timeout that only a hanging round reaches

fs() {
	tap_want=$1
	tap_name=$2
	shift 2
	case $* in
	*--timeout* | *--resume* | *--help*) ;;
	run\ *)
		shift
		set -- run --timeout "$patient" "$@"
		;;
	esac
	"$FIVESTEP" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	status=$?
	# shellcheck disable=SC2034 # for the tests
	out=$(cat "$tmp/out")
	err=$(cat "$tmp/err")
	[ "$status" -eq "$tap_want" ]
	ok $? "$tap_name"
	[ "$status" -eq "$tap_want" ] || tap_diag "status $status, wanted $tap_want: fivestep $*
$err"
}

settle() {
	while [ "$(stat -c %Z "$1")" -ge $(($(date +%s) - 1)) ]; do
		sleep 0.1
	done
}

skip() {
	tap_last=$((tap_n + ${2:-1}))
	while [ "$tap_n" -lt "$tap_last" ]; do
		tap_n=$((tap_n + 1))
		echo "ok $tap_n # SKIP $1"
	done
}

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

done_testing() {
	echo "1..$tap_n"
	[ "$tap_failed" -eq 0 ]
	exit $?
}
