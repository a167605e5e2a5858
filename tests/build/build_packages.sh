#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# build_packages.sh - what `make` says and does on a machine where something is missing: the exact command of each package
# manager, nothing installed where that is forbidden or not possible, and continuing without what is optional. The machine is a folder
# with the programs it has; its package managers only record what was requested.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

machine=$tmp/bin
# Of a clone, where configure is yet to be made; a release, which has it, needs no autotools.
mkdir -p "$tmp/tree/build-aux"
cp "$srcdir/build-aux/packages.sh" "$tmp/tree/build-aux"
packages=$tmp/tree/build-aux/packages.sh

# bare_machine: one with the programs that any machine has.
bare_machine() {
	rm -rf "$machine"
	mkdir "$machine"
	for program in sh sed sort tr cat env id uname dirname grep; do
		if path=$(command -v "$program"); then
			ln -s "$path" "$machine/$program"
		fi
	done
}

# has_manager NAME STATUS: one that ends with that status.
has_manager() {
	printf '#!/bin/sh\necho "%s $*" >>"%s/asked"\nexit %s\n' "$1" "$tmp" "$2" >"$machine/$1"
	chmod +x "$machine/$1"
}

# what_happens [SET]: runs it there; $status, $err and $asked are what came of it.
what_happens() {
	rm -f "$tmp/asked"
	PATH=$machine CC='' "$packages" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	status=$?
	err=$(cat "$tmp/err")
	asked=$(cat "$tmp/asked" 2>/dev/null)
}

required_apt='autoconf automake gcc gnuplot-nox libc6-dev libgsl-dev libhwloc-dev libjansson-dev libnuma-dev libpapi-dev libsqlite3-dev linux-libc-dev m4 make pkg-config'

bare_machine
has_manager apt-get 1
FIVESTEP_INSTALL=no
export FIVESTEP_INSTALL
what_happens
is $status 1 "a bare machine where installing is forbidden cannot go on"
is "$asked" "" "and nothing is installed"
has "$err" "apt-get install -y --no-install-recommends $required_apt" "the exact command is printed"
unset FIVESTEP_INSTALL

what_happens
is $status 1 "packages that cannot be installed stop it"
has "$err" "cannot continue without: autoconf automake gcc" "required packages that cannot be installed are named"
if [ "$(id -u)" -eq 0 ]; then
	has "$asked" "apt-get install -y --no-install-recommends $required_apt" "after the package manager was asked"
else
	is "$asked" "" "who is not root, and has no sudo, asks nobody"
fi

bare_machine
has_manager dnf 0
what_happens
has "$err" "dnf install -y autoconf automake gcc glibc-devel gnuplot gsl-devel hwloc-devel jansson-devel kernel-headers" "Fedora's names"
is $status 1 "a package manager that says it did is not believed"

bare_machine
has_manager zypper 1
what_happens
has "$err" "zypper install autoconf automake gcc glibc-devel gnuplot gsl-devel hwloc-devel libjansson-devel" "SUSE's names"

bare_machine
what_happens
is $status 1 "no package manager that it knows"
has "$err" "neither apt, dnf nor zypper is here" "is said"

touch "$tmp/tree/configure"
what_happens
lacks "$err" autoconf "a release needs no autotools"

# All that this machine has, but gnuplot.
bare_machine
for folder in $(echo "$PATH" | tr ':' ' '); do
	# A folder of ccache's names only leads back to the PATH, where it would find itself.
	case $(readlink -f "$folder/cc" "$folder/gcc") in
	*/ccache*) continue ;;
	esac
	for path in "$folder"/*; do
		name=${path##*/}
		[ -e "$machine/$name" ] || ln -s "$path" "$machine/$name" 2>/dev/null
	done
done
rm -f "$machine"/gnuplot*
FIVESTEP_INSTALL=no
export FIVESTEP_INSTALL
what_happens
is $status 0 "without gnuplot it goes on"
has "$err" "continuing without: gnuplot" "optional packages that are left out are named"
unset FIVESTEP_INSTALL

bare_machine
has_manager dnf 0
what_happens opencl
is $status 0 "nothing of OpenCL is required"

# A package manager that is busy: it is asked to wait, and where it could not, the guest is no skip.
if [ "$(id -u)" -eq 0 ]; then
	bare_machine
	has_manager apt-get 100
	what_happens guest
	is $status 75 "packages of the guest that could not be installed"
	has "$asked" "-o DPkg::Lock::Timeout=300" "apt waits for its lock, but not for ever"
	has "$err" "minutes' wait where another package manager is at work" "and that is said"
	FIVESTEP_INSTALL=no what_happens guest
	is $status 0 "where installing is forbidden that is no failure"
	bare_machine
	has_manager zypper 1
	what_happens guest
	is $status 75 "zypper's failure is one, too"
else
	skip "only root installs" 5
fi

what_happens nothing
is $status 64 "an unknown set is a mistake of the caller"

done_testing
