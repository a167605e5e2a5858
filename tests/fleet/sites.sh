#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# sites.sh - what docs/ci has for sites: health.sh with made-up runs, the check for ReFrame with a stand-in for it, and the commands of docs/fleet.md.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/fleet/fleet_tap.sh
. "$srcdir/tests/fleet/fleet_tap.sh"

# ---- health.sh: the program measures nothing but hands out a run

mkdir health fake
make_fleet folder -v nodes=100 -v cells=2
run_of() {
	echo "$tmp/folder/runs/1-$(echo "${1#n}" | sed 's/^0*\(.\)/\1/').jsonl"
}
cat >made_up <<END
#!/bin/sh
[ "\$1" = run ] || exec "$FIVESTEP" "\$@"
[ "\$STATUS" = 0 ] || exit "\$STATUS"
cp "\$RUN" "\$5"
END
cat >fake/scontrol <<'END'
#!/bin/sh
echo "$*" >>"$CALLS"
END
chmod +x made_up fake/scontrol
CALLS=$tmp/calls
export CALLS
: >calls
# health STATUS RUN NAME [ENVIRONMENT...]
health() {
	want=$1
	run=$2
	name=$3
	shift 3
	PATH=$tmp/fake:$PATH FIVESTEP=$tmp/made_up FIVESTEP_HEALTH="$tmp/health" STATUS=0 RUN=$run env "$@" sh "$srcdir/docs/ci/health.sh" $drain >said 2>&1
	is $? "$want" "$name"
}
drain=
usual=$(run_of n00000)
health 0 "$usual" "the first run of a node is its base"
has "$(cat said)" "this run is the base from now on" "the script says so"
health 0 "$usual" "a node that is as it was is healthy"
is "$(ls health)" base.jsonl "and leaves nothing behind"
health 1 "$(run_of "$(head -n 1 folder/slow10)")" "a node that is slower by 10 % is not"
has "$(cat said)" "slower than its base" "and the script says so"
is "$(cat calls)" "" "in a prolog Slurm drains it"
health 1 "$(run_of "$(head -n 1 folder/other)")" "a node that is another machine is not healthy"
has "$(cat said)" "another machine" "the reason is given"
is "$(find health -name 'unhealthy-*' | wc -l)" 2 "runs of nodes that are not healthy are kept"
health 1 "$srcdir/tests/runs/mixed.jsonl" "wrong data is not healthy" STATUS=4
health 0 "$usual" "a program that fails says nothing about the node" STATUS=99
has "$(cat said)" "not judged: fivestep run ends with 99" "and the script says that it did not judge"
drain=drain
health 1 "$(run_of "$(head -n 1 folder/slow10)")" "with drain a slow node is not healthy" SLURMD_NODENAME=n7
is "$(cat calls)" "update NodeName=n7 State=DRAIN Reason=fivestep: slower than its base" "and is drained"
"$FIVESTEP" run "$srcdir/docs/ci/health.plan" --dry-run >said 2>&1
is $? 0 "the plan of health.sh is one"
has "$(cat said)" "no more than the time limit" "with a time limit"
is "$(sed -n 's/.*time-limit=\([0-9]*\)s.*/\1/p' "$srcdir/docs/ci/health.plan")" 40 "below a minute"

# ---- ReFrame

if command -v python3 >none; then
	mkdir -p stand_in/reframe/utility
	# Only names: what the check computes is its own.
	cat >stand_in/reframe/__init__.py <<'END'
import builtins
class RunOnlyRegressionTest:
    # What the check may set; anything else is an error.
    known = ("descr", "valid_systems", "valid_prog_environs", "plan", "executable", "exclusive_access", "time_limit", "executable_opts", "postrun_cmds", "perf_variables")
    stages = ("init", "setup", "compile", "run", "sanity", "performance", "cleanup")
    def __setattr__(self, name, value):
        assert name in self.known, name
        object.__setattr__(self, name, value)
simple_test = lambda cls: cls
builtins.variable = lambda kind, value: value
def run_before(stage):
    assert stage in RunOnlyRegressionTest.stages, stage
    return lambda function: function
builtins.run_before = run_before
builtins.sanity_function = lambda function: function
END
	: >stand_in/reframe/utility/__init__.py
	printf 'assert_eq = None\nmake_performance_function = lambda value, unit: (value, unit)\ndefer = lambda value: value\n' >stand_in/reframe/utility/sanity.py
	mkdir stage
	"$FIVESTEP" export --format csv "$usual" >stage/metrics.csv
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=stand_in:$srcdir/docs/ci python3 -c '
import json, subprocess, sys
import reframe_fivestep
check = reframe_fivestep.fivestep_check()
check.plan = "a plan;touch PWNED"
object.__setattr__(check, "stagedir", "stage")
check.set_commands()
assert check.executable_opts[-1] == "'"'"'a plan;touch PWNED'"'"'", check.executable_opts
check.set_metrics()
shown = json.loads(subprocess.run([sys.argv[1], "show", "--json", sys.argv[2]], capture_output=True, check=True).stdout)
text = json.dumps(shown)
assert len(check.perf_variables) == 2, check.perf_variables
for name, (value, unit) in check.perf_variables.items():
    assert unit == "ns" and name.startswith("fault_latency/hmm/emu/") and name.endswith("/touch"), name
    assert any(abs(float(number) - value) < 1e-3 for number in __import__("re").findall(r"-?[0-9.]+", text) if number.count(".") < 2 and number.strip(".-")), value
' "$FIVESTEP" "$usual" >said 2>&1
	ok $? "the check for ReFrame has the median of each metric, as fivestep show does"
	tap_diag "$(cat said)"
else
	skip "python3 is not installed"
fi

# ---- docs/fleet.md: every option that it names exists

"$FIVESTEP" fleet --help >help
grep '^ *fivestep fleet' "$srcdir/docs/fleet.md" | grep -o -e ' --[a-z-]*' | sort -u | while read -r option; do
	grep -q -e "$option" help || echo "$option"
done >missing
is "$(cat missing)" "" "docs/fleet.md names no option that there is not"
sed -n 's/^ *fivestep fleet \([a-z]*\).*/\1/p' "$srcdir/docs/fleet.md" | sort -u >actions
while read -r action; do
	grep -q "^ *$action " help
	ok $? "fleet $action of docs/fleet.md exists"
done <actions
grep -o 'docs/ci/[a-z_.]*[a-z]\|tests/fleet/[a-z_.]*[a-z]\|build-aux/[a-z_.]*[a-z]' "$srcdir/docs/fleet.md" | sort -u >files
while read -r file; do
	[ -e "$srcdir/$file" ]
	ok $? "$file of docs/fleet.md exists"
done <files

done_testing
