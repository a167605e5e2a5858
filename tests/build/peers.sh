#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# peers.sh - figures beside those of other tools: what agrees, what differs with and without a known reason, a tool that is not there or prints something
# else. Tools and fivestep are stand-ins with figures of their own.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

bin=$tmp/bin
mkdir "$bin"

# says NAME TEXT: a program that prints that
says() {
	printf '#!/bin/sh\ncat <<"END"\n%s\nEND\n' "$2" >"$bin/$1"
	chmod +x "$bin/$1"
}

# peers ROW: what the script says of it; its status is in $status
peers() {
	out=$(cd "$tmp" && PATH=$bin:/usr/bin:/bin FIVESTEP=$bin/ours PAIRS=3 MULTICHASE=$tmp/none sh "$srcdir/build-aux/peers.sh" "$@" 2>&1)
	status=$?
}

csv() {
	printf 'run,started,machine,clock,emulated,bench,kind,setup,device,params,cell,round,verdict,why,what,step,name,unit,better,value\n'
	printf 'r,s,m,monotonic,false,floor,benchmark,-,-,p,0,%s,ok,,metric,,%s,ns,lower,%s\n' 0 syscall "$1" 1 syscall "$2" 2 syscall "$3" 0 raw_fault_two 500
}

says ours "$(csv 99 100 900)"
says perf '      0.104000 usecs/op'
peers syscall
is "$status $out" "0 syscall: 104 (104 to 104) 100 (100 to 100) ns 0.96 agree" "figures within 5 % agree"
says perf '      0.106000 usecs/op'
peers syscall
is "$status $out" "1 syscall: 106 (106 to 106) 100 (100 to 100) ns 0.94 differ" "figures that are further apart differ, and the status says so"
says stress-ng 'stress-ng: metrc: [1] userfaultfd        1000.00 nanosecs per page fault (geometic mean of 1 instances)'
peers fault
is "$status $(echo "$out" | cut -d: -f 1-2)" "0 fault: 1000 (1000 to 1000) 500 (500 to 500) ns 0.50 differ" "a difference whose reason is known is no failure"
has "$out" "differ: stress-ng serves missing pages" "and the reason is printed"
says perf 'unknown command'
peers syscall
is "$status $out" "1 syscall: perf printed no figure that this script knows" "a tool that prints something else is a failure"
peers latency
is "$status" 77 "without the tool nothing is measured"
has "$out" "latency: skipped: $tmp/none is not here: set MULTICHASE" "and what to do is said"
peers nothing
is "$status" 64 "a row that does not exist is refused"

done_testing
