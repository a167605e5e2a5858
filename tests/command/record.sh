#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# record.sh - fivestep record: what a program did with its buffers becomes a profile, with the pages that its kernels touched or a "?", and is advised by;
# what cannot be a trace is refused.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99
cc=${CC:-cc}
# shellcheck disable=SC2086 # CC may have arguments
{
	$cc -std=gnu11 -Wall -fPIC -shared -o libvendors.so "$srcdir/tests/fake/vendors.c" &&
		$cc -std=gnu11 -Wall -o app "$srcdir/tests/fake/record_app.c" -L. -lvendors -Wl,-rpath,"$tmp"
} >log 2>&1
ok $? "the stand-ins build"
[ ! -s log ] || tap_diag "$(cat log)"
awk -v kind=model -f "$srcdir/tests/analysis/predict_run.awk" >model.jsonl
lines() {
	grep -v '^#' "${1:-app.profile}" | grep .
}

# ---- OpenCL on a CPU: pages are seen

fs 0 "a program with OpenCL on a CPU" record -- ./app opencl
lacks "$out" "lost" "the program computes what it does without"
has "$out" "app.profile: 6 launches" "says what was seen"
if [ -r /proc/self/smaps ] && [ -w /proc/self/clear_refs ]; then
	is "$(lines)" "program app
region buffer0 $(pages 16)
region buffer1 $(pages 16)
phase host host writes=buffer0
phase read5 device reads=buffer0:5
phase write7 device reads=buffer1:7 writes=buffer1:7
phase host.2 host reads=buffer1:2
repeat 3 read5 write7 host.2" "the profile has its buffers, pages and turns"
else
	skip "the kernel tells no referenced pages"
fi
fs 0 "its advice" advise --model model.jsonl --program app.profile
has "$out" "app (app.profile)" "is of this program"

# ---- elsewhere it is unknown which pages a kernel touches: the advice is a function of it

FAKE_DEVICE=gpu
export FAKE_DEVICE
fs 0 "a program with OpenCL on another device" record -o gpu.profile -- ./app opencl
unset FAKE_DEVICE
has "$(lines gpu.profile)" "phase write7 device reads=buffer1:? writes=buffer1:?" "has a question mark for the pages"
has "$(lines gpu.profile)" "phase read5 device reads=buffer0:?" "and what is read only is not written"
fs 0 "its advice" advise --model model.jsonl --program gpu.profile
has "$out" "How many pages are touched is unknown" "says that it is not known"
has "$out" "from there to 100 %" "and names the best way by the share"
printf 'region a %s\nphase fill host writes=a\nphase use device reads=a:?\n' "$(pages 1000)" >unknown.profile
fs 0 "one region of which an unknown part is read" advise --model model.jsonl --program unknown.profile
# A launch each; 1000 faults of 1 us against 1000 pages of 300 ns and a request of 5 us: as fast at 305 of 1000.
share=$(printf '%s\n' "$out" | tr -s ' ' | sed -n 's/^ hmm up to \(.*\) %$/\1/p')
ok "$(awk -v share="$share" 'BEGIN { print !(share >= 30 && share <= 31) }')" "changes from hmm to hmm-prefetch where it must"
printf 'region a %s\nphase fill host writes=a\nphase use device reads=a:? writes=a:5\n' "$(pages 1000)" >unknown.profile
fs 0 "what is known beside it" advise --model model.jsonl --program unknown.profile

# ---- CUDA's driver

fs 0 "a program with CUDA" record -o cuda.profile -- ./app cuda
is "$(lines cuda.profile)" "program app
region buffer0 $(pages 16)
region buffer1 $(pages 16)
phase host host writes=buffer0
phase work device reads=buffer0:?,buffer1:? writes=buffer0:?,buffer1:?
phase host.2 host reads=buffer1:2
repeat 3 work host.2" "may use all its buffers in a launch"

# ---- what goes wrong

fs 4 "a program that fails" record -o fails.profile -- ./app opencl fail
has "$err" "./app ended with status 3" "is said to have failed"
is "$(lines fails.profile)" "$(lines)" "and what it did until then is there"
fs 4 "a program without a device" record -o none.profile -- ./app none
has "$err" "started nothing on a device" "is told so"
ok "$([ ! -e none.profile ] && echo 0 || echo 1)" "and there is no profile"
fs 64 "a program that is not there" record -- ./nothing
is "$err" "fivestep: record: ./nothing: No such file or directory
what to do: name a program: fivestep record -- ./app" "is said once"
fs 64 "no program" record

# ---- traces: a program may write into its own what it likes

# traced TRACE STATUS NAME: of a program that did that
traced() {
	printf '%b' "$1" >trace
	# shellcheck disable=SC2016 # the program's variable
	fs "$2" "$3" record -o traced.profile -- sh -c 'cat trace >"$FIVESTEP_RECORD/trace"'
}
traced "region 0 $(pages 4)\nlaunch a r:0:4\ngone 0\nregion 1 $(pages 4)\nlaunch a r:1:4\n" 0 "a buffer after one of the same size"
is "$(lines traced.profile | grep -c region)" 1 "has its place"
is "$(lines traced.profile | tail -n 1)" "repeat 2 a" "and what is done with it is a repetition"
n=0
regions=
uses=
while [ $n -lt 12 ]; do
	regions="${regions}region $n $(pages $((n + 1)))\n"
	uses="$uses r:$n:1"
	n=$((n + 1))
done
traced "${regions}launch all$uses\n" 0 "more buffers than a profile has regions"
has "$(cat traced.profile)" 'The 5 smallest buffers are the region "others"' "says which are put together"
has "$(lines traced.profile)" "region others $(pages 15)" "with all of their pages"
has "$(lines traced.profile)" "others:5" "and what is used of them"
# Numbers of pages that differ each time: means. 100 turns of 1 to 100 pages.
traced "region 0 $(pages 200)\n$(awk 'BEGIN { for (i = 1; i <= 100; i++) printf "launch bfs r:0:%d\\n", i }')" 0 "a kernel that touches other pages each time"
is "$(lines traced.profile | tail -n 2)" "phase bfs device reads=buffer0:51
repeat 100 bfs" "is one phase with their mean"
has "$(cat traced.profile)" "the profile has their means" "and that is said"
traced "region 0 $(pages 4)\n$(awk 'BEGIN { for (i = 1; i <= 100; i++) printf "launch k%d_ r:0:1\\n", i }')" 4 "a program of a hundred kernels"
has "$err" "more than 64 different phases" "is too long for a profile"
traced "region 0 $(pages 4)\nlaunch short r:0:1\n" 0 "a kernel with a short name"
lacks "$(cat traced.profile)" "are cut" "needs no word about names"
traced "region 0 $(pages 4)\nlaunch a_kernel_with_a_name_of_many_words r:0:1\nlaunch a_kernel_with_a_name_of_many_others r:0:2\n" 0 "two with long names"
is "$(lines traced.profile | grep ^phase)" "phase a_kernel_with_a_name_of_ma device reads=buffer0:1
phase a_kernel_with_a_name_of_ma.2 device reads=buffer0:2" "are told apart"
has "$(cat traced.profile)" "are cut to 26 letters" "and said to be cut"
traced "region 0 $(pages 4)\nunseen an image\nunseen an image\nlaunch a r:0:?\n" 0 "something that is not seen"
has "$(cat traced.profile)" "(1 kinds):
#   an image" "is in the profile once"
for trace in 'region 1 4096' 'region 0 -1' 'region 0 0' 'region 0 99999999999999999999999' 'region 0' 'gone 0' 'host read 0 0 1' 'launch' 'launch a r:0:1' 'jump' '' \
	'region 0 4096\nhost read 0 4096 1' 'region 0 4096\nhost read 0 1 4096' 'region 0 4096\nhost eat 0 0 1' 'region 0 4096\nlaunch a r:0:100000' \
	'region 0 4096\nlaunch a x:0:1' 'region 0 4096\nlaunch a r:0' 'region 0 4096\nlaunch a r:0:-1' 'region 0 4096\ngone 0\nlaunch a r:0:1'; do
	n=$((n + 1))
	traced "$trace\n" 4 "trace $n, which is none"
	has "$err" "the trace's line" "is refused with its line"
done

done_testing
