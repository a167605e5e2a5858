test_scripts += tests/command/ab.sh
test_scripts += tests/command/advise.sh
test_scripts += tests/command/commands.sh
test_scripts += tests/command/conform.sh
test_scripts += tests/command/manual.sh
test_scripts += tests/command/output.sh
test_scripts += tests/command/record.sh
test_scripts += tests/command/selftest.sh
test_scripts += tests/command/terminal.sh
slow_tests += tests/command/ab.sh
slow_tests += tests/command/selftest.sh

# fivestep with cases of conformance that end in every way there is.
test_helpers += tests/command/conform_ends
# A terminal of a given size.
test_helpers += tests/command/pty
