#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What faults and migrations cost on several kernels: kernels.sh CONFIG CACHE [-o DIR] [--arch ARCH] [--pages SIZE,...] [--bundle DIR]
# [KERNEL...]. Called by `fivestep guest kernels`.
#
# Each KERNEL is a bzImage, a kernel source tree or a kernel source package (linux-source-6.1.tar.xz); without one, all packages under /usr/src. Each
# is built with the guest's options if need be, boots once, and runs the plan `kernels` under the instruction clock. The runs stay in DIR, one file a
# kernel; the table is printed, and DIR has it as kernels.json and as a picture. With --pages each is built for each of these sizes of base pages.
set -eu

config=$1
cache=$2
: "${FIVESTEP:?}"
here=$(dirname "$0")
folder=kernels
arch=
pages=
bundle=
shift 2

usage() {
	cat <<-'END'
		Usage: fivestep guest kernels [-o DIR] [--arch ARCH] [--pages SIZE,...] [--bundle DIR] [KERNEL...]
		       fivestep guest kernels --draw RUN... -o DIR
		What faults and migrations of a page cost, in instructions, on several kernels: on device-private memory (HMM) and by move_pages to a node
		without CPUs. KERNEL: a bzImage, a kernel source tree, or a kernel source package. Without one: all packages under /usr/src. Each is built if
		need be (4 minutes), boots once and runs the plan "kernels". DIR (default: kernels) gets a run file for each kernel, kernels.json and a picture.
		With --draw the runs were measured before. ARCH, SIZE: as of guest build; several sizes are one kernel with different base pages. The bundle is
		a fivestep of another architecture, as of guest run.

		  fivestep guest kernels --arch aarch64 --pages 4K,16K,64K --bundle DIR
		  fivestep guest kernels /usr/src/linux-source-6.1.tar.xz ~/linux arch/x86/boot/bzImage
	END
	exit "$1"
}

say() {
	echo "fivestep: guest kernels: $*" >&2
}

while [ $# -gt 0 ]; do
	case $1 in
	-h | --help) usage 0 ;;
	-o | --arch | --pages | --bundle)
		[ $# -ge 2 ] || usage 64 >&2
		case $1 in
		-o) folder=$2 ;;
		--arch) arch=$2 ;;
		--pages) pages=$2 ;;
		--bundle) bundle=$2 ;;
		esac
		shift 2
		;;
	--)
		shift
		break
		;;
	-*) usage 64 >&2 ;;
	*) break ;;
	esac
done
if [ $# -eq 0 ]; then
	for package in /usr/src/linux-source-*.tar.xz /usr/src/linux-source-*.tar.bz2; do
		[ ! -f "$package" ] || set -- "$@" "$package"
	done
	if [ $# -eq 0 ]; then
		say "no kernel source package under /usr/src"
		say "what to do: apt-get install linux-source, or name kernels"
		exit 77
	fi
fi
for kernel; do
	if [ ! -r "$kernel" ]; then
		say "$kernel is neither a kernel image, a kernel source tree nor a package that can be read"
		exit 64
	fi
done
mkdir -p "$folder"

# build KERNEL [SIZE]
build() {
	sh "$here/build.sh" "$config" "$cache" ${arch:+--arch "$arch"} ${2:+--pages "$2"} "$1" apart
}

# image KERNEL: prints where its images are, one a size of pages.
image() {
	case $1 in
	*.tar.xz | *.tar.bz2) ;;
	*) if [ ! -d "$1" ]; then
		echo "$1"
		return
	fi ;;
	esac
	if [ -z "$pages" ]; then
		build "$1"
	else
		for size in $(echo "$pages" | tr , ' '); do
			build "$1" "$size" || return
		done
	fi
}

# All are built before the first one boots: what does not build is known first.
images=
for kernel; do
	images="$images$(image "$kernel")
"
done
runs=
n=0
while read -r bzimage; do
	[ -n "$bzimage" ] || continue
	n=$((n + 1))
	say "kernel $n of $(echo "$images" | grep -c .): $bzimage"
	[ -f "$bzimage.softdev.ko" ] || say "it has no driver of softdev: those lines stay empty"
	rm -f "$folder/kernel-$n.jsonl"
	status=0
	"$FIVESTEP" guest run --clock instructions --time-limit 20m --kernel "$bzimage" ${bundle:+--bundle "$bundle"} -- run kernels -o "$folder/kernel-$n.jsonl" \
		</dev/null >"$folder/kernel-$n.txt" || status=$?
	if [ $status -ne 0 ]; then
		cat "$folder/kernel-$n.txt" >&2
		exit $status
	fi
	runs="$runs $n"
done <<END
$images
END
set --
for n in $runs; do
	set -- "$@" "$folder/kernel-$n.jsonl"
done
say "rounds are in $folder"
exec "$FIVESTEP" guest kernels --draw "$@" -o "$folder"
