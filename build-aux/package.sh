#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# package.sh deb|rpm TARBALL OUT - `make deb` and `make rpm`: packages of a release, TARBALL being that of `make dist`, with what packaging/ in it says; they
# are left in the folder OUT. The packages' own quick tests run, unless DEB_BUILD_OPTIONS has nocheck or RPM_NOCHECK is set. Debian's is looked at by lintian where
# that is installed: what it finds is a failure. On a machine of the other family rpm knows no packages, and what is needed is not looked for.
# Status 77 if the tools are missing.
set -eu

# Those of the make that calls this are not those of a package's.
unset MAKEFLAGS MFLAGS MAKELEVEL
kind=${1:-}
tarball=$(readlink -f "${2:?which tarball}")
out=${3:?where to}

die() {
	echo "package: $1" >&2
	exit "${2:-1}"
}

need() {
	command -v "$1" >/dev/null || die "$1 is missing: $2" 77
}

work=$(mktemp -d "${TMPDIR:-/var/tmp}/fivestep-package.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
release=$(basename "$tarball" .tar.gz)
version=${release#fivestep-}
mkdir -p "$out"
out=$(cd "$out" && pwd)

deb() {
	need dpkg-buildpackage 'apt-get install dpkg-dev debhelper'
	need dh 'apt-get install debhelper'
	cp "$tarball" "$work/fivestep_$version.orig.tar.gz"
	tar xf "$tarball" -C "$work"
	cp -r "$work/$release/packaging/debian" "$work/$release/debian"
	# Debian has two words for packages whose tests do not run: one leaves out the tests, the other what is needed for them.
	case " ${DEB_BUILD_OPTIONS:-} " in
	*" nocheck "*) export DEB_BUILD_PROFILES="${DEB_BUILD_PROFILES:-} nocheck" ;;
	esac
	missing=$(cd "$work/$release" && dpkg-checkbuilddeps 2>&1) || die "${missing#dpkg-checkbuilddeps: error: }: apt-get install them" 77
	(cd "$work/$release" && dpkg-buildpackage -us -uc) || die 'dpkg-buildpackage failed'
	if command -v lintian >/dev/null; then
		lintian --profile debian --fail-on error,warning "$work"/fivestep_*.changes || die 'lintian finds fault with it'
	else
		echo 'package: lintian is not installed: nobody looked at the packages'
	fi
	find "$work" -maxdepth 1 -type f -exec cp {} "$out" ';'
}

rpm() {
	need rpmbuild 'dnf install rpm-build, or apt-get install rpm'
	set -- -ta "$tarball" --define "_topdir $work/rpm"
	[ -z "${RPM_NOCHECK:-}" ] || set -- "$@" --nocheck
	# Where packages are Debian's, rpm has a database of none.
	! command -v dpkg >/dev/null || set -- "$@" --nodeps
	rpmbuild "$@" || die 'rpmbuild failed'
	find "$work/rpm/RPMS" "$work/rpm/SRPMS" -type f -exec cp {} "$out" ';'
}

case $kind in
deb | rpm) "$kind" ;;
*) die 'which packages: deb or rpm' 64 ;;
esac
echo "package: in $out:"
find "$out" -name '*.deb' -o -name '*.dsc' -o -name '*.rpm' | sed 's|.*/|    |' | sort
