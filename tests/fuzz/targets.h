/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * targets.h - what reads text that somebody else wrote, each as a function of bytes: for a fuzzer (driver.c, build-aux/fuzz.sh), and for the corpus
 * of inputs that once made trouble or reach far (tests/build/fuzz_corpus.c). A target: one file here, one line in FUZZ_TARGETS, a folder of corpus/
 * where it has one.
 *
 * A target returns normally whatever the bytes are: what it reads must be refused with a reason or used, and freed.
 */
#ifndef FIVESTEP_FUZZ_TARGETS_H
#define FIVESTEP_FUZZ_TARGETS_H

#include <stddef.h>
#include <stdint.h>

#define FUZZ_TARGETS(TARGET)                                                                                                                         \
	TARGET(app_profile)                                                                                                                          \
	TARGET(digest)                                                                                                                               \
	TARGET(formula)                                                                                                                              \
	TARGET(group)                                                                                                                                \
	TARGET(hwloc)                                                                                                                                \
	TARGET(machine)                                                                                                                              \
	TARGET(manifest)                                                                                                                             \
	TARGET(matrix_market)                                                                                                                        \
	TARGET(perf_name)                                                                                                                            \
	TARGET(plan)                                                                                                                                 \
	TARGET(runfile)

#define FUZZ_DECLARE(name) void fuzz_##name(const uint8_t *data, size_t bytes);
FUZZ_TARGETS(FUZZ_DECLARE)

/* The bytes as a file, for readers that want a path; the same path until the next call. */
const char *fuzz_file(const uint8_t *data, size_t bytes);
/* The bytes as a text that ends with a zero, which the caller frees. */
char *fuzz_text(const uint8_t *data, size_t bytes);
/* A reason must be a line of its own, whatever it quotes: aborts where an error has none. */
struct fs_reason;
void fuzz_refused(int err, const struct fs_reason *why);

#endif
