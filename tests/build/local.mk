test_programs += tests/build/fuzz_corpus
test_helpers += tests/build/forbid
test_scripts += tests/build/build_bench.sh
test_scripts += tests/build/build_install.sh
test_scripts += tests/build/build_packages.sh
test_scripts += tests/build/build_registry.sh
test_scripts += tests/build/ci.sh
test_scripts += tests/build/rooms.sh
