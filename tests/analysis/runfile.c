/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * runfile.c - run files that are whole, cut off anywhere, foreign or from the future: what is used, and what is said.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "results/runfile.h"
#include "analysis/summary/summary.h"
#include "tests/tap.h"

#define A_NUMBER "a number of at most 1e60 (and 0, or at least 1e-60)"

#define HEADER                                                                                                                                       \
	"{\"type\":\"run\",\"schema\":1,\"id\":\"u\",\"started\":\"2026-01-01T00:00:00Z\",\"plan\":{\"name\":\"p\",\"text\":\"\"},"                  \
	"\"seed\":7,\"clock\":\"monotonic\",\"machine\":{\"fingerprint\":\"0123456789abcdef\",\"identity\":{\"guest\":true}},"                       \
	"\"devices\":[{\"name\":\"emu\",\"emulated\":true},{\"name\":\"real\",\"emulated\":false}],"                                                 \
	"\"cells\":[{\"cell\":0,\"bench\":\"a\",\"kind\":\"benchmark\",\"setup\":\"hmm\",\"device\":\"emu\",\"params\":{\"size\":\"4K\"},"           \
	"\"set\":[\"size\"]},{\"cell\":1,\"bench\":\"k\",\"kind\":\"kernel\",\"setup\":\"-\",\"device\":\"-\",\"params\":{},\"set\":[]}]}\n"
#define ROUND(cell, number, verdict, rest)                                                                                                           \
	"{\"type\":\"round\",\"cell\":" #cell ",\"bench\":\"a\",\"kind\":\"benchmark\",\"setup\":\"hmm\",\"device\":\"emu\",\"params\":{},"          \
	"\"set\":[],\"round\":" #number ",\"verdict\":\"" verdict "\"" rest "}\n"
#define VALUE(x)      ",\"wall_ms\":1.5,\"metrics\":{\"m\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[" #x "]}}"
#define NOISE(us, ms) ",\"noise\":{\"psi_cpu_us\":" #us ",\"steal_ms\":" #ms "}"
#define SKIP_REASON   ",\"why\":\"no node\",\"remedy\":\"get one\""

static char path[TAP_PATH];
static struct fs_reason why;

/* Loads these bytes as a file. */
static int load_bytes(const void *bytes, size_t n, struct runfile *run)
{
	FILE *file = fopen(path, "we");

	memset(&why, 0, sizeof(why));
	memset(run, 0, sizeof(*run));
	if (file == NULL || fwrite(bytes, 1, n, file) != n || fclose(file)) {
		perror(path);
		exit(99);
	}
	return runfile_load(path, run, &why);
}

static int load(const char *text, struct runfile *run)
{
	return load_bytes(text, strlen(text), run);
}

/* There is exactly this one warning; PATH in it stands for the file. */
static void warned(const struct runfile *run, const char *want, const char *name)
{
	char text[1024];

	snprintf(text, sizeof(text), "%s%s", path, want);
	is_int((long long)run->n_warnings, 1, "%s: one warning", name);
	is_str(run->n_warnings ? run->warnings[0] : "", text, "%s: file and line are named", name);
}

static void refused(const char *text, int err, const char *want, const char *name)
{
	struct runfile run;
	char what[1024];

	is_int(load(text, &run), err, "%s is refused", name);
	snprintf(what, sizeof(what), "%s%s", path, want);
	is_str(why.what, what, "%s: with the reason", name);
	runfile_free(&run);
}

static void test_whole(void)
{
	struct runfile run;
	struct runfile_cell *cell;
	const struct runfile_metric *metric;
	enum verdict verdict;

	is_int(load(HEADER ROUND(0, 0, "ok",
			    ",\"start_ms\":0.5,\"wall_ms\":1.5,\"metrics\":{\"m\":{\"unit\":\"ns\",\"better\":\"higher\",\"floor\":\"f.x\","
			    "\"samples\":[3,1,2]},\"h\":{\"unit\":\"ns\",\"better\":\"lower\",\"histogram\":[[10,20,4],[20,40,1]]}},"
			    "\"steps\":[{\"step\":\"alloc\",\"ns\":5,\"counters\":{\"emu.pages\":{\"value\":9,\"unit\":\"pages\"}}}],"
			    "\"counters\":{\"perf.x\":{\"value\":1,\"unit\":\"faults\",\"enabled_ns\":4,\"running_ns\":2}},"
			    "\"absent\":{\"perf.y\":\"why not\"},\"evidence\":[{\"what\":\"w\",\"seen\":1,\"relation\":\">=\",\"expected\":2,"
			    "\"holds\":false}],\"noise\":{\"steal_ms\":3},\"unheard_of\":[{}]")
			       ROUND(1, 0, "skip", SKIP_REASON) "{\"type\":\"end\",\"stop\":\"done\",\"cells\":[{\"cell\":0,\"rounds\":1,"
								"\"stop\":\"rounds\"},{\"cell\":1,\"rounds\":0,\"stop\":\"skip\"}]}\n",
		       &run),
		0, "a whole file is read");
	is_int((long long)run.n_warnings, 0, "without a word, members that are not known among it");
	is_str(run.id, "u", "the run's id");
	is_str(run.seed, "7", "its seed");
	is_str(run.fingerprint, "0123456789abcdef", "its machine");
	ok(run.guest && !run.emulated, "which is a guest and not emulated");
	is_str(run.stop, "done", "its end");
	ok(runfile_device_emulated(&run, "emu") && !runfile_device_emulated(&run, "real"), "which devices are emulated");
	is_int((long long)run.n_cells, 2, "two cells");
	cell = runfile_find_cell(&run, 0);
	is_str(runfile_param(cell, "size"), "4K", "a parameter");
	ok(cell->params[0].set, "that was set");
	is_str(cell->stop, "rounds", "why the cell stopped");
	is_int((long long)cell->rounds[0]->line, 2, "the round's line");
	is_near(cell->rounds[0]->start_ms, 0.5, 0, "its start");
	metric = runfile_find_metric(cell->rounds[0], "m");
	ok(metric && metric->n_samples == 3 && metric->samples[0] == 3 && metric->better == FS_HIGHER, "samples as they were taken");
	is_str(metric ? metric->floor : NULL, "f.x", "the metric's floor");
	metric = runfile_find_metric(cell->rounds[0], "h");
	ok(metric && metric->n_buckets == 2 && metric->buckets[0].count == 4 && metric->buckets[1].high == 40, "a histogram");
	ok(cell->rounds[0]->n_steps == 1 && cell->rounds[0]->steps[0].counts[0].value == 9, "a step and its counter");
	ok(cell->rounds[0]->counts[0].enabled_ns == 4 && cell->rounds[0]->counts[0].running_ns == 2, "a multiplexed counter");
	is_str(cell->rounds[0]->absent[0].text, "why not", "an absent counter's reason");
	ok(!cell->rounds[0]->evidence[0].holds && cell->rounds[0]->evidence[0].expected == 2, "evidence");
	is_near(cell->rounds[0]->noise[0].value, 3, 0, "noise");
	cell = runfile_find_cell(&run, 1);
	ok(runfile_cell_verdict(cell, &verdict) && verdict == VERDICT_SKIP, "a skip");
	is_str(cell->rounds[0]->remedy, "get one", "with its remedy");
	runfile_free(&run);
}

static void test_torn(void)
{
	static const char whole[] = HEADER ROUND(0, 0, "ok", VALUE(1)) ROUND(0, 1, "ok", VALUE(2));
	const size_t header = strlen(HEADER), second = header + strlen(ROUND(0, 0, "ok", VALUE(1)));
	struct runfile run;
	bool good = true;

	is_int(load(HEADER ROUND(0, 0, "ok", VALUE(1)) "{\"type\":\"round\",\"cell\":0,\"rou", &run), 0, "a torn last line");
	warned(&run, ":3: the last line is truncated, as after a kill; the line is ignored", "a torn last line");
	is_int((long long)run.n_rounds, 1, "the rest is used");
	runfile_free(&run);

	is_int(load(HEADER "{\"type\":\"round\",\"ce\n" ROUND(0, 0, "ok", VALUE(1)), &run), 0, "a torn line that was gone on after");
	is_int((long long)run.n_rounds, 1, "what follows is used");
	ok(run.n_warnings == 1 && strstr(run.warnings[0], ":2: a truncated line, or not a record"), "it is named");
	runfile_free(&run);

	/* the kill at any byte: whole lines count, never more */
	for (size_t n = 0; n <= strlen(whole) && good; n++) {
		int err = load_bytes(whole, n, &run);
		/* a record without its newline is whole */
		size_t rounds = n + 1 >= strlen(whole) ? 2 : n + 1 >= second ? 1 : 0;

		good = n + 1 < header ? err == -ENODATA : err == 0 && run.n_rounds == rounds;
		if (!good)
			diag("cut at %zu: %d, %zu rounds, wanted %zu", n, err, run.n_rounds, rounds);
		runfile_free(&run);
	}
	ok(good, "cut off at any byte, whole lines are used");
}

static void test_foreign(void)
{
	static const char zero[] = HEADER "a\0b\n" ROUND(0, 0, "ok", VALUE(1));
	struct runfile run;

	is_int(load(HEADER "hello\n" ROUND(0, 0, "ok", VALUE(1)), &run), 0, "a foreign line");
	ok(run.n_warnings == 1 && run.n_rounds == 1 && strstr(run.warnings[0], ":2: "), "is named, and the rest used");
	runfile_free(&run);
	is_int(load_bytes(zero, sizeof(zero) - 1, &run), 0, "a line with a zero byte");
	ok(run.n_warnings == 1 && run.n_rounds == 1, "is named, and the rest used");
	runfile_free(&run);
	load(HEADER "{\"a\":1}\n" ROUND(0, 0, "ok", VALUE(1)), &run);
	warned(&run, ":2: JSON, but not a record: it has no type; the line is ignored", "JSON of another kind");
	runfile_free(&run);
	load(HEADER "{\"type\":\"music\"}\n" ROUND(0, 0, "ok", VALUE(1)), &run);
	warned(&run, ":2: a record of unknown type \"music\"; the line is ignored", "an unknown type");
	runfile_free(&run);
	load(HEADER ROUND(0, 0, "perfect", VALUE(1)) ROUND(0, 1, "ok", VALUE(1)), &run);
	warned(&run, ":2: a round with an unknown verdict; ignored", "an unknown verdict");
	runfile_free(&run);
	load(HEADER ROUND(0, -1, "ok", VALUE(1)) ROUND(0, 1, "ok", VALUE(1)), &run);
	warned(&run, ":2: a round without its cell or round number; ignored", "a round numbered -1");
	runfile_free(&run);
	load(HEADER ROUND(0, 0, "ok", VALUE(1)) ROUND(0, 0, "ok", VALUE(9)), &run);
	warned(&run, ":3: round 0 of cell 0 occurs twice; the first one is used", "a round twice");
	is_near(run.cells[0].rounds[0]->metrics[0].samples[0], 1, 0, "the first one is used");
	runfile_free(&run);
	load(HEADER ROUND(0, 0, "ok", ",\"metrics\":{\"h\":{\"unit\":\"ns\",\"better\":\"lower\",\"histogram\":[[10,20,1],[5],[9,3,1],[20,30,-2]]}}"),
		&run);
	warned(&run, ":2: h: 3 entries of the histogram are not [low, high, count]; ignored", "a broken histogram");
	runfile_free(&run);
	load(HEADER ROUND(0, 0, "ok", ",\"metrics\":{\"m\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[1],\"samples_lost\":12}}"), &run);
	warned(&run, ": 12 samples exceeded the capacity of a round and are not recorded", "lost samples");
	runfile_free(&run);
	is_int(load(ROUND(3, 0, "ok", VALUE(1)), &run), 0, "rounds without a run record");
	warned(&run, ": no run record: plan, machine and clock are unknown", "no run record");
	ok(run.n_cells == 1 && run.cells[0].id == 3 && !strcmp(run.cells[0].bench, "a"), "describe their cells themselves");
	runfile_free(&run);
	load(HEADER ROUND(0, 0, "ok", VALUE(1)) HEADER ROUND(0, 1, "ok", VALUE(2)), &run);
	warned(&run, ":3: a second run starts here; it and everything after it is ignored", "two runs in one file");
	is_int((long long)run.n_rounds, 1, "the first one is read");
	runfile_free(&run);
}

/* What is computed from them would not be finite. */
static void test_numbers(void)
{
	struct runfile run;

	load(HEADER ROUND(0, 0, "ok", ",\"metrics\":{\"m\":{\"unit\":\"ns\",\"samples\":[1e61,-1e61,1e-61,null,\"1\",1e60,-1e-60,0]}}"), &run);
	warned(&run, ":2: m: samples that are not " A_NUMBER ": 5; ignored", "samples that nothing can measure");
	is_int((long long)run.cells[0].rounds[0]->metrics[0].n_samples, 3, "the others are used");
	runfile_free(&run);
	load(HEADER ROUND(0, 0, "ok", ",\"metrics\":{\"h\":{\"unit\":\"ns\",\"histogram\":[[10,1e61,1],[1,2,1]]}}"), &run);
	warned(&run, ":2: h: 1 entries of the histogram are not [low, high, count]; ignored", "a bucket that nothing can be in");
	runfile_free(&run);
	load(HEADER ROUND(0, 0, "ok", ",\"counters\":{\"c\":{\"value\":1e61,\"unit\":\"faults\"},\"d\":{\"value\":2,\"unit\":\"faults\"}}"), &run);
	warned(&run, ":2: c: the value is not " A_NUMBER "; ignored", "a count that is none");
	is_int((long long)run.cells[0].rounds[0]->n_counts, 1, "the other count is used");
	runfile_free(&run);
	load(HEADER ROUND(0, 0, "ok", ",\"counters\":{\"d\":{\"value\":2,\"unit\":\"faults\",\"enabled_ns\":1e300}}"), &run);
	warned(&run, ":2: enabled_ns is not " A_NUMBER "; taken as 0", "a time that is none");
	runfile_free(&run);
	load(HEADER ROUND(0, 0, "ok", ",\"noise\":{\"n\":\"x\"}"), &run);
	warned(&run, ":2: n: the value is not " A_NUMBER "; ignored", "noise that is none");
	runfile_free(&run);
	load(HEADER ROUND(0, 0, "ok", ",\"steps\":[{\"step\":\"alloc\",\"ns\":1,\"events\":{\"launch\":1e61}}]"), &run);
	warned(&run, ":2: alloc: the events are ignored: a number is negative, missing or beyond 1e60", "events that nothing can count");
	runfile_free(&run);
}

static void test_refused(void)
{
	struct runfile run;

	refused("", -ENODATA, ": the file is empty", "an empty file");
	refused("hello\nyou\n", -ENODATA, ": no run record in 2 lines", "a text");
	refused("{\"type\":\"run\",\"schema\":2}\n", -EPROTONOSUPPORT, ":1: schema 2 is newer than this fivestep, which knows 1", "a newer schema");
	refused("{\"type\":\"run\",\"schema\":0}\n", -EPROTONOSUPPORT, ":1: schema 0 is unknown, this fivestep knows 1", "an unknown schema");
	refused("\n{\"type\":\"run\",\"schema\":\"1\"}\n", -EPROTONOSUPPORT, ":2: the run record has no schema number", "a schema that is no number");
	is_int(runfile_load("/nowhere/at/all", &run, &why), -ENOENT, "a missing file is refused");
	is_str(why.what, "/nowhere/at/all: No such file or directory", "with the reason");
	runfile_free(&run);
	is_int(runfile_load("/", &run, &why), -EISDIR, "a directory is refused");
	is_str(why.what, "/: cannot be read: Is a directory", "with the reason");
	runfile_free(&run);
	is_int(load(HEADER, &run), 0, "a run without rounds is read");
	warned(&run, ": the run has no rounds", "no rounds");
	runfile_free(&run);
}

static void test_resume(void)
{
	struct runfile run;

	is_int(load(HEADER ROUND(0, 0, "ok",
			    VALUE(1)) "{\"type\":\"end\",\"stop\":\"interrupted\",\"cells\":[{\"cell\":0,\"rounds\":1,\"stop\":"
				      "\"interrupted\"}]}\n{\"type\":\"resume\",\"machine\":{\"fingerprint\":\"0123456789abcdef\"}}\n" ROUND(
					      0, 1, "ok", VALUE(2)),
		       &run),
		0, "a resumed run");
	is_int((long long)run.n_rounds, 2, "has the rounds of before and after");
	ok(!run.stop && !run.cells[0].stop && run.resumes == 1 && !run.n_warnings, "and the end of before no longer holds");
	runfile_free(&run);
	load(HEADER ROUND(0, 0, "ok", VALUE(1)) "{\"type\":\"resume\",\"machine\":{\"fingerprint\":\"f\"}}\n", &run);
	warned(&run, ":3: resumed on another machine (f, started on 0123456789abcdef)", "another machine");
	runfile_free(&run);
}

static void test_summary(void)
{
	struct summary summary;
	struct runfile run;

	load(HEADER ROUND(0, 0, "skip", SKIP_REASON) ROUND(1, 0, "skip", SKIP_REASON), &run);
	is_int(summary_make(&run, &summary), 0, "only skips are summarised");
	is_int(summary_judge(&summary, 1), SUMMARY_ALL_SKIPPED, "as such");
	ok(summary.n == 2 && !summary.rows[0].metric && !strcmp(summary.rows[0].stop, "skip"), "a row each, without a metric");
	is_str(summary.rows[0].why, "no node", "with the reason");
	summary_free(&summary);
	runfile_free(&run);

	load(HEADER ROUND(0, 0, "ok", VALUE(10)) ROUND(0, 1, "invalid", VALUE(99) ",\"why\":\"lied\"") ROUND(0, 2, "ok", VALUE(30)), &run);
	summary_make(&run, &summary);
	is_int(summary_judge(&summary, 1), SUMMARY_BAD_DATA, "an invalid round makes the data bad");
	is_int((long long)summary.rows[0].n_values, 2, "it gives no value");
	is_near(summary.rows[0].interval.median, 20, 1e-12, "the others do");
	ok(!summary.rows[0].interval.has_interval, "too few for an interval");
	is_int((long long)summary.rows[0].verdicts[VERDICT_INVALID], 1, "and it is counted");
	is_str(summary.rows[0].why, "lied", "with its reason");
	summary_free(&summary);
	runfile_free(&run);
}

static void test_interval(void)
{
	struct summary summary;
	struct runfile run;
	struct text note = {0};
	double value;

	load(HEADER ROUND(0, 0, "ok", VALUE(1)) ROUND(0, 1, "ok", VALUE(2)) ROUND(0, 2, "ok", VALUE(3)) ROUND(0, 3, "ok", VALUE(4))
			ROUND(0, 4, "ok", VALUE(5)),
		&run);
	summary_make(&run, &summary);
	summary_note(&summary.rows[0], &note);
	is_str(text_string(&note), "an interval needs >= 6 rounds", "five rounds: what an interval needs");
	text_clear(&note);
	summary_free(&summary);
	runfile_free(&run);
	load(HEADER ROUND(0, 0, "ok", VALUE(1)) ROUND(0, 1, "ok", VALUE(2)) ROUND(0, 2, "ok", VALUE(3)) ROUND(0, 3, "ok", VALUE(4))
			ROUND(0, 4, "ok", VALUE(5)) ROUND(0, 5, "ok", VALUE(6)),
		&run);
	summary_make(&run, &summary);
	summary_note(&summary.rows[0], &note);
	is_str(text_string(&note), "", "six rounds: nothing to be said");
	summary_free(&summary);
	runfile_free(&run);
	load(HEADER ROUND(0, 0, "ok", ",\"metrics\":{\"m\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[]}}") ROUND(0, 1, "ok", VALUE(7)),
		&run);
	summary_make(&run, &summary);
	is_int((long long)summary.rows[0].n_values, 1, "a round without samples gives no value");
	ok(summary_value(&summary.rows[0], run.cells[0].rounds[1], &value) && value == 7 &&
			!summary_value(&summary.rows[0], run.cells[0].rounds[0], &value),
		"of the one, and none of the other");
	summary_free(&summary);
	runfile_free(&run);
}

static void test_disturbed(void)
{
	struct summary summary;
	struct runfile run;

	load(HEADER ROUND(0, 0, "ok", VALUE(1) NOISE(400, 0.25)) ROUND(1, 0, "ok", VALUE(2) NOISE(200, 0.75)), &run);
	summary_make(&run, &summary);
	is_near(summary.disturbed_pct, 100.0 * 1 / 3, 1e-9, "disturbed by what was taken away");
	summary_free(&summary);
	runfile_free(&run);
	load(HEADER ROUND(0, 0, "ok", VALUE(1) NOISE(900, 0.2)) ROUND(1, 0, "ok", VALUE(2) NOISE(300, 0)), &run);
	summary_make(&run, &summary);
	is_near(summary.disturbed_pct, 100.0 * 1.2 / 3, 1e-9, "or by what was waited for, the larger of the two");
	summary_free(&summary);
	runfile_free(&run);

	load(HEADER ROUND(0, 0, "ok", VALUE(10)), &run);
	summary_make(&run, &summary);
	is_int(summary_judge(&summary, 1), SUMMARY_FINE, "a cell that was not visited yet is no fault");
	summary_free(&summary);
	runfile_free(&run);
	load(HEADER, &run);
	summary_make(&run, &summary);
	is_int(summary_judge(&summary, 1), SUMMARY_BAD_DATA, "a run without any round is no result");
	summary_free(&summary);
	runfile_free(&run);
}

int main(void)
{
	int fd;

	temporary(path, "runfile");
	fd = mkstemp(path);
	if (fd < 0)
		return 99;
	close(fd);
	test_whole();
	test_torn();
	test_foreign();
	test_numbers();
	test_refused();
	test_resume();
	test_summary();
	test_interval();
	test_disturbed();
	unlink(path);
	done_testing();
	return exit_status();
}
