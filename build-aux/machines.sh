#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# machines.sh arm64-16k|arm64-64k [STAGE...] - fivestep on a machine whose base pages are not 4 KiB: cross-builds the tree for arm64, boots it in QEMU (emulated,
# two memory nodes) and runs there doctor, the smoke plan and the tests (stages doctor, smoke, quick, c, shell; without names doctor, smoke and c). TESTS='NAMES'
# chooses among the tests. It prints TAP; the status is 1 if something failed, 77 if this host cannot.
#
# machines.sh arm64-bundle - builds only, and prints the folder of the program and its libraries, for `fivestep guest run --bundle`.
#
# It needs a Debian host: a userland for arm64 comes from the archive that the host itself uses ($DEBIAN_MIRROR), by apt with lists of its own, into
# $MACHINES (~/.cache/fivestep/machines). The kernel with 16 KiB pages is Debian's own, from backports on Debian 12. Debian has none with 64 KiB, so
# that one is built from the linux-source package (about 8 minutes). What a machine printed and measured is left in $MACHINES/NAME/share.
set -eu

die() {
	echo "machines: $1" >&2
	exit "${2:-1}"
}

name=${1:-}
[ $# -eq 0 ] || shift
case $name in
arm64-16k | arm64-64k | arm64-bundle) ;;
*) die "which machine: arm64-16k or arm64-64k; or arm64-bundle" 64 ;;
esac
stages=${*:-doctor smoke c}

triplet=aarch64-linux-gnu
top=$(cd "$(dirname "$0")/.." && pwd)
cache=${MACHINES:-${XDG_CACHE_HOME:-$HOME/.cache}/fivestep/machines}
root=$cache/root
machine=$cache/$name
tree=$cache/tree
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
jobs=$(getconf _NPROCESSORS_ONLN)

# What the program is built with, what the tests call, and what a machine needs to start.
userland='libc6-dev libc-bin libjansson-dev libhwloc-dev libgsl-dev libsqlite3-dev libnuma-dev
	dash bash coreutils grep sed gawk findutils diffutils tar gzip xz-utils util-linux mount kmod procps make sqlite3 jq'

# Modules of Debian's kernel for the folder that is shared with the machine, in the order of their needs.
modules='virtio virtio_ring virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci fscache netfs 9pnet 9pnet_virtio 9p'

need() {
	missing=
	for pair in apt-get:apt dpkg-deb:dpkg cpio:cpio $triplet-gcc:gcc-$triplet qemu-system-aarch64:qemu-system-arm; do
		command -v "${pair%:*}" >/dev/null || missing="$missing ${pair#*:}"
	done
	[ -z "$missing" ] || die "missing here: apt-get install$missing (a Debian host; no other is supported)" 77
	[ -f $keyring ] || die "$keyring is missing: apt-get install debian-archive-keyring (a Debian host; no other is supported)" 77
}

# apt COMMAND...: for arm64, with state of its own: this host's packages and architectures stay as they are.
apt() {
	command=$1
	shift
	APT_CONFIG=$cache/apt/apt.conf "$command" -qq "$@"
}

lists() {
	[ ! -f "$cache/apt/ready" ] || return 0
	mirror=$("$top/build-aux/debian_mirror.sh") || exit 1
	# shellcheck source=/dev/null
	release=$(. /etc/os-release && echo "$VERSION_CODENAME")
	mkdir -p "$cache/apt/state/lists/partial" "$cache/apt/cache/archives/partial"
	: >"$cache/apt/status"
	for suite in "$release" "$release-backports"; do
		echo "deb [arch=arm64 signed-by=$keyring] $mirror $suite main"
	done >"$cache/apt/sources.list"
	cat >"$cache/apt/apt.conf" <<-CONF
		Dir::State "$cache/apt/state";
		Dir::State::status "$cache/apt/status";
		Dir::Cache "$cache/apt/cache";
		Dir::Etc::sourcelist "$cache/apt/sources.list";
		Dir::Etc::sourceparts "-";
		APT::Architecture "arm64";
		APT::Architectures "arm64";
		APT::Sandbox::User "";
	CONF
	apt apt-get update || die "no package lists from $mirror"
	touch "$cache/apt/ready"
}

fetch_userland() {
	[ ! -f "$root/ready" ] || return 0
	lists
	# shellcheck disable=SC2086 # a list
	apt apt-get install -y --download-only --no-install-recommends $userland || die 'the userland cannot be downloaded'
	rm -rf "$root"
	mkdir -p "$root"
	for package in "$cache"/apt/cache/archives/*.deb; do
		dpkg-deb --fsys-tarfile "$package" | tar x -C "$root" --keep-directory-symlink
	done
	ln -sf gawk "$root/usr/bin/awk"
	touch "$root/ready"
}

# Debian's kernel and the modules above.
fetch_kernel_16k() {
	lists
	package=$(apt apt-cache depends --no-recommends --no-suggests linux-image-arm64-16k | sed -n 's/^ *Depends: *\(linux-image-[0-9]\)/\1/p')
	[ -n "$package" ] || die "the archive has no linux-image-arm64-16k"
	(cd "$machine" && apt apt-get download "$package") || die "$package cannot be downloaded"
	dpkg-deb -x "$machine/$package"_*.deb "$machine/image"
	mkdir -p "$machine/mod"
	for module in $modules; do
		file=$(find "$machine/image" -name "$module.ko*")
		case $file in
		'') continue ;; # built in
		*.xz) xz -dc "$file" >"$machine/mod/$module.ko" ;;
		*) cp "$file" "$machine/mod/$module.ko" ;;
		esac
		echo "$module" >>"$machine/mod/order"
	done
	cp "$machine"/image/boot/vmlinuz-* "$machine/kernel"
	rm -rf "$machine/image" "$machine"/*.deb
}

# A small kernel of what the program and the machine need.
build_kernel_64k() {
	source=$(find /usr/src -maxdepth 1 -name 'linux-source-*.tar.xz' | sort -V | tail -n 1)
	[ -n "$source" ] || die 'no kernel source: build-aux/packages.sh guest (apt-get install linux-source-6.12)' 77
	mkdir -p "$machine/source" "$machine/build"
	tar xf "$source" -C "$machine/source" --strip-components=1
	set -- make -s -C "$machine/source" O="$machine/build" ARCH=arm64 CROSS_COMPILE=$triplet-
	"$@" tinyconfig
	sed -n 's/^# option //p' "$top/build-aux/machines_guest.sh" | tr ' ' '\n' | sed 's/.*/CONFIG_&=y/' >>"$machine/build/.config"
	"$@" olddefconfig
	grep -q '^CONFIG_ARM64_64K_PAGES=y' "$machine/build/.config" || die "$source cannot be configured for 64 KiB pages"
	"$@" -j"$jobs" Image
	mkdir -p "$machine/mod"
	: >"$machine/mod/order"
	cp "$machine/build/arch/arm64/boot/Image" "$machine/kernel"
	rm -rf "$machine/source" "$machine/build"
}

# The tree as it is, built beside it, so that an older build of this host stays.
build() {
	mkdir -p "$tree"
	if [ -e "$top/.git" ]; then
		(cd "$top" && git ls-files -z | tar c --null --ignore-failed-read -T - 2>/dev/null) | tar x -C "$tree"
	else
		tar c -C "$top" --exclude='*.o' --exclude='*.a' --exclude=config.status --exclude=Makefile . | tar x -C "$tree"
	fi
	export PKG_CONFIG_SYSROOT_DIR="$root" PKG_CONFIG_LIBDIR="$root/usr/lib/$triplet/pkgconfig:$root/usr/share/pkgconfig"
	(
		cd "$tree"
		[ -x configure ] || ./bootstrap
		[ -f Makefile ] || ./configure -q --host=$triplet CC="$triplet-gcc --sysroot=$root" AR=$triplet-ar RANLIB=$triplet-ranlib
		make -s -j"$jobs"
		make -s -j"$jobs" check TESTS= >/dev/null
		# shellcheck disable=SC2016 # make's variables
		printf 'include Makefile\nlist:\n\t@echo $(test_programs)\n\t@echo $(test_scripts)\n' | make -s -f - list >tests.list
	)
}

# As in a bundle (bundle.sh), but found without running anything.
bundle() {
	rm -rf "${machine:?}/bin" "${machine:?}/lib"
	mkdir -p "$machine/bin" "$machine/lib"
	$triplet-strip -o "$machine/bin/fivestep" "$tree/fivestep"
	set -- "$machine/bin/fivestep"
	while [ $# -gt 0 ]; do
		file=$1
		shift
		for name in $($triplet-objdump -p "$file" | sed -n 's/^ *NEEDED *//p'); do
			[ ! -e "$machine/lib/$name" ] || continue
			path=$(find "$root/lib/" "$root/usr/lib/" -name "$name" | head -n 1)
			[ -n "$path" ] || die "$name is not in $root"
			cp -L "$path" "$machine/lib/$name"
			set -- "$@" "$machine/lib/$name"
		done
	done
	echo "$machine"
}

pack() {
	img=$machine/img
	rm -rf "$img"
	mkdir -p "$img"
	tar c -C "$root" --exclude=./usr/share --exclude=./usr/include --exclude='*.a' --exclude=./usr/lib/gcc . | tar x -C "$img"
	mkdir -p "$img/usr/share" "$img/mnt" "$img/proc" "$img/sys" "$img/dev" "$img/tmp" "$img/run" "$img/root"
	[ -e "$img/bin/sh" ] || ln -s dash "$img/bin/sh"
	cp -r "$machine/mod" "$img/mod"
	cp "$top/build-aux/machines_guest.sh" "$img/init"
	chmod +x "$img/init"
	(cd "$img" && find . | cpio -o -H newc --quiet) | gzip -1 >"$machine/initramfs"
	rm -rf "$img"
}

boot() {
	share=$machine/share
	rm -rf "$share"
	mkdir -p "$share"
	tar c -C "$tree" --exclude='*.o' --exclude='*.a' --exclude=.deps --exclude=autom4te.cache --exclude=./results . >"$share/tree.tar"
	{
		echo "stages='$stages'"
		echo "tests='${TESTS:-}'"
		echo "date=$(date +%s)"
	} >"$share/order"
	timeout "${MACHINES_TIMEOUT:-3h}" qemu-system-aarch64 -M virt,gic-version=3 -cpu max,pauth-impdef=on,lpa2=off -accel tcg,thread=multi -smp 2 -m 4096 \
		-object memory-backend-ram,id=m0,size=3G -object memory-backend-ram,id=m1,size=1G -numa node,nodeid=0,cpus=0-1,memdev=m0 -numa node,nodeid=1,memdev=m1 \
		-kernel "$machine/kernel" -initrd "$machine/initramfs" -append 'console=ttyAMA0 panic=-1 quiet' -nodefaults -no-reboot -display none -serial stdio \
		-virtfs "local,path=$share,mount_tag=share,security_model=none" </dev/null | sed -u 's|\r$||' || true
	rm -f "$share/tree.tar"
	[ -f "$share/status" ] || die "the machine stopped before its end: see $share"
	status=$(cat "$share/status")
	[ "$status" -eq 0 ] || echo "# more in $share"
}

need
mkdir -p "$machine"
# Two at once would build in one folder.
exec 9>"$cache/lock"
flock -n 9 || die "another machines.sh is at work in $cache"
fetch_userland
if [ ! -f "$machine/kernel" ]; then
	case $name in
	arm64-16k) fetch_kernel_16k ;;
	arm64-64k) build_kernel_64k ;;
	esac
fi
build
if [ "$name" = arm64-bundle ]; then
	bundle
	exit 0
fi
pack
boot
exit "$status"
