#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# conformance.sh RUN.jsonl... - prints docs/conformance.md from run files of `fivestep conform`, one for each kernel. $FIVESTEP is the program.
set -eu
fivestep=${FIVESTEP:-./fivestep}
tap=$(mktemp)
trap 'rm -f "$tap"' EXIT

cat <<'EOT'
# What kernels do

Written by `sh build-aux/conformance.sh RUN.jsonl... >docs/conformance.md` from runs of `fivestep guest run -- conform -o RUN.jsonl`.

## Cases

What each case promises is in `fivestep list cases`. Here is how many of them each kernel keeps, and which not, with the reason. A run has the cases that there were
when it was made: an older one has fewer.

EOT
for run; do
	# TAP has a line for each case; its blocks are indented.
	"$fivestep" conform --read "$run" >"$tap" 2>/dev/null || true
	kernel=$("$fivestep" conform --table "$run" 2>/dev/null | sed -n 's/^### //p')
	awk -v kernel="$kernel" '
		/^ok .*# SKIP/ { skipped++; sub(/^ok [0-9]* - [^#]*# SKIP /, ""); why[$0]++; next }
		/^ok / { kept++ }
		/^not ok / { sub(/^not ok [0-9]* - /, ""); sub(/ # TODO /, ", as expected: "); broken[++n] = $0; next }
		/^  reason: / && n && !(n in reason) { gsub(/^  reason: \047|\047$/, ""); gsub(/\047\047/, "\047"); reason[n] = $0 }
		END {
			printf "### %s\n\n%d kept, %d not kept, %d skipped.\n\n", kernel, kept, n, skipped
			for (i = 1; i <= n; i++)
				printf "- not kept: %s (%s)\n", broken[i], reason[i]
			for (text in why)
				printf "- skipped %d times: %s\n", why[text], text | "LC_ALL=C sort"
			close("LC_ALL=C sort")
			print ""
		}' "$tap"
done
cat <<'EOT'
## Kinds of memory by ways of sharing

Each cell says what a page does when the device reads it, then when it is asked to move to the device: it moves, it stays (and is reached where it is), or it is an error.

EOT
for run; do
	"$fivestep" conform --table "$run"
done
