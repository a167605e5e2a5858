/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report.c - what runs say, for people; see report.h.
 *
 * The order is that of a reader's questions: what ran, where the time went, what crossed, every number, what did not run
 * and why, what can be believed of it (rounds that did not count, evidence), on what machine, and how to read it.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/datafile.h"
#include "analysis/document.h"
#include "analysis/format.h"
#include "analysis/pictures.h"
#include "analysis/report.h"

#define STAMP_BYTES 256

/* One run in the report. */
struct chapter {
	const struct runfile *run;
	const struct summary *summary;
	struct document *document;
	struct pictures pictures;
	struct picture_place place;
	char stamp[STAMP_BYTES];
};

static const char *const subject_titles[PICTURES_SUBJECTS] = {
	[PICTURES_STEPS] = "Where the time goes: the five steps",
	[PICTURES_DISTRIBUTIONS] = "Latency of single touches",
	[PICTURES_TRAFFIC] = "Faults, pages and bytes",
	[PICTURES_SWEEPS] = "Over a parameter",
	[PICTURES_FLOORS] = "Against the floors of this machine",
};

/* ---- what ran where ------------------------------------------------------------------------------------ */

/* "emulated: emu, dmirror", each once; "" without any. */
static void emulated_devices(const struct runfile *run, char *text, size_t bytes)
{
	size_t used = 0;

	*text = '\0';
	for (size_t c = 0; c < run->n_cells && used < bytes; c++) {
		const char *device = run->cells[c].device;
		bool seen = !strcmp(device, "-") || !runfile_device_emulated(run, device);

		for (size_t d = 0; d < c && !seen; d++)
			seen = !strcmp(run->cells[d].device, device);
		if (!seen)
			used += (size_t)snprintf(text + used, bytes - used, "%s%s", used ? ", " : "emulated: ", device);
	}
}

static void make_stamp(const struct runfile *run, char stamp[STAMP_BYTES])
{
	char devices[96];

	emulated_devices(run, devices, sizeof(devices));
	snprintf(stamp, STAMP_BYTES, "run %.8s, machine %.16s, %.10s%s%s%s%s", run->id, run->fingerprint, run->started, *devices ? ", " : "", devices,
		run->emulated ? ", emulated machine"
		: run->guest  ? ", virtual machine"
			      : "",
		!strcmp(run->clock, "instructions") ? ", in instructions" : "");
}

static void fact(struct document *document, const char *name, const char *text)
{
	document_row_begin(document);
	document_cell(document, "%s", name);
	document_cell(document, "%s", text);
	document_row_end(document);
}

/* Members of an object as "group: a b" rows; what is nested further is shown as compact JSON. */
static void facts(struct document *document, const char *group, json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		char name[128];
		char *text = json_is_string(value) ? strdup(json_string_value(value)) : json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));

		snprintf(name, sizeof(name), "%s: %s", group, key);
		if (text)
			fact(document, name, text);
		free(text);
	}
}

static void write_options(struct document *document, const struct runfile *run)
{
	json_t *options = json_object_get(run->header, "options");
	char *text = options ? json_dumps(options, JSON_REAL_PRECISION(6)) : NULL;

	if (text)
		fact(document, "options", text);
	free(text);
}

static void write_where(struct chapter *chapter)
{
	static const char *const parts[] = {"identity", "factors", "state"};
	struct document *document = chapter->document;
	const struct runfile *run = chapter->run;
	json_t *machine = json_object_get(run->header, "machine");
	const char *plan = json_string_value(json_object_get(json_object_get(run->header, "plan"), "text"));
	char devices[160];

	document_heading(document, 2, "What ran where");
	document_table_begin(document, "what|value");
	fact(document, "run", run->id);
	fact(document, "file", run->path);
	fact(document, "started", run->started);
	fact(document, "ended", run->stop ? run->stop : "no end record: killed, or still running");
	fact(document, "plan", run->plan);
	fact(document, "seed", run->seed);
	fact(document, "clock", run->clock);
	write_options(document, run);
	emulated_devices(run, devices, sizeof(devices));
	if (*devices)
		fact(document, "devices", devices);
	fact(document, "machine", run->fingerprint);
	for (size_t p = 0; p < FS_ARRAY_SIZE(parts); p++)
		facts(document, parts[p], json_object_get(machine, parts[p]));
	facts(document, "build", json_object_get(run->header, "build"));
	document_table_end(document);
	if (run->emulated)
		document_paragraph(document, "This machine is emulated: its times mean nothing beside those of a real one.");
	if (plan && *plan)
		document_verbatim(document, "The plan", plan);
}

static void write_overview(struct chapter *chapter)
{
	const struct runfile *run = chapter->run;
	size_t cells[RUN_VERDICTS] = {0}, unvisited = 0;

	for (size_t c = 0; c < run->n_cells; c++) {
		enum runfile_verdict verdict;

		if (runfile_cell_verdict(&run->cells[c], &verdict))
			cells[verdict]++;
		else
			unvisited++;
	}
	document_paragraph(chapter->document,
		"%zu cells in %zu rounds: %zu ok, %zu skipped, %zu with rounds that are invalid, failed, timed out or crashed, %zu not visited.",
		run->n_cells, run->n_rounds, cells[RUN_OK], cells[RUN_SKIP],
		cells[RUN_INVALID] + cells[RUN_FAIL] + cells[RUN_TIMEOUT] + cells[RUN_CRASH], unvisited);
	if (!chapter->place.can_draw)
		document_paragraph(chapter->document,
			"There are no pictures: gnuplot was not found. Install it (Debian: apt install gnuplot-nox) and run fivestep report again.");
	document_paragraph(chapter->document, "%s", chapter->stamp);
}

/* ---- results ------------------------------------------------------------------------------------------- */

static void write_row(struct document *document, const struct summary_row *row)
{
	char params[256], median[FORMAT_VALUE] = "-", range[FORMAT_VALUE] = "-", note[512];

	format_params(row->cell, false, params, sizeof(params));
	if (row->n_values)
		format_interval(&row->interval, row->unit, median, range);
	summary_note(row, note, sizeof(note));
	document_row_begin(document);
	document_cell(document, "%s", row->cell->setup);
	document_cell(document, "%s", row->cell->device);
	document_cell(document, "%s", params);
	document_cell(document, "%s", row->metric ? row->metric : "-");
	document_cell(document, "%s", median);
	document_cell(document, "%s", range);
	document_cell(document, "%zu", row->n_values);
	document_cell(document, "%s", row->stop);
	document_cell(document, "%s", note);
	document_row_end(document);
}

static bool bench_is_new(const struct summary *summary, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (!strcmp(summary->rows[j].cell->bench, summary->rows[i].cell->bench))
			return false;
	return true;
}

static void write_results(struct chapter *chapter)
{
	const struct summary *summary = chapter->summary;
	struct document *document = chapter->document;

	document_heading(document, 2, "Results");
	for (size_t i = 0; i < summary->n; i++) {
		if (!bench_is_new(summary, i))
			continue;
		document_heading(document, 3, summary->rows[i].cell->bench);
		document_table_begin(document, "setup|device|parameters|metric|>median|95 % interval|>rounds|stop|note");
		for (size_t j = i; j < summary->n; j++)
			if (summary->rows[j].brief && !strcmp(summary->rows[j].cell->bench, summary->rows[i].cell->bench))
				write_row(document, &summary->rows[j]);
		document_table_end(document);
	}
}

/* ---- pictures and their tables ------------------------------------------------------------------------- */

static const struct runfile_round *first_ok(const struct runfile_cell *cell)
{
	for (size_t r = 0; r < cell->n_rounds; r++)
		if (cell->rounds[r]->verdict == RUN_OK)
			return cell->rounds[r];
	return NULL;
}

/* Any kernel's steps, as names of columns. */
static const struct runfile_round *any_steps(const struct runfile *run)
{
	for (size_t c = 0; c < run->n_cells; c++) {
		const struct runfile_round *round = first_ok(&run->cells[c]);

		if (round && round->n_steps)
			return round;
	}
	return NULL;
}

static void write_steps_table(struct chapter *chapter)
{
	const struct runfile *run = chapter->run;
	const struct runfile_round *steps = any_steps(run);
	struct document *document = chapter->document;
	const char *unit = !strcmp(run->clock, "instructions") ? "insn" : "ns";
	char columns[512] = "kernel|cell";

	if (!steps)
		return;
	for (size_t s = 0; s < steps->n_steps; s++)
		snprintf(columns + strlen(columns), sizeof(columns) - strlen(columns), "|>%s", steps->steps[s].name);
	document_table_begin(document, columns);
	for (size_t c = 0; c < run->n_cells; c++) {
		const struct runfile_round *round = first_ok(&run->cells[c]);
		char text[160];

		if (!round || !round->n_steps)
			continue;
		pictures_label(run, &run->cells[c], NULL, text, sizeof(text));
		document_row_begin(document);
		document_cell(document, "%s", run->cells[c].bench);
		document_cell(document, "%s", text);
		for (size_t s = 0; s < steps->n_steps; s++) {
			double median = pictures_step_median(&run->cells[c], steps->steps[s].name);

			if (isfinite(median))
				format_value(median, unit, text);
			document_cell(document, "%s", isfinite(median) ? text : "-");
		}
		document_row_end(document);
	}
	document_table_end(document);
}

/* A counter of the device in one step, if it counted anything. */
static void write_count(struct chapter *chapter, const struct runfile_cell *cell, const struct runfile_step *step, const struct runfile_count *count)
{
	double median = pictures_count_median(cell, step->name, count->name);
	char text[160];

	if (!(median > 0.0) || !pictures_is_device_count(cell, count))
		return;
	document_row_begin(chapter->document);
	document_cell(chapter->document, "%s", cell->bench);
	pictures_label(chapter->run, cell, NULL, text, sizeof(text));
	document_cell(chapter->document, "%s", text);
	document_cell(chapter->document, "%s", step->name);
	document_cell(chapter->document, "%s", count->name);
	format_value(median, count->unit, text);
	document_cell(chapter->document, "%s", text);
	document_row_end(chapter->document);
}

static void write_traffic_table(struct chapter *chapter)
{
	const struct runfile *run = chapter->run;

	if (!any_steps(run))
		return;
	document_paragraph(chapter->document, "Counters of the device by step, the median over the rounds; those that stayed at zero are left out.");
	document_table_begin(chapter->document, "kernel|cell|step|counter|>median");
	for (size_t c = 0; c < run->n_cells; c++) {
		const struct runfile_round *round = first_ok(&run->cells[c]);

		for (size_t s = 0; round && s < round->n_steps; s++)
			for (size_t i = 0; i < round->steps[s].n_counts; i++)
				write_count(chapter, &run->cells[c], &round->steps[s], &round->steps[s].counts[i]);
	}
	document_table_end(chapter->document);
}

static bool has_subject(const struct chapter *chapter, enum pictures_subject subject)
{
	for (size_t i = 0; i < chapter->pictures.n; i++)
		if (chapter->pictures.entries[i].subject == subject)
			return true;
	return false;
}

static void write_picture(struct chapter *chapter, const struct pictures_entry *entry)
{
	int err = 0;

	if (chapter->place.can_draw || *entry->error)
		document_heading(chapter->document, 3, entry->title);
	if (*entry->error)
		document_paragraph(chapter->document, "This picture could not be drawn. %s", entry->error);
	else if (chapter->place.can_draw)
		err = document_figure(chapter->document, entry->name, entry->alt, entry->caption);
	if (err)
		document_paragraph(chapter->document, "This picture could not be read back: %s", strerror(-err));
}

static void write_subject(struct chapter *chapter, enum pictures_subject subject)
{
	bool table = subject == PICTURES_STEPS || subject == PICTURES_TRAFFIC;

	if (!has_subject(chapter, subject) || (!chapter->place.can_draw && !table))
		return;
	document_heading(chapter->document, 2, subject_titles[subject]);
	for (size_t i = 0; i < chapter->pictures.n; i++)
		if (chapter->pictures.entries[i].subject == subject)
			write_picture(chapter, &chapter->pictures.entries[i]);
	if (subject == PICTURES_STEPS)
		write_steps_table(chapter);
	if (subject == PICTURES_TRAFFIC)
		write_traffic_table(chapter);
}

/* ---- what can be believed ------------------------------------------------------------------------------ */

/* What one expectation of a cell came to over all rounds. */
struct expectation {
	size_t held, all;
	double lo, hi; /* seen */
};

static struct expectation count_expectation(const struct runfile_cell *cell, const struct runfile_evidence *like)
{
	struct expectation sum = {.lo = INFINITY, .hi = -INFINITY};

	for (size_t r = 0; r < cell->n_rounds; r++)
		for (size_t e = 0; e < cell->rounds[r]->n_evidence; e++) {
			const struct runfile_evidence *item = &cell->rounds[r]->evidence[e];

			if (strcmp(item->what, like->what) || strcmp(item->relation, like->relation))
				continue;
			sum.all++;
			sum.held += item->holds;
			sum.lo = fmin(sum.lo, item->seen);
			sum.hi = fmax(sum.hi, item->seen);
		}
	return sum;
}

static bool expectation_is_new(const struct runfile_cell *cell, size_t round, size_t item)
{
	const struct runfile_evidence *like = &cell->rounds[round]->evidence[item];

	for (size_t r = 0; r <= round; r++)
		for (size_t e = 0; e < (r == round ? item : cell->rounds[r]->n_evidence); e++)
			if (!strcmp(cell->rounds[r]->evidence[e].what, like->what) && !strcmp(cell->rounds[r]->evidence[e].relation, like->relation))
				return false;
	return true;
}

static void write_expectation(struct chapter *chapter, const struct runfile_cell *cell, const struct runfile_evidence *item)
{
	struct expectation sum = count_expectation(cell, item);
	struct document *document = chapter->document;
	char text[160];

	document_row_begin(document);
	document_cell(document, "%s", cell->bench);
	pictures_label(chapter->run, cell, NULL, text, sizeof(text));
	document_cell(document, "%s", text);
	document_cell(document, "%s", item->what);
	if (sum.lo == sum.hi)
		document_cell(document, "%.10g", sum.lo);
	else
		document_cell(document, "%.10g to %.10g", sum.lo, sum.hi);
	document_cell(document, "%s %.10g", item->relation, item->expected);
	document_cell(
		document, "%s in %zu of %zu", sum.held == sum.all ? "holds" : "FAILS", sum.held == sum.all ? sum.held : sum.all - sum.held, sum.all);
	document_row_end(document);
}

static void write_evidence(struct chapter *chapter)
{
	const struct runfile *run = chapter->run;
	size_t held = 0, all = 0;

	document_heading(chapter->document, 2, "Evidence");
	for (size_t c = 0; c < run->n_cells; c++)
		for (size_t r = 0; r < run->cells[c].n_rounds; r++)
			for (size_t e = 0; e < run->cells[c].rounds[r]->n_evidence; e++, all++)
				held += run->cells[c].rounds[r]->evidence[e].holds;
	document_paragraph(chapter->document,
		"%zu of %zu expectations on counters and residence held. A round with one that does not is invalid and gives no value.", held, all);
	if (!all)
		return;
	document_table_begin(chapter->document, "benchmark|cell|expectation|>seen|expected (first)|result");
	for (size_t c = 0; c < run->n_cells; c++)
		for (size_t r = 0; r < run->cells[c].n_rounds; r++)
			for (size_t e = 0; e < run->cells[c].rounds[r]->n_evidence; e++)
				if (expectation_is_new(&run->cells[c], r, e))
					write_expectation(chapter, &run->cells[c], &run->cells[c].rounds[r]->evidence[e]);
	document_table_end(chapter->document);
}

static void describe_cell(const struct runfile_cell *cell, char *text, size_t bytes)
{
	char params[128];

	format_params(cell, false, params, sizeof(params));
	snprintf(text, bytes, "%s %s %s%s%s", cell->bench, cell->setup, cell->device, *params ? " " : "", params);
}

static void write_skips(struct chapter *chapter)
{
	const struct runfile *run = chapter->run;
	struct document *document = chapter->document;
	char text[256];
	size_t skips = 0;

	document_heading(document, 2, "Not run here");
	for (size_t c = 0; c < run->n_cells; c++)
		skips += runfile_count_verdict(&run->cells[c], RUN_SKIP) > 0;
	if (!skips) {
		document_paragraph(document, "Nothing was skipped.");
		return;
	}
	document_table_begin(document, "cell|why|what to do");
	for (size_t c = 0; c < run->n_cells; c++)
		for (size_t r = 0; r < run->cells[c].n_rounds; r++) {
			const struct runfile_round *round = run->cells[c].rounds[r];

			if (round->verdict != RUN_SKIP)
				continue;
			describe_cell(&run->cells[c], text, sizeof(text));
			document_row_begin(document);
			document_cell(document, "%s", text);
			document_cell(document, "%s", round->why);
			document_cell(document, "%s", *round->remedy ? round->remedy : "-");
			document_row_end(document);
			break;
		}
	document_table_end(document);
}

static void write_bad_rounds(struct chapter *chapter)
{
	const struct runfile *run = chapter->run;
	struct document *document = chapter->document;
	char text[256];
	size_t bad = 0;

	document_heading(document, 2, "Rounds that do not count");
	for (size_t c = 0; c < run->n_cells; c++)
		for (int v = RUN_SKIP + 1; v < RUN_VERDICTS; v++)
			bad += runfile_count_verdict(&run->cells[c], v);
	if (!bad) {
		document_paragraph(document, "Every round that ran counts.");
		return;
	}
	document_table_begin(document, "cell|>round|>line|verdict|why");
	for (size_t c = 0; c < run->n_cells; c++)
		for (size_t r = 0; r < run->cells[c].n_rounds; r++) {
			const struct runfile_round *round = run->cells[c].rounds[r];

			if (round->verdict <= RUN_SKIP)
				continue;
			describe_cell(&run->cells[c], text, sizeof(text));
			document_row_begin(document);
			document_cell(document, "%s", text);
			document_cell(document, "%u", round->number);
			document_cell(document, "%u", round->line);
			document_cell(document, "%s", runfile_verdict_names[round->verdict]);
			document_cell(document, "%s", round->why);
			document_row_end(document);
		}
	document_table_end(document);
}

static void write_absent(struct chapter *chapter)
{
	const struct runfile *run = chapter->run;
	const struct runfile_text *seen[64];
	size_t n = 0;

	for (size_t c = 0; c < run->n_cells; c++)
		for (size_t r = 0; r < run->cells[c].n_rounds; r++)
			for (size_t a = 0; a < run->cells[c].rounds[r]->n_absent && n < FS_ARRAY_SIZE(seen); a++) {
				const struct runfile_text *absent = &run->cells[c].rounds[r]->absent[a];
				bool new = true;

				/* texts are kept once: equal ones are the same pointer */
				for (size_t s = 0; s < n && new; s++)
					new = seen[s]->name != absent->name || seen[s]->text != absent->text;
				if (new)
					seen[n++] = absent;
			}
	if (!n)
		return;
	document_heading(chapter->document, 2, "Counters that could not be read");
	document_table_begin(chapter->document, "counter|why");
	for (size_t s = 0; s < n; s++)
		fact(chapter->document, seen[s]->name, seen[s]->text);
	document_table_end(chapter->document);
}

static void write_warnings(struct chapter *chapter)
{
	if (!chapter->run->n_warnings)
		return;
	document_heading(chapter->document, 2, "About the file");
	document_item_begin(chapter->document);
	for (size_t w = 0; w < chapter->run->n_warnings; w++)
		document_item(chapter->document, "%s", chapter->run->warnings[w]);
	document_item_end(chapter->document);
}

static void write_reading(struct document *document)
{
	document_heading(document, 2, "How to read this");
	document_item_begin(document);
	document_item(document, "A round is one visit to a cell in a fresh process and gives one value: the median of its samples. Rounds are "
				"interleaved over the cells.");
	document_item(document,
		"The interval holds the median of such rounds with 95 %% confidence. It is exact and assumes no distribution; it needs %d rounds.",
		STATISTICS_INTERVAL_MIN);
	document_item(document, "NAME_p50, NAME_p99 and NAME_max come from a histogram of single touches: each round gives one value of each.");
	document_item(document, "\"1.21 x floor\" is the median divided by that floor's median in the same run; \"83 %% of floor\" is the share of "
				"it that was reached.");
	document_item(document, "An outlier is further than %.1f median absolute deviations from the median. It is counted, never dropped.",
		STATISTICS_OUTLIER);
	document_item(document,
		"Stop: precision (the interval is narrow enough), rounds or time (the cap was reached), skip, invalid, interrupted, unfinished.");
	document_item_end(document);
}

/* ---- the whole ----------------------------------------------------------------------------------------- */

/* Pictures that could not be drawn, with the first one's reason. */
static int count_failures(const struct pictures *pictures, struct fs_reason *why)
{
	int failed = 0;

	for (size_t i = 0; i < pictures->n; i++)
		if (*pictures->entries[i].error && !failed++)
			fs_because(why, 0, "", "%s: %s", pictures->entries[i].name, pictures->entries[i].error);
	return failed;
}

/* As report_write(). */
static int write_chapter(
	const struct report_input *input, size_t number, bool several, struct document *document, struct picture_place *place, struct fs_reason *why)
{
	struct chapter chapter = {.run = input->run, .summary = input->summary, .document = document};
	char prefix[32] = "", title[128];
	int err;

	make_stamp(input->run, chapter.stamp);
	place->stamp = chapter.stamp;
	chapter.place = *place;
	if (several)
		snprintf(prefix, sizeof(prefix), "run%zu-", number + 1);
	err = pictures_make(input->run, input->summary, place, prefix, &chapter.pictures, why);
	if (err)
		return err;
	err = count_failures(&chapter.pictures, why);
	if (several) {
		snprintf(title, sizeof(title), "Run %zu: %.80s", number + 1, *input->run->plan ? input->run->plan : input->run->id);
		document_heading(document, 1, title);
	}
	write_overview(&chapter);
	for (int s = 0; s < PICTURES_SUBJECTS; s++)
		write_subject(&chapter, s);
	write_results(&chapter);
	write_skips(&chapter);
	write_bad_rounds(&chapter);
	write_evidence(&chapter);
	write_absent(&chapter);
	write_where(&chapter);
	write_warnings(&chapter);
	pictures_free(&chapter.pictures);
	return err;
}

static int make_dirs(const char *dir, struct fs_reason *why)
{
	char data[4096];

	if ((size_t)snprintf(data, sizeof(data), "%s/data", dir) >= sizeof(data))
		return fs_because(why, -ENAMETOOLONG, "", "%s: the path is too long", dir);
	if (mkdir(dir, 0777) && errno != EEXIST)
		return fs_because(why, -errno, "", "%s: %s", dir, strerror(errno));
	if (mkdir(data, 0777) && errno != EEXIST)
		return fs_because(why, -errno, "", "%s: %s", data, strerror(errno));
	return 0;
}

/* The folder of the scripts by its full path, as gnuplot runs elsewhere. The caller frees it; NULL with the reason. */
static char *find_scripts(struct fs_reason *why)
{
	char path[4096];
	char *full = NULL;
	int err = datafile_path("analysis/plot", "plot", "", path, sizeof(path));

	if (!err)
		full = realpath(path, NULL);
	if (!full)
		fs_because(why, err ? err : -errno, "set FIVESTEP_DATADIR to the folder of fivestep's data", "the plot scripts are not in %s", path);
	return full;
}

int report_write(const struct report_input *inputs, size_t n, const char *dir, struct fs_reason *pictures, struct fs_reason *why)
{
	struct picture_place place = {.dir = dir};
	struct document document;
	char *scripts = NULL;
	char title[160];
	int err, failed = 0;

	memset(pictures, 0, sizeof(*pictures));
	err = make_dirs(dir, why);
	if (err)
		return err;
	if (!picture_probe(pictures)) {
		scripts = find_scripts(why);
		if (!scripts)
			return -ENXIO; /* not -ENOENT: no name that the user gave is at fault */
		place.can_draw = true;
	}
	place.scripts = scripts;
	snprintf(title, sizeof(title), n == 1 ? "fivestep report: %.100s" : "fivestep report", inputs[0].run->plan);
	err = document_open(&document, dir, title);
	if (err) {
		free(scripts);
		return fs_because(why, err, "", "%s: %s", dir, strerror(-err));
	}
	document_heading(&document, 1, title);
	for (size_t i = 0; i < n && err >= 0; i++) {
		err = write_chapter(&inputs[i], i, n > 1, &document, &place, why);
		failed += err > 0 ? err : 0;
	}
	write_reading(&document);
	if (document_close(&document) && err >= 0)
		err = fs_because(why, -EIO, "is the disk full?", "%s: the report cannot be written", dir);
	free(scripts);
	return err < 0 ? err : failed;
}
