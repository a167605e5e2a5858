test_programs += tests/plan/params
test_programs += tests/plan/plan
test_programs += tests/plan/selection
