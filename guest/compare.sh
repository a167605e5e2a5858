#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Two kernels through build, run and comparison: compare.sh CONFIG CACHE BASE NEW [APPEND]. Called by `fivestep guest compare`.
#
# BASE and NEW are each a bzImage or a kernel source tree; APPEND are boot parameters of NEW's side alone. Both run the guest's
# plan under the instruction clock; what was measured stays in the folder that is named at the end.
set -eu

config=$1
cache=$2
: "${FIVESTEP:?}"
here=$(dirname "$0")

if [ $# -lt 4 ] || [ $# -gt 5 ]; then
	echo 'Usage: fivestep guest compare BASE NEW [APPEND]' >&2
	echo 'BASE and NEW: a bzImage or a kernel source tree. APPEND: boot parameters of the second side.' >&2
	exit 64
fi

folder=guest-compare-$(date -u +%Y%m%dT%H%M%SZ)
mkdir "$folder"

# side NAME KERNEL APPEND
side() {
	if [ -d "$2" ]; then
		sh "$here/build.sh" "$config" "$cache" "$2" >/dev/null
		cp "$cache/guest/bzImage" "$folder/$1.bzImage"
	else
		cp "$2" "$folder/$1.bzImage"
	fi
	"$FIVESTEP" guest run --clock instructions --kernel "$folder/$1.bzImage" --append "$3" -- run guest -o "$folder/$1.jsonl" >"$folder/$1.txt"
}

side base "$3" ''
side new "$4" "${5:-}"
echo "fivestep: guest compare: rounds are in $folder" >&2
exec "$FIVESTEP" compare "$folder/base.jsonl" "$folder/new.jsonl"
