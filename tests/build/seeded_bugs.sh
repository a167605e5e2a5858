#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# seeded_bugs.sh - build-aux/seeded_bugs.sh with a stand-in for the program and for the kernel: what it says of faults that are seen, of one that is not, and
# of a kernel that cannot be tried; and that the tree is as it was.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

tab=$(printf '\t')
list=$srcdir/build-aux/seeded_bugs.txt
tree=$tmp/linux

# The functions of the list, with the lines that it replaces.
while IFS=$tab read -r name file function text _; do
	case $name in
	'#'* | '') continue ;;
	esac
	mkdir -p "$tree/$(dirname "$file")"
	grep -qs "^int $function(" "$tree/$file" || printf 'int %s(void)\n{\n}\n' "$function" >>"$tree/$file"
	FUNCTION=$function TEXT=$text awk '
		index($0, "int " ENVIRON["FUNCTION"] "(") { inside = 1 }
		/^}/ && inside { print "\t" ENVIRON["TEXT"]; inside = 0 }
		{ print }' "$tree/$file" >"$tmp/new"
	cp "$tmp/new" "$tree/$file"
done <"$list"
cp -r "$tree" "$tmp/before"

# A program whose kernel shows a fault if the tree is not what it was; it is blind for what is in $tmp/blind, and fails what is in $tmp/broken.
cat >"$tmp/program" <<EOT
#!/bin/sh
[ "\$1 \$2" != "guest build" ] || exit \$(cat "$tmp/build" 2>/dev/null || echo 0)
echo "TAP version 14"
if [ -f "$tmp/broken" ]; then
	echo "not ok 1 - mprotect_read hmm softdev"
elif ! diff -rq "$tmp/before" "$tree" >"$tmp/differs" && ! grep -qsf "$tmp/blind" "$tmp/differs"; then
	echo "not ok 1 - madvise_free hmm softdev"
	echo "not ok 2 - madvise_dontneed hmm softdev # TODO known"
else
	echo "ok 1 - madvise_free hmm softdev"
	exit 0
fi
exit 4
EOT
chmod +x "$tmp/program"

# try STATUS NAME [FAULT...]
try() {
	wanted=$1
	try_name=$2
	shift 2
	FIVESTEP=$tmp/program FIVESTEP_CACHE=$tmp/cache sh "$srcdir/build-aux/seeded_bugs.sh" "$tree" "$@" >"$tmp/out" 2>"$tmp/err"
	is $? "$wanted" "$try_name"
	out=$(cat "$tmp/out")
	is "$(diff -r "$tmp/before" "$tree")" "" "... and the tree is as it was"
}

try 0 "faults that are seen"
has "$out" "unchanged: no case fails" "the kernel as it is comes first"
is "$(printf '%s\n' "$out" | grep -c ': seen by madvise_free$')" "$(grep -v '^#' "$list" | cut -f 1 | uniq | wc -l | tr -d ' ')" "each fault is said to be seen, not by what is known to fail"
try 0 "one fault alone" soft_dirty_lost
is "$(printf '%s\n' "$out" | grep -c seen)" 1 "is tried alone"
echo mprotect >"$tmp/blind"
try 1 "a fault that no case sees"
has "$out" "stale_after_protect: NOT SEEN" "is named"
has "$out" "dirty_lost: seen by" "beside those that are seen"
rm "$tmp/blind"
: >"$tmp/broken"
try 2 "a kernel that fails as it is"
has "$(cat "$tmp/err")" "finds faults in the kernel as it is: mprotect_read" "says what"
rm "$tmp/broken"
echo 99 >"$tmp/build"
try 2 "a kernel that does not build"
rm "$tmp/build"
sed -i 's/if (pte_uffd_wp(pte))/if (other)/' "$tree/mm/migrate_device.c" "$tmp/before/mm/migrate_device.c"
try 2 "a kernel without such a line" protection_lost
has "$(cat "$tmp/err")" "migrate_vma_collect_pmd() does not have one line with: if (pte_uffd_wp(pte))" "names the function and the line"

done_testing
