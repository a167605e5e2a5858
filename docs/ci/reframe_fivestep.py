# SPDX-License-Identifier: GPL-3.0-or-later
#
# reframe_fivestep.py - a check for ReFrame: runs a plan with an installed fivestep, and has the median of each metric as a performance variable.
#
#   reframe -c reframe_fivestep.py -r --performance-report
#   reframe -c reframe_fivestep.py -r -S fivestep_check.plan=./my.plan
#
# References of your own go to `reference`, by the names that the report shows.
import csv
import os
import shlex
import statistics

import reframe as rfm
import reframe.utility.sanity as sn


def medians(lines):
    '''{CELL/METRIC: (median over the rounds, unit)} of the lines of `fivestep export --format csv`.'''
    values = {}
    for row in csv.DictReader(lines):
        if row['what'] != 'metric' or row['verdict'] != 'ok':
            continue
        cell = [row[part] for part in ('bench', 'setup', 'device') if row[part] != '-']
        name = '/'.join(cell + row['params'].split() + [row['name']])
        values.setdefault((name, row['unit']), {}).setdefault(row['round'], []).append(float(row['value']))
    return {name: (statistics.median([statistics.median(samples) for samples in rounds.values()]), unit)
            for (name, unit), rounds in values.items()}


@rfm.simple_test
class fivestep_check(rfm.RunOnlyRegressionTest):
    descr = 'memory shared between CPU and device (fivestep)'
    valid_systems = ['*']
    valid_prog_environs = ['*']
    plan = variable(str, value='quick')  # noqa: F821 (ReFrame's)
    executable = 'fivestep'
    exclusive_access = True
    time_limit = '30m'

    @run_before('run')  # noqa: F821
    def set_commands(self):
        # These become lines of a script.
        self.executable_opts = ['run', '-q', '-o', 'run.jsonl', shlex.quote(self.plan)]
        self.postrun_cmds = ['status=$?', 'fivestep export --format csv run.jsonl >metrics.csv', 'exit $status']

    @sanity_function  # noqa: F821
    def every_round_is_good(self):
        return sn.assert_eq(self.job.exitcode, 0)

    @run_before('performance')  # noqa: F821
    def set_metrics(self):
        # A hook does not run in the stage folder.
        with open(os.path.join(self.stagedir, 'metrics.csv'), encoding='utf-8') as lines:
            found = medians(lines)
        self.perf_variables = {
            name: sn.make_performance_function(sn.defer(value), unit or 'count') for name, (value, unit) in found.items()
        }
