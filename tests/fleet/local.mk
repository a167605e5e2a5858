test_programs += tests/fleet/nodes
test_scripts += tests/fleet/report.sh
test_scripts += tests/fleet/slurm.sh
test_scripts += tests/fleet/status.sh
test_scripts += tests/fleet/submit.sh
test_data += tests/fleet/cluster.sh
test_data += tests/fleet/made_up.awk
slow_tests += tests/fleet/slurm.sh
