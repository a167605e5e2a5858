test_programs += tests/machine/fingerprint
test_programs += tests/machine/identity
test_programs += tests/machine/topology
test_programs += tests/machine/unit
test_programs += tests/machine/first_use
test_scripts += tests/machine/pages.sh
# By hand: MACHINES=FOLDER sh tests/machine/recorded.sh
test_data += tests/machine/recorded.sh
