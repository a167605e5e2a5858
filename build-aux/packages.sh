#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# packages.sh [build | lint | guest | opencl | ci] - installs what is missing to build and run (lint: to check the style and what tests cover; guest: to build and boot the
# reference guest; opencl: the loader and PoCL, which is OpenCL on the CPU; ci: all of it, and what .ci/run wants besides). As root or through `sudo -n`, with apt, dnf or zypper; where that is not possible or FIVESTEP_INSTALL=no forbids it,
# the command to type is printed. Each need is tested for itself, not for a package, so what was installed by hand counts.
# Status: 0 when nothing required is missing in the end, 1 otherwise; of the guest 75 where the package manager was asked and could not: then it is no
# machine without a guest, but one where another try may do.
set -u

set_wanted=${1:-build}
case $set_wanted in
build | lint | guest | opencl | ci) ;;
*)
	echo "packages: unknown set $set_wanted: build, lint, guest, opencl or ci" >&2
	exit 64
	;;
esac

# Each line: set, required or optional, test, what is tested, and the package's name for apt, dnf and zypper.
needs='
bootstrap required command autoconf autoconf autoconf autoconf
bootstrap required command automake automake automake automake
bootstrap required command m4 m4 m4 m4
build required command make make make make
build required command pkg-config pkg-config pkgconf-pkg-config pkg-config
build required cc cc gcc gcc gcc
build required header stdio.h libc6-dev glibc-devel glibc-devel
build required header linux/userfaultfd.h linux-libc-dev kernel-headers linux-glibc-devel
build required module jansson libjansson-dev jansson-devel libjansson-devel
build required module hwloc libhwloc-dev hwloc-devel hwloc-devel
build required header numa.h libnuma-dev numactl-devel libnuma-devel
build required module gsl libgsl-dev gsl-devel gsl-devel
build required module sqlite3 libsqlite3-dev sqlite-devel sqlite3-devel
build optional command gnuplot gnuplot-nox gnuplot gnuplot
build optional header papi.h libpapi-dev papi-devel papi-devel
build optional header sde_lib.h libpapi-dev papi-devel papi-devel
lint optional command shellcheck shellcheck ShellCheck ShellCheck
lint optional command clang-format clang-format clang-tools-extra clang
lint optional command clang-tidy clang-tidy clang-tools-extra clang-tools
lint optional command gcovr gcovr gcovr gcovr
guest optional command qemu-system-x86_64 qemu-system-x86 qemu-system-x86-core qemu-x86
guest optional source linux linux-source - kernel-source
guest optional command flex flex flex flex
guest optional command bison bison bison bison
guest optional command bc bc bc bc
guest optional command xz xz-utils xz xz
guest optional command flock util-linux util-linux-core util-linux
guest optional header libelf.h libelf-dev elfutils-libelf-devel libelf-devel
opencl optional library libOpenCL.so.1 ocl-icd-libopencl1 ocl-icd libOpenCL1
opencl optional driver /etc/OpenCL/vendors pocl-opencl-icd pocl pocl
ci optional header CL/cl.h opencl-headers opencl-headers opencl-headers
ci optional command xmllint libxml2-utils libxml2 libxml2-tools
ci optional command sqlite3 sqlite3 sqlite sqlite3
ci optional command cmark cmark cmark cmark
ci optional command munged munge munge munge
ci optional command slurmctld slurmctld slurm-slurmctld slurm
ci optional command slurmd slurmd slurm-slurmd slurm-node
ci optional command sbatch slurm-client slurm slurm
ci optional command busybox busybox-static busybox busybox-static
ci optional command dh debhelper - -
ci optional command g++ build-essential - -
ci optional command lintian lintian - -
ci required command git git git git
ci required command clang clang clang clang
ci required command xz xz-utils xz xz
ci required sanitizer address libc6-dev libasan libasan8
ci required sanitizer undefined libc6-dev libubsan libubsan1
ci required fuzzer clang libclang-rt-dev compiler-rt libclang-rt
ci required sanitizer thread libc6-dev libtsan libtsan2
'

wanted() {
	case $set_wanted:$1 in
	# A release brings its configure.
	build:bootstrap | ci:bootstrap) [ ! -e "$(dirname "$0")/../configure" ] ;;
	build:build | lint:lint | guest:guest | opencl:opencl | ci:*) true ;;
	*) false ;;
	esac
}

compiler() {
	for cc in ${CC:-} cc gcc clang; do
		command -v "$cc" 2>/dev/null && return
	done
	return 1
}

# present TEST WHAT
present() {
	case $1 in
	command) PATH=$PATH:/sbin:/usr/sbin command -v "$2" >/dev/null 2>&1 ;;
	cc) compiler >/dev/null ;;
	module) pkg-config --exists "$2" 2>/dev/null ;;
	header) echo "#include <$2>" | $(compiler || echo false) -E - >/dev/null 2>&1 ;;
	library) PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | grep -q "^[[:space:]]*$2 " ;;
	driver)
		for file in "$2"/*.icd; do
			[ ! -f "$file" ] || return 0
		done
		false
		;;
	source)
		for file in /usr/src/linux-source-*.tar.* /usr/src/linux/Makefile; do
			[ ! -f "$file" ] || return 0
		done
		false
		;;
	fuzzer)
		echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return d == 0 && n != 0; }' |
			"$2" -fsanitize=fuzzer -x c -o /dev/null - 2>/dev/null
		;;
	sanitizer)
		# The linker, not the preprocessor, knows; nothing is left behind.
		echo 'int main(void) { return 0; }' | $(compiler || echo false) "-fsanitize=$2" -x c -o /dev/null - 2>/dev/null
		;;
	esac
}

manager() {
	for candidate in apt-get dnf zypper; do
		if command -v "$candidate" >/dev/null 2>&1; then
			echo "$candidate"
			return
		fi
	done
}

# Debian 12 has a newer kernel's source under a name of its own.
newer_source() {
	while read -r package; do
		if [ "$package" = linux-source ] && apt-cache show linux-source-6.12 >/dev/null 2>&1; then
			package=linux-source-6.12
		fi
		echo "$package"
	done
}

# missing STATES: the packages of the needs that are not there.
missing() {
	echo "$needs" | while read -r set state test what apt dnf zypper; do
		if [ -z "$set" ] || ! wanted "$set"; then
			continue
		fi
		case " $1 " in
		*" $state "*) ;;
		*) continue ;;
		esac
		present "$test" "$what" && continue
		case $(manager) in
		dnf) echo "$dnf" ;;
		zypper) echo "$zypper" ;;
		*) echo "$apt" ;;
		esac
	done | newer_source | grep -vx -e - | sort -u | tr '\n' ' ' | sed 's/ $//'
}

# run_as_root COMMAND: fails if neither is possible.
run_as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		sh -c "$1"
	elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
		sudo -n sh -c "$1"
	else
		return 1
	fi
}

packages=$(missing 'required optional')
[ -n "$packages" ] || exit 0
lock_wait_s=300
failed=no

case $(manager) in
# Another package manager may be at work, as on a machine that has just started: each waits for it, so long.
apt-get) install="env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $packages -o DPkg::Lock::Timeout=$lock_wait_s" ;;
dnf) install="dnf install -y $packages" ;;
zypper) install="env ZYPP_LOCK_TIMEOUT=$lock_wait_s zypper --non-interactive install $packages" ;;
*) install= ;;
esac

if [ -z "$install" ]; then
	echo "packages: neither apt, dnf nor zypper is here; on Debian these would be missing: $packages" >&2
elif [ "${FIVESTEP_INSTALL:-yes}" = no ]; then
	echo "packages: missing, and FIVESTEP_INSTALL=no: $packages" >&2
else
	echo "packages: installing $packages (up to $((lock_wait_s / 60)) minutes' wait where another package manager is at work)" >&2
	# Fresh machines and containers have no lists yet; lists that cannot be fetched may still do.
	if [ "$(manager)" = apt-get ]; then
		install="apt-get update -q >&2 || true; $install"
	fi
	run_as_root true && failed=yes
	run_as_root "$install" >&2 && failed=no || echo 'packages: could not install them all' >&2
	packages=$(missing 'required optional')
fi
[ -n "$packages" ] || exit 0

if [ -n "$install" ]; then
	echo 'packages: this command, as root, installs what is missing:' >&2
	case $(manager) in
	apt-get) echo "    apt-get update && apt-get install -y --no-install-recommends $packages" >&2 ;;
	dnf)
		echo "    dnf install -y $packages" >&2
		echo '    (RHEL and its kin have some of them in the repository CRB: dnf config-manager --set-enabled crb)' >&2
		;;
	zypper) echo "    zypper install $packages" >&2 ;;
	esac
fi
required=$(missing required)
if [ -n "$required" ]; then
	echo "packages: cannot continue without: $required" >&2
	exit 1
fi
echo "packages: continuing without: $packages" >&2
[ "$set_wanted:$failed" != guest:yes ] || exit 75
exit 0
