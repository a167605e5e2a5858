#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# guest.sh - the reference guest: the kernel's own HMM moves exactly the pages that are touched, coherent memory moves none, two boots
# count the same instructions, and whatever ends a guest is said. Run by make check-guest; needs QEMU and fivestep guest build.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

command -v qemu-system-x86_64 >/dev/null || skip_all "QEMU is not installed: make check-guest installs it"
kernel=${FIVESTEP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fivestep}/guest/bzImage
[ -f "$kernel" ] || skip_all "no guest kernel: fivestep guest build"

# samples RUN SETUP DEVICE METRIC: of all rounds, one line each.
samples() {
	grep '"type":"round"' "$1" | grep "\"setup\":\"$2\",\"device\":\"$3\"" | sed -n "s/.*\"$4\":{[^}]*\"samples\":\[\([^]]*\)\].*/\1/p" | tr ',' '\n'
}

middle() {
	sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

fs 0 "doctor in the guest" guest run -- doctor
has "$out" "private coherent" "the kernel's test device has both kinds of units"
has "$out" "0 CPUs" "there is a node without CPUs"
has "$out" "ok    cdm emu" "CDM is available on it"
fs 64 "a mistake in the guest" guest run -- list nonsense
is "$out" "" "is not on standard output"
has "$err" "nonsense" "but on standard error, as it would be here"

cells="fault_back --device dmirror,emu --setup hmm,cdm,cdm-host -p size=4M --rounds 10 --seed 1"
# shellcheck disable=SC2086
fs 0 "fault_back in the guest, in instructions" guest run --clock instructions -- run $cells -o "$tmp/a.jsonl"
is "$(samples "$tmp/a.jsonl" hmm dmirror faults | sort -u)" 1024.0 "1024 pages in device-private memory: 1024 faults of the CPU"
is "$(samples "$tmp/a.jsonl" hmm dmirror pages_back | sort -u)" 1024.0 "and 1024 pages back"
is "$(samples "$tmp/a.jsonl" cdm dmirror faults | sort -u)" 0.0 "device-coherent memory: the CPU reads without a fault"
is "$(samples "$tmp/a.jsonl" cdm emu pages_back | sort -u)" 0.0 "a node without CPUs: nothing moves"
is "$(grep -c '"verdict":"ok"' "$tmp/a.jsonl")" "$(grep -c '"type":"round"' "$tmp/a.jsonl")" "every round is ok: data and places were right"
# Every program on every device. On dmirror under every setup: where the CPU touches some pages in between, the test device's own fault handling must
# not be reached. Each answer is compared bit by bit with one that knows neither setup nor device, so those of all setups are the same.
programs='triad jacobi bfs btree gups histogram sort hashjoin gemm kmeans nbody cg'
cat >"$tmp/programs.plan" <<-EOF
	option rounds=1 max-rounds=1
	run $programs setup=* device=dmirror size=256K
	run $programs setup=copy,copy-overlap,hmm,hmm-prefetch,cdm,cdm-host,cdm-migrate device=emu size=300001
	run $programs setup=copy,hmm,cdm,cdm-host,cdm-migrate device=softdev size=256K
EOF
fs 0 "the twelve programs" guest run -- run "$tmp/programs.plan" -o "$tmp/kernels.jsonl"
# ok_rounds DEVICE: how many rounds on it are ok.
ok_rounds() {
	grep '"type":"round"' "$tmp/kernels.jsonl" | grep "\"device\":\"$1\"" | grep -c '"verdict":"ok"'
}
is "$(ok_rounds dmirror)" 84 "do what they should on dmirror, under seven setups"
is "$(ok_rounds emu)" 84 "on emu, under as many, at an odd size"
is "$(grep '"type":"round"' "$tmp/kernels.jsonl" | grep -c '"holds":false')" 0 "faults, pages and bytes of each step are what profile and policy imply"
if [ -f "$kernel.softdev.ko" ]; then
	is "$(ok_rounds softdev)" 60 "and on softdev, under copy, hmm and with coherent memory"
else
	skip "no driver of softdev for this kernel: fivestep guest build" 1
fi
# What the guest's firmware says of its nodes is beside what was measured; instructions are no time, and have no such claims.
fs 0 "what firmware claims" guest run --device-latency 700 -- run hmat_claims --setup cdm --device emu -p residence=host,device -p size=1M --rounds 1 -o "$tmp/claims.jsonl"
is "$(grep -o '"claimed_latency":{[^}]*"samples":\[[0-9.]*' "$tmp/claims.jsonl" | sed 's/.*\[//' | sort -n | tr '\n' ' ')" "100.0 700.0 " "is that of both nodes"
fs 0 "by instructions" guest run --clock instructions -- run hmat_claims --setup cdm --device emu -p size=1M --rounds 1 -o "$tmp/no_claims.jsonl"
is "$(grep '"type":"round"' "$tmp/no_claims.jsonl" | grep -c '"claimed_latency":{[^}]*"samples"')" 0 "nothing is claimed"

# Real inputs go along: those that are shipped, and those of the user's folder.
mkdir "$tmp/inputs"
printf '%s\n' '%%MatrixMarket matrix coordinate pattern general' '3 3 2' '1 2' '2 3' >"$tmp/inputs/tiny.mtx"
(FIVESTEP_INPUTS=$tmp/inputs "$FIVESTEP" guest run -- run bfs cg -p graph=karate,tiny -p matrix=lund_a -p size=256K --setup hmm,cdm --device dmirror --rounds 1 \
	-o "$tmp/inputs.jsonl" >"$tmp/out" 2>"$tmp/err")
is $? 0 "real inputs in the guest"
is "$(grep -c '"verdict":"ok"' "$tmp/inputs.jsonl")" 6 "give the right answers"
# Migration there has a read-back built in, of two copies: at least a word of 8 bytes an instruction. It is left out, as often as it was measured.
aside=$(grep '"setup":"hmm","device":"dmirror"' "$tmp/a.jsonl" | grep '"type":"round"' | grep -o '"step":"device","ns":.*"step":"cpu_after"' |
	grep -o '"dmirror.excluded_ns":{"value":[0-9]*' | sed 's/.*://' | sort -n | head -n 1)
[ "${aside:-0}" -ge $((2 * 1024 * 1024)) ]
ok $? "the read-back that migration to the device has built in is measured: ${aside:-nothing}"
has "$(head -n 1 "$tmp/a.jsonl")" '"clock":"instructions"' "the record says which clock"
has "$(head -n 1 "$tmp/a.jsonl")" '"guest":true' "that it is a guest"
has "$(head -n 1 "$tmp/a.jsonl")" '"emulated":true' "and that its CPU is emulated"
has "$(cat "$tmp/a.jsonl")" '"unit":"insn"' "the unit is no time"
lacks "$(grep -o '"metrics":{.*"steps"' "$tmp/a.jsonl")" '"unit":"ns"' "nowhere"
lacks "$(grep -o '"metrics":{.*"steps"' "$tmp/a.jsonl")" 'GB/s' "nor a bandwidth"

# Nothing of the host reaches it: not the median, every sample of every round is the same.
# shellcheck disable=SC2086
fs 0 "the same again" guest run --clock instructions -- run $cells -o "$tmp/b.jsonl"
for boot in a b; do
	grep -o '"metrics":{.*"steps"' "$tmp/$boot.jsonl" >"$tmp/$boot.metrics"
done
is "$(diff "$tmp/a.metrics" "$tmp/b.metrics" | head -n 2)" "" "two boots count the same, to the last instruction"
is "$(head -qn 1 "$tmp/a.jsonl" "$tmp/b.jsonl" | grep -o '"id":"[0-9a-f-]*"' | sort -u | wc -l)" 2 "but are two runs"
fs 0 "a history" history add --db "$tmp/h.db" "$tmp/a.jsonl" "$tmp/b.jsonl"
fs 0 "that is looked at" history log --db "$tmp/h.db"
is "$(printf '%s\n' "$out" | grep -c '[ab].jsonl')" 2 "has both of them"
# Another seed is another order of cells and pages: what came before a round must not matter either.
# shellcheck disable=SC2086
fs 0 "with another seed" guest run --clock instructions -- run ${cells% *} 2 -o "$tmp/d.jsonl"
for cell in 'hmm dmirror touch' 'hmm dmirror to_device' 'cdm dmirror to_device' 'cdm emu to_device' 'hmm emu touch'; do
	# shellcheck disable=SC2086
	first=$(samples "$tmp/a.jsonl" $cell | middle)
	# shellcheck disable=SC2086
	second=$(samples "$tmp/d.jsonl" $cell | middle)
	echo "# $cell: $first and $second insn"
	awk -v a="$first" -v b="$second" 'BEGIN { d = a > b ? a - b : b - a; exit !(a > 0 && d <= 0.001 * a) }'
	ok $? "two orders agree on $cell within 0.1 %"
done

is "$(head -qn 1 "$tmp/a.jsonl" "$tmp/b.jsonl" "$tmp/d.jsonl" | grep -o '"fingerprint":"[0-9a-f]*"' | sort -u | wc -l)" 1 "all boots are of one machine"
lacks "$(cat "$tmp/a.jsonl")" '"unread":' "of which all can be read"
fs 0 "two boots of one kernel compared" compare "$tmp/a.jsonl" "$tmp/b.jsonl" --json
is "$(printf '%s\n' "$out" | grep -o '"verdict": *"[A-Z]*"' | sort -u | tr -d ' ')" '"verdict":"SAME"' "all is the same"
fs 0 "two orders compared" compare "$tmp/a.jsonl" "$tmp/d.jsonl" --json
lacks "$out" SLOWER "nothing is slower"
lacks "$out" FASTER "nor faster"
# shellcheck disable=SC2086
fs 0 "with pages cleared when they are freed" guest run --clock instructions --append init_on_free=1 -- run $cells -o "$tmp/c.jsonl"
fs 1 "compared with that" compare "$tmp/a.jsonl" "$tmp/c.jsonl"
has "$out" "init_on_free=1" "the factor is named"
has "$(printf '%s\n' "$out" | grep 'fault_back *hmm *dmirror .*touch ')" SLOWER "bringing a page back is slower"
has "$(printf '%s\n' "$out" | grep 'fault_back *cdm *emu .*to_device ')" SLOWER "move_pages is slower"

# What is called otherwise or is there besides, here: names, folders, environment, plans and groups that nobody needs.
few="fault_back --device dmirror,emu --setup hmm,cdm -p size=256K --rounds 4 --seed 1 --counters default,faults"
# counts RUN: a checksum of all that each round counted.
counts() {
	grep -o '"metrics":{.*"steps":.*"noise"' "$1" | while read -r line; do printf '%s\n' "$line" | cksum; done
}
# shellcheck disable=SC2086
fs 0 "a short run" guest run --clock instructions -- run $few -o "$tmp/n.jsonl"
mkdir -p "$tmp/data/harness/plans" "$tmp/data/harness/counter/groups" "$tmp/a folder with a long name"
cp "$srcdir"/harness/plans/*.plan "$tmp/data/harness/plans"
cp "$srcdir"/harness/counter/groups/*.group "$tmp/data/harness/counter/groups"
for n in 1 2 3; do
	seq 20000 >"$tmp/data/harness/plans/more$n.plan"
	sed "s/^/# $n /" "$srcdir/harness/counter/groups/faults.group" >"$tmp/data/harness/counter/groups/more$n.group"
done
named="$tmp/a folder with a long name/$(printf 'long%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20).jsonl"
# shellcheck disable=SC2086
(cd / && FIVESTEP_DATADIR=$tmp/data LANG=C.UTF-8 HOME=$tmp/nowhere MORE=$(seq 400 | tr '\n' ' ') \
	"$FIVESTEP" guest run --clock instructions --kernel "$kernel" -- run --output="$named" $few >/dev/null 2>"$tmp/err")
is $? 0 "the same under another name, from another folder, with another environment, more plans and more groups"
is "$(counts "$tmp/n.jsonl" | wc -l)" 16 "all rounds have counts"
is "$(counts "$named")" "$(counts "$tmp/n.jsonl")" "counts the same, to the last instruction, in every step"
digests() {
	head -n 1 "$1" | grep -o '"guest_[a-z]*":"[0-9a-f]*"'
}
is "$(digests "$tmp/n.jsonl" | wc -l)" 4 "kernel, programs, data and machine have a digest each"
is "$(digests "$named")" "$(digests "$tmp/n.jsonl")" "which are the same"
printf 'option rounds=4 max-rounds=4\nrun fault_back setup=hmm,cdm device=dmirror,emu size=256K\n' >"$tmp/p.plan"
cp "$tmp/p.plan" "${named%.jsonl}.plan"
fs 0 "a plan" guest run --clock instructions -- run "$tmp/p.plan" --seed 1 -o "$tmp/p.jsonl"
fs 0 "under another name" guest run --clock instructions -- run "${named%.jsonl}.plan" --seed 1 -o "$tmp/q.jsonl"
is "$(counts "$tmp/p.jsonl" | wc -l)" 16 "has its rounds"
is "$(counts "$tmp/q.jsonl")" "$(counts "$tmp/p.jsonl")" "which count the same"
# What does reach the guest is said: another program, another plan, another machine.
cp "$FIVESTEP" "$tmp/larger"
head -c 40000 /dev/zero >>"$tmp/larger"
sed 's/^option/# more\n&/' "$tmp/p.plan" >"$tmp/r.plan"
"$tmp/larger" guest run --clock instructions --memory 2176M -- run "$tmp/r.plan" --seed 1 -o "$tmp/r.jsonl" >/dev/null 2>&1
is $? 0 "a larger program, another plan, more memory"
# Whether a count is another by that is not asked here: 1 is an answer, too.
out=$("$FIVESTEP" compare --allow-unlike memory_bytes --allow-unlike nodes "$tmp/p.jsonl" "$tmp/r.jsonl" 2>"$tmp/err")
[ $? -le 1 ]
ok $? "can be compared with the first"
err=$(cat "$tmp/err")
has "$out" "the guest's image differs (data, machine, programs)" "each is named"

# Automatic balancing at work: pages on the wrong node are found by hint faults and brought back.
fs 0 "promotion in the guest" guest run --balancing -- run promotion --device emu -p size=4M --rounds 2 -o "$tmp/balanced.jsonl"
is "$(samples "$tmp/balanced.jsonl" cdm-balance emu pages_back | sort -u)" 1024.0 "the kernel has brought back every page"
samples "$tmp/balanced.jsonl" cdm-balance emu hint_faults | awk '$1 < 1024 { few = 1 } END { exit few || NR != 2 }'
ok $? "for a hint fault each, at least"
linux=$(head -n 1 "$tmp/a.jsonl" | sed 's/.*"kernel":"\([0-9.]*\).*/\1/')
if [ "$(printf '6.12\n%s\n' "$linux" | sort -V | head -n 1)" = 6.12 ]; then
	fs 0 "tiers in the guest" guest run --balancing=tiering -- run promotion --device emu -p size=4M --rounds 1 --counters default -o "$tmp/tiers.jsonl"
	has "$(head -n 1 "$tmp/tiers.jsonl")" '"numa_balancing":"2","numa_demotion":"true"' "the record says so"
	promoted=$(grep -o '"vmstat.pgpromote_success":{"value":[0-9]*' "$tmp/tiers.jsonl" | head -n 1 | sed 's/.*://')
	[ "${promoted:-0}" -ge 512 ]
	ok $? "the kernel has promoted half of the pages at least: ${promoted:-none} of 1024"
	# A node of 1 GiB that is filled nearly: the kernel demotes what was touched first, and what is said of such memory is not counted.
	# shellcheck disable=SC2016 # the dollar is the kernel's
	fs 4 "a first touch while pages are demoted" guest run --balancing=tiering --append 'memmap=1G$0x20000000' -- run first_touch --setup cdm-host --device emu \
		-p size=950M --rounds 1 --counters default -o "$tmp/demoted.jsonl"
	has "$(grep '"verdict":"invalid"' "$tmp/demoted.jsonl")" "evidence pages_astray" "is invalid, since pages have moved"
	demoted=$(grep -o '"vmstat.pgdemote_[a-z]*":{"value":[0-9]*' "$tmp/demoted.jsonl" | sed 's/.*://' | awk '{ n += $1 } END { print n + 0 }')
	[ "$demoted" -ge 1000 ]
	ok $? "which the kernel says, too"
else
	skip "Linux $linux may have all memory that is there at boot in one tier, as 6.1 has; 6.12 goes by the HMAT" 6
fi

fs 0 "a guest of more nodes" guest run --device-nodes 3 --device-memory 128M --distance 30 -- doctor
has "$out" "4: node 0" "has them"

# The CPU reaches coherent memory by itself; what the test device reaches is its own copy, which is no place to measure.
fs 0 "who accesses what on dmirror" guest run --clock instructions -- run access_latency access_bandwidth --setup cdm --device dmirror -p size=4M \
	-p initiator=host,device -p residence=host,device --rounds 1 -o "$tmp/access.jsonl"
is "$(grep '"type":"round"' "$tmp/access.jsonl" | sed -n 's/.*"initiator":"\([a-z]*\)".*"verdict":"\([a-z]*\)".*/\1 \2/p' | sort | uniq -c | tr -s ' \n' ' ')" \
	" 4 device skip 4 host ok " "the CPU, at both places; the device, at none"
has "$(grep '"verdict":"skip"' "$tmp/access.jsonl")" "computes on a copy of the buffer" "and why is said"

# All of the prompt's life: two commands, one of them wrong, and the end.
printf 'list devices\nnonsense\n' | "$FIVESTEP" guest shell >"$tmp/out" 2>"$tmp/err"
is $? 0 "the guest's prompt ends with its input"
has "$(cat "$tmp/out")" "dmirror" "what was typed was done"
has "$(cat "$tmp/out")" "status 64" "and its status said where it is not 0"

fs 99 "a guest without a first process" guest run --append rdinit=/nothing --time-limit 60 -- doctor
has "$err" "Kernel panic" "its panic is said"
# A warning is provoked: device memory where there is memory already.
fs 99 "a kernel that panics on a warning" guest run --append 'panic_on_warn=1 test_hmm.spm_addr_dev0=0x10000000' --time-limit 60 -- doctor
has "$err" "Kernel panic - not syncing: kernel: panic_on_warn set" "its panic is said"
# Another one in the middle: under seed 1 the small cell comes first; for the other its node has no room, and there is no other.
# shellcheck disable=SC2016 # the dollar is the kernel's
fs 99 "a kernel that panics while it measures" guest run --append 'sysctl.vm.panic_on_oom=2 memmap=1G$0x20000000' -- run first_touch --setup cdm-host \
	--device emu -p size=1M,1000M --rounds 2 --seed 1 -o "$tmp/oom.jsonl"
has "$err" "Kernel panic - not syncing: Out of memory" "its panic is said"
has "$(tail -n 1 "$tmp/oom.jsonl")" '"stop":"died","why":"the guest'"'"'s kernel died: Kernel panic - not syncing: Out of memory' "and recorded"
is "$(grep -c '"verdict":"ok"' "$tmp/oom.jsonl")" 1 "after what was measured before"
# An initramfs that is cut off: by a QEMU that is ours and starts the true one.
mkdir "$tmp/bin"
cat >"$tmp/bin/qemu-system-x86_64" <<-EOF
	#!/bin/sh
	for word; do
		shift
		[ "\$last" != -initrd ] || { head -c 300000 "\$word" >"$tmp/cut"; word=$tmp/cut; }
		set -- "\$@" "\$word"
		last=\$word
	done
	exec "$(command -v qemu-system-x86_64)" "\$@"
EOF
chmod +x "$tmp/bin/qemu-system-x86_64"
path=$PATH
PATH=$tmp/bin:$PATH
fs 99 "an initramfs that is cut off" guest run --accel tcg --time-limit 60 -- run guest -o "$tmp/cut.jsonl"
PATH=$path
has "$err" "Kernel panic" "its panic is said"
[ ! -e "$tmp/cut.jsonl" ]
ok $? "and no empty run file is left"
fs 0 "a kernel without the test device" guest run --append initcall_blacklist=hmm_dmirror_init -- list devices
has "$err" "this kernel lacks CONFIG_TEST_HMM" "is told by what did not appear"
fs 99 "one without a line to the host" guest run --append initcall_blacklist=virtio_console_init --time-limit 60 -- list plans
has "$err" "it lacks CONFIG_VIRTIO_CONSOLE" "too"
fs 99 "a guest that takes too long" guest run --time-limit 2 -- run guest -o "$tmp/late.jsonl"
has "$err" "--time-limit" "is ended, and how to allow more is said"
fs 77 "a kernel that is not there" guest run --kernel "$tmp/none" -- doctor
has "$err" "none" "is named"
echo "no kernel" >"$tmp/none"
fs 99 "a kernel that is none" guest run --kernel "$tmp/none" --time-limit 20 -- doctor
has "$err" "guest" "is said"
echo mine >"$tmp/there.jsonl"
fs 64 "a run file that exists" guest run -- run guest -o "$tmp/there.jsonl"
is "$(cat "$tmp/there.jsonl")" mine "is left as it was"

# A guest killed in the middle: what was measured is kept, and resumed.
few="first_touch fault_back --setup hmm --device dmirror -p size=1M --rounds 30"
# shellcheck disable=SC2086
"$FIVESTEP" guest run --clock instructions -- run $few --output="$tmp/killed.jsonl" >"$tmp/out" 2>"$tmp/err" &
pid=$!
tries=0
while ! grep -q '"verdict":"ok"' "$tmp/killed.jsonl" 2>/dev/null && [ $tries -lt 300 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
pkill -KILL -P $pid qemu-system
wait $pid
is $? 99 "a guest that is killed"
has "$(cat "$tmp/err")" "was killed by signal 9" "is said"
has "$(cat "$tmp/err")" "-- run --resume $tmp/killed.jsonl" "with how to go on"
has "$(cat "$tmp/out")" "first_touch" "and the table of what there is"
grep -q '"verdict":"ok"' "$tmp/killed.jsonl"
ok $? "what was measured is kept"
has "$(tail -n 1 "$tmp/killed.jsonl")" '"stop":"died","why":"qemu-system-x86_64 was killed by signal 9' "and the file itself says how it ended"
is "$(pgrep -c -P $$ qemu-system)" 0 "nothing is left running"
fs 0 "such a file" show "$tmp/killed.jsonl"
has "$err" "did not finish" "is read, and that is said"
printf '{"type":"round","rou' >>"$tmp/killed.jsonl"
cp "$tmp/killed.jsonl" "$tmp/before.jsonl"
fs 64 "going on under another clock" guest run --cpus 1 -- run --resume "$tmp/killed.jsonl"
has "$err" "run.jsonl was measured with the clock instructions" "is refused"
has "$err" "run.jsonl in the guest is $tmp/killed.jsonl on this machine" "and which file it is here is said"
fs 0 "going on after a torn line" guest run --clock instructions -- run --resume="$tmp/killed.jsonl"
head -c "$(wc -c <"$tmp/before.jsonl")" "$tmp/killed.jsonl" | cmp -s - "$tmp/before.jsonl"
ok $? "leaves what was there as it was"
is "$(grep -c '^{"type":"round".*"verdict":"ok"' "$tmp/killed.jsonl")" 60 "and adds the rounds that were missing"
is "$(grep -o '^{"type":"round","round":[0-9]*,"cell":[0-9]*' "$tmp/killed.jsonl" | sort | uniq -d)" "" "none is doubled"
fs 0 "the whole" show "$tmp/killed.jsonl"
lacks "$err" "did not finish" "did end by itself"
fs 64 "a run that is not there" guest run -- run --resume "$tmp/none.jsonl"
has "$err" "none.jsonl" "is named"
mkdir "$tmp/plans"
printf 'option rounds=1 max-rounds=1\nrun first_touch setup=copy device=emu size=1M\n' >"$tmp/plans/mine.plan"
fs 0 "a plan in a folder of the user's" guest run -- run "$tmp/plans/mine.plan" -o"$tmp/mine.jsonl"
is "$(grep -c '"verdict":"ok"' "$tmp/mine.jsonl")" 1 "the user's own input is packed into the guest"
has "$(head -n 1 "$tmp/mine.jsonl")" '"plan":{"name":"mine"' "and is recorded by its name here"

# A disk that is full after some rounds: a file system of its own, where that is allowed.
mkdir "$tmp/small"
cat >"$tmp/full.sh" <<-EOF
	mount -t tmpfs -o size=64k none "$tmp/small" || exit 77
	"$FIVESTEP" guest run -- run guest -o "$tmp/small/full.jsonl" >"$tmp/out" 2>"$tmp/err"
	status=\$?
	cp "$tmp/small/full.jsonl" "$tmp"
	exit \$status
EOF
unshare -rm sh "$tmp/full.sh" 2>/dev/null
status=$?
if [ $status -eq 77 ] || [ $status -eq 1 ]; then
	skip "no file system can be mounted here (unshare -rm)" 3
else
	is $status 99 "a run file that cannot grow"
	has "$(cat "$tmp/err")" "full.jsonl: No space left on device; what was measured before is kept" "is said"
	fs 0 "what was measured before" show "$tmp/full.jsonl"
fi

# Several at once: no file, port or name is shared.
for n in 1 2 3; do
	"$FIVESTEP" guest run -- run first_touch --setup copy --device emu -p size=1M --rounds 2 -o "$tmp/beside$n.jsonl" >/dev/null 2>&1 &
	eval "pid$n=\$!"
done
for n in 1 2 3; do
	eval "wait \$pid$n"
	is $? 0 "guest $n of three at once"
	is "$(grep -c '"verdict":"ok"' "$tmp/beside$n.jsonl")" 2 "has its own rounds"
done

done_testing
