#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Real inputs: found by name in two folders and nowhere else, checked when a plan is read, recorded by their content and not by a path.
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99
mkdir mine
FIVESTEP_INPUTS=$tmp/mine
export FIVESTEP_INPUTS
head='%%MatrixMarket matrix coordinate'

# --- shipped ones
fs 0 "shipped inputs" run cg bfs --setup copy --device emu -p matrix=lund_a -p graph=karate --rounds 1 -o shipped.jsonl
is "$(grep -c '"verdict":"ok"' shipped.jsonl)" 2 "give the right answers"
has "$(head -n 1 shipped.jsonl)" '"inputs":{"lund_a":"' "the run record has a digest of each"
has "$(head -n 1 shipped.jsonl)" '"karate":"' "by name"
has "$(head -n 1 shipped.jsonl)" "-$(wc -c <"$srcdir/kernels/inputs/karate.mtx" | tr -d ' ')\"" "with its length"
lacks "$(cat shipped.jsonl)" ".mtx" "and no file"
lacks "$(grep '"cell":0' shipped.jsonl | grep '"type":"round"')" '"degree"' "what only matrices of a seed have is in no cell of a real one"
fs 0 "a sweep over kinds" run bfs --setup copy --device emu -p graph=random,rmat,karate --rounds 1 -o kinds.jsonl
is "$(grep -c '"verdict":"ok"' kinds.jsonl)" 3 "measures each"

# --- what is refused, before anything is measured
refused() {
	fs 64 "$1" run "$3" --setup copy --device emu -p "$4" -p "size=${5:-4M}" --rounds 1 -o none.jsonl
	has "$err" "$2" "is refused with the reason: $2"
}
refused "an input that is not there" "did you mean karate?" bfs graph=karat
refused "one that resembles none" "set FIVESTEP_INPUTS to the folder of zzzzzzzz.mtx" bfs graph=zzzzzzzz
echo "$head pattern general" >mine/hidden.mtx
refused "a file of another folder" "expected one of random|rmat, or the name of an input" bfs graph=..
refused "a hidden one" "expected one of random|rmat, or the name of an input" bfs graph=.karate
refused "a name of more than a cell has room for" "or the name of an input" bfs graph=a123456789012345678901234567890123
refused "a pattern as a matrix" "kernels/inputs/karate.mtx:1: matrix=karate is a pattern; expected values" cg matrix=karate
printf '%s\n' "$head pattern general" "1000 1000 1000000" "1 1" >mine/cut.mtx
refused "a truncated file" "mine/cut.mtx:3: the file ends after 1 of 1000000 entries" bfs graph=cut
printf '%s\n' "$head pattern general" "2 3 1" "1 1" >mine/wide.mtx
refused "a graph that is not square" "mine/wide.mtx: graph=wide: 2 rows and 3 columns; expected as many, a vertex each" bfs graph=wide
printf '%s\n' "$head pattern general" "2 2 0" >mine/none.mtx
refused "a graph without an edge" "mine/none.mtx: graph=none has no edge" bfs graph=none
printf '%s\n' "$head real general" "2 2 4" "1 1 4" "1 2 1" "2 1 1.5" "2 2 4" >mine/lopsided.mtx
refused "a matrix that is not symmetric" "mine/lopsided.mtx: matrix=lopsided is not symmetric: (1, 2) is 1, and (2, 1) is 1.5" cg matrix=lopsided
printf '%s\n' "$head real symmetric" "2 2 1" "1 1 4" >mine/hole.mtx
refused "a zero on the diagonal" "mine/hole.mtx: matrix=hole is not positive definite: element (2, 2) is 0" cg matrix=hole
mkfifo mine/pipe.mtx
refused "a pipe" "mine/pipe.mtx is no regular file" bfs graph=pipe
# A star of 70,000 vertices: more than 64K, of pages of any size.
{
	printf '%s\n' "$head pattern symmetric" "70000 70000 69999"
	seq 2 70000 | awk '{ print $1, 1 }'
} >mine/star.mtx
refused "a size that is too small" "is too small for this input of bfs" bfs graph=star 256K
least=$(printf '%s\n' "$err" | sed -n 's/.*size=\([0-9A-Z]*\) is enough.*/\1/p')
fs 0 "the size that is named" run bfs --setup copy --device emu -p graph=star -p "size=$least" --rounds 1 -o fits.jsonl
is "$(grep -c '"verdict":"ok"' fits.jsonl)" 1 "is enough"
refused "a kilobyte less" "is too small for this input of bfs" bfs graph=star $((${least%K} - 1))K
# A matrix of more: 20,000 rows, 39,999 entries that both halves have 59,998 of.
{
	printf '%s\n' "$head real symmetric" "20000 20000 39999"
	seq 1 20000 | awk '{ print $1, $1, 4; if ($1 > 1) print $1, $1 - 1, -1 }'
} >mine/band.mtx
refused "a size that is too small" "is too small for this input of cg" cg matrix=band 256K
base=$(($(getconf PAGESIZE) / 1024))
# Rounds up to whole pages, so that the division comes first.
# shellcheck disable=SC2017
whole() {
	echo $((($1 + 1024 * base - 1) / (1024 * base) * base))
}
least=$(($(whole $((20001 * 8))) + $(whole $((59998 * 4))) + $(whole $((59998 * 8))) + 4 * $(whole $((20000 * 8)))))
has "$err" "size=${least}K is enough" "names what its regions take, in whole pages"
fs 0 "the size that is named" run cg --setup copy --device emu -p matrix=band -p "size=${least}K" --rounds 1 -o fits2.jsonl
is "$(grep -c '"verdict":"ok"' fits2.jsonl)" 1 "is enough"
is "$(cat none.jsonl 2>/dev/null)" "" "no run file was made"

# --- not positive definite, although nothing on its face says so
printf '%s\n' "$head real symmetric" "2 2 3" "1 1 1" "2 1 2" "2 2 1" >mine/saddle.mtx
fs 4 "a matrix that is not positive definite" run cg --setup copy,hmm --device emu -p matrix=saddle --rounds 1 -o saddle.jsonl
is "$(grep '"type":"round"' saddle.jsonl | grep -c '"verdict":"fail".*the matrix is not positive definite: pAp is -')" 2 "fails with that reason"

# --- the user's own
printf '%s\n' "$head integer general" "3 3 2" "1 2 5" "2 3 5" >mine/tiny.mtx
fs 0 "the user's own input" run bfs --setup copy --device emu -p graph=tiny --rounds 1 -o tiny.jsonl
lacks "$(cat tiny.jsonl)" "$tmp" "the record has no path"
cp tiny.jsonl again.jsonl
fs 0 "resumed with the same" run --resume again.jsonl --max-rounds 1
printf '%s\n' "$head integer general" "3 3 2" "1 3 5" "2 3 5" >mine/tiny.mtx
cp tiny.jsonl again.jsonl
fs 64 "resumed with another of its name" run --resume again.jsonl
has "$err" "the input tiny is not the one of again.jsonl: its content differs" "is refused"
cmp -s tiny.jsonl again.jsonl
ok $? "and nothing is written"
fs 0 "a run with the other" run bfs --setup copy --device emu -p graph=tiny --rounds 1 -o other.jsonl
"$FIVESTEP" compare tiny.jsonl other.jsonl >compared 2>&1
has "$(cat compared)" "input.tiny" "compare says that inputs of one name differ"
(unset FIVESTEP_INPUTS && "$FIVESTEP" run --resume again.jsonl >out 2>err)
is $? 64 "without the folder"
has "$(cat err)" "graph=tiny: expected one of random|rmat" "the input is not there"

# --- nothing that a run file names is opened, but NAME.mtx in these folders
mkfifo trap.mtx
for name in ../trap trap.mtx "$tmp/trap" ./trap .. '*' 'tiny,karate'; do
	sed "1s|\"graph\":\"tiny\"|\"graph\":\"$name\"|g" tiny.jsonl >evil.jsonl
	fs 64 "a run file with the input $name" run --resume evil.jsonl
done
"$FIVESTEP" show tiny.jsonl >out 2>&1
is $? 0 "a run whose input is elsewhere is shown"

# --- an input that changes while the run goes on
"$FIVESTEP" run bfs --setup copy --device emu -p graph=tiny --rounds 2000 --max-rounds 2000 -o changing.jsonl >out 2>&1 &
pid=$!
until grep -q '"verdict":"ok"' changing.jsonl 2>/dev/null || ! kill -0 $pid 2>/dev/null; do sleep 0.1; done
printf '%s\n' "$head integer general" "3 3 1" "1 3 5" >mine/new && mv mine/new mine/tiny.mtx
until grep -q '"why"' changing.jsonl || ! kill -0 $pid 2>/dev/null; do sleep 0.1; done
kill -INT $pid 2>/dev/null
wait $pid
has "$(grep '"why"' changing.jsonl | head -n 1)" "an input of this cell has changed since the run began" "an input that changes during a run fails its rounds"

done_testing
