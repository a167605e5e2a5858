test_programs += tests/base/replace
test_programs += tests/base/array
test_programs += tests/base/formula
test_programs += tests/base/lookup
test_programs += tests/base/statistics
test_programs += tests/base/text
