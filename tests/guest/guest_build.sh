#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# guest_build.sh - the guest's kernel from a source tree, and two kernels through build, run and comparison. The trees are Makefiles here, that
# build as told; QEMU is a script that measures nothing.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

for tool in gcc make flex bison bc xz flock; do
	command -v $tool >/dev/null || skip_all "$tool is not installed: build-aux/packages.sh guest"
done
[ "$(uname -m)" = x86_64 ] || skip_all "the trees and the emulator that it plays with are those of x86-64"

FIVESTEP_CACHE=$tmp/cache
export FIVESTEP_CACHE
unset MAKEFLAGS MAKELEVEL MFLAGS
cd "$tmp" || exit 99

# tree NAME: one that takes the options as they are, and builds what is in its file `image`; `broken` is a mistake in it.
tree() {
	mkdir "$1"
	echo "kernel $1" >"$1/image"
	cat >"$1/Makefile" <<'END'
allnoconfig:
	cp "$(KCONFIG_ALLCONFIG)" $(O)/.config
bzImage:
	@if [ -f broken ]; then echo 'mm/memory.c:1: error: it is made up' >&2; exit 1; fi
	@echo '  CC      mm/memory.o'; echo '  LD      vmlinux'
	@mkdir -p $(O)/arch/x86/boot; cp image $(O)/arch/x86/boot/bzImage
END
}

fs 77 "without a kernel" guest run -- doctor
has "$err" "fivestep guest build" "what to do is said"
fs 64 "a tree that is none" guest build "$tmp"
has "$err" "is not a kernel source tree" "is said"

tree one
fs 0 "a tree" guest build one
is "$(cat "$tmp/cache/guest/bzImage")" "kernel one" "is built, and what the guest boots"
is "$out" "$tmp/cache/guest/bzImage" "and its place is printed"
echo "kernel one, changed" >one/image
fs 0 "the same, changed" guest build one
is "$(cat "$tmp/cache/guest/bzImage")" "kernel one, changed" "is built again"
fs 0 "a kernel that checks itself" guest build --debug one
is "$out" "$tmp/cache/guest/debug.bzImage" "has a place of its own"
is "$(cat "$tmp/cache/guest/bzImage")" "kernel one, changed" "the guest boots the other one"
config=$(cat "$tmp"/cache/guest/tree-*-debug/.config)
has "$config" "CONFIG_KASAN=y" "it has the options of both files: those of debugging"
has "$config" "CONFIG_TEST_HMM=y" "and those of any guest"
is "$(find "$tmp/cache/guest" -name 'kernel.config.*')" "" "and nothing else is left"
: >one/broken
fs 99 "a tree that does not build" guest build one
has "$err" "mm/memory.c:1: error: it is made up" "is an error, though an older kernel of it is there"
is "$out" "" "and no kernel is named"
is "$(cat "$tmp/cache/guest/bzImage")" "kernel one, changed" "what the guest boots is what it was"
rm one/broken

# A cache that others may write to: no link is followed, no kernel of theirs is booted.
echo precious >victim
ln -s "$tmp/victim" cache/guest/bzImage.new
fs 0 "a link instead of a file" guest build one
is "$(cat victim)" precious "is not followed"
is "$(cat cache/guest/bzImage)" "kernel one, changed" "and the kernel is there"
rm cache/guest/bzImage.new
cp cache/guest/bzImage kept
for what in 'a link' 'a folder' 'a file for everybody' 'a cache for everybody' 'a folder above for everybody' "another's"; do
	rm -rf cache/guest/bzImage
	cp kept cache/guest/bzImage
	refused=99
	case $what in
	'a link') ln -sf "$tmp/kept" cache/guest/bzImage ;;
	'a folder') rm cache/guest/bzImage && mkdir cache/guest/bzImage ;;
	'a file for everybody') chmod o+w cache/guest/bzImage ;;
	'a cache for everybody') chmod o+w cache/guest ;;
	'a folder above for everybody') chmod o+w cache ;;
	"another's")
		if [ "$(id -u)" -ne 0 ]; then
			skip "only root can give files away" 2
			continue
		fi
		chown 12345 cache/guest/bzImage
		;;
	esac
	fs $refused "$what" guest run -- doctor
	has "$err" "$tmp/cache" "$what is not booted, and is named"
	chmod go-w cache cache/guest
done
rm -rf cache/guest/bzImage
cp kept cache/guest/bzImage
chmod o+w cache/guest
fs 99 "a build into such a cache" guest build one
has "$err" "chmod go-w" "is refused with what to do"
chmod go-w cache/guest

# Two builds at once: the second waits for the end of the first, and both have what they asked for. The first is held where its tree is made.
tree held
mkfifo held/go held/reached
# shellcheck disable=SC2016 # make's dollar
sed -i 's|^bzImage:|&\n\t@echo >reached; read -r word <go|' held/Makefile
"$FIVESTEP" guest build held >held.out 2>held.err &
first=$!
read -r _ <held/reached
"$FIVESTEP" guest build one >second.out 2>second.err &
second=$!
until grep -q waiting second.err; do
	kill -0 $second 2>/dev/null || break
	sleep 0.05
done
has "$(cat second.err)" "another build works in" "a second build says that it waits"
is "$(cat cache/guest/bzImage)" "kernel one, changed" "and has not begun"
echo go >held/go
wait $first
is $? 0 "the first ends"
wait $second
is $? 0 "and then the second"
is "$(cat held.out)" "$tmp/cache/guest/bzImage" "each names its kernel"
is "$(cat cache/guest/bzImage)" "kernel one, changed" "the last one built is what the guest boots"

tree poor
# shellcheck disable=SC2016 # make's dollar
sed -i 's|cp "$(KCONFIG_ALLCONFIG)" $(O)/.config|grep -v TEST_HMM "$(KCONFIG_ALLCONFIG)" >$(O)/.config|' poor/Makefile
fs 99 "a kernel that does not know an option" guest build poor
has "$err" "cannot have CONFIG_TEST_HMM" "names what is missing"

# ---- compare: with a QEMU that says what it was to boot, and gives the rounds of a run that is in git
mkdir bin
cat >bin/qemu-system-x86_64 <<'END'
#!/bin/sh
[ "$1" != --version ] || { echo "QEMU emulator version 0 (made up)"; exit 0; }
for word; do
	case $word in
	file,id=records,*) records=${word##*path=} ;;
	file,id=output,*) output=${word##*path=} ;;
	*init_on_free=1*) echo init_on_free && rounds=${slower:-$rounds} ;;
	esac
	case $last in
	-kernel) cat "$word" ;;
	-initrd) tr '\0' '\n' <"$word" | grep -a -A 4 '^run$' | tr '\n' ' ' ;;
	esac
	last=$word
done >>"$booted"
echo >>"$booted"
echo table >"$output"
cat "$rounds" >"$records"
echo "{\"type\":\"guest\",\"status\":${ends_with:-0}}" >"$records"
END
chmod +x bin/qemu-system-x86_64
PATH=$tmp/bin:$PATH
booted=$tmp/booted
rounds=$srcdir/tests/runs/instructions.jsonl
export PATH booted rounds
tree two

fs 0 "two trees" guest compare one two
is "$(grep -a '^kernel' "$booted" | tr '\n' ' ')" "kernel one, changed kernel two " "are built and booted, the first first"
has "$(cat "$booted")" "run -o run.jsonl guest --rounds" "with the guest's plan, in more rounds than it has itself"
has "$out" "verdict: 1 same (exit 0)" "and compared"
has "$out" "paired  same-seed pair" "round by round"
is "$(cat "$tmp/cache/guest/bzImage")" "kernel one, changed" "what the guest boots otherwise is what it was"
folder=$(printf '%s\n' "$err" | sed -n 's/.*rounds are in //p')
is "$(cd "$folder" && echo *)" "base.bzImage base.jsonl base.txt new.bzImage new.jsonl new.txt" "kernels, rounds and tables are kept"
rm -rf "$folder"
: >"$booted"
fs 0 "a kernel against itself with another boot parameter" guest compare one/image one/image init_on_free=1 -- run fault_back --setup hmm
is "$(grep -ac init_on_free "$booted")" 1 "which one side has"
has "$(cat "$booted")" "run -o run.jsonl fault_back" "and with the user's command"
rm -rf guest-compare-*
# Instructions from one seed: every round slower is a regression however few there are; all but one is one that a gate must not pass.
sed 's/"samples":\[2/"samples":[3/' "$rounds" >slower.jsonl
slower=$PWD/slower.jsonl
export slower
fs 1 "a kernel that counts more in each of 7 rounds" guest compare one/image one/image init_on_free=1
has "$out" "SLOWER  every round" "is slower"
rm -rf guest-compare-*
sed '/"round":3,/s/"samples":\[3/"samples":[2/' slower.jsonl >mostly.jsonl
slower=$PWD/mostly.jsonl
fs 5 "in all of them but one" guest compare one/image one/image init_on_free=1
has "$out" "SUSPECT at least 3 more rounds would decide" "is suspect, which is not fine"
has "$err" "measure about 3 more rounds" "and is told what to do"
unset slower
rm -rf guest-compare-*
: >"$booted"
: >two/broken
fs 99 "a second tree that does not build" guest compare one two
is "$(cat "$booted")" "" "is known before anything is measured"
rm -rf guest-compare-*
ends_with=4
export ends_with
fs 4 "rounds that fail" guest compare one/image one/image
rm -rf guest-compare-*
fs 64 "one kernel" guest compare one
has "$err" "Usage: fivestep guest compare" "is one too few"
fs 64 "a kernel that is not there" guest compare one nowhere
has "$err" "nowhere is neither" "is named"
fs 0 "help" guest compare --help
has "$out" "init_on_free=1" "teaches"

done_testing
