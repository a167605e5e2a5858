#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# distributions.sh - build-aux/distributions.sh without a system: what is not a suite is refused, and what this host lacks is a skip that names it. With
# a stand-in for debootstrap that fails, nothing is run and nothing is left.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

DISTRIBUTIONS=$tmp/cache
export DISTRIBUTIONS
# try STATUS NAME ARGS...
try() {
	want=$1
	name=$2
	shift 2
	PATH=$path sh "$srcdir/build-aux/distributions.sh" "$@" >"$tmp/out" 2>&1
	is $? "$want" "$name"
	out=$(cat "$tmp/out")
}

path=$PATH
BUNDLE=$tmp/none.tar.gz
export BUNDLE
try 64 "a bundle that is not there" trixie
has "$out" "there is no $tmp/none.tar.gz: make bundle" "is told, and how to make it"
unset BUNDLE
try 64 "a suite with a slash" ../etc
has "$out" "is no suite: bullseye, bookworm, trixie, testing or sid" "is refused"

mkdir "$tmp/bin"
# Everything but debootstrap, and root.
for tool in sh dirname pwd env; do
	ln -s "$(command -v $tool)" "$tmp/bin/$tool"
done
# shellcheck disable=SC2016 # the stand-in expands it
printf '#!/bin/sh\necho "${USER_ID:-0}"\n' >"$tmp/bin/id"
chmod +x "$tmp/bin/id"
path=$tmp/bin
export USER_ID=1000
try 77 "a user who is not root" trixie
has "$out" "sudo build-aux/distributions.sh" "is told how"
unset USER_ID
try 77 "a host without debootstrap" trixie
has "$out" "apt-get install debootstrap" "is told what to install"

printf '#!/bin/sh\necho no mirror\nexit 1\n' >"$tmp/bin/debootstrap"
printf '#!/bin/sh\nexit 0\n' >"$tmp/bin/unshare"
chmod +x "$tmp/bin/debootstrap" "$tmp/bin/unshare"
path=$tmp/bin:$PATH
try 1 "a system that cannot be installed" trixie
has "$out" "no system of trixie: see $tmp/cache/trixie.debootstrap.log" "names the log"
is "$(find "$tmp/cache" -mindepth 1 ! -name trixie.debootstrap.log)" "" "and leaves nothing"

printf '#!/bin/sh\necho "mounts are refused" >&2\nexit 1\n' >"$tmp/bin/unshare"
try 77 "a container that may not mount" trixie
has "$out" "run it on the host" "is a skip that says where it can be done"

# The archive comes from what this host installs from: the first of its own release, not of its updates.
cat >"$tmp/bin/apt-get" <<'EOF'
#!/bin/sh
echo 'Other main bookworm http://other.example/archive/'
echo 'Debian main bookworm-updates http://updates.example/debian/'
echo 'Debian contrib bookworm http://contrib.example/debian/'
echo 'Debian main bookworm http://mirror.example/debian/'
echo 'Debian main trixie http://second.example/debian/'
EOF
chmod +x "$tmp/bin/apt-get"
is "$(PATH=$tmp/bin:$PATH DEBIAN_MIRROR='' sh "$srcdir/build-aux/debian_mirror.sh")" http://mirror.example/debian "the archive is the host's own"
is "$(PATH=$tmp/bin:$PATH DEBIAN_MIRROR=http://mine.example sh "$srcdir/build-aux/debian_mirror.sh")" http://mine.example "unless another is named"
printf '#!/bin/sh\nexit 1\n' >"$tmp/bin/apt-get"
PATH=$tmp/bin:$PATH DEBIAN_MIRROR='' sh "$srcdir/build-aux/debian_mirror.sh" >"$tmp/out" 2>&1
is $? 1 "without one"
has "$(cat "$tmp/out")" "set DEBIAN_MIRROR" "it is said what to set"

done_testing
