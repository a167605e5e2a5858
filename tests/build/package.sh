#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# package.sh - what packaging/ says agrees with the tree: one version everywhere, and the libraries that build-aux/packages.sh installs to build. And
# build-aux/package.sh (`make deb`, `make rpm`) with stand-ins for the tools: it builds from a release, and what is missing is a skip that names it.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

packaging=$srcdir/packaging
version=$(sed -n 's/^AC_INIT(\[fivestep\], \[\(.*\)\])$/\1/p' "$srcdir/configure.ac")
is "$(sed -n 's/^fivestep (\([^)]*\)-[0-9]*) .*/\1/p' "$packaging/debian/changelog" | head -n 1)" "$version" "Debian's changelog has the version"
is "$(sed -n 's/^Version: *//p' "$packaging/fivestep.spec")" "$version" "RPM's spec has it"
is "$(sed -n 's/^## \([0-9.]*\).*/\1/p' "$srcdir/NEWS.md" | head -n 1)" "$version" "the news begin with it"

# libraries COLUMN: that packages.sh requires to build, by the package's name for a manager.
libraries() {
	awk -v column="$1" '$1 == "build" && $2 == "required" && ($3 == "module" || $4 == "numa.h") { print $column }' "$srcdir/build-aux/packages.sh"
}
modules() {
	awk '$1 == "build" && $2 == "required" && $3 == "module" { print $4 }' "$srcdir/build-aux/packages.sh"
}

lacking=
for library in $(libraries 5); do
	[ "$(grep -c -E "^(Depends:)? *$library,?\$" "$packaging/debian/control")" -eq 2 ] || lacking="$lacking $library"
done
is "$lacking" "" "Debian's packages need what is needed to build, and to link with the library"
lacking=
for module in $(modules); do
	[ "$(grep -c "Requires: *pkgconfig($module)" "$packaging/fivestep.spec")" -eq 2 ] || lacking="$lacking $module"
done
is "$lacking" "" "and so do RPM's"

# ---- stand-ins

mkdir -p "$tmp/bin" "$tmp/fivestep-1.2/packaging/debian"
for program in sh sed sort tar cat rm cp mkdir mktemp basename dirname readlink find ls gzip env; do
	ln -s "$(command -v "$program")" "$tmp/bin/$program"
done
echo 'fivestep (1.2-1)' >"$tmp/fivestep-1.2/packaging/debian/changelog"
tar czf "$tmp/fivestep-1.2.tar.gz" -C "$tmp" fivestep-1.2

# package KIND: makes it.
package() {
	PATH=$tmp/bin TMPDIR=$tmp sh "$srcdir/build-aux/package.sh" "$1" "$tmp/fivestep-1.2.tar.gz" "$tmp/out" >"$tmp/said" 2>&1
	status=$?
	said=$(cat "$tmp/said")
}

# stand_in NAME TEXT
stand_in() {
	printf '#!/bin/sh\n%s\n' "$2" >"$tmp/bin/$1"
	chmod +x "$tmp/bin/$1"
}

package deb
is $status 77 "without dpkg-buildpackage none of Debian's is made"
has "$said" "apt-get install dpkg-dev debhelper" "and it says what to install"
package rpm
is $status 77 "without rpmbuild none of RPM's is made"
has "$said" "dnf install rpm-build" "and it says what to install"
stand_in dh 'true'
stand_in dpkg-checkbuilddeps 'echo "dpkg-checkbuilddeps: error: Unmet build dependencies: libmade-up-dev" >&2; exit 1'
stand_in dpkg-buildpackage 'false'
package deb
is $status 77 "without what it is built with none is made"
has "$said" "Unmet build dependencies: libmade-up-dev: apt-get install them" "and it says what to install"
# shellcheck disable=SC2016 # the stand-in's own
stand_in dpkg-checkbuilddeps 'case " $DEB_BUILD_PROFILES " in *" nocheck "*) ;; *) exit 1 ;; esac'
export DEB_BUILD_OPTIONS='parallel=2 nocheck'
package deb
has "$said" "dpkg-buildpackage failed" "what only its tests need is not asked for where they do not run"
unset DEB_BUILD_OPTIONS
stand_in dpkg-checkbuilddeps true
stand_in dpkg-buildpackage 'cat debian/changelog >../fivestep_1.2-1_all.deb; cp ../fivestep_1.2.orig.tar.gz ../fivestep_1.2-1.dsc; >../fivestep_1.2-1.changes'
package deb
is $status 0 "with it one is" || tap_diag "$said"
has "$said" "fivestep_1.2-1_all.deb" "which is named"
has "$said" "lintian is not installed" "as it is that nobody looked at it"
is "$(cat "$tmp/out/fivestep_1.2-1_all.deb")" "fivestep (1.2-1)" "it is of packaging/debian in the release"
stand_in lintian 'exit 2'
package deb
is $status 1 "what lintian finds is a failure"
# shellcheck disable=SC2016 # the stand-in's own
stand_in rpmbuild 'for top; do case $top in "_topdir "*) top=${top#_topdir }; break ;; esac; done; mkdir -p "$top/RPMS" "$top/SRPMS"; echo "$*" >"$top/RPMS/fivestep-1.2.rpm"'
package rpm
is $status 0 "RPM's is made" || tap_diag "$said"
has "$(cat "$tmp/out/fivestep-1.2.rpm")" "-ta $tmp/fivestep-1.2.tar.gz" "of the release"
is "$(find "$tmp" -maxdepth 1 -name 'fivestep-package.*')" "" "nothing is left behind"

done_testing
