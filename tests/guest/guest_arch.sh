#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# guest_arch.sh - the architecture of a guest is that of its kernel: the emulator, the machine, the kernel's parameters and the program follow from it.
# Kernels are headers here, as the boot protocols have them, and each emulator is a script that keeps what it is asked for.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

cd "$tmp" || exit 99
mkdir bin
for arch in x86_64 aarch64; do
	cat >"bin/qemu-system-$arch" <<-'END'
		#!/bin/sh
		[ "$1" != --version ] || { echo "QEMU emulator version 0 (made up)"; exit 0; }
		echo "${0##*-} $*" >"$asked"
		while [ $# -gt 0 ]; do
			case $1 in
			-initrd) cat "$2" >"$asked.initrd" ;;
			-chardev) case $2 in *id=records,*) records=${2##*path=} ;; esac ;;
			esac
			shift
		done
		echo '{"type":"guest","status":0}' >"$records"
	END
	chmod +x "bin/qemu-system-$arch"
done
PATH=$tmp/bin:$PATH
asked=$tmp/asked
export PATH asked

# at FILE OFFSET BYTES: as printf has them.
at() {
	# shellcheck disable=SC2059 # escapes
	printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

# kernels: 4 KiB of zeros, with the sign of each protocol. arm64's flags say the size of pages; of old ones they do not.
for kernel in x86 arm4 arm16 arm64 old none; do
	dd if=/dev/zero of=$kernel bs=4096 count=1 2>/dev/null
done
at x86 514 HdrS
n=0
for kernel in arm4 arm16 arm64; do
	n=$((n + 2))
	at $kernel 56 'ARM\144'
	at $kernel 24 "\\0$n"
done
at old 56 'ARM\144'

# program FILE MACHINE: an ELF file of 64 bits with one segment, the name of its loader.
program() {
	dd if=/dev/zero of="$1" bs=256 count=1 2>/dev/null
	at "$1" 0 '\177ELF\2\1\1'
	at "$1" 18 "$2"
	at "$1" 32 '\100' # where segments begin: 64
	at "$1" 56 '\1'   # how many
	at "$1" 64 '\3'   # PT_INTERP
	at "$1" 72 '\200' # at 128
	at "$1" 96 '\13'  # of 11 bytes
	at "$1" 128 '/lib/ld.so'
}
mkdir -p bundle/bin bundle/lib other/bin other/lib
program bundle/bin/fivestep '\267'
program other/bin/fivestep '\76'
echo loader >bundle/lib/ld.so
echo library >bundle/lib/libfirst.so.1

# guest WANT NAME KERNEL OPTIONS...: $line is what the emulator was told, $files what the guest has.
guest() {
	want=$1
	name=$2
	kernel=$3
	shift 3
	rm -f asked asked.initrd
	fs "$want" "$name" guest run --accel tcg --kernel "$kernel" "$@" -- list
	line=$(cat asked 2>/dev/null)
	files=$([ ! -f asked.initrd ] || LC_ALL=C grep -a -o '[0-9A-F]\{8\}0\{8\}[a-z][a-z0-9/.-]*' asked.initrd | sed 's/^.\{16\}//' | sort -u | tr '\n' ' ')
}

for kernel in arm4 arm16 arm64 old; do
	guest 0 "a kernel of arm64 with the pages of $kernel" $kernel --bundle bundle
	has "$line" "aarch64 -machine virt," "is booted by the emulator of arm64"
	has "$line" "console=ttyAMA0 " "with the console of that machine"
	has "$line" "mem=2560M " "and an end of the memory that the kernel takes"
	lacks "$line" hmat "no table that its kernel does not read"
	has "$(tr '\0' '\n' <asked.initrd)" library "the libraries are the bundle's"
	has "$files" "lib/ld.so " "with the loader where the program asks for it"
	lacks "$files" x86-64 "and nothing of this machine's"
done
guest 0 "where instructions are counted" arm64 --bundle bundle --clock instructions
has "$line" "cntfrq=1000000000" "its counter has one tick an instruction"
has "$line" "dtb-randomness=off" "and nothing in the device tree is random"
lacks "$line" "tsc=" "nothing is told about a counter that it does not have"

guest 99 "a bundle of another architecture" arm64 --bundle other
has "$err" "other/bin/fivestep is not of aarch64, which the kernel is of" "is refused"
is "$line" "" "before anything is booted"
guest 64 "a folder that is no bundle" arm64 --bundle bin
has "$err" "bin is no bundle that can be used: No such file or directory" "too"
case $(uname -m) in
x86_64) foreign=arm64 its=aarch64 ;;
*) foreign=x86 its=x86_64 ;;
esac
guest 77 "a kernel of another architecture, alone" $foreign
has "$err" "the kernel is of $its, and this fivestep is not" "is a reason"
has "$err" "--bundle DIR" "with what to do"
case $(uname -m) in
x86_64 | aarch64)
	guest 0 "a kernel whose header says nothing" none
	has "$line" "$(uname -m) " "is taken for one of this machine"
	;;
*) skip "this machine has no guest of its own" 2 ;;
esac
status=0
PATH=$tmp/bundle "$FIVESTEP" guest run --kernel arm64 --bundle bundle -- list 2>err || status=$?
is "$status" 77 "without the emulator"
has "$(cat err)" "qemu-system-aarch64 is not installed" "its name is said"
has "$(cat err)" "apt-get install qemu-system-arm" "and its package"

done_testing
