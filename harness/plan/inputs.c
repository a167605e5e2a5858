/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * inputs.c - see inputs.h. Inputs stay in memory until the process ends: a plan has many cells with few inputs, and a round's process reads its
 * input before the first step.
 */
#include "config.h"

#include "harness/plan/inputs.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/datafile.h"
#include "base/fnv.h"
#include "base/matrix_market.h"
#include "base/names.h"

#define PATH_BYTES 4096

struct kept {
	char name[PARAM_TEXT];
	struct matrix_market matrix;
	struct fs_input input;
	char *path;
};

/* Pointers, because kernels keep the addresses of the inputs. */
static struct kept **all;
static unsigned n_all;

const char *inputs_folder(void)
{
	const char *folder = getenv("FIVESTEP_INPUTS");

	return folder != NULL && folder[0] != '\0' ? folder : NULL;
}

bool input_is_name(const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || len >= PARAM_TEXT || !isalnum((unsigned char)text[0]))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!isalnum((unsigned char)text[i]) && text[i] != '-' && text[i] != '_')
			return false;
	}
	return true;
}

/* ---- by name */

static void offer_folder(struct names_nearest *nearest, const char *folder, struct dirent ***entries, int *n)
{
	*n = scandir(folder, entries, NULL, alphasort);
	for (int i = 0; i < *n; i++) {
		char *dot = strrchr((*entries)[i]->d_name, '.');

		if (dot == NULL || strcmp(dot, ".mtx") != 0)
			continue;
		*dot = '\0';
		names_nearest_offer(nearest, (*entries)[i]->d_name);
	}
}

static int unknown(const struct fs_arg *arg, struct fs_reason *why)
{
	const char *folder = inputs_folder();
	struct dirent **entries[2] = {NULL};
	struct names_nearest nearest;
	char near[160], path[PATH_BYTES];
	int n[2] = {0};

	names_nearest_init(&nearest, arg->text);
	if (folder != NULL)
		offer_folder(&nearest, folder, &entries[0], &n[0]);
	if (datafile_path(INPUTS_TREE, INPUTS_INSTALLED, "", path, sizeof(path)) == 0)
		offer_folder(&nearest, path, &entries[1], &n[1]);
	names_nearest_text(&nearest, near, sizeof(near));
	for (unsigned k = 0; k < 2; k++) {
		for (int i = 0; i < n[k]; i++)
			free(entries[k][i]);
		free(entries[k]);
	}
	if (near[0] == '\0')
		snprintf(near, sizeof(near), "set FIVESTEP_INPUTS to the folder of %s.mtx", arg->text);
	return fs_because(why, -ENOENT, near, "%s=%s: expected one of %s, or the name of an input, which is NAME.mtx in a folder", arg->param->name,
		arg->text, arg->param->choices);
}

static int find_path(const struct fs_arg *arg, char *path, struct fs_reason *why)
{
	const char *folder = inputs_folder();
	char file[PARAM_TEXT + 8];

	snprintf(file, sizeof(file), "%s.mtx", arg->text);
	if (folder != NULL && snprintf(path, PATH_BYTES, "%s/%s", folder, file) < PATH_BYTES && access(path, F_OK) == 0)
		return 0;
	return datafile_path(INPUTS_TREE, INPUTS_INSTALLED, file, path, PATH_BYTES) == 0 ? 0 : unknown(arg, why);
}

static struct kept *find_kept(const char *name)
{
	for (unsigned i = 0; i < n_all; i++) {
		if (strcmp(all[i]->name, name) == 0)
			return all[i];
	}
	return NULL;
}

static int read_input(const struct fs_arg *arg, struct fs_reason *why)
{
	struct kept *kept = calloc(1, sizeof(*kept));
	char path[PATH_BYTES];
	int err = kept != NULL ? find_path(arg, path, why) : fs_no_memory(why);

	if (err == 0)
		err = matrix_market_read(path, &kept->matrix, why);
	if (err == 0 && (kept->path = strdup(path)) == NULL)
		err = fs_no_memory(why);
	if (err == 0)
		err = ARRAY_ADD(all, n_all, ARRAY_FEW, "inputs", why);
	if (err != 0) {
		if (kept != NULL) {
			matrix_market_free(&kept->matrix);
			free(kept->path);
		}
		free(kept);
		return err;
	}
	snprintf(kept->name, sizeof(kept->name), "%s", arg->text);
	kept->input = (struct fs_input){kept->matrix.rows, kept->matrix.columns, kept->matrix.entries, kept->matrix.first, kept->matrix.column,
		kept->matrix.value, kept->path};
	all[n_all++] = kept;
	return 0;
}

/* ---- of a cell */

static bool names_input(const struct fs_arg *arg)
{
	return arg->param->type == FS_PARAM_INPUT && arg->is_name;
}

const struct fs_input *fs_input(const struct fs_args *args, const char *param)
{
	const struct fs_arg *arg = args_get(args, param);
	const struct kept *kept = arg != NULL && names_input(arg) ? find_kept(arg->text) : NULL;

	return kept != NULL ? &kept->input : NULL;
}

static int admit(const struct cell *cell, struct fs_reason *why)
{
	const struct fs_arg *size = args_get(&cell->args, "size");
	char fits[BYTES_TEXT], remedy[64];
	size_t least = 0;
	int err = cell->kernel->admit(&cell->args, &least, why);

	if (err != 0 || size == NULL || cell->kernel->bytes != NULL || size->whole >= least)
		return err;
	bytes_format((least + 1023) / 1024 * 1024, fits);
	snprintf(remedy, sizeof(remedy), "size=%s is enough", fits);
	return fs_because(why, -EINVAL, remedy, "size=%s is too small for this input of %s", size->text, cell->name);
}

int inputs_admit(const struct cell *cell, struct fs_reason *why)
{
	int err = 0;

	for (unsigned i = 0; i < cell->args.n && err == 0; i++) {
		if (names_input(&cell->args.arg[i]) && find_kept(cell->args.arg[i].text) == NULL)
			err = read_input(&cell->args.arg[i], why);
	}
	if (err == 0 && cell->kernel != NULL && cell->kernel->admit != NULL)
		err = admit(cell, why);
	return err;
}

bool input_digest(const struct fs_arg *arg, char text[INPUT_DIGEST])
{
	const struct kept *kept = names_input(arg) ? find_kept(arg->text) : NULL;

	if (kept != NULL)
		snprintf(text, INPUT_DIGEST, "%016llx-%llu", (unsigned long long)kept->matrix.digest, (unsigned long long)kept->matrix.bytes);
	return kept != NULL;
}

uint64_t inputs_digest(const struct cell *cell)
{
	uint64_t digest = 0;

	for (unsigned i = 0; i < cell->args.n; i++) {
		char text[INPUT_DIGEST];

		if (input_digest(&cell->args.arg[i], text))
			digest = fnv_add(digest != 0 ? digest : FNV_BEGIN, text, strlen(text));
	}
	return digest;
}
