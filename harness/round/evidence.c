/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * evidence.c - evidence and verdicts: what must hold in a round, and the verdict if it does not.
 */
#include "config.h"

#include "harness/round/job.h"

#include <errno.h>

#include "base/text.h"

bool fs_expect(struct fs_job *job, const char *what, double seen, enum fs_relation relation, double expected)
{
	struct share *share = job->share;
	bool holds = relation == FS_EQ ? seen == expected : relation == FS_GE ? seen >= expected : seen <= expected;

	if (!holds && share->verdict == VERDICT_OK) {
		share->verdict = VERDICT_INVALID;
		fs_because(&share->why, 0, "the round did not measure what it was meant to: see evidence in the record",
			"evidence %s: %.15g is not %s %.15g", what, seen, relation_signs[relation], expected);
	}
	if (share->nevidence == SHARE_EVIDENCE) {
		share->evidence_lost++;
		return holds;
	}
	if (!text_fit(share->evidence[share->nevidence].what, sizeof(share->evidence[0].what), "%s", what))
		fs_error(job, -E2BIG, "the name of an evidence has more than %zu characters: %s", sizeof(share->evidence[0].what) - 1, what);
	share->evidence[share->nevidence].seen = seen;
	share->evidence[share->nevidence].expected = expected;
	share->evidence[share->nevidence].relation = relation;
	share->evidence[share->nevidence].holds = holds;
	share->nevidence++;
	return holds;
}

struct fs_reason *fs_why(struct fs_job *job)
{
	return &job->share->why;
}

static void verdict_set(struct fs_job *job, enum verdict verdict, const char *remedy, const char *fmt, va_list ap)
{
	job->share->verdict = verdict;
	fs_because_va(fs_why(job), 0, remedy, fmt, ap);
}

int fs_wrong(struct fs_job *job, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	verdict_set(job, VERDICT_FAIL, "", fmt, ap);
	va_end(ap);
	return -EBADMSG;
}

int fs_error_memory(struct fs_job *job)
{
	return fs_error(job, -ENOMEM, "out of memory");
}

void fs_code_variant(struct fs_job *job, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	text_fit_va(job->share->image, sizeof(job->share->image), fmt, ap);
	va_end(ap);
}

int fs_skip(struct fs_job *job, const char *remedy, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	verdict_set(job, VERDICT_SKIP, remedy, fmt, ap);
	va_end(ap);
	return -ENOTSUP;
}

int fs_error(struct fs_job *job, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	verdict_set(job, VERDICT_FAIL, "", fmt, ap);
	va_end(ap);
	return err < 0 ? err : -EIO;
}
