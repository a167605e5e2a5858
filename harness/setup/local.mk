# One line a setup: the file's name is the setup's. Files with what setups share go to setup_shared.
setup_files += harness/setup/copy.c
setup_files += harness/setup/copy-mapped.c
setup_files += harness/setup/copy-overlap.c
setup_files += harness/setup/copy-overlap-pinned.c
setup_files += harness/setup/copy-pinned.c
setup_files += harness/setup/hmm.c
setup_files += harness/setup/hmm-managed.c
setup_files += harness/setup/hmm-prefetch.c
setup_files += harness/setup/cdm.c
setup_files += harness/setup/cdm-host.c
setup_files += harness/setup/cdm-migrate.c
setup_files += harness/setup/cdm-balance.c
setup_files += harness/setup/svm-coarse.c
setup_files += harness/setup/svm.c
setup_files += harness/setup/svm-system.c

setup_shared += harness/setup/common.h
setup_shared += harness/setup/implied.c
setup_shared += harness/setup/transfer.c
setup_shared += harness/setup/overlap.c
setup_shared += harness/setup/shared.c
setup_shared += harness/setup/mirror.c
setup_shared += harness/setup/coherent.c
setup_shared += harness/setup/exclusive.c
setup_shared += harness/setup/svm_fine.c
