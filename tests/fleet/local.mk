test_programs += tests/fleet/nodes
test_scripts += tests/fleet/compare.sh
test_scripts += tests/fleet/digest.sh
test_scripts += tests/fleet/report.sh
test_scripts += tests/fleet/sites.sh
test_scripts += tests/fleet/status.sh
test_scripts += tests/fleet/submit.sh
test_data += tests/fleet/cluster.sh
test_data += tests/fleet/fleet_tap.sh
test_data += tests/fleet/made_up.awk
test_data += tests/fleet/varied.awk
test_data += tests/fleet/slurm_tap.sh
slow_tests += tests/fleet/compare.sh
# Run by make check-fleet.
fleet_scripts += tests/fleet/exercise.sh
fleet_scripts += tests/fleet/slurm.sh
fleet_scripts += tests/fleet/slurm_ways.sh
