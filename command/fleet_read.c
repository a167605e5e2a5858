/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet_read.c - reads the runs of a fleet: by the digest beside a run where it holds, else the run; see fleet_read.h.
 */
#include "config.h"

#include "command/fleet_read.h"

#include <errno.h>

#include "analysis/summary/digest_beside.h"
#include "base/say.h"
#include "base/text.h"

int fleet_read(struct fleet_reader *reader, const char *path, struct runfile *run, struct summary *summary, struct fs_reason *why)
{
	struct fs_reason refused = {0};
	int err = digest_beside_load(path, run, summary, &refused);

	if (err == 0) {
		reader->digests++;
		return 0;
	}
	if (err != -ENOENT && reader->refused++ == 0)
		reader->first = refused;
	err = runfile_load(path, run, why);
	if (err == 0 && run->header == NULL)
		err = fs_because(why, -ENODATA, "", "%s: it has no run record", path);
	if (err == 0 && summary_make(run, summary) != 0)
		err = fs_no_memory(why);
	return err;
}

void fleet_read_say(const struct fleet_reader *reader)
{
	if (reader->refused == 1)
		say("fleet", "a digest is not used, and its run was read instead: %s", reader->first.what);
	else if (reader->refused != 0)
		say("fleet", "%zu digests are not used, and their runs were read instead, such as %s", reader->refused, reader->first.what);
}

enum exit_status fleet_digest(const struct fleet_command *command)
{
	enum exit_status status = EXIT_FINE;

	for (size_t i = 0; i < command->n; i++) {
		const char *path = command->args[i];
		struct states_file end = states_of_file(path);
		struct fs_reason why = {0};
		int err = 0;

		if (end.state != STATES_COMPLETE)
			err = fs_because(&why, end.bytes == 0 ? -ENOENT : -ENODATA, "", "%s: %s", path, end.why);
		if (err == 0)
			err = digest_beside_save(path, &why);
		if (err != 0)
			status = fleet_fail(err, &why);
	}
	return status;
}
