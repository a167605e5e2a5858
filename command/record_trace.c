/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * record_trace.c - reads the trace; see record_trace.h. The program that is recorded may have written anything into it.
 */
#include "config.h"

#include "command/record_trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

#define UNSEEN_LINES 20

struct tracer {
	struct record *record;
	struct fs_reason *why;
	unsigned long line;
};

static int bad_line(const struct tracer *t, const char *what)
{
	return fs_because(t->why, -EINVAL, "record the program again", "the trace's line %lu: %s", t->line, what);
}

static size_t pages_of(size_t bytes)
{
	return bytes / fs_page_bytes() + (bytes % fs_page_bytes() != 0);
}

/* Digits alone. */
static bool parse_count(const char *text, size_t *count)
{
	char *end;

	if (text == NULL || text[0] == '\0' || strspn(text, "0123456789") != strlen(text))
		return false;
	errno = 0;
	*count = strtoull(text, &end, 10);
	return errno == 0;
}

static struct record_region *live_region(const struct tracer *t, const char *text, unsigned *index)
{
	size_t id;

	if (!parse_count(text, &id) || id >= t->record->n_ids)
		return NULL;
	*index = t->record->region_of[id];
	return t->record->regions[*index].is_live ? &t->record->regions[*index] : NULL;
}

/* ---- region ID BYTES, gone ID */

static int add_region(struct tracer *t, const char *id_text, const char *bytes_text)
{
	struct record *r = t->record;
	size_t id, bytes;
	unsigned i = 0;
	int err;

	if (!parse_count(id_text, &id) || !parse_count(bytes_text, &bytes) || id != r->n_ids || bytes == 0 || pages_of(bytes) > APP_PAGES_MAX)
		return bad_line(t, "no buffer");
	while (i < r->n_regions && (r->regions[i].is_live || r->regions[i].bytes != bytes))
		i++;
	err = ARRAY_ADD(r->region_of, r->n_ids, RECORD_PHASES_MAX, "buffers", t->why);
	if (err == 0 && i == r->n_regions) {
		err = ARRAY_ADD(r->regions, r->n_regions, RECORD_REGIONS_MAX, "buffers at a time", t->why);
		if (err == 0)
			r->regions[r->n_regions++] = (struct record_region){.bytes = bytes, .pages = pages_of(bytes)};
	}
	if (err != 0)
		return err;
	r->regions[i].is_live = true;
	r->region_of[r->n_ids++] = i;
	return 0;
}

static int end_region(struct tracer *t, const char *id)
{
	unsigned i;
	struct record_region *region = live_region(t, id, &i);

	if (region == NULL)
		return bad_line(t, "no buffer goes");
	region->is_live = false;
	return 0;
}

/* ---- host read|write ID OFFSET BYTES: collected until the next launch */

static int host_uses(struct tracer *t, const char *how, const char *id, const char *offset_text, const char *bytes_text)
{
	unsigned i;
	struct record_region *region = live_region(t, id, &i);
	size_t offset, bytes;
	uint8_t **pages;

	if (region == NULL || how == NULL || (strcmp(how, "read") != 0 && strcmp(how, "write") != 0) || !parse_count(offset_text, &offset) ||
		!parse_count(bytes_text, &bytes) || bytes == 0 || offset >= region->bytes || bytes > region->bytes - offset)
		return bad_line(t, "no use of a buffer");
	pages = how[0] == 'r' ? &region->read : &region->written;
	if (*pages == NULL)
		*pages = calloc(region->pages, 1);
	if (*pages == NULL)
		return fs_no_memory(t->why);
	memset(*pages + offset / fs_page_bytes(), 1, pages_of(offset + bytes) - offset / fs_page_bytes());
	return 0;
}

static size_t take_pages(uint8_t **pages, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; *pages != NULL && i < n; i++)
		count += (*pages)[i];
	free(*pages);
	*pages = NULL;
	return count;
}

static struct record_phase *add_phase(struct tracer *t, const char *name, bool is_device)
{
	struct record *r = t->record;
	struct record_phase *phase;

	if (ARRAY_ADD(r->phases, r->n_phases, RECORD_PHASES_MAX, "phases: record a shorter run of the program", t->why) != 0)
		return NULL;
	phase = &r->phases[r->n_phases++];
	*phase = (struct record_phase){.is_device = is_device};
	text_fit(phase->name, sizeof(phase->name), "%s", name);
	return phase;
}

/* What the phase does with a region, in the order of the regions. */
static struct record_use *use_of(struct tracer *t, struct record_phase *phase, unsigned region)
{
	unsigned i = 0;

	while (i < phase->n_uses && phase->uses[i].region < region)
		i++;
	if (i < phase->n_uses && phase->uses[i].region == region)
		return &phase->uses[i];
	if (ARRAY_ADD(phase->uses, phase->n_uses, RECORD_REGIONS_MAX, "buffers of a launch", t->why) != 0)
		return NULL;
	memmove(&phase->uses[i + 1], &phase->uses[i], (phase->n_uses++ - i) * sizeof(phase->uses[0]));
	phase->uses[i] = (struct record_use){.region = region};
	return &phase->uses[i];
}

/* The CPU's phase since the last launch, if it did anything. */
static int end_host_phase(struct tracer *t)
{
	struct record *r = t->record;
	struct record_phase *phase = NULL;

	for (unsigned i = 0; i < r->n_regions; i++) {
		struct record_region *region = &r->regions[i];
		struct record_use *use;

		if (region->read == NULL && region->written == NULL)
			continue;
		phase = phase == NULL ? add_phase(t, "host", false) : phase;
		use = phase == NULL ? NULL : use_of(t, phase, i);
		if (use == NULL)
			return -ENOMEM;
		use->reads = (double)take_pages(&region->read, region->pages);
		use->writes = (double)take_pages(&region->written, region->pages);
	}
	return 0;
}

/* ---- launch NAME [r:ID:PAGES] [w:ID:PAGES]... */

static int launch_use(struct tracer *t, struct record_phase *phase, char *word)
{
	char *id = word[0] != '\0' && word[1] == ':' ? word + 2 : NULL, *count = id != NULL ? strchr(id, ':') : NULL;
	const struct record_region *region;
	struct record_use *use;
	size_t pages;
	unsigned i;

	if (count == NULL || (word[0] != 'r' && word[0] != 'w'))
		return bad_line(t, "no use of a buffer by a launch");
	*count++ = '\0';
	region = live_region(t, id, &i);
	if (region == NULL)
		return bad_line(t, "a launch uses no buffer");
	use = use_of(t, phase, i);
	if (use == NULL)
		return -ENOMEM;
	if (strcmp(count, "?") == 0) {
		use->is_unknown = true;
		pages = region->pages;
	} else if (!parse_count(count, &pages) || pages > region->pages) {
		return bad_line(t, "no number of pages");
	}
	/* A buffer may be two arguments. */
	if (word[0] == 'r')
		use->reads = (double)pages > use->reads ? (double)pages : use->reads;
	else
		use->writes = (double)pages > use->writes ? (double)pages : use->writes;
	return 0;
}

static int add_launch(struct tracer *t, const char *name, char **save)
{
	struct record_phase *phase;
	char *word;
	int err;

	if (name == NULL)
		return bad_line(t, "a launch without name");
	err = end_host_phase(t);
	if (err != 0)
		return err;
	phase = add_phase(t, name, true);
	err = phase == NULL ? -ENOMEM : 0;
	while (err == 0 && (word = strtok_r(NULL, " ", save)) != NULL)
		err = launch_use(t, phase, word);
	t->record->n_launches++;
	return err;
}

/* ---- the trace */

static void add_unseen(struct record *record, const char *what)
{
	char visible[200];

	if (what == NULL || strstr(text_string(&record->unseen), what) != NULL || record->n_unseen++ >= UNSEEN_LINES)
		return;
	text_fit(visible, sizeof(visible), "%s", what);
	text_make_visible(visible, sizeof(visible));
	text_add(&record->unseen, "#   %s\n", visible);
}

static int read_line(struct tracer *t, char *line)
{
	char *save, *word = strtok_r(line, " ", &save), *arg[4] = {NULL};

	if (word == NULL)
		return bad_line(t, "an empty line");
	if (strcmp(word, "unseen") == 0) {
		add_unseen(t->record, strtok_r(NULL, "", &save));
		return 0;
	}
	if (strcmp(word, "launch") == 0)
		return add_launch(t, strtok_r(NULL, " ", &save), &save);
	for (unsigned i = 0; i < FS_ARRAY_SIZE(arg); i++)
		arg[i] = strtok_r(NULL, " ", &save);
	if (strcmp(word, "region") == 0)
		return add_region(t, arg[0], arg[1]);
	if (strcmp(word, "gone") == 0)
		return end_region(t, arg[0]);
	if (strcmp(word, "host") == 0)
		return host_uses(t, arg[0], arg[1], arg[2], arg[3]);
	return bad_line(t, "an unknown word");
}

int record_read(struct record *record, FILE *trace, struct fs_reason *why)
{
	struct tracer t = {.record = record, .why = why};
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	int err = 0;

	while (err == 0 && (n = getline(&line, &room, trace)) > 0) {
		t.line++;
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		err = read_line(&t, line);
	}
	if (err == 0)
		err = end_host_phase(&t);
	free(line);
	return err;
}

void record_free(struct record *record)
{
	for (unsigned i = 0; i < record->n_regions; i++) {
		free(record->regions[i].read);
		free(record->regions[i].written);
	}
	for (size_t i = 0; i < record->n_phases; i++)
		free(record->phases[i].uses);
	free(record->regions);
	free(record->region_of);
	free(record->phases);
	text_clear(&record->unseen);
	*record = (struct record){0};
}
