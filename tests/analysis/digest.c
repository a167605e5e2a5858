/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * digest.c - the digest of a run says what the run's file says, or is not taken: other files, other states, torn and spoilt ones.
 */
#include "config.h"

#include <errno.h>
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "analysis/summary/digest.h"
#include "analysis/summary/digest_body.h"
#include "tests/tap.h"

#define SPOILT 200 /* places at which a digest is cut or changed */

static char folder[TAP_PATH];
static char cache[TAP_PATH + 32], file_name[TAP_PATH + 300];
static const struct digest_key key = {.device = 1, .inode = 2, .bytes = 3};

struct loaded {
	struct runfile run;
	struct summary summary;
};

static void loaded_free(struct loaded *loaded)
{
	summary_free(&loaded->summary);
	runfile_free(&loaded->run);
}

static bool same_text(const char *a, const char *b)
{
	return a != NULL && b != NULL ? strcmp(a, b) == 0 : a == b;
}

static bool same_real(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

static bool same_run(const struct runfile *a, const struct runfile *b)
{
	bool same = same_text(a->id, b->id) && same_text(a->started, b->started) && same_text(a->plan, b->plan) && same_text(a->seed, b->seed) &&
		    same_text(a->clock, b->clock) && same_text(a->fingerprint, b->fingerprint) && same_text(a->stop, b->stop) &&
		    same_text(a->why, b->why) && same_text(a->path, b->path) && a->guest == b->guest && a->emulated == b->emulated &&
		    a->n_rounds == b->n_rounds && a->resumes == b->resumes && a->n_cells == b->n_cells && a->n_warnings == b->n_warnings &&
		    json_equal(a->header, b->header) == (a->header != NULL);

	for (size_t w = 0; same && w < a->n_warnings; w++)
		same = same_text(a->warnings[w], b->warnings[w]);
	return same;
}

static bool same_cell(const struct runfile_cell *a, const struct runfile_cell *b)
{
	bool same = a->id == b->id && same_text(a->bench, b->bench) && same_text(a->kind, b->kind) && same_text(a->setup, b->setup) &&
		    same_text(a->device, b->device) && same_text(a->stop, b->stop) && a->n_params == b->n_params;

	for (size_t p = 0; same && p < a->n_params; p++)
		same = same_text(a->params[p].name, b->params[p].name) && same_text(a->params[p].text, b->params[p].text) &&
		       a->params[p].set == b->params[p].set;
	return same;
}

static bool same_interval(const struct statistics_interval *a, const struct statistics_interval *b)
{
	return same_real(a->median, b->median) && same_real(a->lo, b->lo) && same_real(a->hi, b->hi) && a->n == b->n &&
	       a->has_interval == b->has_interval;
}

static bool same_note(const struct summary_row *a, const struct summary_row *b)
{
	struct text note[2] = {{0}};
	bool same;

	summary_note(a, &note[0]);
	summary_note(b, &note[1]);
	same = strcmp(text_string(&note[0]), text_string(&note[1])) == 0;
	text_clear(&note[0]);
	text_clear(&note[1]);
	return same;
}

static bool same_row(const struct summary_row *a, const struct summary_row *b)
{
	return same_note(a, b) && same_text(a->base, b->base) && same_text(a->metric, b->metric) && same_text(a->unit, b->unit) &&
	       same_text(a->floor, b->floor) && same_text(a->stop, b->stop) && same_text(a->why, b->why) && same_text(a->remedy, b->remedy) &&
	       same_text(a->disagreement, b->disagreement) && a->better == b->better && a->histogram == b->histogram && a->brief == b->brief &&
	       a->visited == b->visited && a->verdict == b->verdict && memcmp(a->verdicts, b->verdicts, sizeof(a->verdicts)) == 0 &&
	       a->outliers == b->outliers && a->throttled == b->throttled && same_real(a->floor_median, b->floor_median) &&
	       a->beats_floor == b->beats_floor && same_interval(&a->interval, &b->interval) && a->n_values == b->n_values &&
	       (!a->n_values || memcmp(a->values, b->values, a->n_values * sizeof(*a->values)) == 0) &&
	       (!a->n_values || memcmp(a->rounds, b->rounds, a->n_values * sizeof(*a->rounds)) == 0) && a->cell->id == b->cell->id;
}

static bool same_summary(const struct loaded *a, const struct loaded *b)
{
	bool same = a->summary.n == b->summary.n && same_real(a->summary.disturbed_pct, b->summary.disturbed_pct);

	for (size_t c = 0; same && c < a->run.n_cells; c++)
		same = same_cell(&a->run.cells[c], &b->run.cells[c]);
	for (size_t i = 0; same && i < a->summary.n; i++)
		same = same_row(&a->summary.rows[i], &b->summary.rows[i]) && b->summary.rows[i].run == &b->run;
	return same;
}

static bool read_run(const char *path, struct loaded *loaded)
{
	struct fs_reason why;

	memset(loaded, 0, sizeof(*loaded));
	return !runfile_load(path, &loaded->run, &why) && !summary_make(&loaded->run, &loaded->summary);
}

static void test_same(const char *path, const char *name)
{
	struct loaded whole, kept = {0};

	if (!ok(read_run(path, &whole), "%s is read", name))
		return;
	is_int(digest_save(cache, &key, &whole.run, &whole.summary), 0, "its digest is written");
	if (is_int(digest_load(cache, &key, path, &kept.run, &kept.summary), 0, "and read")) {
		ok(same_run(&whole.run, &kept.run), "with the same run");
		ok(same_summary(&whole, &kept), "and the same values");
		loaded_free(&kept);
	}
	loaded_free(&whole);
}

/* The only one so far. */
static void find_digest(void)
{
	char pattern[TAP_PATH + 64];
	glob_t found = {0};

	snprintf(pattern, sizeof(pattern), "%s/*", cache);
	glob(pattern, 0, NULL, &found);
	is_int((long long)found.gl_pathc, 1, "a file has one digest, whatever was in it");
	snprintf(file_name, sizeof(file_name), "%s", found.gl_pathc ? found.gl_pathv[0] : "");
	globfree(&found);
}

/* The digest that was written last, in memory: how long it is. */
static size_t slurp(char **bytes)
{
	FILE *file = fopen(file_name, "re");
	struct stat stat;

	*bytes = NULL;
	if (file == NULL || fstat(fileno(file), &stat) || (*bytes = malloc((size_t)stat.st_size)) == NULL ||
		fread(*bytes, (size_t)stat.st_size, 1, file) != 1) {
		perror(file_name);
		exit(99);
	}
	fclose(file);
	return (size_t)stat.st_size;
}

static void spill(const char *bytes, size_t n)
{
	FILE *file = fopen(file_name, "we");

	if (file == NULL || (n && fwrite(bytes, n, 1, file) != 1) || fclose(file)) {
		perror(file_name);
		exit(99);
	}
}

static bool is_taken(const struct digest_key *wanted)
{
	struct loaded kept = {0};
	bool taken = !digest_load(cache, wanted, "run.jsonl", &kept.run, &kept.summary);

	if (taken)
		loaded_free(&kept);
	return taken;
}

static void test_spoilt(void)
{
	char *bytes;
	size_t n = slurp(&bytes), taken = 0;

	for (size_t i = 0; i < SPOILT; i++) {
		spill(bytes, n * i / SPOILT);
		taken += is_taken(&key);
	}
	is_int((long long)taken, 0, "a digest that was cut is never taken");
	for (size_t i = 0; i < SPOILT; i++) {
		bytes[n * i / SPOILT] ^= 0x10;
		spill(bytes, n);
		taken += is_taken(&key);
		bytes[n * i / SPOILT] ^= 0x10;
	}
	is_int((long long)taken, 0, "nor one that was changed");
	/* The top bits of two words, which a sum that only goes upward would lose. */
	bytes[n - 1] ^= 0x80;
	bytes[n - 9] ^= 0x80;
	spill(bytes, n);
	taken += is_taken(&key);
	bytes[n - 1] ^= 0x80;
	bytes[n - 9] ^= 0x80;
	is_int((long long)taken, 0, "nor one that was changed in two places");
	spill(bytes, n);
	ok(is_taken(&key), "the whole one is");
	for (size_t i = 0; i < sizeof(key) / sizeof(uint64_t); i++) {
		struct digest_key other = key;

		((uint64_t *)&other)[i]++;
		taken += is_taken(&other);
	}
	is_int((long long)taken, 0, "no other file's, nor of another state of the file or the program");
	free(bytes);
}

/* What is behind the checksum, as a program with a fault would write it: too short, too long, with a number that is none. */
static void test_body(const char *path)
{
	struct loaded whole, other = {0};
	size_t n = 0, taken = 0;
	uint64_t *words = read_run(path, &whole) ? digest_pack(&whole.run, &whole.summary, &n) : NULL;

	ok(words != NULL, "a body in memory");
	for (size_t i = 0; words != NULL && i <= 2 * n; i++) {
		/* Of just so many words, so that a reader past the end is seen by a sanitizer at least. */
		size_t len = i < n ? i : n + (i == 2 * n);
		uint64_t *copy = calloc(len + (len == 0), sizeof(*copy));

		if (copy == NULL)
			exit(99);
		memcpy(copy, words, (len < n ? len : n) * sizeof(*copy));
		if (i >= n && i < 2 * n)
			copy[i - n] = UINT64_MAX - 1;
		if (digest_unpack(copy, len, path, &other.run, &other.summary) == 0) {
			/* A number may be any number: only what is too short or too long is never a run. */
			taken += len != n;
			loaded_free(&other);
		}
	}
	is_int((long long)taken, 0, "one that is too short or too long is no run, and each can be told from one");
	free(words);
	loaded_free(&whole);
}

/* A file of so many bytes, with nothing in it. */
static void make_file(const char *path, off_t bytes)
{
	FILE *file = fopen(path, "we");

	if (file == NULL || fclose(file) || truncate(path, bytes)) {
		perror(path);
		exit(99);
	}
}

/* Waits until the file's last change is so long ago that another one would have another time. */
static void settle(const char *file)
{
	struct stat seen;

	while (stat(file, &seen) == 0 && seen.st_ctim.tv_sec + 1 >= time(NULL))
		usleep(100000);
}

static void test_key(void)
{
	struct digest_key before, after;
	char path[TAP_PATH + 32];

	snprintf(path, sizeof(path), "%s/run.jsonl", folder);
	make_file(path, DIGEST_WORTHWHILE_BYTES - 1);
	is_int(digest_key_of(path, &before), -ERANGE, "a small file is not worth one");
	make_file(path, DIGEST_WORTHWHILE_BYTES);
	is_int(digest_key_of(path, &before), -EAGAIN, "one that has just changed may change again unseen");
	settle(path);
	is_int(digest_key_of(path, &before), 0, "later it has a key");
	chmod(path, 0600);
	settle(path);
	is_int(digest_key_of(path, &after), 0, "touched");
	ok(memcmp(&before, &after, sizeof(before)), "it has another");
	unlink(path);
	is_int(digest_key_of(path, &before), -ENOENT, "no file has none");
}

static void test_prune(void)
{
	struct loaded whole;
	struct digest_key other = key;
	unsigned found = 0;
	char path[TAP_PATH + 300];

	snprintf(path, sizeof(path), "%s/tests/runs/fine.jsonl", getenv("srcdir") != NULL ? getenv("srcdir") : ".");
	read_run(path, &whole);
	for (unsigned i = 0; i < DIGEST_KEPT + 10; i++) {
		other.inode = 100 + i;
		digest_save(cache, &other, &whole.run, &whole.summary);
	}
	for (unsigned i = 0; i < DIGEST_KEPT + 10; i++) {
		other.inode = 100 + i;
		found += is_taken(&other);
	}
	ok(found <= DIGEST_KEPT && found > 0, "of many no more than %d are kept (%u)", DIGEST_KEPT, found);
	loaded_free(&whole);
}

static int load_kept(void)
{
	struct loaded kept = {0};
	int err = digest_load(cache, &key, "run", &kept.run, &kept.summary);

	loaded_free(&kept);
	return err;
}

/* What somebody else may have written is no digest of ours. */
static void test_owner(void)
{
	char moved[TAP_PATH + 400];

	is_int(load_kept(), 0, "a digest of the user's own is taken");
	chmod(file_name, 0620);
	is_int(load_kept(), -ENOENT, "one that a group may write is not");
	chmod(file_name, 0602);
	is_int(load_kept(), -ENOENT, "nor one that all may write");
	chmod(file_name, 0600);
	if (geteuid() == 0 && chown(file_name, 1, (gid_t)-1) == 0) {
		is_int(load_kept(), -ENOENT, "nor one of another user's");
		ok(chown(file_name, 0, (gid_t)-1) == 0, "which is the user's own again");
	}
	snprintf(moved, sizeof(moved), "%s.moved", file_name);
	ok(rename(file_name, moved) == 0 && symlink(moved, file_name) == 0, "a link is put in its place");
	is_int(load_kept(), -ENOENT, "and is not followed");
	unlink(file_name);
	ok(mkfifo(file_name, 0600) == 0, "a pipe is put in its place");
	is_int(load_kept(), -ENOENT, "and is not waited for");
	unlink(file_name);
	rename(moved, file_name);
}

int main(void)
{
	static const char *const fixtures[] = {"mixed", "skips", "plots", "instructions", "fine"};
	const char *source = getenv("srcdir");
	char remove[TAP_PATH + 16], mixed[TAP_PATH];

	temporary(folder, "digest");
	if (mkdtemp(folder) == NULL)
		return 99;
	snprintf(cache, sizeof(cache), "%s/cache/digests", folder);
	for (size_t i = 0; i < FS_ARRAY_SIZE(fixtures); i++) {
		char path[600];

		snprintf(path, sizeof(path), "%s/tests/runs/%s.jsonl", source != NULL ? source : ".", fixtures[i]);
		test_same(path, fixtures[i]);
	}
	snprintf(mixed, sizeof(mixed), "%s/tests/runs/mixed.jsonl", source != NULL ? source : ".");
	test_body(mixed);
	find_digest();
	test_owner();
	test_spoilt();
	test_key();
	test_prune();
	snprintf(remove, sizeof(remove), "rm -rf '%s'", folder);
	if (system(remove))
		diag("%s is left behind", folder);
	done_testing();
	return exit_status();
}
