/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pack.c - see pack.h.
 */
#include "config.h"

#include "guest/pack.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/datafile.h"
#include "guest/bundle.h"
#include "guest/initramfs.h"
#include "guest/needs.h"
#include "guest/qemu.h"
#include "guest/wire.h"
#include "harness/plan/inputs.h"
#include "base/fnv.h"
#include "base/stamp.h"
#include "results/writer.h"

/* The archive's size is rounded up to this, so that another build, plan or run file shifts nothing in memory. */
#define STEP_BYTES (16ul << 20)

/* Environment texts whose length varies are padded with blanks, which the reader cuts off. */
#define TEXT_BYTES 160

struct pack {
	const struct guest_options *options;
	struct initramfs fs;
	uint64_t kernel, programs, data, machine; /* digests */
};

/* Continues *digest with the bytes of a file. */
static int digest_file(const char *path, uint64_t *digest)
{
	FILE *file = fopen(path, "rbe");
	unsigned char bytes[65536];
	size_t got;
	int err;

	if (file == NULL)
		return -errno;
	while ((got = fread(bytes, 1, sizeof(bytes), file)) > 0)
		*digest = fnv_add(*digest, bytes, got);
	err = ferror(file) ? -EIO : 0;
	fclose(file);
	return err;
}

/* ---- words */

static int add_words(struct initramfs *fs, const char *path, char *const *words, size_t bytes)
{
	char *text = calloc(1, bytes);
	size_t len = 0, n = 0;
	int err = text != NULL ? 0 : -ENOMEM;

	while (words[n] != NULL)
		n++;
	if (err == 0)
		len = (size_t)snprintf(text, bytes, "%zu", n) + 1;
	for (; *words != NULL && err == 0; words++) {
		if (len + strlen(*words) + 1 > bytes)
			err = -E2BIG;
		else
			len = (size_t)(stpcpy(text + len, *words) - text) + 1;
	}
	if (err == 0)
		err = initramfs_add_bytes(fs, path, text, bytes, 0644);
	free(text);
	return err;
}

static int add_environment(struct pack *pack, const char *accelerator)
{
	char date[48], now[STAMP_TEXT], tried[2 * TEXT_BYTES], emulator[2 * TEXT_BYTES], version[TEXT_BYTES];
	char id[WRITER_ID_TEXT] = "00000000-0000-4000-8000-000000000000", run_id[64], digests[160];
	char *environment[] = {"PATH=/bin", "HOME=/tmp", "TERM=dumb", "LD_LIBRARY_PATH=/lib", "FIVESTEP_DATADIR=" WIRE_DATA,
		"FIVESTEP_RECORD_COPY=" WIRE_RECORDS, date, tried, emulator, run_id, digests,
		pack->options->instructions ? "FIVESTEP_CLOCK=instructions" : NULL,
		/* Under the instruction clock: with per-thread arenas, contention would add mappings, and faults might search one level deeper. */
		"MALLOC_ARENA_MAX=1", NULL};

	/* The guest's clock may be fixed and its random numbers the same in every boot. The length is fixed so that it cannot matter. */
	stamp_utc(now);
	snprintf(date, sizeof(date), "FIVESTEP_DATE=%s", now);
	snprintf(tried, sizeof(tried), "FIVESTEP_ACCELERATOR=%-*s", TEXT_BYTES, accelerator);
	writer_draw_id(id);
	snprintf(run_id, sizeof(run_id), "FIVESTEP_RUN_ID=%s", id);
	qemu_version(pack->options->arch->qemu, version, sizeof(version));
	snprintf(emulator, sizeof(emulator), "FIVESTEP_QEMU=%-*s", TEXT_BYTES, version);
	snprintf(digests, sizeof(digests), "FIVESTEP_GUEST=kernel=%016llx programs=%016llx data=%016llx machine=%016llx",
		(unsigned long long)pack->kernel, (unsigned long long)pack->programs, (unsigned long long)pack->data,
		(unsigned long long)pack->machine);
	return add_words(&pack->fs, WIRE_ENV, environment, WIRE_ENV_BYTES);
}

/* ---- data */

/* Adds the files of a folder that the command needs, under their installed names, in alphabetical order. */
static int add_folder(struct pack *pack, const struct guest_needs *needs, const char *dir, const char *installed_folder)
{
	struct dirent **entries = NULL;
	int n = scandir(dir, &entries, NULL, alphasort), err = 0;

	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;

		if (err == 0 && name[0] != '.' && guest_needs_file(needs, name)) {
			char *source = text_format("%s/%s", dir, name), *path = text_format(WIRE_DATA "/%s/%s", installed_folder, name);

			err = source != NULL && path != NULL ? initramfs_add_file(&pack->fs, path, source, 0644) : -ENOMEM;
			free(source);
			free(path);
		}
		free(entries[i]);
	}
	free(entries);
	return err;
}

static int add_data(struct pack *pack, const struct guest_needs *needs, const char *tree_folder, const char *installed_folder)
{
	char dir[PATH_MAX];

	return datafile_path(tree_folder, installed_folder, "", dir, sizeof(dir)) == 0 ? add_folder(pack, needs, dir, installed_folder) : 0;
}

/*
 * Those of the user's folder come last: when the guest unpacks them, a file replaces an earlier one of the same name. If all data is packed, they are
 * not included: a collection may be larger than the guest.
 */
static int add_inputs(struct pack *pack, const struct guest_needs *needs)
{
	int err = add_data(pack, needs, INPUTS_TREE, INPUTS_INSTALLED);

	return err == 0 && inputs_folder() != NULL && needs->text != NULL ? add_folder(pack, needs, inputs_folder(), INPUTS_INSTALLED) : err;
}

static int add_all_data(struct pack *pack)
{
	struct guest_needs needs;
	int err = guest_needs_read(&needs, pack->options);

	if (err == 0)
		err = add_data(pack, &needs, "harness/plans", "plans");
	if (err == 0)
		err = add_data(pack, &needs, "harness/counter/groups", "groups");
	if (err == 0)
		err = add_inputs(pack, &needs);
	guest_needs_free(&needs);
	if (err == 0 && pack->options->plan != NULL)
		err = initramfs_add_file(&pack->fs, WIRE_FOLDER "/" WIRE_PLAN, pack->options->plan, 0644);
	return err;
}

/* ---- the archive */

static int add_programs(struct pack *pack, struct fs_reason *why)
{
	const struct guest_options *options = pack->options;
	int err = options->bundle != NULL ? bundle_add(&pack->fs, options->arch, options->bundle, WIRE_PROGRAM, why)
					  : initramfs_add_program(&pack->fs, WIRE_PROGRAM);

	for (const char *const *dir = (const char *const[]){"/proc", "/sys", "/dev", "/tmp", "/etc", WIRE_FOLDER, NULL}; *dir != NULL && err == 0;
		dir++)
		err = initramfs_add_dir(&pack->fs, *dir);
	return err;
}

/* The driver belongs to the kernel: it is in that digest, not in fivestep's. */
static int add_drivers(struct pack *pack)
{
	const struct guest_options *options = pack->options;
	int err = 0;

	if (options->module != NULL)
		err = initramfs_add_file(&pack->fs, WIRE_MODULE, options->module, 0644);
	if (err == 0 && options->program != NULL)
		err = initramfs_add_file(&pack->fs, WIRE_OTHER, options->program, 0755);
	return err;
}

/* What varies between runs comes last and is not in any digest: the run to resume, the command, the date. */
static int add_all(struct pack *pack, const char *accelerator, struct fs_reason *why)
{
	int err = add_programs(pack, why);

	pack->programs = pack->fs.digest;
	pack->fs.digest = FNV_BEGIN;
	if (err == 0)
		err = add_all_data(pack);
	pack->data = pack->fs.digest;
	if (err == 0)
		err = add_drivers(pack);
	if (err == 0 && pack->options->resumes)
		err = initramfs_add_file(&pack->fs, WIRE_FOLDER "/" WIRE_RUN, pack->options->output, 0644);
	if (err == 0)
		err = add_words(&pack->fs, WIRE_ARGS, pack->options->args, WIRE_ARGS_BYTES);
	if (err == 0)
		err = add_environment(pack, accelerator);
	return err == 0 ? initramfs_fill(&pack->fs, "/filler", STEP_BYTES) : err;
}

int pack_initramfs(const struct guest_options *options, bool kvm, const char *accelerator, int fd, struct fs_reason *why)
{
	struct pack pack = {.options = options, .kernel = FNV_BEGIN, .machine = qemu_digest(options, kvm)};
	char path[64];
	int err = digest_file(options->kernel, &pack.kernel), closed;

	if (err == 0 && options->module != NULL)
		err = digest_file(options->module, &pack.kernel);
	if (err < 0)
		return fs_because(why, err, "name a kernel", "cannot read the kernel %s: %s", options->kernel, strerror(-err));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	err = initramfs_open(&pack.fs, path, options->page_bytes);
	if (err == 0) {
		err = add_all(&pack, accelerator, why);
		closed = initramfs_close(&pack.fs);
		err = err != 0 ? err : closed;
	}
	return err == 0 || why->what[0] != '\0' ? err : fs_because(why, err, "", "cannot pack the guest's file system: %s", strerror(-err));
}
