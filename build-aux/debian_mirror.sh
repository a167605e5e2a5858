#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# debian_mirror.sh - prints the address of the Debian archive that this host itself installs from ($DEBIAN_MIRROR if that is set): scripts that
# make another Debian system take its packages from there, since it is the one known to be reachable. Status 1 where the host has none.
set -eu

mirror=${DEBIAN_MIRROR:-}
if [ -z "$mirror" ] && command -v apt-get >/dev/null; then
	# Of the release itself: updates, security and backports are named RELEASE-something, and may be archives of their own.
	# shellcheck disable=SC2016 # apt's own variables
	mirror=$(apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(RELEASE) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
		awk '$1 == "Debian" && $2 == "main" && $3 !~ /-/ { sub(/\/$/, "", $4); print $4; exit }')
fi
[ -n "$mirror" ] || {
	echo "debian_mirror: apt names no Debian archive here: set DEBIAN_MIRROR to the address of one, or run apt-get update" >&2
	exit 1
}
echo "$mirror"
