/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pictures.c - which pictures a run gives, and their numbers; see pictures.h.
 *
 * Nothing here knows a benchmark, a setup or a device: a kernel says that it is one, a histogram is seen by its form,
 * a sweep by a parameter with three or more numeric values, a device's counter by the device's name before it.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/format.h"
#include "analysis/pictures.h"

#define ROWS_MAX     20 /* bars of one picture; more go to a second one */
#define NAMES_MAX    64 /* distinct names of one kind in a run that pictures are made of */
#define LABEL_BYTES  128
#define ROW_PX	     30
#define SMALL_ROW_PX 22
#define FRAME_PX     150 /* title, axis and stamp */
#define LEGEND_PX    24	 /* a row of the legend */
#define LINES_PX     430

struct maker {
	const struct runfile *run;
	const struct summary *summary;
	const struct picture_place *place;
	const char *prefix;
	struct pictures *pictures;
	struct fs_reason *why;
};

/* A short list of distinct names; what does not fit is left to the tables. */
struct names {
	const char *name[NAMES_MAX];
	unsigned n;
};

static int names_add(struct names *names, const char *name)
{
	for (unsigned i = 0; i < names->n; i++)
		if (!strcmp(names->name[i], name))
			return (int)i;
	if (names->n == NAMES_MAX)
		return -1;
	names->name[names->n] = name;
	return (int)names->n++;
}

/* ---- medians over rounds ------------------------------------------------------------------------------- */

static double count_in_step(const struct runfile_step *step, const char *counter)
{
	for (size_t c = 0; c < step->n_counts; c++)
		if (!strcmp(step->counts[c].name, counter))
			return step->counts[c].value;
	return NAN;
}

/* A step's time, or one of its counters; summed over the steps where step is NULL. NaN without. */
static double round_number(const struct runfile_round *round, const char *step, const char *counter)
{
	double sum = NAN;

	for (size_t s = 0; s < round->n_steps; s++) {
		double value;

		if (step && strcmp(round->steps[s].name, step))
			continue;
		value = counter ? count_in_step(&round->steps[s], counter) : round->steps[s].ns;
		if (isfinite(value))
			sum = isnan(sum) ? value : sum + value;
	}
	return sum;
}

static double median_number(const struct runfile_cell *cell, const char *step, const char *counter)
{
	double *values = calloc(cell->n_rounds ? cell->n_rounds : 1, sizeof(*values));
	struct statistics_interval interval;
	size_t n = 0;
	double median = NAN;

	if (!values)
		return NAN;
	for (size_t r = 0; r < cell->n_rounds; r++) {
		double value = cell->rounds[r]->verdict == RUN_OK ? round_number(cell->rounds[r], step, counter) : NAN;

		if (isfinite(value))
			values[n++] = value;
	}
	if (!statistics_median(values, n, &interval))
		median = interval.median;
	free(values);
	return median;
}

double pictures_step_median(const struct runfile_cell *cell, const char *step)
{
	return median_number(cell, step, NULL);
}

double pictures_count_median(const struct runfile_cell *cell, const char *step, const char *counter)
{
	return median_number(cell, step, counter);
}

bool pictures_is_device_count(const struct runfile_cell *cell, const struct runfile_count *count)
{
	size_t len = strlen(cell->device);

	return !strncmp(count->name, cell->device, len) && count->name[len] == '.';
}

/* ---- labels -------------------------------------------------------------------------------------------- */

static bool param_differs(const struct runfile *run, const struct runfile_cell *cell, const struct runfile_text *param)
{
	for (size_t c = 0; c < run->n_cells; c++) {
		const char *other = runfile_param(&run->cells[c], param->name);

		if (!strcmp(run->cells[c].bench, cell->bench) && other && strcmp(other, param->text))
			return true;
	}
	return false;
}

static bool several_devices(const struct runfile *run)
{
	const char *first = NULL;

	for (size_t c = 0; c < run->n_cells; c++) {
		if (!strcmp(run->cells[c].device, "-"))
			continue;
		if (first && strcmp(first, run->cells[c].device))
			return true;
		first = run->cells[c].device;
	}
	return false;
}

void pictures_label(const struct runfile *run, const struct runfile_cell *cell, const char *without, char *text, size_t bytes)
{
	size_t used = (size_t)snprintf(text, bytes, "%s", strcmp(cell->setup, "-") ? cell->setup : cell->bench);

	if (several_devices(run) && used < bytes)
		used += (size_t)snprintf(text + used, bytes - used, " %s", cell->device);
	for (size_t p = 0; p < cell->n_params && used < bytes; p++) {
		const struct runfile_text *param = &cell->params[p];

		if (param->set && (!without || strcmp(param->name, without)) && param_differs(run, cell, param))
			used += (size_t)snprintf(text + used, bytes - used, " %s=%s", param->name, param->text);
	}
}

/* ---- pictures ------------------------------------------------------------------------------------------ */

/* The next entry, with its title in the picture; NULL without memory or files. part: "" or " (2)". */
static struct pictures_entry *begin(
	struct maker *maker, struct picture *picture, enum pictures_subject subject, const char *script, const char *title)
{
	struct pictures *pictures = maker->pictures;
	struct pictures_entry *entries = reallocarray(pictures->entries, pictures->n + 1, sizeof(*entries));
	static const char *const kinds[PICTURES_SUBJECTS] = {"steps", "distribution", "traffic", "sweep", "floors"};
	struct pictures_entry *entry;
	unsigned number = 1;

	if (!entries) {
		fs_because(maker->why, -ENOMEM, "", "out of memory");
		return NULL;
	}
	pictures->entries = entries;
	for (size_t i = 0; i < pictures->n; i++)
		number += entries[i].subject == subject;
	if (picture_begin(picture, maker->place, script, maker->why, "%s%s-%u", maker->prefix, kinds[subject], number))
		return NULL;
	entry = &entries[pictures->n++];
	memset(entry, 0, sizeof(*entry));
	entry->subject = subject;
	snprintf(entry->name, sizeof(entry->name), "%s", picture->name);
	snprintf(entry->title, sizeof(entry->title), "%s", title);
	picture_text(picture, "title", title);
	return entry;
}

/* Draws; a picture that gnuplot refuses is reported in its place and does not stop the report. */
static void finish(struct maker *maker, struct picture *picture, struct pictures_entry *entry)
{
	struct fs_reason why = {0};

	if (picture_end(picture, maker->place, &why))
		snprintf(entry->error, sizeof(entry->error), "%s", why.what);
}

struct bars {
	const struct runfile_cell *cell[ROWS_MAX];
	char label[ROWS_MAX][LABEL_BYTES];
	unsigned n;
};

/* The next cells of a benchmark that have steps, from *next on. */
static void collect_bars(const struct maker *maker, const char *bench, size_t *next, struct bars *bars)
{
	const struct runfile *run = maker->run;

	bars->n = 0;
	for (; *next < run->n_cells && bars->n < ROWS_MAX; ++*next) {
		const struct runfile_cell *cell = &run->cells[*next];

		if (strcmp(cell->bench, bench) || !isfinite(median_number(cell, NULL, NULL)))
			continue;
		bars->cell[bars->n] = cell;
		pictures_label(run, cell, NULL, bars->label[bars->n], LABEL_BYTES);
		bars->n++;
	}
}

static void put_rows(struct picture *picture, const struct bars *bars)
{
	size_t longest = 4;

	picture_block(picture);
	for (unsigned i = 0; i < bars->n; i++) {
		fprintf(picture->numbers, "%u\t", i + 1);
		picture_field(picture, bars->label[i]);
		fputc('\n', picture->numbers);
		longest = strlen(bars->label[i]) > longest ? strlen(bars->label[i]) : longest;
	}
	picture_number(picture, "rows", bars->n);
	picture_number(picture, "margin", ceil((double)longest * 0.9) + 2);
}

/* The unit that shows values up to max with few digits; *factor turns recorded values into it. */
static const char *axis_unit(double max, const char *unit, double *factor)
{
	static const char *const times[] = {"ns", "us", "ms", "s"};
	static const char *const sizes[] = {"bytes", "KiB", "MiB", "GiB"};
	bool time = !strcmp(unit, "ns"), size = !strcmp(unit, "bytes");
	double step = time ? 1000.0 : 1024.0;
	unsigned u = 0;

	*factor = 1.0;
	if (!time && !size)
		return unit;
	while (u < 3 && max * *factor >= 2.0 * step) {
		*factor /= step;
		u++;
	}
	return time ? times[u] : sizes[u];
}

static const struct summary_row *find_row(const struct summary *summary, const struct runfile_cell *cell, const char *metric)
{
	for (size_t i = 0; i < summary->n; i++)
		if (summary->rows[i].cell == cell && summary->rows[i].metric && !strcmp(summary->rows[i].metric, metric))
			return &summary->rows[i];
	return NULL;
}

static void put_totals(const struct maker *maker, struct picture *picture, const struct bars *bars, double factor)
{
	picture_block(picture);
	for (unsigned i = 0; i < bars->n; i++) {
		const struct summary_row *row = find_row(maker->summary, bars->cell[i], "total");

		if (!row)
			continue;
		fprintf(picture->numbers, "%u\t%.9g\t%.9g\t%.9g\n", i + 1, row->interval.median * factor,
			(row->interval.has_interval ? row->interval.lo : row->interval.median) * factor,
			(row->interval.has_interval ? row->interval.hi : row->interval.median) * factor);
	}
}

static int steps_part(struct maker *maker, const char *bench, const struct bars *bars, const struct names *steps)
{
	static const char *const dot = "total, 95 % interval";
	const struct summary_row *total = find_row(maker->summary, bars->cell[0], "total");
	double end[ROWS_MAX] = {0}, max = 0.0, factor;
	struct pictures_entry *entry;
	struct picture picture;
	char text[160];
	const char *unit;

	for (unsigned i = 0; i < bars->n; i++) {
		const struct summary_row *row = find_row(maker->summary, bars->cell[i], "total");

		max = fmax(max, median_number(bars->cell[i], NULL, NULL));
		if (row && row->interval.has_interval)
			max = fmax(max, row->interval.hi);
	}
	unit = axis_unit(max, total ? total->unit : "ns", &factor);
	snprintf(text, sizeof(text), "%s: time of the five steps", bench);
	entry = begin(maker, &picture, PICTURES_STEPS, "boxes", text);
	if (!entry)
		return -EIO;
	put_rows(&picture, bars);
	for (unsigned s = 0; s < steps->n; s++) {
		picture_block(&picture);
		for (unsigned i = 0; i < bars->n; i++) {
			double length = median_number(bars->cell[i], steps->name[s], NULL);

			if (!isfinite(length))
				continue;
			fprintf(picture.numbers, "%.9g\t%.9g\t%.2f\t%.2f\n", end[i] * factor, (end[i] + length) * factor, i + 0.66, i + 1.34);
			end[i] += length;
		}
	}
	put_totals(maker, &picture, bars, factor);
	picture_names(&picture, steps->name, steps->n, dot);
	picture_number(&picture, "marks", 1);
	picture_text(&picture, "marks_name", dot);
	picture_number(&picture, "x_max", max * factor * 1.06);
	snprintf(text, sizeof(text), "%s, %s", strcmp(unit, "insn") ? "time" : "instructions", unit);
	picture_text(&picture, "x_label", text);
	picture_number(&picture, "height", FRAME_PX + 2 * LEGEND_PX + ROW_PX * (double)bars->n);
	snprintf(entry->caption, sizeof(entry->caption),
		"Each part of a bar is the median of that step over the rounds; the dot is the median of the total, with its 95 %% interval. Shorter "
		"is better.");
	snprintf(entry->alt, sizeof(entry->alt),
		"Stacked bars of %s, one a setup, divided into alloc, cpu_before, device, cpu_after and release. The numbers are in the table below.",
		bench);
	finish(maker, &picture, entry);
	return 0;
}

static void collect_steps(const struct bars *bars, struct names *steps)
{
	for (unsigned i = 0; i < bars->n; i++)
		for (size_t r = 0; r < bars->cell[i]->n_rounds; r++)
			for (size_t s = 0; s < bars->cell[i]->rounds[r]->n_steps; s++)
				names_add(steps, bars->cell[i]->rounds[r]->steps[s].name);
}

/* ---- faults and bytes ---------------------------------------------------------------------------------- */

/* Counters of the bars' devices in one unit that are not zero everywhere. */
static void collect_counts(const struct bars *bars, const char *unit, struct names *counts)
{
	for (unsigned i = 0; i < bars->n; i++)
		for (size_t r = 0; r < bars->cell[i]->n_rounds; r++)
			for (size_t s = 0; s < bars->cell[i]->rounds[r]->n_steps; s++) {
				const struct runfile_step *step = &bars->cell[i]->rounds[r]->steps[s];

				for (size_t c = 0; c < step->n_counts; c++)
					if (step->counts[c].value > 0.0 && !strcmp(step->counts[c].unit, unit) &&
						pictures_is_device_count(bars->cell[i], &step->counts[c]))
						names_add(counts, step->counts[c].name);
			}
}

static int traffic_part(struct maker *maker, const char *bench, const struct bars *bars, const char *unit, const struct names *counts)
{
	unsigned series = counts->n < 6 ? counts->n : 6;
	double thick = 0.76 / series, max = 0.0, factor;
	struct pictures_entry *entry;
	struct picture picture;
	const char *shown;
	char text[160];

	for (unsigned i = 0; i < bars->n; i++)
		for (unsigned c = 0; c < series; c++)
			max = fmax(max, median_number(bars->cell[i], NULL, counts->name[c]));
	if (!(max > 0.0))
		return 0;
	shown = axis_unit(max, unit, &factor);
	snprintf(text, sizeof(text), "%s: %s, all five steps", bench, unit);
	entry = begin(maker, &picture, PICTURES_TRAFFIC, "boxes", text);
	if (!entry)
		return -EIO;
	put_rows(&picture, bars);
	for (unsigned c = 0; c < series; c++) {
		picture_block(&picture);
		for (unsigned i = 0; i < bars->n; i++) {
			double value = median_number(bars->cell[i], NULL, counts->name[c]);

			if (isfinite(value))
				fprintf(picture.numbers, "0\t%.9g\t%.3f\t%.3f\n", value * factor, i + 0.62 + c * thick,
					i + 0.62 + (c + 0.92) * thick);
		}
	}
	picture_names(&picture, counts->name, series, NULL);
	picture_number(&picture, "marks", 0);
	picture_number(&picture, "x_max", max * factor * 1.06);
	snprintf(text, sizeof(text), "%s a round", shown);
	picture_text(&picture, "x_label", text);
	picture_number(&picture, "height", FRAME_PX + 2 * LEGEND_PX + (ROW_PX + 6.0 * series) * (double)bars->n);
	snprintf(entry->caption, sizeof(entry->caption),
		"What the device itself counted, the median over the rounds. A setup without a bar counted none%s.",
		counts->n > series ? "; more counters are in the table" : "");
	snprintf(entry->alt, sizeof(entry->alt),
		"Bars of the %s that each setup caused in %s, one bar a counter. The numbers are in the table below.", unit, bench);
	finish(maker, &picture, entry);
	return 0;
}

static int traffic(struct maker *maker, const char *bench, const struct bars *bars)
{
	static const char *const units[] = {"faults", "pages", "bytes"};
	int err = 0;

	for (unsigned u = 0; u < FS_ARRAY_SIZE(units) && !err; u++) {
		struct names counts = {0};

		collect_counts(bars, units[u], &counts);
		if (counts.n)
			err = traffic_part(maker, bench, bars, units[u], &counts);
	}
	return err;
}

static int kernels(struct maker *maker)
{
	struct names benches = {0};
	int err = 0;

	for (size_t c = 0; c < maker->run->n_cells; c++)
		if (runfile_is_kernel(&maker->run->cells[c]))
			names_add(&benches, maker->run->cells[c].bench);
	for (unsigned b = 0; b < benches.n && !err; b++) {
		struct bars bars;
		size_t next = 0;

		for (collect_bars(maker, benches.name[b], &next, &bars); bars.n && !err; collect_bars(maker, benches.name[b], &next, &bars)) {
			struct names steps = {0};

			collect_steps(&bars, &steps);
			err = steps_part(maker, benches.name[b], &bars, &steps);
			if (!err)
				err = traffic(maker, benches.name[b], &bars);
		}
	}
	return err;
}

/* ---- distributions ------------------------------------------------------------------------------------- */

struct curve {
	const struct runfile_cell *cell;
	char label[LABEL_BYTES];
	struct statistics_bucket *buckets;
	size_t n;
};

/* All ok rounds of a cell together. 0, also without any, or -ENOMEM. */
static int merge_rounds(const struct runfile_cell *cell, const char *metric, struct curve *curve)
{
	int err = 0;

	for (size_t r = 0; r < cell->n_rounds && !err; r++) {
		const struct runfile_metric *found = cell->rounds[r]->verdict == RUN_OK ? runfile_find_metric(cell->rounds[r], metric) : NULL;

		if (found && found->n_buckets)
			err = statistics_histogram_merge(&curve->buckets, &curve->n, found->buckets, found->n_buckets);
	}
	return err;
}

static void put_curve(struct picture *picture, const struct curve *curve)
{
	double all = (double)statistics_histogram_count(curve->buckets, curve->n), below = 0.0;

	picture_block(picture);
	fprintf(picture->numbers, "%.9g\t0\n", curve->buckets[0].low);
	for (size_t i = 0; i < curve->n; i++) {
		below += (double)curve->buckets[i].count;
		fprintf(picture->numbers, "%.9g\t%.9g\n", curve->buckets[i].high, below / all);
	}
}

static int distribution(struct maker *maker, const char *bench, const char *metric, const char *unit, const struct curve *curves, unsigned n)
{
	const char *names[PICTURE_SERIES];
	double lo = INFINITY, hi = 0.0, most = 10.0;
	struct pictures_entry *entry;
	struct picture picture;
	char text[160];

	snprintf(text, sizeof(text), "%s: distribution of %s", bench, metric);
	entry = begin(maker, &picture, PICTURES_DISTRIBUTIONS, "lines", text);
	if (!entry)
		return -EIO;
	for (unsigned i = 0; i < n; i++) {
		double low = statistics_histogram_quantile(curves[i].buckets, curves[i].n, 0.001);

		names[i] = curves[i].label;
		lo = fmin(lo, low > 0.5 ? low : 0.5);
		hi = fmax(hi, statistics_histogram_max(curves[i].buckets, curves[i].n));
		most = fmax(most, (double)statistics_histogram_count(curves[i].buckets, curves[i].n));
		put_curve(&picture, &curves[i]);
	}
	picture_names(&picture, names, n, NULL);
	picture_text(&picture, "kind_of", "distribution");
	picture_number(&picture, "nines", fmin(log10(most), 6.0));
	picture_tics(&picture, "x_tics", lo, hi, unit);
	picture_number(&picture, "x_min", lo / 1.15);
	picture_number(&picture, "x_max", hi * 1.15);
	snprintf(text, sizeof(text), "%s of one touch%s%s", metric, strcmp(unit, "ns") ? ", " : "", strcmp(unit, "ns") ? unit : "");
	picture_text(&picture, "x_label", text);
	picture_text(&picture, "y_label", "touches that took at most this");
	picture_number(&picture, "y_log", 0);
	picture_number(&picture, "height", LINES_PX + LEGEND_PX * (n / 3 + 1.0));
	snprintf(entry->caption, sizeof(entry->caption),
		"Cumulative, every touch of every ok round together; further left is better. The axis opens the tail: each nine has as much room as "
		"the one before.");
	snprintf(entry->alt, sizeof(entry->alt),
		"Cumulative distribution of %s in %s over a logarithmic time axis, one line a setup and parameter. The quantiles are in the table of "
		"results.",
		metric, bench);
	finish(maker, &picture, entry);
	return 0;
}

static int distributions_of(struct maker *maker, const char *bench, const struct summary_row *like)
{
	const struct runfile *run = maker->run;
	struct curve curves[PICTURE_SERIES];
	size_t c = 0;
	int err = 0;

	while (c < run->n_cells && !err) {
		unsigned n = 0;

		for (; c < run->n_cells && n < PICTURE_SERIES && !err; c++) {
			if (strcmp(run->cells[c].bench, bench))
				continue;
			curves[n] = (struct curve){.cell = &run->cells[c]};
			err = merge_rounds(&run->cells[c], like->base, &curves[n]);
			pictures_label(run, &run->cells[c], NULL, curves[n].label, LABEL_BYTES);
			if (statistics_histogram_count(curves[n].buckets, curves[n].n))
				n++;
			else
				free(curves[n].buckets);
		}
		if (n && !err)
			err = distribution(maker, bench, like->base, like->unit, curves, n);
		while (n)
			free(curves[--n].buckets);
	}
	return err;
}

static int distributions(struct maker *maker)
{
	const struct summary *summary = maker->summary;
	int err = 0;

	for (size_t i = 0; i < summary->n && !err; i++) {
		const struct summary_row *row = &summary->rows[i];
		bool first = row->histogram;

		for (size_t j = 0; j < i && first; j++)
			first = !summary->rows[j].histogram || strcmp(summary->rows[j].base, row->base) ||
				strcmp(summary->rows[j].cell->bench, row->cell->bench);
		if (first)
			err = distributions_of(maker, row->cell->bench, row);
	}
	return err;
}

static bool is_middle(const struct summary_row *row)
{
	return !strcmp(row->metric + strlen(row->base), "_p50");
}

/* ---- sweeps -------------------------------------------------------------------------------------------- */

struct point {
	double x;
	const char *text;
	const struct summary_row *row;
	unsigned line;
};

struct sweep {
	const char *bench, *param, *metric, *unit;
	struct point *points;
	size_t n;
	char (*labels)[LABEL_BYTES]; /* of the lines */
	unsigned lines;
};

static int point_order(const void *a, const void *b)
{
	const struct point *p = a, *q = b;

	if (p->line != q->line)
		return p->line < q->line ? -1 : 1;
	return (p->x > q->x) - (p->x < q->x);
}

static unsigned line_of(struct sweep *sweep, const char *label)
{
	unsigned line = 0;

	while (line < sweep->lines && strcmp(sweep->labels[line], label))
		line++;
	if (line == sweep->lines)
		strcpy(sweep->labels[sweep->lines++], label);
	return line;
}

/* Every value of the metric over the parameter. */
static int collect_sweep(const struct maker *maker, struct sweep *sweep)
{
	const struct summary *summary = maker->summary;

	sweep->points = calloc(summary->n, sizeof(*sweep->points));
	sweep->labels = calloc(summary->n, sizeof(*sweep->labels));
	if (!sweep->points || !sweep->labels)
		return -ENOMEM;
	for (size_t i = 0; i < summary->n; i++) {
		const struct summary_row *row = &summary->rows[i];
		struct point *point = &sweep->points[sweep->n];
		char label[LABEL_BYTES];

		if (strcmp(row->cell->bench, sweep->bench) || !row->n_values || strcmp(row->metric, sweep->metric))
			continue;
		point->text = runfile_param(row->cell, sweep->param);
		if (!point->text || !format_number(point->text, &point->x) || !(point->x > 0.0))
			continue;
		pictures_label(maker->run, row->cell, sweep->param, label, sizeof(label));
		point->row = row;
		point->line = line_of(sweep, label);
		sweep->n++;
	}
	qsort(sweep->points, sweep->n, sizeof(*sweep->points), point_order);
	return 0;
}

/* The parameter's values as tics, spelled as in the plan. */
static void sweep_tics(struct picture *picture, const struct sweep *sweep, size_t from, size_t to)
{
	bool any = false;

	fputs("x_tics = \"(", picture->texts);
	for (size_t i = from; i < to; i++) {
		bool new = true;

		for (size_t j = from; j < i && new; j++)
			new = sweep->points[j].x != sweep->points[i].x;
		/* only a number and its suffix got here: see format_number() */
		if (new)
			fprintf(picture->texts, "%s'%s' %.9e", any ? ", " : "", sweep->points[i].text, sweep->points[i].x);
		any = any || new;
	}
	fputs(")\"\n", picture->texts);
}

/* Lines first to last of a sweep. */
static int sweep_part(struct maker *maker, const struct sweep *sweep, unsigned first, unsigned last)
{
	const char *names[PICTURE_SERIES], *shown;
	double lo = INFINITY, hi = 0.0, x_lo = INFINITY, x_hi = 0.0, factor = 1.0;
	size_t from = 0, to;
	struct pictures_entry *entry;
	struct picture picture;
	bool logarithmic;
	char text[160];

	while (from < sweep->n && sweep->points[from].line < first)
		from++;
	for (to = from; to < sweep->n && sweep->points[to].line < last; to++) {
		const struct statistics_interval *interval = &sweep->points[to].row->interval;

		lo = fmin(lo, interval->has_interval ? interval->lo : interval->median);
		hi = fmax(hi, interval->has_interval ? interval->hi : interval->median);
		x_lo = fmin(x_lo, sweep->points[to].x);
		x_hi = fmax(x_hi, sweep->points[to].x);
	}
	if (x_lo >= x_hi)
		return 0;
	logarithmic = lo > 0.0 && hi / lo >= 4.0;
	shown = axis_unit(hi, sweep->unit, &factor);
	if (logarithmic)
		factor = 1.0;
	snprintf(text, sizeof(text), "%s: %s over %s", sweep->bench, sweep->metric, sweep->param);
	entry = begin(maker, &picture, PICTURES_SWEEPS, "lines", text);
	if (!entry)
		return -EIO;
	for (unsigned line = first; line < last; line++) {
		names[line - first] = sweep->labels[line];
		picture_block(&picture);
		for (size_t i = from; i < to; i++) {
			const struct statistics_interval *interval = &sweep->points[i].row->interval;

			if (sweep->points[i].line == line)
				fprintf(picture.numbers, "%.9g\t%.9g\t%.9g\t%.9g\n", sweep->points[i].x, interval->median * factor,
					(interval->has_interval ? interval->lo : interval->median) * factor,
					(interval->has_interval ? interval->hi : interval->median) * factor);
		}
	}
	picture_names(&picture, names, last - first, NULL);
	picture_text(&picture, "kind_of", "sweep");
	sweep_tics(&picture, sweep, from, to);
	picture_number(&picture, "x_min", x_lo / 1.25);
	picture_number(&picture, "x_max", x_hi * 1.25);
	picture_text(&picture, "x_label", sweep->param);
	picture_number(&picture, "y_log", logarithmic);
	if (logarithmic) {
		picture_tics(&picture, "y_tics", lo, hi, sweep->unit);
		picture_number(&picture, "y_min", lo / 1.25);
		picture_number(&picture, "y_max", hi * 1.25);
	}
	if (logarithmic && !strcmp(sweep->unit, "ns"))
		snprintf(text, sizeof(text), "%s", sweep->metric);
	else
		snprintf(text, sizeof(text), "%s, %s", sweep->metric, logarithmic ? sweep->unit : shown);
	picture_text(&picture, "y_label", text);
	picture_number(&picture, "height", LINES_PX + LEGEND_PX * ((last - first) / 3 + 1.0));
	snprintf(entry->caption, sizeof(entry->caption), "Median over the rounds with its 95 %% interval; %s is better.",
		sweep->points[from].row->better == RUN_HIGHER ? "higher" : "lower");
	snprintf(entry->alt, sizeof(entry->alt),
		"Lines of %s of %s over %s on logarithmic axes, one line a setup. The numbers are in the table of results.", sweep->metric,
		sweep->bench, sweep->param);
	finish(maker, &picture, entry);
	return 0;
}

static int draw_sweep(struct maker *maker, struct sweep *sweep)
{
	int err = collect_sweep(maker, sweep);

	for (unsigned first = 0; first < sweep->lines && !err; first += PICTURE_SERIES)
		err = sweep_part(maker, sweep, first, first + PICTURE_SERIES < sweep->lines ? first + PICTURE_SERIES : sweep->lines);
	free(sweep->points);
	free(sweep->labels);
	return err;
}

/* Of a histogram the middle says enough: its tail is in the distributions. A count that is exact is no curve. */
static bool is_worth_a_sweep(const struct summary_row *row)
{
	return row->brief && row->n_values && row->better != RUN_EXACT && (!row->histogram || is_middle(row));
}

/* Three or more numeric values that were asked for. */
static bool is_swept(const struct runfile *run, const char *bench, const char *param)
{
	double seen[2];
	unsigned n = 0;

	for (size_t c = 0; c < run->n_cells; c++) {
		const struct runfile_cell *cell = &run->cells[c];
		double value;
		const char *text = strcmp(cell->bench, bench) ? NULL : runfile_param(cell, param);

		if (!text || !format_number(text, &value) || !(value > 0.0) || (n > 0 && seen[0] == value) || (n > 1 && seen[1] == value))
			continue;
		if (n == 2)
			return true;
		seen[n++] = value;
	}
	return false;
}

static int sweeps_of(struct maker *maker, const struct runfile_cell *cell)
{
	const struct summary *summary = maker->summary;
	int err = 0;

	for (size_t p = 0; p < cell->n_params && !err; p++) {
		struct names metrics = {0};

		if (!cell->params[p].set || !is_swept(maker->run, cell->bench, cell->params[p].name))
			continue;
		for (size_t i = 0; i < summary->n && !err; i++) {
			const struct summary_row *row = &summary->rows[i];
			struct sweep sweep = {.bench = cell->bench, .param = cell->params[p].name, .metric = row->metric, .unit = row->unit};
			unsigned before = metrics.n;

			if (strcmp(row->cell->bench, cell->bench) || !is_worth_a_sweep(row))
				continue;
			names_add(&metrics, row->metric);
			if (metrics.n > before)
				err = draw_sweep(maker, &sweep);
		}
	}
	return err;
}

static int sweeps(struct maker *maker)
{
	struct names benches = {0};
	int err = 0;

	for (size_t c = 0; c < maker->run->n_cells && !err; c++) {
		unsigned before = benches.n;

		names_add(&benches, maker->run->cells[c].bench);
		if (benches.n > before)
			err = sweeps_of(maker, &maker->run->cells[c]);
	}
	return err;
}

/* ---- floors -------------------------------------------------------------------------------------------- */

/* Times away from the floor: above 1 is further from what the machine can do, whatever the direction. */
static double distance(const struct summary_row *row, double value)
{
	return row->better == RUN_HIGHER ? row->floor_median / value : value / row->floor_median;
}

static int floors_part(struct maker *maker, const struct summary_row *const *rows, unsigned n)
{
	struct names floors = {0};
	double lo = 1.0, hi = 1.0;
	struct bars bars = {.n = n};
	struct pictures_entry *entry;
	struct picture picture;

	entry = begin(maker, &picture, PICTURES_FLOORS, "ratios", "Distance from the floor");
	if (!entry)
		return -EIO;
	for (unsigned i = 0; i < n; i++) {
		char label[LABEL_BYTES];

		pictures_label(maker->run, rows[i]->cell, NULL, label, sizeof(label));
		snprintf(bars.label[i], LABEL_BYTES, "%.40s %.30s %.48s", rows[i]->cell->bench, rows[i]->metric, label);
		names_add(&floors, rows[i]->floor);
	}
	put_rows(&picture, &bars);
	if (floors.n > PICTURE_SERIES)
		floors.n = PICTURE_SERIES;
	for (unsigned f = 0; f < floors.n; f++) {
		picture_block(&picture);
		for (unsigned i = 0; i < n; i++) {
			double a = distance(rows[i], rows[i]->interval.lo), b = distance(rows[i], rows[i]->interval.hi);
			double middle = distance(rows[i], rows[i]->interval.median);

			if (strcmp(rows[i]->floor, floors.name[f]))
				continue;
			if (!rows[i]->interval.has_interval)
				a = b = middle;
			lo = fmin(lo, fmin(a, b));
			hi = fmax(hi, fmax(a, b));
			fprintf(picture.numbers, "%u\t%.9g\t%.9g\t%.9g\n", i + 1, middle, fmin(a, b), fmax(a, b));
		}
	}
	picture_names(&picture, floors.name, floors.n, NULL);
	picture_tics(&picture, "x_tics", lo, hi, "x");
	picture_number(&picture, "x_min", lo / 1.25);
	picture_number(&picture, "x_max", hi * 1.25);
	picture_text(&picture, "x_label", "times away from the floor, which is at 1");
	picture_number(&picture, "height", FRAME_PX + LEGEND_PX + SMALL_ROW_PX * (double)n);
	snprintf(entry->caption, sizeof(entry->caption),
		"Base of each ratio: the median of the named floor in the same run. Times are divided by it, bandwidths divide it; the line at 1 is "
		"the floor, further right is worse.");
	snprintf(entry->alt, sizeof(entry->alt),
		"Dots with intervals on a logarithmic axis: how many times each metric is away from the floor measured in the same run.");
	finish(maker, &picture, entry);
	return 0;
}

/* The tail of a latency has no floor to speak of: of histograms only the middle is drawn. */
static bool has_floor(const struct summary_row *row)
{
	if (!row->brief || !isfinite(row->floor_median) || !(row->floor_median > 0.0) || !(row->interval.median > 0.0))
		return false;
	if (row->interval.has_interval && !(row->interval.lo > 0.0))
		return false;
	return !row->histogram || is_middle(row);
}

static int floors(struct maker *maker)
{
	const struct summary_row *rows[ROWS_MAX];
	unsigned n = 0;
	int err = 0;

	for (size_t i = 0; i < maker->summary->n && !err; i++) {
		if (has_floor(&maker->summary->rows[i]))
			rows[n++] = &maker->summary->rows[i];
		if (n == ROWS_MAX) {
			err = floors_part(maker, rows, n);
			n = 0;
		}
	}
	return n && !err ? floors_part(maker, rows, n) : err;
}

int pictures_make(const struct runfile *run, const struct summary *summary, const struct picture_place *place, const char *prefix,
	struct pictures *pictures, struct fs_reason *why)
{
	struct maker maker = {run, summary, place, prefix, pictures, why};
	int (*const subjects[])(struct maker *) = {kernels, distributions, sweeps, floors};
	int err = 0;

	memset(pictures, 0, sizeof(*pictures));
	for (unsigned i = 0; i < FS_ARRAY_SIZE(subjects) && !err; i++)
		err = subjects[i](&maker);
	if (err)
		pictures_free(pictures);
	return err == -ENOMEM ? fs_because(why, err, "", "out of memory") : err;
}

void pictures_free(struct pictures *pictures)
{
	free(pictures->entries);
	memset(pictures, 0, sizeof(*pictures));
}
