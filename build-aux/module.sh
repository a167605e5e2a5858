#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# module.sh [KERNEL_BUILD] - builds the driver of the device softdev here, as softdev.ko, against the headers of a kernel: those of the one that
# runs, unless others are named. It is not loaded.
set -eu

source=$(cd "$(dirname "$0")/../harness/device/softdev" && pwd)
release=$(uname -r)
headers=${1:-/lib/modules/$release/build}

die() {
	echo "make module: $1" >&2
	echo "make module: what to do: $2" >&2
	exit 1
}

[ -f "$headers/Makefile" ] || die "there are no headers of a kernel in $headers" \
	"install them (Debian: linux-headers-$release), or make module KERNEL_BUILD=PATH; fivestep guest run needs none"
options=$headers/include/config/auto.conf
[ ! -f "$options" ] || grep -q '^CONFIG_DEVICE_PRIVATE=y' "$options" ||
	die "this kernel has no CONFIG_DEVICE_PRIVATE, and cannot have the driver without it" "fivestep guest run has a kernel that does"
rm -rf softdev.build softdev.ko
mkdir softdev.build
cp -r "$source/softdev_uapi.h" "$source/module" softdev.build
${MAKE:-make} -C "$headers" M="$PWD/softdev.build/module" modules ||
	die "softdev does not build against $headers" "it needs Linux 6.1 or newer, and the compiler that built the kernel"
cp softdev.build/module/softdev.ko softdev.ko
target=$(cat "$headers/include/config/kernel.release" 2>/dev/null || echo "$release")
if [ "$target" = "$release" ]; then
	echo "softdev.ko is built. As root: insmod softdev.ko; rmmod softdev when done"
else
	echo "make module: softdev.ko is built for Linux $target; this machine runs $release, which will not load it" >&2
fi
