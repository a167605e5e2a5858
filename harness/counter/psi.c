/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * psi - time in which tasks waited for CPUs, memory or I/O (pressure stall information), and steal time of the hypervisor: how much of the measured
 * time was not the program's own. Of the whole system.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/counter/text.h"

enum { CPU, MEMORY, IO, IRQ, STAT, FILES };

static const char *const paths[FILES] = {"/proc/pressure/cpu", "/proc/pressure/memory", "/proc/pressure/io", "/proc/pressure/irq", "/proc/stat"};

static const struct fs_event events[] = {
	{"cpu_some", "us", "time in which at least one task waited for a CPU", false},
	{"cpu_full", "us", "time in which all tasks did; always 0 for the whole system", false},
	{"memory_some", "us", "time in which at least one task waited for memory: reclaim, refaults, compaction", false},
	{"memory_full", "us", "time in which all tasks did", false},
	{"io_some", "us", "time in which at least one task waited for I/O", false},
	{"io_full", "us", "time in which all tasks did", false},
	{"irq_full", "us", "time taken from tasks by interrupts", false},
	{"steal", "us", "steal time of all CPUs, in clock ticks", false},
	{0},
};

static const struct {
	uint8_t file;
	const char *line;
} places[] = {{CPU, "some"}, {CPU, "full"}, {MEMORY, "some"}, {MEMORY, "full"}, {IO, "some"}, {IO, "full"}, {IRQ, "full"}, {STAT, "cpu"}};

struct psi {
	unsigned n;
	int event[FS_EVENTS]; /* -1: could not be opened */
	bool wanted[FILES];
	struct text_file file[FILES];
};

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=123" */
static bool pressure_of(const char *text, const char *line, uint64_t *us)
{
	const char *at = strstr(text, line), *total = at != NULL ? strstr(at, "total=") : NULL;

	if (total == NULL || total > at + strcspn(at, "\n"))
		return false;
	*us = strtoull(total + strlen("total="), NULL, 10);
	return true;
}

/* "cpu  user nice system idle iowait irq softirq steal ...", in clock ticks of all CPUs */
static bool steal_of(const char *text, uint64_t *us)
{
	char *at = (char *)text + strlen("cpu");
	uint64_t ticks = 0;

	if (strncmp(text, "cpu ", 4) != 0)
		return false;
	for (int field = 0; field < 8; field++) {
		char *end;

		ticks = strtoull(at, &end, 10);
		if (end == at)
			return false;
		at = end;
	}
	*us = ticks * 1000000 / (uint64_t)sysconf(_SC_CLK_TCK);
	return true;
}

static bool value_of(const struct psi *psi, int event, uint64_t *us)
{
	const char *text = psi->file[places[event].file].text;

	return places[event].file == STAT ? steal_of(text, us) : pressure_of(text, places[event].line, us);
}

static int say_why(int file, int err, struct fs_reason *why)
{
	if (file == STAT)
		return fs_because(why, err, "mount /proc", "/proc/stat has no steal time: %s", strerror(-err));
	if (file == IRQ && err == -ENOENT)
		return fs_because(why, err, "use Linux 6.1 or newer with CONFIG_IRQ_TIME_ACCOUNTING", "%s does not exist", paths[file]);
	return fs_because(why, err, "boot with psi=1, or use a kernel with CONFIG_PSI", "%s cannot be read: %s", paths[file], strerror(-err));
}

static int probe(const struct fs_machine *machine, struct fs_reason *why)
{
	struct text_file file;
	int err = -ENOENT;

	for (int i = 0; i < FILES && err != 0; i++)
		err = text_open(&file, machine, paths[i]);
	if (err != 0)
		return fs_because(why, err, "mount /proc", "neither /proc/pressure nor /proc/stat can be read: %s", strerror(-err));
	text_close(&file);
	return 0;
}

static int index_of(const char *name)
{
	int i = 0;

	while (strcmp(events[i].name, name) != 0)
		i++;
	return i;
}

static int open_psi(
	const struct fs_machine *machine, const char *const *names, unsigned n, struct fs_opened *opened, void **source, struct fs_reason *why)
{
	struct psi *psi = calloc(1, sizeof(*psi));
	int err[FILES];
	uint64_t us;

	(void)why;
	if (psi == NULL)
		return -ENOMEM;
	for (int f = 0; f < FILES; f++)
		psi->file[f].fd = -1;
	psi->n = n;
	for (unsigned i = 0; i < n; i++) {
		int file;

		psi->event[i] = index_of(names[i]);
		file = places[psi->event[i]].file;
		if (!psi->wanted[file])
			err[file] = text_open(&psi->file[file], machine, paths[file]);
		psi->wanted[file] = true;
		if (err[file] == 0 && value_of(psi, psi->event[i], &us))
			continue;
		say_why(file, err[file] != 0 ? err[file] : -ENODATA, &opened[i].why);
		psi->event[i] = -1;
	}
	*source = psi;
	return 0;
}

static int read_psi(void *source, struct fs_reading *readings)
{
	struct psi *psi = source;

	for (int f = 0; f < FILES; f++) {
		int err = psi->file[f].fd >= 0 ? text_read(&psi->file[f]) : 0;

		if (err != 0)
			return err;
	}
	for (unsigned i = 0; i < psi->n; i++) {
		if (psi->event[i] >= 0 && !value_of(psi, psi->event[i], &readings[i].value))
			return -ENODATA;
	}
	return 0;
}

static void close_psi(void *source)
{
	struct psi *psi = source;

	for (int f = 0; f < FILES; f++)
		text_close(&psi->file[f]);
	free(psi);
}

const struct fs_counter counter_psi = {
	.name = "psi",
	.summary = "pressure of the whole system on CPUs, memory and I/O, and steal time",
	.events = events,
	.probe = probe,
	.open = open_psi,
	.read = read_psi,
	.close = close_psi,
};
