#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# module.sh - make module, with headers that are missing, lack the option, are those of another kernel, or fail to build: each is said with what to do.
# The headers are a Makefile here that builds as told.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

cd "$tmp" || exit 99

# module WANT_STATUS NAME HEADERS
module() {
	out=$(sh "$srcdir/build-aux/module.sh" "$3" 2>err)
	is $? "$1" "$2"
	err=$(cat err)
}

# headers RELEASE OPTIONS RECIPE
headers() {
	rm -rf headers
	mkdir -p headers/include/config
	echo "$1" >headers/include/config/kernel.release
	echo "$2" >headers/include/config/auto.conf
	printf 'modules:\n\t%s\n' "$3" >headers/Makefile
}

# shellcheck disable=SC2016 # make's dollar
builds='@[ -f $(M)/main.c ] && [ -f $(M)/../softdev_uapi.h ] && echo module >$(M)/softdev.ko'

module 1 "a folder without headers" "$tmp/nowhere"
has "$err" "no headers of a kernel in $tmp/nowhere" "the folder is named"
has "$err" "linux-headers-$(uname -r)" "and the package that has them"
headers "$(uname -r)" "# CONFIG_DEVICE_PRIVATE is not set" "$builds"
module 1 "a kernel without device-private memory" headers
has "$err" "no CONFIG_DEVICE_PRIVATE" "the option is named"
is "$(ls softdev.ko 2>/dev/null)" "" "and nothing is built"
headers "$(uname -r)" CONFIG_DEVICE_PRIVATE=y "$builds"
module 0 "headers of the running kernel" headers
is "$(cat softdev.ko)" module "the module is built here"
has "$out" "insmod softdev.ko" "and how it is loaded is said"
lacks "$out$err" "another kernel" "nothing is said of other kernels"
headers 1.2.3-other CONFIG_DEVICE_PRIVATE=y "$builds"
module 0 "headers of another kernel" headers
has "$err" "for Linux 1.2.3-other" "the kernel that the module is for is named"
has "$err" "$(uname -r)" "and the one that runs"
lacks "$out" "insmod" "loading it here is not suggested"
headers "$(uname -r)" CONFIG_DEVICE_PRIVATE=y "@exit 1"
module 1 "a module that does not build" headers
has "$err" "does not build" "is said"
is "$(ls softdev.ko 2>/dev/null)" "" "and no older one is left"
done_testing
