#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the guest's kernel and prints where it is: build.sh CONFIG CACHE [--debug] [--arch ARCH] [--pages SIZE] [KERNEL_SRC | PACKAGE [apart]].
# Called by `fivestep guest build`.
#
# The driver of the device softdev is built for it as a module, and lies beside it: BZIMAGE.softdev.ko. So what is left of a package's tree after the
# build is what modules are built against.
#
# Without either the newest kernel source package under /usr/src is taken. A package's kernel is kept by version and
# options and built once; a source tree is built again each time, which costs little where nothing has changed. What was built last is what
# `fivestep guest run` boots, unless it was built apart.
#
# With --debug the kernel checks itself (debug.config): slow, and for tests of drivers. It is kept beside the other, as debug.bzImage.
#
# With --arch the kernel is of that architecture, by a cross compiler where it is another one than this machine's; with --pages its base pages have that
# size (aarch64). Such kernels are kept beside the others too, as aarch64-64k.Image: `fivestep guest run --kernel` boots them.
set -eu

say() {
	echo "fivestep: guest build: $*" >&2
}

die() {
	say "$1"
	[ $# -lt 2 ] || say "what to do: $2"
	exit "${3:-77}"
}

config=$(realpath "$1")
cache=$2/guest
shift 2
debug=
arch=
pages=
while :; do
	case ${1:-} in
	--debug) debug=debug ;;
	--arch | --pages)
		[ $# -ge 2 ] || die "$1 needs a value" "fivestep guest build --help" 64
		if [ "$1" = --arch ]; then arch=$2; else pages=$2; fi
		shift
		;;
	--arch=*) arch=${1#*=} ;;
	--pages=*) pages=${1#*=} ;;
	*) break ;;
	esac
	shift
done
tree=${1:-}
apart=${2:-}
here=$(cd "$(dirname "$0")/.." && pwd)
driver=$here/harness/device/softdev
[ -d "$driver" ] || driver=$here/softdev
jobs=${JOBS:-$(nproc)}

# The architectures: what the kernel's build calls them, what it makes, where that is, and the compiler where it is another machine's. guest/arch.c has
# what QEMU needs to know of them.
choose_arch() {
	host=$(uname -m)
	case ${arch:-$host} in
	x86_64) kernel_arch=x86 image=bzImage triplet=x86_64-linux-gnu console=SERIAL_8250_CONSOLE sizes=4k ;;
	aarch64) kernel_arch=arm64 image=Image triplet=aarch64-linux-gnu console=SERIAL_AMBA_PL011_CONSOLE sizes='4k 16k 64k' ;;
	*) die "the reference guest has no kernel for ${arch:-$host}" "fivestep guest build --arch x86_64, or aarch64" "$([ -n "$arch" ] && echo 64 || echo 77)" ;;
	esac
	size=$(echo "${pages:-4k}" | tr K k)
	case " $sizes " in
	*" $size "*) ;;
	*) die "--pages=$pages: base pages of ${arch:-$host} have $(echo "$sizes" | tr k K)" "fivestep guest build --help" 64 ;;
	esac
	variant=
	if [ -n "$pages" ] || { [ -n "$arch" ] && [ "$arch" != "$host" ]; }; then
		variant=${arch:-$host}-$size.
	fi
	arch=${arch:-$host}
	cross=
	[ "$arch" = "$host" ] || cross=$triplet-
	boot=arch/$kernel_arch/boot/$image
}

# kmake SRC OUT WORD...
kmake() {
	kmake_src=$1
	kmake_out=$2
	shift 2
	make -C "$kmake_src" O="$kmake_out" ARCH="$kernel_arch" ${cross:+CROSS_COMPILE=$cross} "$@"
}

need_tools() {
	missing=
	for tool in ${cross}gcc make flex bison bc xz flock; do
		command -v "$tool" >/dev/null || missing="$missing $tool"
	done
	[ -z "$missing" ] || die "not installed:$missing" "apt-get install ${cross:+gcc-$(echo "$triplet" | tr _ -) }gcc make flex bison bc xz-utils util-linux libelf-dev (dnf: elfutils-libelf-devel, zypper: libelf-devel)"
}

newest_package() {
	for f in /usr/src/linux-source-*.tar.xz /usr/src/linux-source-*.tar.bz2; do
		[ ! -f "$f" ] || printf '%s\n' "$f"
	done | sort -V | tail -n 1
}

# Most of the source is of hardware that the guest has not. Its Makefiles and options have to be there, what they build has not.
unpack() {
	package=$1
	name=$2
	set --
	for folder in Documentation sound samples tools/perf tools/testing arch/alpha arch/arc arch/arm arch/arm64 arch/arm64/boot arch/csky arch/hexagon arch/loongarch \
		arch/x86 arch/m68k arch/microblaze arch/mips arch/nios2 arch/openrisc arch/parisc arch/powerpc arch/riscv arch/s390 arch/sh arch/sparc arch/xtensa \
		drivers/accel drivers/clk drivers/crypto drivers/gpu drivers/hwmon drivers/iio drivers/infiniband drivers/input drivers/media drivers/misc \
		drivers/mtd drivers/net/ethernet drivers/net/wireless drivers/phy drivers/pinctrl drivers/platform drivers/scsi drivers/staging drivers/usb drivers/video; do
		# arm64's core has clocks.
		case $folder,$kernel_arch in
		"arch/$kernel_arch",* | drivers/clk,arm64 | arch/arm64/boot,x86) continue ;;
		esac
		for kind in '[chS]' 'dts*' rst txt yaml json; do
			set -- "$@" --exclude="$name/$folder/*.$kind"
		done
	done
	case $package in
	*.xz) xz -dc -T0 "$package" ;;
	*) bzip2 -dc "$package" ;;
	esac | tar x --anchored --wildcards --strip-components=1 "$@"
}

# One line that is written over on a terminal, one every 500 files elsewhere. How many there will be is what the last whole build says;
# before the first one it is that of Linux 6.12.
progress() {
	out=$1
	all=$(cat "$cache/${variant}files" 2>/dev/null || echo 1413)
	awk -v tty="$([ -t 2 ] && echo 1 || echo 0)" -v all="$all" -v files="$out/files" '
		function now(  s) { "date +%s" | getline s; close("date +%s"); return s }
		function eta(  left) {
			left = n < all ? int((now() - started) * (all - n) / n) : 0
			return left >= 60 ? sprintf("%dm%02ds", int(left / 60), left % 60) : left "s"
		}
		BEGIN { started = now() }
		/^  (CC|AS|LD|AR) / { n++ }
		n == said { next }
		tty == 1 && n % 20 == 0 { printf "\r\033[Kfivestep: guest build: %d of about %d files  ETA %s", n, all, eta() > "/dev/stderr"; said = n }
		tty == 0 && n % 500 == 0 { printf "fivestep: guest build: %d of about %d files\n", n, all > "/dev/stderr"; said = n }
		END {
			if (tty == 1) printf "\r\033[K" > "/dev/stderr"
			print n > files
		}'
}

# Every requested option must have taken effect; a kernel may not know all of them.
check_config() {
	lost=$(sed '/^# later kernels/,/^$/d' "$config" | grep '^CONFIG_.*=y$' | while read -r line; do
		grep -qx "$line" "$1" || printf ' %s' "${line%=y}"
	done)
	for essential in DEVICE_PRIVATE TEST_HMM USERFAULTFD NUMA MIGRATION $console DEVTMPFS; do
		grep -qx "CONFIG_$essential=y" "$1" || die "this kernel cannot have CONFIG_$essential" "another kernel; Linux >= 5.19 is needed" 99
	done
	[ -z "$lost" ] || say "not in this kernel:$lost"
}

# The code is the same; a tenth of its work is to be able to warn, of a source that is not ours.
quick_flags() {
	[ -n "${LLVM:-}" ] || printf -- '-ftrack-macro-expansion=0 '
	echo "-pipe -Wno-all -Wno-extra"
}

build() {
	src=$1
	out=$2
	mkdir -p "$out"
	log=$out/build.log
	kmake "$src" "$out" KCONFIG_ALLCONFIG="$config" allnoconfig >"$log" 2>&1 ||
		die "allnoconfig fails; see $log" "is $src a kernel source tree, and clean (make mrproper)?" 99
	check_config "$out/.config"
	# That of an earlier build would hide that this one failed.
	rm -f "$out/$boot"
	kmake "$src" "$out" -j"$jobs" KCFLAGS="$(quick_flags)" "$image" modules 2>"$log.errors" | progress "$out"
	[ -f "$out/$boot" ] || die "the kernel does not build: $(grep -m 1 -E 'error|Error' "$log.errors" || echo 'no reason was given')" "see $log.errors" 99
}

# What modules are built against: headers, scripts, and what the build made of them.
prune() {
	(cd "$1" && rm -rf Documentation block certs crypto drivers fs init io_uring ipc kernel lib mm net rust samples security sound usr virt &&
		find arch -mindepth 1 -maxdepth 1 ! -name "$kernel_arch" ! -name Kconfig -exec rm -rf {} + &&
		find tools -mindepth 1 -maxdepth 1 ! -name objtool ! -name build ! -name scripts -exec rm -rf {} +)
	(cd "$2" && rm -rf vmlinux* .vmlinux* .tmp_vmlinux* System.map block certs crypto drivers fs init io_uring ipc kernel lib mm net security usr virt &&
		find arch \( -name '*.o' -o -name '*.a' -o -name '.*.cmd' -o -name "*$image" -o -name 'vmlinux*' \) -exec rm -f {} +)
}

# module SRC OUT FOLDER: the driver for that kernel, as FOLDER/softdev.ko; without it softdev is a skip in the guest, and no more.
module() {
	folder=$3
	made=$folder/softdev/module/softdev.ko
	rm -rf "$folder/softdev" "$folder/softdev.ko"
	cp -r "$driver" "$folder/softdev"
	kmake "$1" "$2" M="$folder/softdev/module" KCFLAGS="$(quick_flags)" modules >"$folder/softdev.log" 2>&1 || true
	if [ -f "$made" ]; then
		mv "$made" "$folder/softdev.ko"
	else
		say "the driver of softdev does not build for this kernel: $(grep -m 1 -E 'error|Error' "$folder/softdev.log" || echo 'no reason was given')"
		say "see $folder/softdev.log; all else works without it"
	fi
}

# keep FILE PLACE: the copy appears whole or not at all, and no link that is in its place is followed.
keep() {
	new=$(mktemp "$2.XXXXXX")
	cp "$1" "$new"
	chmod 644 "$new"
	mv -fT "$new" "$2"
}

# install_kernel IMAGE FOLDER: with the driver from there, which belongs to this kernel and no other.
install_kernel() {
	place=$cache/${debug:+debug.}$variant$image
	[ -z "$apart" ] || place=$1
	rm -f "$place.softdev.ko"
	[ "$place" = "$1" ] || keep "$1" "$place"
	[ ! -f "$2/softdev.ko" ] || keep "$2/softdev.ko" "$place.softdev.ko"
	echo "$place"
}

# Two builds would remove each other's tree: the second waits until the first has ended, however it ends.
lock() {
	exec 9>>"$cache/lock"
	if ! flock -n 9; then
		say "another build works in $cache; waiting for its end"
		flock 9
	fi
}

# Whatever the user's umask is: no other user may write to the cache.
umask 022
KBUILD_BUILD_USER=fivestep
KBUILD_BUILD_HOST=guest
LC_ALL=C
export KBUILD_BUILD_USER KBUILD_BUILD_HOST LC_ALL

choose_arch
need_tools
mkdir -p "$cache"
package=
case $tree in
*.tar.xz | *.tar.bz2)
	package=$(realpath "$tree")
	tree=
	;;
esac
[ -z "$tree" ] || [ -f "$tree/Makefile" ] || die "$tree is not a kernel source tree" "fivestep guest build PATH" 64
lock

options=$(mktemp "$cache/kernel.config.XXXXXX")
trap 'rm -f "$options"' EXIT
trap 'exit 130' INT TERM
{
	cat "$config" "$(dirname "$config")/kernel.$arch.config"
	[ "$kernel_arch" != arm64 ] || echo "CONFIG_ARM64_$(echo "$size" | tr k K)_PAGES=y"
	[ -z "$debug" ] || cat "$(dirname "$config")/debug.config"
} >"$options"
config=$options

if [ -n "$tree" ]; then
	tree=$(cd "$tree" && pwd)
	key=tree-$(printf '%s' "$tree" | cksum | cut -d' ' -f1)${variant:+-${variant%.}}${debug:+-debug}
	build "$tree" "$cache/$key"
	mkdir -p "$cache/$key/driver"
	module "$tree" "$cache/$key" "$cache/$key/driver"
	install_kernel "$cache/$key/$boot" "$cache/$key/driver"
	exit 0
fi

[ -n "$package" ] || package=$(newest_package)
[ -n "$package" ] || die "no kernel source package" "apt-get install linux-source-6.12 (or linux-source), or fivestep guest build PATH"
name=$(basename "$package" | sed 's/\.tar\..*//')
key=$name-$(stat -c %s-%Y "$package")-$(cksum <"$config" | cut -d' ' -f1)
if [ ! -f "$cache/$key/$image" ]; then
	say "building $name; this is done once"
	rm -rf "${cache:?}/$key"
	mkdir -p "$cache/$key/src"
	(cd "$cache/$key/src" && unpack "$package" "$name")
	# A package's kernel is the same, byte by byte, wherever and whenever it is built.
	KBUILD_BUILD_TIMESTAMP=$(date -u -r "$package")
	export KBUILD_BUILD_TIMESTAMP
	build "$cache/$key/src" "$cache/$key/out"
	[ -n "$debug" ] || keep "$cache/$key/out/files" "$cache/${variant}files"
	keep "$cache/$key/out/.config" "$cache/$key/config"
	keep "$cache/$key/out/$boot" "$cache/$key/$image"
	prune "$cache/$key/src" "$cache/$key/out"
fi
# The driver changes more often than the kernel.
made_of=$(find "$driver" -name '*.[ch]' -o -name Kbuild | LC_ALL=C sort | xargs cat | cksum | cut -d' ' -f1)
if [ ! -f "$cache/$key/softdev.ko" ] || [ "$(cat "$cache/$key/softdev.of" 2>/dev/null)" != "$made_of" ]; then
	module "$cache/$key/src" "$cache/$key/out" "$cache/$key"
	echo "$made_of" >"$cache/$key/softdev.of"
fi
install_kernel "$cache/$key/$image" "$cache/$key"
