#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# kept_model.sh - what the cost model says and draws of an invented machine (model_gallery.awk), to the character: unit costs, predictions beside what was
# measured, changes by their events, and advice. Where a change of such a text is wanted, see tests/kept.sh.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/kept.sh
. "$srcdir/tests/kept.sh"
cd "$tmp" || exit 99
COLUMNS=400
export COLUMNS

# gallery NAME KEY=VALUE...: NAME.jsonl
gallery() {
	gallery_name=$1
	shift
	for gallery_arg; do
		set -- "$@" -v "$gallery_arg"
		shift
	done
	awk "$@" -f "$srcdir/tests/analysis/model_gallery.awk" >"$gallery_name.jsonl"
}
# said NAME STATUS ARGS...: as kept, but for the widths of columns, which are a library's
said() {
	said_name=$1
	said_status=$2
	shift 2
	"$FIVESTEP" "$@" >text 2>err
	is "$?" "$said_status" "$said_name: the exit status"
	cat text err | sed 's/   */ /g; s/ *$//' >got
	as_kept "$said_name"
}
# drawn NAME ARGS...: what the pictures are made of
drawn() {
	drawn_name=$1
	shift
	rm -rf pictures
	without_gnuplot "$@" --pictures pictures >said 2>&1
	for file in pictures/data/*; do
		printf '==> %s <==\n' "${file#pictures/data/}"
		cat "$file"
	done >got
	as_kept "$drawn_name"
}
gnuplot_stands_in

gallery model kind=model
gallery programs kind=programs
gallery many kind=programs many=20
sed -n '1p; 2,$ { /"setup":"hmm",/p; }' programs.jsonl >one.jsonl
gallery both
gallery unpinned kind=model pinned=no
gallery later fault=1200 slow=1.4
gallery other computing=9
gallery counted kind=model clock=instructions
gallery counted_programs kind=programs clock=instructions

said model-units.txt 0 predict --model model.jsonl --units
said model-units-counted.txt 0 predict --model counted.jsonl --units
said model-check.txt 1 predict --model model.jsonl --check programs.jsonl --steps
said model-check-counted.txt 1 predict --model counted.jsonl --check counted_programs.jsonl
said model-check-within.txt 0 predict --model model.jsonl --check programs.jsonl --within=50
# Programs that gave their own computing are references.
said model-check-itself.txt 0 predict --model both.jsonl --check both.jsonl
kept model-check.json 1 predict --model model.jsonl --check programs.jsonl --json
said model-what-if.txt 0 predict --model model.jsonl --check programs.jsonl --what-if fault_to_device=/4,launch=x3,body_byte=x5,fill_byte=/3
drawn model-check.data predict --model model.jsonl --check many.jsonl
drawn model-check-one.data predict --model model.jsonl --check one.jsonl
drawn model-check-some.data predict --model model.jsonl --check both.jsonl

# A folder that is there already is drawn into again.
without_gnuplot predict --model model.jsonl --check both.jsonl --pictures pictures >said 2>err
is "$?" 1 "pictures once more: the exit status is that of what misses"
is "$(cat err)" "" "and nothing is wrong with the folder"
# Pictures of references alone would show nothing.
said model-check-nothing.txt 99 predict --model both.jsonl --check both.jsonl --pictures nothing

for pair in 'both later' 'later both' 'both both' 'both other' 'other both'; do
	# shellcheck disable=SC2086 # two words
	set -- $pair
	"$FIVESTEP" compare --events "$1.jsonl" "$2.jsonl" 2>err | sed -n '/^what programs lost/,$ { s/   */ /g; s/ *$//; p }' >got
	as_kept "model-events-$1-$2.txt"
done

# Pages are counted in the profile.
if [ "$(pages 1)" -eq 4096 ]; then
	printf 'program p\nregion a 4M\nregion b 256K\nphase fill host writes=a,b time=10us\nphase use device reads=a:30%% writes=b time=7us\nphase look host reads=b:5\nrepeat 3 use look\n' >app.profile
	said model-advice.txt 0 advise --model unpinned.jsonl --program app.profile
	kept model-advice.json 0 advise --model unpinned.jsonl --program app.profile --json
	said model-advice-machine.txt 0 advise --model unpinned.jsonl --program app.profile --machine gh200
	said model-machine.txt 0 predict --model model.jsonl --check programs.jsonl --machine pcie5-uvm
	drawn model-advice.data advise --model unpinned.jsonl --program app.profile
else
	skip "what is kept was counted in pages of 4096 bytes" 9
fi

done_testing
