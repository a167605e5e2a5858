#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Two kernels through build, run and comparison: compare.sh CONFIG CACHE BASE NEW [APPEND] [-- run PLAN...]. Called by `fivestep guest compare`.
#
# BASE and NEW are each a bzImage or a kernel source tree; APPEND are boot parameters of NEW's side alone. Both measure the guest's
# plan, or what the command says, under the instruction clock; what was measured stays in the folder that is named at the end. The kernel that
# `fivestep guest run` boots stays as it is.
#
# Most metrics are decided by facts, for which one round is enough (docs/method.md, same-seed pairs). Where rounds disagree they are tested in pairs: n of them give no p
# below 4 / 2^n, which has to be at most 0.01 / M beside M - 1 other such metrics. So 16 rounds are enough for M = 160, more than the plan has. Of
# another command compare says whether it had enough, and exits with 5 where it had not.
set -eu

config=$1
cache=$2
: "${FIVESTEP:?}"
here=$(dirname "$0")

usage() {
	cat <<-'END'
		Usage: fivestep guest compare BASE NEW [APPEND] [-- run PLAN | NAME...]
		Two kernels through build, run and comparison, in instructions. BASE and NEW: a bzImage or a kernel source tree. APPEND: boot
		parameters of the second side. What is run is the guest's plan with 16 rounds unless a command says otherwise. Exit status: that of
		fivestep compare; 5 where something is SUSPECT for lack of rounds: add --rounds N to the command.

		  fivestep guest compare ~/linux-base ~/linux-new
		  fivestep guest compare bzImage bzImage init_on_free=1
		  fivestep guest compare ~/linux-base ~/linux-new -- run fault_back --setup hmm --device dmirror
	END
	exit "$1"
}

say() {
	echo "fivestep: guest compare: $*" >&2
}

base=
new=
append=
words=0
shift 2
while [ $# -gt 0 ] && [ "$1" != -- ]; do
	words=$((words + 1))
	case $1,$words in
	--help,* | -h,*) usage 0 ;;
	*,1) base=$1 ;;
	*,2) new=$1 ;;
	*,3) append=$1 ;;
	*) usage 64 >&2 ;;
	esac
	shift
done
[ $words -ge 2 ] || usage 64 >&2
if [ $# -gt 1 ]; then
	shift
else
	set -- run guest --rounds 16
fi
for kernel in "$base" "$new"; do
	if [ ! -r "$kernel" ]; then
		say "$kernel is neither a bzImage nor a kernel source tree that can be read"
		exit 64
	fi
done

folder=guest-compare-$(date -u +%Y%m%dT%H%M%SZ)
mkdir "$folder"

# kernel SIDE KERNEL: a bzImage of its own, whatever comes of the tree.
kernel() {
	image=$2
	if [ -d "$2" ]; then
		image=$(sh "$here/build.sh" "$config" "$cache" "$2" apart)
	fi
	cp "$image" "$folder/$1.bzImage"
	[ ! -f "$image.softdev.ko" ] || cp "$image.softdev.ko" "$folder/$1.bzImage.softdev.ko"
}

# side NAME APPEND COMMAND...
side() {
	name=$1
	more=$2
	shift 2
	say "$name"
	"$FIVESTEP" guest run --clock instructions --time-limit 1h --kernel "$folder/$name.bzImage" --append "$more" -- "$@" -o "$folder/$name.jsonl" >"$folder/$name.txt"
}

# Both build before anything is measured: a tree that does not build is known first.
kernel base "$base"
kernel new "$new"
side base '' "$@"
side new "$append" "$@"
say "rounds are in $folder"
status=0
"$FIVESTEP" compare "$folder/base.jsonl" "$folder/new.jsonl" || status=$?
# Of faults and migrations the driver of softdev knows more: which stage it is.
if grep -q '"softdev\.' "$folder/base.jsonl" && grep -q '"softdev\.' "$folder/new.jsonl"; then
	"$FIVESTEP" guest kernels --where "$folder/base.jsonl" "$folder/new.jsonl"
fi
exit $status
