/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * driver.c - one target for libFuzzer: compiled by build-aux/fuzz.sh with -DFUZZ_TARGET=fuzz_NAME.
 */
#include "tests/fuzz/targets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	FUZZ_TARGET(data, bytes);
	return 0;
}
