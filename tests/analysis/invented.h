/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * invented.h - for tests of claims: runs of invented cells, one metric each, written to a file and read back with their summary.
 */
#ifndef FIVESTEP_TESTS_INVENTED_H
#define FIVESTEP_TESTS_INVENTED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/claims/claims.h"
#include "tests/tap.h"

#define ROUNDS 8

/* One cell of an invented run. */
struct invented {
	const char *bench, *kind, *setup, *params, *metric, *unit, *better;
	double value;	     /* of the metric in the first round, a little more in each */
	unsigned faults;     /* counted by the device in step 3, and by the CPU in step 4 */
	unsigned hints;	     /* of automatic balancing */
	const char *verdict; /* of all rounds */
	bool holds;	     /* evidence */
	const char *more;    /* metrics, or NULL */
	unsigned placed;     /* faults of the CPU in step 1 */
};

/* The machine of the runs. */
static bool emulated_machine;
static const char *clock_name = "monotonic";

static inline struct invented kernel(const char *setup, double total, unsigned faults)
{
	return (struct invented){"triad", "kernel", setup, "{\"size\":\"1M\"}", "total", "ns", "lower", total, faults, 0, "ok", true, NULL, 0};
}

static inline struct invented bench(
	const char *name, const char *setup, const char *params, const char *metric, const char *unit, const char *better, double value)
{
	return (struct invented){name, "benchmark", setup, params, metric, unit, better, value, 0, 0, "ok", true, NULL, 0};
}

static inline void write_cell(FILE *file, const struct invented *c, size_t number)
{
	fprintf(file, "\"cell\":%zu,\"bench\":\"%s\",\"kind\":\"%s\",\"setup\":\"%s\",\"device\":\"dev\",\"params\":%s,\"set\":[\"size\"]", number,
		c->bench, c->kind, c->setup, c->params);
}

static inline void write_steps(FILE *file, const struct invented *c)
{
	static const char *const steps[] = {"alloc", "cpu_before", "device", "cpu_after", "release"};

	for (unsigned s = 0; s < FS_ARRAY_SIZE(steps); s++)
		fprintf(file,
			"%s{\"step\":\"%s\",\"ns\":%.0f,\"counters\":{\"dev.pinned\":{\"value\":%d,\"unit\":\"granules\"},\"dev.faults_to_device\":{"
			"\"value\":%u,\"unit\":\"faults\"},"
			"\"rusage.minflt\":{\"value\":%u,\"unit\":\"faults\"},\"vmstat.numa_hint_faults\":{\"value\":%u,\"unit\":\"faults\"}}}",
			s ? "," : "", steps[s], c->value / 5, s == 2, s == 2 ? c->faults : 0,
			s == 0	 ? c->placed
			: s == 3 ? c->faults
				 : 0,
			s == 2 ? c->hints : 0);
}

static inline void write_round(FILE *file, const struct invented *c, size_t number, unsigned round)
{
	bool ok = strcmp(c->verdict, "ok") == 0;

	fprintf(file, "{\"type\":\"round\",\"round\":%u,\"verdict\":\"%s\",\"why\":\"invented\",\"remedy\":\"\",", round, c->verdict);
	write_cell(file, c, number);
	fprintf(file, ",\"metrics\":{\"%s\":{\"unit\":\"%s\",\"better\":\"%s\",\"samples\":[%.6f]}%s},\"steps\":[", c->metric, c->unit, c->better,
		c->value * (1 + 0.001 * round), c->more != NULL ? c->more : "");
	if (ok && strcmp(c->kind, "kernel") == 0)
		write_steps(file, c);
	fprintf(file,
		"],\"counters\":{},\"absent\":{},\"evidence\":[{\"what\":\"pages\",\"seen\":1,\"relation\":\"==\",\"expected\":1,\"holds\":%s}]}\n",
		c->holds ? "true" : "false");
}

static const char setups[] =
	"{\"copy\":{\"memory\":\"device\",\"offers\":[\"TRANSFER\"]},\"hmm\":{\"memory\":\"mirror\",\"offers\":[\"SAME_ADDRESS\","
	"\"FAULTS\"]},\"hmm-prefetch\":{\"memory\":\"mirror\",\"offers\":[\"SAME_ADDRESS\"]},\"cdm\":{\"memory\":\"coherent\",\"offers\":[]},"
	"\"cdm-host\":{\"memory\":\"coherent\",\"offers\":[]},\"cdm-migrate\":{\"memory\":\"coherent\",\"offers\":[]},\"cdm-balance\":{"
	"\"memory\":\"coherent\",\"offers\":[]}}";

/* A run read back from a file, with its summary. */
struct loaded {
	struct runfile run;
	struct summary summary;
};

static inline void load(struct loaded *loaded, const struct invented *cells, size_t n)
{
	struct fs_reason why;
	char path[TAP_PATH];
	FILE *file;
	int fd;

	temporary(path, "claims");
	fd = mkstemp(path);
	file = fd < 0 ? NULL : fdopen(fd, "w");
	memset(loaded, 0, sizeof(*loaded));
	if (file == NULL)
		return;
	fprintf(file,
		"{\"type\":\"run\",\"schema\":1,\"id\":\"i\",\"clock\":\"%s\",\"machine\":{\"identity\":{\"emulated\":%s}},\"setups\":%s,"
		"\"cells\":[",
		clock_name, emulated_machine ? "true" : "false", setups);
	for (size_t c = 0; c < n; c++) {
		fputs(c ? ",{" : "{", file);
		write_cell(file, &cells[c], c);
		fputc('}', file);
	}
	fputs("]}\n", file);
	for (size_t c = 0; c < n; c++)
		for (unsigned r = 0; r < ROUNDS; r++)
			write_round(file, &cells[c], c, r);
	fclose(file);
	if (runfile_load(path, &loaded->run, &why) || summary_make(&loaded->run, &loaded->summary))
		diag("%s", why.what);
	unlink(path);
}

static inline void unload(struct loaded *loaded)
{
	summary_free(&loaded->summary);
	runfile_free(&loaded->run);
}

static inline struct invented with_verdict(struct invented cell, const char *verdict)
{
	cell.verdict = verdict;
	return cell;
}

static inline struct invented without_evidence(struct invented cell)
{
	cell.holds = false;
	return cell;
}

static inline struct invented with_hints(struct invented cell, unsigned hints)
{
	cell.hints = hints;
	return cell;
}

static inline struct invented with_placed(struct invented cell, unsigned faults)
{
	cell.placed = faults;
	return cell;
}

static inline struct invented access_of(const char *initiator, const char *residence, double value)
{
	static char params[4][80];
	static unsigned next;
	char *text = params[next++ % 4];

	snprintf(text, 80, "{\"initiator\":\"%s\",\"residence\":\"%s\"}", initiator, residence);
	return bench("access_bandwidth", "cdm", text, "read", "GB/s", "higher", value);
}

static inline struct invented named(const char *name, struct invented cell)
{
	cell.bench = name;
	return cell;
}

static inline struct invented latency(struct invented cell)
{
	cell.bench = "access_latency";
	cell.unit = "ns";
	cell.better = "lower";
	return cell;
}

#endif
