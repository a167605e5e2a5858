/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bundle.c - see bundle.h.
 */
#include "config.h"

#include "guest/bundle.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define REMEDY "name the folder of an unpacked bundle: make bundle on such a machine, or build-aux/machines.sh arm64-bundle"

/* Both architectures have 64 bits and the order of this machine's bytes; another one is none that the guest knows. */
static int read_header(FILE *file, const struct guest_arch *arch, Elf64_Ehdr *header)
{
	if (fread(header, sizeof(*header), 1, file) != 1 || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
		return -ENOEXEC;
	return header->e_ident[EI_CLASS] == ELFCLASS64 && header->e_machine == arch->elf ? 0 : -EXDEV;
}

/* The loader's full name, which the kernel looks for; "" if the program is linked without. */
static int read_loader(FILE *file, const Elf64_Ehdr *header, char *loader, size_t bytes)
{
	Elf64_Phdr segment;

	loader[0] = '\0';
	for (unsigned i = 0; i < header->e_phnum; i++) {
		if (fseek(file, (long)(header->e_phoff + i * sizeof(segment)), SEEK_SET) != 0 || fread(&segment, sizeof(segment), 1, file) != 1)
			return -ENOEXEC;
		if (segment.p_type != PT_INTERP)
			continue;
		if (segment.p_filesz == 0 || segment.p_filesz > bytes || fseek(file, (long)segment.p_offset, SEEK_SET) != 0 ||
			fread(loader, segment.p_filesz, 1, file) != 1 || loader[0] != '/' || loader[segment.p_filesz - 1] != '\0')
			return -ENOEXEC;
	}
	return 0;
}

static int add_libraries(struct initramfs *fs, const char *dir, const char *loader)
{
	struct dirent **entries = NULL;
	int n = scandir(dir, &entries, NULL, alphasort), err = n < 0 ? -errno : 0;

	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name, *slash = strrchr(loader, '/');
		bool is_loader = slash != NULL && strcmp(slash + 1, name) == 0;

		if (err == 0 && name[0] != '.') {
			char *source = text_format("%s/%s", dir, name), *path = is_loader ? strdup(loader) : text_format("/lib/%s", name);

			err = source != NULL && path != NULL ? initramfs_add_file(fs, path, source, 0755) : -ENOMEM;
			free(source);
			free(path);
		}
		free(entries[i]);
	}
	free(entries);
	return err;
}

int bundle_add(struct initramfs *fs, const struct guest_arch *arch, const char *dir, const char *path, struct fs_reason *why)
{
	char *program = text_format("%s/bin/fivestep", dir), *libraries = text_format("%s/lib", dir), loader[PATH_MAX] = "";
	FILE *file = program != NULL ? fopen(program, "rbe") : NULL;
	int err = file != NULL ? 0 : program != NULL ? -errno : -ENOMEM;
	Elf64_Ehdr header;

	if (err == 0)
		err = read_header(file, arch, &header);
	if (err == 0)
		err = read_loader(file, &header, loader, sizeof(loader));
	if (file != NULL)
		fclose(file);
	if (err == 0)
		err = initramfs_add_file(fs, path, program, 0755);
	if (err == 0)
		err = libraries != NULL ? add_libraries(fs, libraries, loader) : -ENOMEM;
	if (err == -EXDEV)
		fs_because(why, err, REMEDY, "%s/bin/fivestep is not of %s, which the kernel is of", dir, arch->name);
	else if (err < 0)
		fs_because(why, err, REMEDY, "%s is no bundle that can be used: %s", dir, strerror(-err));
	free(program);
	free(libraries);
	return err;
}
