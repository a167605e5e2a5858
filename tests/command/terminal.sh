#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# terminal.sh - what readers see on terminals of 60, 80, 120 and 200 columns, to the character (tests/kept/terminal-*.txt; where a change is wanted, see
# tests/kept.sh): each row of a table is one line, and nothing else is wider than the terminal. On a dumb terminal, in a pipe, in the C locale and with NO_COLOR
# the same is printed; what is long goes through a pager.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/kept.sh
. "$srcdir/tests/kept.sh"
pty=$PWD/tests/command/pty
[ -x "$pty" ] || skip_all "no tests/command/pty: make check builds it"
cd "$tmp" || exit 99
"$pty" 80 24 true || skip_all "no terminal is available: is /dev/ptmx there?"
TERM=xterm-256color PAGER=cat
export TERM PAGER

# made FILE [KEY=VALUE...]: see tests/analysis/gallery_run.awk; one text of the run is not ASCII
made() {
	made_file=$1
	shift
	for made_arg; do
		set -- "$@" -v "$made_arg"
		shift
	done
	awk "$@" -f "$srcdir/tests/analysis/gallery_run.awk" | sed 's/"2M"/"größer"/g; /"later"/d' >"$made_file"
}
made run.jsonl only="triad|bfs|flat|ratio|wrong"
made base.jsonl rounds=13 id=base only="flat|ratio|parts|wrong|map"
made slow.jsonl rounds=13 factor=1.1 id=slow only="flat|ratio|parts|wrong|touch|lone"
for node in 1 2 3 4 5 6; do
	made node$node.jsonl id=node$node only="triad|bfs" factor=1 cpu=invented
done
made node6.jsonl id=node6 only="triad|bfs" factor=1.5 cpu=invented
mkdir history
awk -v dir=history -v n=44 -v changes=12:1.3,30:0.8 -v kernel_at=12 -v rounds=3 -f "$srcdir/tests/analysis/history_runs.awk"
"$FIVESTEP" history add --db h.db history/*.jsonl >said 2>&1
# Two folders of a fleet, in the second of which some nodes are slower and some another machine.
mkdir -p winter/runs spring/runs
awk -v dir=winter -v rounds=10 -v nodes=60 -v cells=3 -v plain=1 -f "$srcdir/tests/fleet/made_up.awk"
awk -v dir=spring -v rounds=10 -v nodes=60 -v cells=3 -v again=9 -f "$srcdir/tests/fleet/made_up.awk"

# terminal COLUMNS ARGS...: what the command prints on such a terminal; messages are those of other tests
terminal() {
	terminal_columns=$1
	shift
	# shellcheck disable=SC2016 # for the shell on the terminal
	"$pty" "$terminal_columns" 24 sh -c '"$0" "$@" 2>said' "$FIVESTEP" "$@" </dev/null
}
# on COLUMNS ARGS...: the same after its name
on() {
	on_columns=$1
	shift
	printf '==> %s columns: %s <==\n' "$on_columns" "$*"
	terminal "$on_columns" "$@"
	printf 'status %d\n' $?
}
# wider COLUMNS: the lines of standard input that are wider, apart from the names of the commands
wider() {
	sed '/^==> /d' | LC_ALL=C awk -v most="$1" '{ line = $0; gsub(/[\200-\277]/, "", line); if (length(line) > most) print }'
}

while IFS=: read -r name rows command; do
	: >all
	for columns in 60 80 120 200; do
		# shellcheck disable=SC2086 # words
		on "$columns" $command >one
		is "$(wider "$columns" <one | grep -v "$rows")" "" "$command: nothing but rows is wider than $columns columns"
		lacks "$(cat one)" "$(printf '\033')" "$command: nothing is coloured at $columns columns"
		cat one >>all
	done
	cp all got
	as_kept "terminal-$name.txt"

	# The same without a terminal that can do anything, without colours, in another locale, and in a pipe.
	# shellcheck disable=SC2086
	{
		on 80 $command >wanted
		TERM=dumb on 80 $command >one
		is "$(cat one)" "$(cat wanted)" "$command: the same on a dumb terminal"
		NO_COLOR=1 on 80 $command >one
		is "$(cat one)" "$(cat wanted)" "$command: the same with NO_COLOR"
		LC_ALL=C on 80 $command >one
		is "$(cat one)" "$(cat wanted)" "$command: the same in the C locale"
		LC_ALL=C COLUMNS=80 "$FIVESTEP" $command 2>/dev/null | cat >one
		case $name in
		*-all) COLUMNS=200 "$FIVESTEP" $command 2>/dev/null | cat >piped ;;
		# A line that is wrapped on a terminal is one line here.
		fleet-compare) sed '1d; /^status /d' wanted | sed -e ':a' -e 'N; $!ba' -e 's/\n    / /g' >piped ;;
		*) sed '1d; /^status /d' wanted >piped ;;
		esac
		is "$(cat one)" "$(cat piped)" "$command: in a pipe what is wanted there"
		lacks "$(sed "s/^[.]* and //" one)" ".. " "$command: of which no row is cut"
	}
done <<'EOC'
show:^$:show run.jsonl
show-all:^[A-Za-z]* *[A-Za-z]* *\(emu\|other\|DEVICE\) :show --all run.jsonl
compare:^$:compare base.jsonl slow.jsonl
compare-all:^[A-Za-z]* *[A-Za-z]* *\(emu\|DEVICE\) :compare --all base.jsonl slow.jsonl
history:^$:history check --db h.db
history-all:^[A-Z]* *\(moving\|SERIES\):history check --all --db h.db
fleet:^$:merge --fleet node1.jsonl node2.jsonl node3.jsonl node4.jsonl node5.jsonl node6.jsonl
fleet-report:^$:fleet report spring
fleet-compare:^$:fleet compare winter spring
fleet-all:^METRIC \|^[a-z]*\/[a-z]*\/[a-z]*\/size:merge --fleet --all node1.jsonl node2.jsonl node3.jsonl node4.jsonl node5.jsonl node6.jsonl
EOC

# ---- a measurement ends as its run file is shown

for columns in 60 80 120 200; do
	rm -f end.jsonl
	terminal "$columns" run first_touch --setup copy -p size=16*base --rounds 1 --timeout "$patient" -o end.jsonl >one
	is "$?" 0 "a run on $columns columns"
	terminal "$columns" show end.jsonl >wanted
	is "$(cat one)" "$(cat wanted)" "ends with what show has"
	is "$(wider "$columns" <one)" "" "and nothing is wider"
done
# A build in a few lines, whose sides differ by their name alone.
cat >build <<'END'
#!/bin/sh
while [ $# -gt 1 ]; do
	[ "$1" != -o ] || file=$2
	shift
done
awk -v side="$SIDE" 'BEGIN {
	printf "{\"type\":\"run\",\"schema\":1,\"id\":\"x\",\"started\":\"\",\"plan\":{\"name\":\"p\",\"text\":\"\"},\"seed\":1,\"options\":{},"
	printf "\"clock\":\"monotonic\",\"build\":{},\"machine\":{\"fingerprint\":\"0011223344556677\",\"identity\":{},\"factors\":{},"
	print "\"state\":{}},\"devices\":[],\"cells\":[]}"
	printf "{\"type\":\"round\",\"round\":0,\"cell\":0,\"bench\":\"b\",\"kind\":\"benchmark\",\"setup\":\"hmm\",\"device\":\"emu\",\"params\":{},\"set\":[],"
	printf "\"verdict\":\"ok\",\"metrics\":{\"touch\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[%d]}},\"steps\":[],\"evidence\":[]}\n", side == "a" ? 4000 : 5000
	print "{\"type\":\"end\",\"stop\":\"done\",\"cells\":[]}"
}' >"$file"
END
chmod +x build
for columns in 60 80 120 200; do
	rm -f ab-*.jsonl
	terminal "$columns" ab --a "SIDE=a ./build" --b "SIDE=b ./build" --rounds 16 --seed 1 -o ab >one
	is "$?" 1 "a session on $columns columns"
	terminal "$columns" compare ab-a.jsonl ab-b.jsonl >wanted
	is "$(cat one)" "$(cat wanted)" "ends with what compare has"
	is "$(head -n 1 one)" "verdict: 1 slower (exit 1)" "the verdict first"
	is "$(wider "$columns" <one)" "" "and nothing is wider"
done

# ---- the line of progress: where it cannot be erased there is none

progress() {
	"$pty" 80 24 "$FIVESTEP" run first_touch --setup copy -p size=16*base --rounds 2 --timeout "$patient" -o progress.jsonl >one 2>&1
	rm -f progress.jsonl
}
progress
has "$(cat one)" "$(printf '\033[K[ 0/1 done] first_touch copy')" "progress on a terminal"
TERM=dumb progress
lacks "$(cat one)" "$(printf '\033')" "a dumb terminal is sent no escape"
lacks "$(cat one)" "done] first_touch" "and no line that it cannot erase"

# ---- the pager

PAGER="sed 's/^/page /'"
terminal 80 show --all run.jsonl >one
is "$?" 4 "the exit status is not the pager's"
is "$(sed 's/^page //' one)" "$("$FIVESTEP" show --all run.jsonl 2>said)" "a pager is given each row whole"
is "$(grep -cv '^page ' one)" 0 "and all of them"
terminal 80 show run.jsonl >one
is "$(sed 's/^page //' one)" "$(PAGER="cat" && terminal 80 show run.jsonl)" "what fits the terminal is made for its width, with a pager as without"
for command in "compare base.jsonl slow.jsonl" "history check --db h.db" "history log --db h.db" "history series --db h.db" "merge --fleet node1.jsonl node2.jsonl"; do
	# shellcheck disable=SC2086 # words
	terminal 80 $command >one
	is "$(grep -c '^page ' one) $(grep -cv '^page ' one)" "$(wc -l <one | tr -d ' ') 0" "$command: through the pager"
done
terminal 80 show --json run.jsonl >one
lacks "$(cat one)" "page " "JSON is not paged"
"$FIVESTEP" show run.jsonl 2>said | cat >one
lacks "$(cat one)" "page " "nor is what goes to a pipe"
TERM=dumb terminal 80 show run.jsonl >one
lacks "$(cat one)" "page " "nor what goes to a dumb terminal"
# shellcheck disable=SC2030,SC2031 # each shell has its own
for PAGER in no-such-pager "no-such-pager -x" /no/such/pager; do
	is "$(export PAGER && "$pty" 80 24 "$FIVESTEP" show run.jsonl 2>said)" "$(PAGER="cat" && export PAGER && "$pty" 80 24 "$FIVESTEP" show run.jsonl 2>said)" \
		"PAGER=$PAGER, which is not there: nothing is lost"
done
unset PAGER
mkdir less
# shellcheck disable=SC2016 # for the stand-in
printf '#!/bin/sh\necho "less with $LESS, $COLUMNS columns"\ncat\n' >less/less
chmod +x less/less
unset LESS
PATH=$tmp/less:$PATH terminal 80 show run.jsonl >one
is "$(head -n 1 one)" "less with FRSX, 80 columns" "the pager is less, which shows wide lines one row each, and ends if all fits"
LESS=R PATH=$tmp/less:$PATH terminal 80 show run.jsonl >one
is "$(head -n 1 one)" "less with R, 80 columns" "what the user says of it counts"
mkdir few
for name in sh env cat; do ln -s "$(command -v $name)" "few/$name"; done
PATH=$tmp/few "$pty" 80 24 "$FIVESTEP" show run.jsonl >one 2>said
is "$(cat one)" "$(PAGER="cat" && export PAGER && "$pty" 80 24 "$FIVESTEP" show run.jsonl 2>said)" "where there is no less, there is no pager"

done_testing
