#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# bundle.sh PROGRAM VERSION OUT - `make bundle`: OUT.tar.gz with the program, the libraries and the loader that it runs with, plans, groups, scripts and manual.
# It runs on a machine of this architecture with nothing installed and without root, whatever C library is there. Vendors' libraries (CUDA, OpenCL) are
# those of the machine that it runs on. PROGRAM was linked to look for libraries in ../lib first.
set -eu

program=$1
version=$2
out=$3
tree=$(cd "$(dirname "$0")/.." && pwd)
# Asked for at run time, where they are: the counters of PAPI.
by_name='libpapi.so.7 libpapi.so.7.0 libpapi.so.6 libpfm.so.4'
# Libraries of a machine's vendor were linked with these, which newer C libraries have only for their sake.
for_vendors='libdl.so.2 libpthread.so.0 librt.so.1 libutil.so.1'

die() {
	echo "bundle: $1" >&2
	exit 1
}

command -v ldd >/dev/null || die 'ldd is not installed'
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
name=fivestep-$version-$(uname -m)
root=$work/$name
mkdir -p "$root/bin" "$root/lib" "$root/share/doc" "$root/share/man/man1"

# library PATH: into the bundle, under the name that it is asked for by, with its licence where the package manager knows it.
library() {
	[ ! -e "$root/lib/${1##*/}" ] || return 0
	cp -L "$1" "$root/lib/${1##*/}"
	real=$(readlink -f "$1")
	# Where /lib is a link to /usr/lib, packages may still say /lib.
	package=$({ dpkg -S "$real" || dpkg -S "${real#/usr}"; } 2>/dev/null | sed -n '1s/:.*//p')
	if [ -n "$package" ] && [ -f "/usr/share/doc/$package/copyright" ]; then
		mkdir -p "$root/share/doc/libraries"
		cp -L "/usr/share/doc/$package/copyright" "$root/share/doc/libraries/$package"
	fi
}

# libraries FILE: all that it is loaded with.
libraries() {
	ldd "$1" | sed -n -e 's/.* => \(\/[^ ]*\) .*/\1/p' -e 's/^[[:space:]]*\(\/[^ ]*\) .*/\1/p'
}

cp "$program" "$root/bin/fivestep"
strip "$root/bin/fivestep" 2>/dev/null || true
! ldd "$program" | grep 'not found' >&2 || die "$program is not linked with all that it needs"
for file in $(libraries "$program"); do
	library "$file"
done
libc=$(libraries "$program" | grep '/libc\.so' | sed 's|/[^/]*$||')
for soname in $by_name; do
	path=$(ldconfig -p 2>/dev/null | sed -n "s|.*$soname .* => \\(/.*\\)|\\1|p" | head -n 1)
	[ -n "$path" ] || continue
	library "$path"
	for file in $(libraries "$path"); do
		library "$file"
	done
done
for soname in $for_vendors; do
	[ ! -e "$libc/$soname" ] || library "$libc/$soname"
done
loader=$(libraries "$program" | grep '/ld[-.a-z0-9_]*\.so' | sed 's|.*/||' | head -n 1)
[ -n "$loader" ] || die "cannot tell which loader $program asks for"

# Data, as they are installed.
for pair in 'harness/plans plans' 'harness/counter/groups groups' 'kernels/inputs inputs' 'analysis/plot plot' 'analysis/model model' 'guest guest'; do
	to=$root/share/fivestep/${pair#* }
	mkdir -p "$to"
	for file in "$tree/${pair% *}"/*.plan "$tree/${pair% *}"/*.group "$tree/${pair% *}"/*.mtx "$tree/${pair% *}"/machines.txt "$tree/${pair% *}"/README.md "$tree/${pair% *}"/*.gp "$tree/${pair% *}"/*.sh "$tree/${pair% *}"/*.config; do
		[ ! -f "$file" ] || cp "$file" "$to"
	done
done
# What fivestep record puts into programs, beside the program.
mkdir -p "$root/bin/record"
cp record/fivestep-record.so "$root/bin/record"
cp "$tree/docs/fivestep.1" "$root/share/man/man1"
cp "$tree/README.md" "$tree/COPYING" "$root/share/doc"

cat >"$root/fivestep" <<EOF
#!/bin/sh
# fivestep $version with the libraries beside it; see share/doc/README.md.
here=\$(cd "\$(dirname "\$(readlink -f "\$0")")" && pwd) || exit 99
exec "\$here/lib/$loader" "\$here/bin/fivestep" "\$@"
EOF
chmod 755 "$root/fivestep" "$root/bin/fivestep" "$root/lib/$loader"

# The same files give the same archive.
tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mtime='2000-01-01 00:00Z' -cf - "$name" | gzip -9n >"$out.new"
mv "$out.new" "$out"
echo "$out: $(($(wc -c <"$out") / 1048576)) MiB; tar xf it anywhere, then $name/fivestep doctor"
