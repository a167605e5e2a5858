#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# exercise.sh - the exercise of docs/fleet.md, command by command as it stands there, but in a folder of its own instead of /tmp. Run by make check-fleet.

# shellcheck disable=SC2317 # functions that the trap calls

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/fleet/slurm_tap.sh
. "$srcdir/tests/fleet/slurm_tap.sh"
start_slurm 1
sh "$cluster" stop "$tmp/slurm"
rm -r "$tmp/slurm"

sed -n '/^## From nothing/,/^## On a cluster/s/^    //p' "$srcdir/docs/fleet.md" >commands
is "$(head -n 1 commands)" "sudo apt-get install slurmctld slurmd slurm-client munge" "the first command installs what this test needs to be run"
sed "1d; s|/tmp/|$tmp/|g" commands >rest
# It is read in the build folder, where the program is. What the document has of the source tree is found there as well.
mkdir tree
ln -s "$FIVESTEP" tree/fivestep
ln -s "$srcdir/tests" tree/tests
cd tree || exit 99
while read -r command <&3; do
	case $command in *' status '*) until_so "until no task waits or runs: $command" eval "$command; [ \$? -ne 5 ]" ;; esac
	eval "$command"
	ok $? "$command"
	case $command in *' report '*)
		grep -q '<figure>' "$tmp/page/index.html"
		ok $? "the page has pictures"
		;;
	esac
done 3<../rest >../said
# What a command prints is not TAP.
grep '^\(not \)\{0,1\}ok [0-9]' ../said
has "$(cat ../said)" "verdict: 2 of 2 nodes complete, 0 running, 0 waiting, 0 torn, 0 missing" "both nodes are complete"
has "$(cat ../said)" "fleet: 2 machines, 0 with an outlier, 0 of another identity than most" "and are in the report"
[ ! -e "$tmp/slurm" ] && [ ! -e "$tmp/fleet" ] && [ ! -e "$tmp/page" ]
ok $? "nothing is left"

done_testing
