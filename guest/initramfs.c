/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * initramfs.c - a cpio archive in the kernel's newc format, and the shared objects of a dynamically linked program.
 */
#include "config.h"

#include "guest/initramfs.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fnv.h"
#include "base/program.h"

/* ---- archive */

static int status_of(const struct initramfs *fs)
{
	return ferror(fs->file) ? -EIO : 0;
}

static void put(struct initramfs *fs, const void *bytes, size_t len)
{
	fwrite(bytes, 1, len, fs->file);
	fs->digest = fnv_add(fs->digest, bytes, len);
}

static void pad(struct initramfs *fs)
{
	static const char zeros[4];

	put(fs, zeros, (4 - (size_t)ftell(fs->file) % 4) % 4);
}

static void header(struct initramfs *fs, const char *name, unsigned mode, size_t len)
{
	unsigned nlink = S_ISDIR(mode) ? 2 : 1;
	char text[128];

	/* magic, inode, mode, uid, gid, nlink, mtime, size, dev major, minor, rdev major, minor, name size, check; time 0: the same archive each time
	 */
	put(fs, text,
		(size_t)snprintf(text, sizeof(text), "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X", ++fs->inode, mode, 0, 0, nlink, 0,
			(unsigned)len, 0, 0, 0, 0, (unsigned)strlen(name) + 1, 0));
	put(fs, name, strlen(name) + 1);
	pad(fs);
}

int initramfs_open(struct initramfs *fs, const char *path, size_t page_bytes)
{
	*fs = (struct initramfs){.digest = FNV_BEGIN, .page_bytes = page_bytes};
	fs->file = fopen(path, "wbe");
	return fs->file != NULL ? 0 : -errno;
}

int initramfs_add_dir(struct initramfs *fs, const char *path)
{
	char parent[128];
	char *slash;

	for (unsigned i = 0; i < fs->ndirs; i++) {
		if (strcmp(fs->dirs[i], path) == 0)
			return 0;
	}
	if (fs->ndirs == sizeof(fs->dirs) / sizeof(fs->dirs[0]) || strlen(path) >= sizeof(parent))
		return -ENAMETOOLONG;
	snprintf(parent, sizeof(parent), "%s", path);
	slash = strrchr(parent, '/');
	if (slash != NULL && slash != parent) {
		*slash = '\0';
		initramfs_add_dir(fs, parent);
	}
	snprintf(fs->dirs[fs->ndirs++], sizeof(fs->dirs[0]), "%s", path);
	header(fs, path + 1, S_IFDIR | 0755, 0);
	return status_of(fs);
}

static int add_parent(struct initramfs *fs, const char *path)
{
	char parent[128];
	char *slash;

	if (strlen(path) >= sizeof(parent))
		return -ENAMETOOLONG;
	snprintf(parent, sizeof(parent), "%s", path);
	slash = strrchr(parent, '/');
	if (slash == NULL || slash == parent)
		return 0;
	*slash = '\0';
	return initramfs_add_dir(fs, parent);
}

int initramfs_add_bytes(struct initramfs *fs, const char *path, const void *bytes, size_t len, unsigned mode)
{
	int err = add_parent(fs, path);

	if (err < 0)
		return err;
	header(fs, path + 1, S_IFREG | mode, len);
	put(fs, bytes, len);
	pad(fs);
	fs->pages += (len + fs->page_bytes - 1) / fs->page_bytes;
	return status_of(fs);
}

int initramfs_add_file(struct initramfs *fs, const char *path, const char *source, unsigned mode)
{
	int fd = open(source, O_RDONLY | O_CLOEXEC), err;
	struct stat st;
	void *bytes;

	if (fd < 0)
		return -errno;
	err = fstat(fd, &st) == 0 ? 0 : -errno;
	bytes = err == 0 && st.st_size > 0 ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
	if (bytes == MAP_FAILED)
		err = -errno;
	else if (err == 0)
		err = initramfs_add_bytes(fs, path, bytes, (size_t)st.st_size, mode);
	if (bytes != NULL && bytes != MAP_FAILED)
		munmap(bytes, (size_t)st.st_size);
	close(fd);
	return err;
}

int initramfs_fill(struct initramfs *fs, const char *path, size_t bytes)
{
	size_t pages = bytes / fs->page_bytes, filler = (pages - fs->pages % pages) % pages * fs->page_bytes;
	char *zeros = calloc(1, filler + 1);
	int err = zeros != NULL ? initramfs_add_bytes(fs, path, zeros, filler, 0444) : -ENOMEM;

	free(zeros);
	fs->rounds_to = bytes;
	return err;
}

/* The kernel skips zeros after the end of an archive. */
static int round_up(struct initramfs *fs)
{
	off_t len = ftello(fs->file), step = (off_t)fs->rounds_to;

	if (fs->rounds_to == 0 || len % step == 0)
		return 0;
	return ftruncate(fileno(fs->file), (len + step - 1) / step * step) == 0 ? 0 : -errno;
}

int initramfs_close(struct initramfs *fs)
{
	int err;

	fs->inode = UINT_MAX; /* the trailer's is 0 */
	header(fs, "TRAILER!!!", 0, 0);
	err = fflush(fs->file) == 0 ? status_of(fs) : -errno;
	if (err == 0)
		err = round_up(fs);
	if (fclose(fs->file) != 0 && err == 0)
		err = -errno;
	return err;
}

/* ---- a program and its shared objects */

struct closure {
	struct initramfs *fs;
	const char *loader; /* where the program asks for it */
	int err;
};

/* The program itself is the first. */
static const char *loader_of(const struct dl_phdr_info *info)
{
	for (unsigned i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_INTERP)
			return (const char *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
	return NULL;
}

/* Loaded from here, found there: the folder of the loader's default path. Symbolic names are what programs ask for. */
static int add_object(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct closure *closure = arg;
	const char *base = strrchr(info->dlpi_name, '/');
	char path[128];

	(void)size;
	if (closure->loader == NULL)
		closure->loader = loader_of(info);
	if (base == NULL || closure->err != 0)
		return 0;
	if (closure->loader != NULL && strcmp(base, strrchr(closure->loader, '/')) == 0)
		snprintf(path, sizeof(path), "%s", closure->loader);
	else
		snprintf(path, sizeof(path), "/lib%s", base);
	closure->err = initramfs_add_file(closure->fs, path, info->dlpi_name, 0755);
	return 0;
}

int initramfs_add_program(struct initramfs *fs, const char *path)
{
	struct closure closure = {.fs = fs};

	closure.err = initramfs_add_file(fs, path, program_path(), 0755);
	dl_iterate_phdr(add_object, &closure);
	return closure.err;
}
