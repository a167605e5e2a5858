#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# guest_kvm.sh - whether the guest has KVM is found by trying, and the record says what came of it. QEMU is a script here, that boots nothing:
# with KVM it does as told, and otherwise it runs a benchmark here with the words that the guest would have had, down the same lines.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

mkdir "$tmp/bin"
cat >"$tmp/bin/qemu-system-x86_64" <<'EOF'
#!/bin/sh
[ "$1" != --version ] || { echo "QEMU emulator version 0 (made up)"; exit 0; }
while [ $# -gt 0 ]; do
	case $1 in
	-accel) accel=$2 ;;
	-initrd) initrd=$2 ;;
	-chardev)
		case $2 in
		*id=console,*) console=${2##*path=} ;;
		*id=records,*) records=${2##*path=} ;;
		esac
		;;
	esac
	shift
done
echo "$accel" >>"$tried"
case $accel,$KVM in
kvm,refuses)
	echo "qemu: failed to initialize kvm: it is made up"
	exit 1
	;;
kvm,hangs) exec sleep 100 ;;
kvm,dies)
	echo "Linux version 6" >"$console"
	exit 1
	;;
esac
# The program has that text, too, as a format.
word=$(tr '\0' '\n' <"$initrd" | grep -a '^FIVESTEP_ACCELERATOR=[kt]')
qemu=$(tr '\0' '\n' <"$initrd" | grep -a '^FIVESTEP_QEMU=0')
rm -f "$inside"
env "$word" "$qemu" FIVESTEP_RECORD_COPY="$records" "$FIVESTEP" run first_touch --setup copy --device emu -p size=1M --rounds 1 --counters none \
	-o "$inside" >/dev/null 2>&1
echo '{"type":"guest","status":0}' >"$records"
EOF
chmod +x "$tmp/bin/qemu-system-x86_64"
PATH=$tmp/bin:$PATH
tried=$tmp/tried
inside=$tmp/inside.jsonl
export PATH tried inside KVM
: >"$tmp/kernel"

# guest WANT NAME KVM OPTIONS...: the run is in $run, what was requested of QEMU in $accels.
guest() {
	want=$1
	name=$2
	KVM=$3
	shift 3
	run=$tmp/run.jsonl
	rm -f "$run"
	: >"$tried"
	fs "$want" "$name" guest run --kernel "$tmp/kernel" "$@" -- run first_touch -o "$run"
	accels=$(tr '\n' ' ' <"$tried")
	word=$(sed -n '1s/.*"accelerator":"\([^"]*\)".*/\1/p' "$run" 2>/dev/null)
}

guest 0 "KVM that works" works
is "$accels" "kvm " "is all that is tried"
is "$word" kvm "and the record's word"
has "$(cat "$run")" '"verdict":"ok"' "with the rounds"
has "$(head -n 1 "$run")" '"qemu":"0 (made up)"' "and QEMU's version, a factor"

guest 0 "KVM that refuses" refuses
is "$accels" "kvm tcg " "leads to an emulated CPU"
has "$word" "tcg: KVM was tried: " "which the record says"
has "$word" "failed to initialize kvm: it is made up" "with what KVM said"
has "$err" "KVM does not work on this machine" "and so does the message"

guest 0 "KVM under which no kernel says a word" hangs --time-limit 2
is "$accels" "kvm tcg " "too"
has "$word" "did not finish within 2 s" "and the record says so"

guest 99 "a kernel that began to run and died" dies
is "$accels" "kvm " "is no failure of KVM: it is not tried again"

guest 99 "KVM that is insisted on and refuses" refuses --accel kvm
is "$accels" "kvm " "is not replaced"
has "$err" "failed to initialize kvm: it is made up" "but what it said is said"

guest 0 "an emulated CPU that is asked for" works --accel tcg
is "$accels" "tcg " "is all that is tried"
is "$word" "tcg: as requested" "and the record says why"

guest 0 "instructions that are counted" works --clock instructions
has "$accels" "tcg,thread=single" "need an emulated CPU"
is "$word" "tcg: instructions are counted" "and the record says so"
guest 64 "and cannot be with KVM" works --clock instructions --accel kvm
is "$accels" "" "which nobody tries"

fs 0 "a run outside of a guest" run first_touch --setup copy --device emu -p size=1M --rounds 1 --counters none -o "$tmp/host.jsonl"
lacks "$(head -n 1 "$tmp/host.jsonl")" '"accelerator"' "has no such word"

done_testing
