test_scripts += tests/fleet/submit.sh
test_programs += tests/fleet/nodes
