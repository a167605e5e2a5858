#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# guest_kernels.sh - several kernels through boot, run and picture: fivestep guest kernels. QEMU is a script that gives rounds with made-up figures,
# and a source package is a Makefile that builds as told.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

FIVESTEP_CACHE=$tmp/cache
export FIVESTEP_CACHE
unset MAKEFLAGS MAKELEVEL MFLAGS
cd "$tmp" || exit 99

# rounds KERNEL TOUCH BYTES_AN_INSN FAULTS_NS QEMU [COLLECT_NS]: a run with three cells on that kernel.
rounds() {
	cell='"kind":"benchmark","setup":"hmm","device":"softdev","params":{"size":"4M"},"set":["size"]'
	rest='"counters":{},"absent":{},"evidence":[]'
	cat <<-END
		{"type":"run","schema":1,"id":"11111111-2222-4333-8444-55555555555$(echo "$1" | cut -c1)","started":"2026-01-02T03:04:05Z","plan":{"name":"kernels","text":""},"seed":1,"options":{"rounds_min":1,"rounds_max":1},"clock":"instructions","build":{},"machine":{"fingerprint":"00112233aabbccdd","identity":{"cpu":"invented","page_sizes":[4096],"guest":true,"emulated":true},"factors":{"kernel":"$1","guest_kernel":"k$1","qemu":"$5"},"state":{}},"devices":[{"name":"softdev","summary":"","emulated":true}],"cells":[{"cell":0,"bench":"fault_back",$cell},{"cell":1,"bench":"migrate_bandwidth",$cell},{"cell":2,"bench":"fault_latency",$cell}]}
		{"type":"round","round":0,"cell":0,"bench":"fault_back",$cell,"verdict":"ok","start_ms":1,"wall_ms":2,"metrics":{"touch":{"unit":"insn","better":"lower","samples":[$2]}},"steps":[],$rest}
		{"type":"round","round":0,"cell":1,"bench":"migrate_bandwidth",$cell,"verdict":"ok","start_ms":1,"wall_ms":2,"metrics":{"to_host":{"unit":"bytes/insn","better":"higher","samples":[$3]}},"steps":[],$rest}
		{"type":"round","round":0,"cell":2,"bench":"fault_latency",$cell,"verdict":"ok","start_ms":1,"wall_ms":2,"metrics":{"pages_a_fault":{"unit":"pages","better":"exact","samples":[1.0]}},"steps":[{"step":"device","ns":9,"counters":{"softdev.faults_to_device":{"value":100,"unit":"faults"},"softdev.device_faults_ns":{"value":$4,"unit":"insn"},"softdev.device_faults_collect_ns":{"value":${6:-300000},"unit":"insn"}}}],$rest}
	END
}

# line NAME: of the table, without its name.
line() {
	printf '%s\n' "$out" | sed -n "s/^$1  *//p" | tr -s ' '
}

# ---- runs that are there
rounds 6.12.7 7500.0 1.28 780000 7 >new.jsonl
rounds 6.1.99 7000.0 1.024 800000 7 >old.jsonl
fs 0 "two kernels" guest kernels --draw new.jsonl old.jsonl -o drawn
is "$(line 'instructions a page')" "6.1.99 6.12.7" "the older kernel comes first: 1 is less than 12"
is "$(line 'CPU fault (softdev)')" "7000 7500" "a metric is as the runs have it"
is "$(line 'to the host (softdev)')" "4000 3200" "of a bandwidth it is the instructions a page"
is "$(line "device fault, the driver's part")" "8000 7800" "of counts it is what one fault takes"
is "$(line 'device fault: collect')" "3000 3000" "stages are of one fault as well"
lacks "$out" "move_pages" "an operation that no run has is left out"
lacks "$out" "not the kernel alone" "nothing but the kernel differs"
has "$(tr -d ' \n' <drawn/kernels.json)" '{"name":"CPUfault(softdev)","unit":"insn","values":[7000.0,7500.0]}' "the table is there as JSON"
has "$(tr -d ' \n' <drawn/kernels.json)" '"kernel":"6.1.99","guest_kernel":"k6.1.99"' "with the kernels"
if command -v gnuplot >/dev/null; then
	has "$(cat drawn/kernels.svg)" "7500 (+7.1 %)" "a bar says how much it differs from the kernel before"
	has "$(sed "s/', '/ /g" drawn/data/kernels.gp)" "From Linux 6.1.99 to 6.12.7 the changes are from -20.0 % (to the host (softdev)) to +7.1 % (CPU fault (softdev))." \
		"the title's question is answered by the ends of what changed"
	fs 0 "one kernel" guest kernels --draw new.jsonl -o alone
	lacks "$(cat alone/data/kernels.gp)" "the changes are" "has changed in nothing"
else
	skip "gnuplot is not installed" 4
fi
rounds 6.12.7 7500.0 1.28 780000 8 >other.jsonl
fs 0 "another QEMU" guest kernels --draw old.jsonl other.jsonl -o drawn
has "$out" "not the kernel alone: the runs differ in qemu" "is a difference that is said"
for kilo in 64 16; do
	sed "s/\"page_sizes\":\[4096\]/\"page_sizes\":[$((kilo * 1024))]/" new.jsonl >pages-$kilo.jsonl
done
fs 0 "one kernel with base pages of three sizes" guest kernels --draw pages-64.jsonl new.jsonl pages-16.jsonl -o drawn
is "$(line 'instructions a page')" "6.12.7 4K 6.12.7 16K 6.12.7 64K" "is told apart by them, the smallest first"
is "$(line 'to the host (softdev)')" "3200 12800 51200" "and a page is one of that kernel"
lacks "$out" "not the kernel alone" "which differs in nothing else"
grep -v '"round":0,"cell":1,' old.jsonl >part.jsonl
fs 0 "a run without one of the cells" guest kernels --draw part.jsonl new.jsonl -o drawn
is "$(line 'to the host (softdev)')" "- 3200" "has no value there"
fs 64 "a run under another clock" guest kernels --draw "$srcdir/tests/runs/fine.jsonl" -o drawn
has "$err" "is not counted in instructions" "is refused"
fs 64 "a run of other things" guest kernels --draw "$srcdir/tests/runs/instructions.jsonl" -o drawn
has "$err" "none of the operations" "is refused, too"
fs 64 "no folder" guest kernels --draw old.jsonl
fs 64 "nine kernels" guest kernels --draw old.jsonl old.jsonl old.jsonl old.jsonl old.jsonl old.jsonl old.jsonl old.jsonl old.jsonl -o drawn
has "$err" "more than 8 kernels" "are more than a picture can tell apart"

# ---- in which stage
rounds 6.1.99 7000.0 1.024 803300 7 303000 >longer.jsonl
fs 0 "a stage that takes longer" guest kernels --where old.jsonl longer.jsonl
has "$out" "device fault: 8000 -> 8033 instructions (+0.41 %), in collect (migrate_vma_setup: collect, isolate, unmap) +30.0" "is named, with its part of the change"
fs 0 "two runs of one kernel" guest kernels --where old.jsonl old.jsonl
is "$out" "" "differ nowhere"
fs 64 "one run" guest kernels --where old.jsonl

# ---- built, booted and run
for tool in gcc make flex bison bc xz flock; do
	command -v $tool >/dev/null || missing=$tool
done
[ "$(uname -m)" = x86_64 ] || missing="an x86-64 machine"
if [ -n "${missing:-}" ]; then
	skip "$missing is not installed: build-aux/packages.sh guest" 9
	done_testing
fi
mkdir bin linux-source-6.1
cat >bin/qemu-system-x86_64 <<'END'
#!/bin/sh
[ "$1" != --version ] || { echo "QEMU emulator version 0 (made up)"; exit 0; }
for word; do
	case $word in
	file,id=records,*) records=${word##*path=} ;;
	file,id=output,*) output=${word##*path=} ;;
	esac
	case $last in
	-kernel) echo "booted $(cat "$word")" && kernel=$(cat "$word") ;;
	-initrd) tr '\0' '\n' <"$word" | grep -a -A 4 '^run$' | tr '\n' ' ' ;;
	esac
	last=$word
done >>"$booted"
echo >>"$booted"
echo table >"$output"
cat "$kernel.jsonl" >"$records"
echo "{\"type\":\"guest\",\"status\":${ends_with:-0}}" >"$records"
END
chmod +x bin/qemu-system-x86_64
PATH=$tmp/bin:$PATH
booted=$tmp/booted
export PATH booted
cat >linux-source-6.1/Makefile <<'END'
allnoconfig:
	cp "$(KCONFIG_ALLCONFIG)" $(O)/.config
bzImage:
	@mkdir -p $(O)/arch/x86/boot; printf %s "$(PWD_OF_RUNS)/old" >$(O)/arch/x86/boot/bzImage
END
sed -i "s|\$(PWD_OF_RUNS)|$tmp|" linux-source-6.1/Makefile
mkdir linux-source-6.1/arch linux-source-6.1/tools
tar cJf linux-source-6.1.tar.xz linux-source-6.1
printf %s "$tmp/new" >image
mkdir -p cache/guest
echo "as it was" >cache/guest/bzImage
fs 0 "a package and a bzImage" guest kernels -o measured linux-source-6.1.tar.xz image
is "$(grep -a ^booted booted | tr '\n' ' ')" "booted $tmp/old booted $tmp/new " "the package is built, and both boot"
has "$(cat booted)" "run -o run.jsonl kernels" "with the plan of this command"
is "$(line 'CPU fault (softdev)')" "7000 7500" "and the table is printed"
is "$(cd measured && echo *.jsonl)" "kernel-1.jsonl kernel-2.jsonl" "a run of each is kept"
is "$(cat cache/guest/bzImage)" "as it was" "what the guest boots otherwise is what it was"
ends_with=4
export ends_with
fs 4 "rounds that fail on one" guest kernels -o measured image
fs 64 "a size of pages that this machine has not" guest kernels -o measured --pages 4K,64K linux-source-6.1
has "$err" "--pages=64K: base pages of x86_64 have 4K" "is said by the build"
fs 64 "a kernel that is not there" guest kernels nowhere
has "$err" "nowhere is neither" "is named"
fs 0 "help" guest kernels --help
done_testing
