/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kernels.c - operations and stages of several kernels, side by side; see kernels.h.
 */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "analysis/history/kernels.h"
#include "analysis/summary/cells.h"
#include "base/text.h"

/* Where an operation's value is: a metric, or a count of a step divided by another one. */
struct source {
	const char *name;
	const char *bench, *setup, *device, *metric;
	bool inverse; /* the metric is bytes an instruction: the value is of one page */
	const char *step, *count, *per;
};

static const struct source operations[KERNELS_OPERATIONS] = {
	{"device fault, the driver's part", "fault_latency", "hmm", "softdev", .step = "device", .count = "softdev.device_faults_ns",
		.per = "softdev.faults_to_device"},
	{"CPU fault (softdev)", "fault_back", "hmm", "softdev", .metric = "touch"},
	{"CPU fault (dmirror)", "fault_back", "hmm", "dmirror", .metric = "touch"},
	{"to the device (softdev)", "migrate_bandwidth", "hmm", "softdev", .metric = "to_device", .inverse = true},
	{"to the device (dmirror)", "migrate_bandwidth", "hmm", "dmirror", .metric = "to_device", .inverse = true},
	{"to the host (softdev)", "migrate_bandwidth", "hmm", "softdev", .metric = "to_host", .inverse = true},
	{"to the host (dmirror)", "migrate_bandwidth", "hmm", "dmirror", .metric = "to_host", .inverse = true},
	{"to the device's node (move_pages)", "migrate_bandwidth", "cdm", "emu", .metric = "to_device", .inverse = true},
	{"to the host's node (move_pages)", "migrate_bandwidth", "cdm", "emu", .metric = "to_host", .inverse = true},
};

#define COLUMN 12 /* characters of a kernel's column, at least */

#define STAGE(fault, stage, step_name, per_count)                                                                                                    \
	{                                                                                                                                            \
		fault " fault: " stage, "fault_latency", "hmm", "softdev", .step = step_name, .count = "softdev." fault "_faults_" stage "_ns",      \
									   .per = per_count                                                          \
	}
#define DEVICE(stage) STAGE("device", stage, "device", "softdev.faults_to_device")
#define HOST(stage)   STAGE("host", stage, "cpu_after", "softdev.faults_to_host")
static const struct source stages[KERNELS_STAGES] = {DEVICE("collect"), DEVICE("allocate"), DEVICE("copy"), DEVICE("install"), DEVICE("finish"),
	DEVICE("look"), DEVICE("map"), DEVICE("wait"), DEVICE("room"), DEVICE("leave"), HOST("collect"), HOST("allocate"), HOST("copy"),
	HOST("install"), HOST("finish"), HOST("leave")};

static const char *factor(const struct runfile *run, const char *name)
{
	const char *text = json_string_value(json_object_get(json_object_get(json_object_get(run->header, "machine"), "factors"), name));

	return text != NULL ? text : "";
}

static double page_bytes(const struct runfile *run)
{
	const json_t *identity = json_object_get(json_object_get(run->header, "machine"), "identity");
	const json_t *sizes = json_object_get(identity, "page_sizes");

	return json_is_integer(json_array_get(sizes, 0)) ? (double)json_integer_value(json_array_get(sizes, 0)) : NAN;
}

static bool is_of(const struct source *source, const struct runfile_cell *cell)
{
	return strcmp(cell->bench, source->bench) == 0 && strcmp(cell->setup, source->setup) == 0 && strcmp(cell->device, source->device) == 0;
}

static double metric_of(const struct source *source, const struct summary *summary, const struct runfile *run)
{
	for (size_t i = 0; i < summary->n; i++) {
		const struct summary_row *row = &summary->rows[i];

		if (is_of(source, row->cell) && row->metric != NULL && row->n_values > 0 && strcmp(row->metric, source->metric) == 0)
			return source->inverse ? page_bytes(run) / row->interval.median : row->interval.median;
	}
	return NAN;
}

static double count_of(const struct source *source, const struct runfile *run)
{
	for (size_t c = 0; c < run->n_cells; c++) {
		const struct runfile_cell *cell = &run->cells[c];

		if (is_of(source, cell))
			return cells_count_median(cell, source->step, source->count) / cells_count_median(cell, source->step, source->per);
	}
	return NAN;
}

/* Returns how many lines have a value of at least one kernel. */
static unsigned collect(
	const struct source *sources, unsigned n, const struct kernels *kernels, const struct summary *const *summaries, struct kernels_line *lines)
{
	unsigned filled = 0;

	for (unsigned s = 0; s < n; s++) {
		struct kernels_line line = {.name = sources[s].name};
		bool any = false;

		for (unsigned k = 0; k < kernels->n; k++) {
			line.value[k] = sources[s].metric != NULL ? metric_of(&sources[s], summaries[k], kernels->run[k])
								  : count_of(&sources[s], kernels->run[k]);
			any = any || isfinite(line.value[k]);
		}
		if (any)
			lines[filled++] = line;
	}
	return filled;
}

/* Instructions can be compared between runs that differ in the kernel alone. */
static void find_unlike(struct kernels *kernels)
{
	static const char *const factors[] = {"guest_programs", "guest_data", "guest_machine", "qemu", "boot_parameters"};
	size_t used = 0;

	for (size_t f = 0; f < FS_ARRAY_SIZE(factors); f++) {
		bool same = true;

		for (unsigned k = 1; k < kernels->n; k++)
			same = same && strcmp(factor(kernels->run[k], factors[f]), factor(kernels->run[0], factors[f])) == 0;
		if (!same)
			used += (size_t)snprintf(kernels->unlike + used, sizeof(kernels->unlike) - used, "%s%s", used > 0 ? ", " : "", factors[f]);
	}
}

static int check(const struct runfile *run, struct fs_reason *why)
{
	if (strcmp(run->clock, "instructions") != 0)
		return fs_because(why, -EINVAL, "fivestep guest kernels measures such runs", "%s is not counted in instructions", run->path);
	if (*factor(run, "kernel") == '\0')
		return fs_because(why, -EINVAL, "", "%s does not say which kernel it ran on", run->path);
	return 0;
}

static bool is_before(const struct runfile *a, const struct runfile *b)
{
	int order = strverscmp(factor(a, "kernel"), factor(b, "kernel"));

	return order != 0 ? order < 0 : page_bytes(a) < page_bytes(b);
}

static void find_labels(struct kernels *kernels)
{
	bool same = true;

	for (unsigned k = 1; k < kernels->n; k++)
		same = same && page_bytes(kernels->run[k]) == page_bytes(kernels->run[0]);
	for (unsigned k = 0; k < kernels->n; k++) {
		double bytes = page_bytes(kernels->run[k]);

		if (!same && isfinite(bytes))
			text_fit(kernels->label[k], sizeof(kernels->label[k]), "%s %uK", factor(kernels->run[k], "kernel"), (unsigned)(bytes / 1024));
		else
			text_fit(kernels->label[k], sizeof(kernels->label[k]), "%s", factor(kernels->run[k], "kernel"));
	}
}

int kernels_make(const struct runfile *runs, const struct summary *summaries, size_t n, struct kernels *kernels, struct fs_reason *why)
{
	const struct summary *sorted[KERNELS_MAX];
	int err = 0;

	memset(kernels, 0, sizeof(*kernels));
	if (n > KERNELS_MAX)
		return fs_because(why, -E2BIG, "name fewer of them", "more than %d kernels", KERNELS_MAX);
	for (size_t i = 0; i < n && err == 0; i++) {
		unsigned at = kernels->n;

		err = check(&runs[i], why);
		for (; at > 0 && is_before(&runs[i], kernels->run[at - 1]); at--) {
			kernels->run[at] = kernels->run[at - 1];
			sorted[at] = sorted[at - 1];
		}
		kernels->run[at] = &runs[i];
		sorted[at] = &summaries[i];
		kernels->n++;
	}
	if (err != 0)
		return err;
	find_unlike(kernels);
	find_labels(kernels);
	kernels->n_operations = collect(operations, KERNELS_OPERATIONS, kernels, sorted, kernels->operation);
	kernels->n_stages = collect(stages, KERNELS_STAGES, kernels, sorted, kernels->stage);
	if (kernels->n_operations == 0)
		return fs_because(why, -EINVAL, "fivestep guest kernels measures such runs", "these runs have none of the operations");
	return 0;
}

/* ---- the table and its JSON */

static void print_lines(const struct kernels *kernels, const char *heading, const struct kernels_line *lines, unsigned n, FILE *out)
{
	int width = COLUMN;

	for (unsigned k = 0; k < kernels->n; k++)
		width = (int)strlen(kernels->label[k]) > width ? (int)strlen(kernels->label[k]) : width;
	fprintf(out, "%-34s", heading);
	for (unsigned k = 0; k < kernels->n; k++)
		fprintf(out, " %*s", width, kernels->label[k]);
	fputc('\n', out);
	for (unsigned i = 0; i < n; i++) {
		fprintf(out, "%-34s", lines[i].name);
		for (unsigned k = 0; k < kernels->n; k++) {
			if (isfinite(lines[i].value[k]))
				fprintf(out, " %*.0f", width, lines[i].value[k]);
			else
				fprintf(out, " %*s", width, "-");
		}
		fputc('\n', out);
	}
}

void kernels_print(const struct kernels *kernels, FILE *out)
{
	print_lines(kernels, "instructions a page", kernels->operation, kernels->n_operations, out);
	if (kernels->n_stages > 0) {
		fputc('\n', out);
		print_lines(kernels, "stages in the driver", kernels->stage, kernels->n_stages, out);
	}
	if (kernels->unlike[0] != '\0')
		fprintf(out, "not the kernel alone: the runs differ in %s\n", kernels->unlike);
}

static json_t *lines_json(const struct kernels *kernels, const struct kernels_line *lines, unsigned n)
{
	json_t *all = json_array();

	for (unsigned i = 0; i < n; i++) {
		json_t *values = json_array();

		for (unsigned k = 0; k < kernels->n; k++)
			json_array_append_new(values, isfinite(lines[i].value[k]) ? json_real(lines[i].value[k]) : json_null());
		json_array_append_new(all, json_pack("{s:s, s:s, s:o}", "name", lines[i].name, "unit", "insn", "values", values));
	}
	return all;
}

int kernels_write_json(const struct kernels *kernels, const char *path, struct fs_reason *why)
{
	json_t *all = json_array(), *root;
	int err = 0;

	for (unsigned k = 0; k < kernels->n; k++)
		json_array_append_new(all, json_pack("{s:s, s:s, s:s}", "kernel", kernels->label[k], "guest_kernel",
						   factor(kernels->run[k], "guest_kernel"), "run", kernels->run[k]->id));
	root = json_pack("{s:o, s:o, s:o, s:s}", "kernels", all, "operations", lines_json(kernels, kernels->operation, kernels->n_operations),
		"stages", lines_json(kernels, kernels->stage, kernels->n_stages), "unlike", kernels->unlike);
	if (root == NULL)
		return fs_no_memory(why);
	errno = 0;
	if (json_dump_file(root, path, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) != 0)
		err = fs_because(why, errno != 0 ? -errno : -EIO, "", "cannot write %s: %s", path, strerror(errno != 0 ? errno : EIO));
	json_decref(root);
	return err;
}
