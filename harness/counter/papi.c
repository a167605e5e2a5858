/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * papi - PAPI's presets and native events, of the thread that runs the steps and of its children.
 *
 * Only the low-level interface is used: the high-level one silently replaces events by others. What a preset was resolved to is recorded with its
 * count. Nothing is multiplexed, since PAPI does not tell for how long an event then counted: an event that does not fit beside those before it is
 * absent. The library is opened at run time, and only if one of its events is selected, because it probes other devices by itself.
 */
#include "config.h"

#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/counter/papi_pmu.h"
#include "harness/counter/perf_name.h"
#include "harness/fivestep.h"
#include "harness/machine/topology.h"

static const struct fs_event events[] = {
	{"PAPI_TOT_CYC", "cycles", "cycles while running", false},
	{"PAPI_TOT_INS", "insn", "instructions retired", false},
	{"PAPI_LD_INS", "insn", "loads", false},
	{"PAPI_SR_INS", "insn", "stores", false},
	{"PAPI_TLB_DM", "misses", "data TLB misses; the resolved event tells the level", false},
	{"PAPI_TLB_IM", "misses", "misses of the instruction TLB", false},
	{"PAPI_L1_DCM", "misses", "L1 data cache misses", false},
	{"PAPI_L2_DCM", "misses", "L2 data cache misses", false},
	{"PAPI_L3_TCM", "misses", "L3 cache misses", false},
	{"PAPI_BR_INS", "branches", "branches retired", false},
	{"PAPI_BR_MSP", "branches", "mispredicted branches", false},
	{"PAPI_RES_STL", "cycles", "cycles stalled on any resource", false},
	{"perf::PAGE-FAULTS", "faults", "page faults, counted by PAPI through perf, to compare with perf:page-faults", false},
	{0},
};

/* Presets are PAPI_*; native names have a component or PMU before "::", or only the processor's letters. */
static bool accepts(const char *event)
{
	for (const char *p = event; *p != '\0'; p++) {
		if (!isalnum((unsigned char)*p) && strchr("_:-.=/", *p) == NULL)
			return false;
	}
	return isupper((unsigned char)event[0]) || strstr(event, "::") != NULL;
}

#ifdef HAVE_PAPI

#include <papi.h>

/* What is used of the library, by its own types. */
static struct {
	typeof(&PAPI_library_init) library_init;
	typeof(&PAPI_strerror) strerror;
	typeof(&PAPI_event_name_to_code) event_name_to_code;
	typeof(&PAPI_event_code_to_name) event_code_to_name;
	typeof(&PAPI_query_event) query_event;
	typeof(&PAPI_get_event_info) get_event_info;
	typeof(&PAPI_get_event_component) get_event_component;
	typeof(&PAPI_num_components) num_components;
	typeof(&PAPI_get_component_info) get_component_info;
	typeof(&PAPI_create_eventset) create_eventset;
	typeof(&PAPI_assign_eventset_component) assign_eventset_component;
	typeof(&PAPI_set_opt) set_opt;
	typeof(&PAPI_add_event) add_event;
	typeof(&PAPI_start) start;
	typeof(&PAPI_read) read;
	typeof(&PAPI_stop) stop;
	typeof(&PAPI_cleanup_eventset) cleanup_eventset;
	typeof(&PAPI_destroy_eventset) destroy_eventset;
} papi;

static const struct {
	void **function;
	const char *name;
} symbols[] = {
	{(void **)&papi.library_init, "PAPI_library_init"},
	{(void **)&papi.strerror, "PAPI_strerror"},
	{(void **)&papi.event_name_to_code, "PAPI_event_name_to_code"},
	{(void **)&papi.event_code_to_name, "PAPI_event_code_to_name"},
	{(void **)&papi.query_event, "PAPI_query_event"},
	{(void **)&papi.get_event_info, "PAPI_get_event_info"},
	{(void **)&papi.get_event_component, "PAPI_get_event_component"},
	{(void **)&papi.num_components, "PAPI_num_components"},
	{(void **)&papi.get_component_info, "PAPI_get_component_info"},
	{(void **)&papi.create_eventset, "PAPI_create_eventset"},
	{(void **)&papi.assign_eventset_component, "PAPI_assign_eventset_component"},
	{(void **)&papi.set_opt, "PAPI_set_opt"},
	{(void **)&papi.add_event, "PAPI_add_event"},
	{(void **)&papi.start, "PAPI_start"},
	{(void **)&papi.read, "PAPI_read"},
	{(void **)&papi.stop, "PAPI_stop"},
	{(void **)&papi.cleanup_eventset, "PAPI_cleanup_eventset"},
	{(void **)&papi.destroy_eventset, "PAPI_destroy_eventset"},
};

#define SETS 8

/* One event set per component: PAPI cannot run two of one component at a time. */
struct set {
	int component, eventset;
	unsigned n;
	unsigned place[FS_EVENTS];  /* index of its events among those of the source */
	bool user_only, own_thread; /* restrictions that PAPI imposed */
	bool running;
};

struct source {
	unsigned nsets;
	struct set set[SETS];
	long long values[FS_EVENTS];
};

/* ---- the library */

static int load(struct fs_reason *why)
{
	char name[32];
	void *library;

	/* The name has the minor version or not, by the release. */
	snprintf(name, sizeof(name), "libpapi.so.%u", (unsigned)PAPI_VERSION_MAJOR(PAPI_VERSION));
	library = dlopen(name, RTLD_NOW | RTLD_GLOBAL);
	if (library == NULL) {
		snprintf(name, sizeof(name), "libpapi.so.%u.%u", (unsigned)PAPI_VERSION_MAJOR(PAPI_VERSION),
			(unsigned)PAPI_VERSION_MINOR(PAPI_VERSION));
		library = dlopen(name, RTLD_NOW | RTLD_GLOBAL);
	}
	if (library == NULL)
		return fs_because(why, -ENOENT, "install PAPI's library (apt install libpapi-dev, dnf install papi-libs), or count by perf",
			"%s is not found", name);
	for (size_t i = 0; i < FS_ARRAY_SIZE(symbols); i++) {
		*symbols[i].function = dlsym(library, symbols[i].name);
		if (*symbols[i].function == NULL)
			return fs_because(why, -ENOSYS, "install a newer PAPI", "%s has no %s", name, symbols[i].name);
	}
	return 0;
}

/* Once per process; the library is never closed, since it may have left threads and handlers. */
static int library_open(struct fs_reason *why)
{
	static bool opened;
	int got, err;

	if (opened)
		return 0;
	err = load(why);
	if (err != 0)
		return err;
	got = papi.library_init(PAPI_VER_CURRENT);
	if (got != PAPI_VER_CURRENT)
		return fs_because(why, -ENOTSUP, "install the PAPI that fivestep was built with", "PAPI cannot be initialised: %s",
			got > 0 ? "its version differs" : papi.strerror(got));
	opened = true;
	return 0;
}

static unsigned presets(void)
{
	unsigned n = 0;

	for (int i = 0; i < papi.num_components(); i++) {
		const PAPI_component_info_t *component = papi.get_component_info(i);

		if (component != NULL && component->disabled == 0 && component->num_preset_events > 0)
			n += (unsigned)component->num_preset_events;
	}
	return n;
}

/* Why there is no hardware event at all; 0 if there is one. */
static int no_hardware(const struct fs_machine *machine, struct fs_reason *why)
{
	struct perf_rights rights;
	char cpuinfo[4096], pmu[48], remedy[160];
	int fd = machine_open(machine, "/proc/cpuinfo");
	ssize_t len = fd >= 0 ? read(fd, cpuinfo, sizeof(cpuinfo) - 1) : 0;

	if (fd >= 0)
		close(fd);
	cpuinfo[len > 0 ? len : 0] = '\0';
	perf_rights_read(machine, &rights);
	if (!rights.has_pmu)
		return perf_why(-ENOENT, "hardware event", 0, &rights, why);
	if (presets() > 0)
		return 0;
	papi_pmu_for(cpuinfo, pmu, sizeof(pmu));
	if (pmu[0] != '\0')
		snprintf(remedy, sizeof(remedy), "set LIBPFM_FORCE_PMU=%s in the environment, install a newer PAPI, or count by perf", pmu);
	else
		snprintf(remedy, sizeof(remedy),
			"set LIBPFM_FORCE_PMU in the environment to its nearest predecessor, install a newer PAPI, or count by perf");
	return fs_because(why, -ENOENT, remedy, "PAPI does not know this processor, although the kernel supports its counters");
}

static int probe(const struct fs_machine *machine, struct fs_reason *why)
{
	(void)machine;
	return library_open(why);
}

/* ---- opening */

static void describe(int code, const char *asked, struct fs_opened *opened)
{
	PAPI_event_info_t info;
	char name[PAPI_MAX_STR_LEN] = "";
	int len = 0;

	memset(&info, 0, sizeof(info));
	if (papi.get_event_info(code, &info) == PAPI_OK && (code & (int)PAPI_PRESET_MASK) != 0 && (code & (int)PAPI_NATIVE_MASK) == 0) {
		for (unsigned i = 0; i < info.count && len < (int)sizeof(opened->counts); i++)
			len += snprintf(opened->counts + len, sizeof(opened->counts) - (size_t)len, "%s%s", i != 0 ? " and " : "", info.name[i]);
		return;
	}
	/* A native name may have been completed with defaults. */
	if (papi.event_code_to_name(code, name) == PAPI_OK && strcmp(name, asked) != 0)
		snprintf(opened->counts, sizeof(opened->counts), "%s", name);
}

/* Records restrictions: in the name if they change what is counted, else beside the resolved event. */
static void say_limits(const struct set *set, const char *asked, struct fs_opened *opened)
{
	char resolved[sizeof(opened->counts)];

	if (set->user_only)
		strcat(opened->name, FS_EVENT_USER);
	snprintf(resolved, sizeof(resolved), "%s", opened->counts[0] != '\0' ? opened->counts : asked);
	if (set->own_thread)
		snprintf(opened->counts, sizeof(opened->counts), "%.*s, of this thread only", PAPI_MAX_STR_LEN, resolved);
}

/* Counts user code and the kernel, and child threads; if PAPI refuses, each event says so. */
static void widen(struct set *set)
{
	PAPI_option_t option;

	memset(&option, 0, sizeof(option));
	option.domain.eventset = set->eventset;
	option.domain.domain = PAPI_DOM_ALL;
	set->user_only = papi.set_opt(PAPI_DOMAIN, &option) != PAPI_OK;
	memset(&option, 0, sizeof(option));
	option.inherit.eventset = set->eventset;
	option.inherit.inherit = PAPI_INHERIT_ALL;
	set->own_thread = papi.set_opt(PAPI_INHERIT, &option) != PAPI_OK;
}

static struct set *set_of(struct source *source, int component, int *err)
{
	struct set *set;

	for (unsigned i = 0; i < source->nsets; i++) {
		if (source->set[i].component == component)
			return &source->set[i];
	}
	if (source->nsets == SETS) {
		*err = PAPI_ECNFLCT;
		return NULL;
	}
	set = &source->set[source->nsets];
	*set = (struct set){.component = component, .eventset = PAPI_NULL};
	*err = papi.create_eventset(&set->eventset);
	if (*err == PAPI_OK)
		*err = papi.assign_eventset_component(set->eventset, component);
	if (*err != PAPI_OK)
		return NULL;
	source->nsets++;
	widen(set);
	return set;
}

static int refused(int err, const char *event, bool first, struct fs_reason *why)
{
	if ((err == PAPI_ECNFLCT || err == PAPI_ECOUNT) && !first)
		return fs_because(why, -ENOSPC, "select fewer papi events at a time, or perf, which multiplexes",
			"no hardware counter is left for %s beside the events before it", event);
	if (err == PAPI_EPERM || err == PAPI_ESYS)
		return fs_because(
			why, -EACCES, "see perf in fivestep list counters for the cause", "PAPI may not count %s: %s", event, papi.strerror(err));
	return fs_because(
		why, -ENOENT, "papi_avail and papi_native_avail list its events", "PAPI cannot count %s here: %s", event, papi.strerror(err));
}

static void open_one(struct source *source, const struct fs_machine *machine, const char *event, unsigned place, struct fs_opened *opened)
{
	char name[FS_EVENT_NAME];
	struct set *set;
	int code = 0, err;

	snprintf(name, sizeof(name), "%s", event);
	err = papi.event_name_to_code(name, &code);
	if (err == PAPI_OK)
		err = papi.query_event(code);
	if (err != PAPI_OK) {
		if (strncmp(event, "perf::", 6) == 0 || no_hardware(machine, &opened->why) == 0)
			refused(err, event, true, &opened->why);
		return;
	}
	set = set_of(source, papi.get_event_component(code), &err);
	if (set != NULL)
		err = papi.add_event(set->eventset, code);
	if (err != PAPI_OK) {
		if (strncmp(event, "perf::", 6) == 0 || no_hardware(machine, &opened->why) == 0)
			refused(err, event, set == NULL || set->n == 0, &opened->why);
		return;
	}
	describe(code, event, opened);
	say_limits(set, event, opened);
	set->place[set->n++] = place;
}

static void start_set(struct set *set, struct fs_opened *opened)
{
	int err = set->n != 0 ? papi.start(set->eventset) : PAPI_OK;

	set->running = set->n != 0 && err == PAPI_OK;
	for (unsigned i = 0; i < set->n && err != PAPI_OK; i++)
		refused(err, opened[set->place[i]].name, true, &opened[set->place[i]].why);
}

static int open_papi(
	const struct fs_machine *machine, const char *const *names, unsigned n, struct fs_opened *opened, void **opened_source, struct fs_reason *why)
{
	struct source *source = calloc(1, sizeof(*source));

	(void)why;
	if (source == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < n; i++)
		open_one(source, machine, names[i], i, &opened[i]);
	for (unsigned i = 0; i < source->nsets; i++)
		start_set(&source->set[i], opened);
	*opened_source = source;
	return 0;
}

static int read_papi(void *opened_source, struct fs_reading *readings)
{
	struct source *source = opened_source;

	for (unsigned i = 0; i < source->nsets; i++) {
		const struct set *set = &source->set[i];

		if (!set->running)
			continue;
		if (papi.read(set->eventset, source->values) != PAPI_OK)
			return -EIO;
		for (unsigned k = 0; k < set->n; k++)
			readings[set->place[k]].value = (uint64_t)source->values[k];
	}
	return 0;
}

static void close_papi(void *opened_source)
{
	struct source *source = opened_source;

	for (unsigned i = 0; i < source->nsets; i++) {
		struct set *set = &source->set[i];

		if (set->running)
			papi.stop(set->eventset, source->values);
		papi.cleanup_eventset(set->eventset);
		papi.destroy_eventset(&set->eventset);
	}
	free(source);
}

#else

static int probe(const struct fs_machine *machine, struct fs_reason *why)
{
	(void)machine;
	return fs_because(why, -ENOSYS, "install its header (apt install libpapi-dev) and configure again, or count by perf",
		"fivestep was built without PAPI");
}

static int open_papi(
	const struct fs_machine *machine, const char *const *names, unsigned n, struct fs_opened *opened, void **source, struct fs_reason *why)
{
	(void)names;
	(void)n;
	(void)opened;
	(void)source;
	return probe(machine, why);
}

static int read_papi(void *source, struct fs_reading *readings)
{
	(void)source;
	(void)readings;
	return -ENOSYS;
}

static void close_papi(void *source)
{
	(void)source;
}

#endif

const struct fs_counter counter_papi = {
	.name = "papi",
	.summary = "PAPI's presets and native events of the CPU side, by its low-level interface",
	.events = events,
	.accepts = accepts,
	.probe = probe,
	.open = open_papi,
	.read = read_papi,
	.close = close_papi,
};
