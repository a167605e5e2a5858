/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * claims_facts.c - what a claim's facts say, word for word: which work, setups and device, the counts and values, and how many times as long.
 */
#include "config.h"

#include "tests/analysis/invented.h"

static void claim_tells(unsigned claim, const struct invented *cells, size_t n, const char *want)
{
	struct claims_answer answer;
	struct loaded loaded;
	struct claims_run run = {&loaded.run, &loaded.summary};
	char told[2000] = "";
	size_t len = 0;

	load(&loaded, cells, n);
	is_int(claims_answer(&claims[claim], &run, 1, &answer), 0, "%s: answered", claims[claim].title);
	for (size_t i = 0; i < answer.n && len < sizeof(told); i++)
		len += (size_t)snprintf(told + len, sizeof(told) - len, "%s%s", i > 0 ? "\n" : "", answer.facts[i].text);
	is_str(told, want, "%s: its facts", claims[claim].title);
	claims_free(&answer);
	unload(&loaded);
}
#define CLAIM_TELLS(claim, want, ...)                                                                                                                \
	do {                                                                                                                                         \
		const struct invented cells[] = {__VA_ARGS__};                                                                                       \
		claim_tells(claim, cells, FS_ARRAY_SIZE(cells), want);                                                                               \
	} while (0)

#define TURN ",\"turn\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[5000]}"

static void test_facts_of_faults(void)
{
	static const char none[] = "{\"size\":\"64K\",\"thrash\":\"none\"}", pin[] = "{\"size\":\"64K\",\"thrash\":\"pin\"}";
	static const char size[] = "{\"size\":\"1M\"}";
	struct invented moving = bench("ping_pong", "hmm", none, "migrations_a_turn", "ratio", "lower", 1);

	CLAIM_TELLS(1,
		"triad size=1M on dev: hmm takes 301 ns, the best other way (copy) 100 ns: 3 times\n"
		"jacobi size=1M on dev: hmm takes 50.2 ns, the best other way (copy) 201 ns: 0.25 times",
		kernel("copy", 100, 0), kernel("cdm", 200, 0), kernel("hmm", 300, 5), named("jacobi", kernel("hmm", 50, 5)),
		named("jacobi", kernel("copy", 200, 0)));
	/* Five in each of steps 3 and 4. */
	CLAIM_TELLS(2,
		"triad size=1M on dev: 10 faults counted in steps 3 and 4 under hmm; 8 of 8 checks of faults and residence held\n"
		"gemm size=1M on dev: 14 faults counted in steps 3 and 4 under hmm; 0 of 8 checks of faults and residence held",
		kernel("hmm", 100, 5), with_verdict(named("jacobi", kernel("hmm", 100, 5)), "fail"), kernel("copy", 100, 0),
		without_evidence(named("gemm", kernel("hmm", 100, 7))));
	moving.more = TURN;
	CLAIM_TELLS(3, "ping_pong, hmm on dev: 1 migrations per turn and 5.00 us without detection; 0.0201 and - with thrash=pin", moving,
		bench("ping_pong", "hmm", pin, "migrations_a_turn", "ratio", "lower", 0.02));
	CLAIM_TELLS(4,
		"triad size=1M: 1000 faults under hmm on dev, 6 under cdm on dev\n"
		"fault_back size=1M: 257 faults under hmm on dev, 17 under cdm on dev",
		kernel("hmm", 100, 500), kernel("cdm", 100, 3), bench("fault_back", "hmm", size, "faults", "faults", "exact", 256),
		bench("fault_back", "cdm", size, "faults", "faults", "exact", 17));
}

#define RIGHT(percent) ",\"pages_right\":{\"unit\":\"%\",\"better\":\"higher\",\"samples\":[" percent "]}"

static struct invented placement(const char *setup, const char *params, double turn, const char *right)
{
	struct invented cell = bench("placement", setup, params, "turn", "ns", "lower", turn);

	cell.more = right;
	return cell;
}

static void test_facts_of_history(void)
{
	static const char none[] = "{\"size\":\"1M\",\"thrash\":\"none\"}", pin[] = "{\"size\":\"1M\",\"thrash\":\"pin\"}";
	static const char found[] = "{\"size\":\"1M\",\"placed\":\"found\",\"thrash\":\"none\"}";
	static const char history[] = "{\"size\":\"1M\",\"placed\":\"found\",\"thrash\":\"pin\"}";
	static const char known[] = "{\"size\":\"1M\",\"placed\":\"known\",\"thrash\":\"none\"}";
	struct invented programs[] = {kernel("hmm", 100, 5), kernel("hmm", 150, 5), kernel("hmm", 150.1, 5)};

	programs[0].params = none;
	programs[1].params = programs[2].params = pin;
	CLAIM_TELLS(3, "triad size=1M, hmm on dev: 100 ns without detection, 151 ns with: 1.5 times; it pinned 1 granule", programs[0], programs[1]);
	programs[0].value = 150;
	CLAIM_TELLS(3, "triad size=1M, hmm on dev: 151 ns without detection, 151 ns with: 1 times, intervals overlap; it pinned 1 granule",
		programs[0], programs[2]);
	CLAIM_TELLS(2,
		"placement size=1M on dev: a turn, and the share of pages that are on the side that alone uses them: by the history of faults "
		"50.2 ns, 75 %; "
		"by each fault 100 ns, 50 %; by one who knows 80.3 ns, 100 %; by automatic balancing 201 ns, 60 %",
		placement("hmm", found, 100, RIGHT("50")), placement("hmm", history, 50, RIGHT("75")), placement("hmm", known, 80, RIGHT("100")),
		placement("cdm-balance", "{\"size\":\"1M\",\"placed\":\"found\"}", 200, RIGHT("60")));
}

static void test_facts_of_residence(void)
{
	CLAIM_TELLS(0,
		"triad: the same program gave the reference answer in all 8 rounds under HMM and all 16 under coherent memory\n"
		"jacobi: 0 rounds under HMM and 8 under coherent memory gave no valid result",
		kernel("hmm", 100, 5), kernel("cdm", 100, 0), kernel("cdm-host", 100, 0), named("jacobi", kernel("hmm", 100, 5)),
		with_verdict(named("jacobi", kernel("cdm", 100, 5)), "fail"));
	CLAIM_TELLS(5,
		"access_bandwidth, cdm on dev: the host accesses its own node at 20.1 GB/s, the other at 5.02 GB/s, and no fault shows it\n"
		"access_latency, cdm on dev: the host accesses its own node at 80.3 ns, the other at 161 ns, and no fault shows it",
		access_of("host", "host", 20), access_of("host", "device", 5), latency(access_of("host", "host", 80)),
		latency(access_of("host", "device", 160)));
	CLAIM_TELLS(5,
		"triad size=1M: automatic balancing took 40 hint faults to find pages, and 1.5 times as long as placing them at once\n"
		"jacobi size=1M: automatic balancing found no pages within the time of a round",
		kernel("cdm", 100, 0), with_hints(kernel("cdm-balance", 150, 0), 40), named("jacobi", kernel("cdm", 100, 0)),
		named("jacobi", kernel("cdm-balance", 150, 0)));
	CLAIM_TELLS(6,
		"triad size=1M on dev: in 8 of 8 rounds the data were correct and the pages where the driver put them; it takes 1.2 times as long as "
		"leaving them on the host's node\n"
		"gemm size=1M on dev: 8 of 8 rounds failed or found pages elsewhere\n"
		"bfs size=1M on dev: in 8 of 8 rounds the data were correct and the pages where the driver put them",
		named("jacobi", kernel("cdm-host", 700, 0)), kernel("cdm-host", 100, 0), kernel("cdm-migrate", 120, 0),
		with_verdict(named("gemm", kernel("cdm-migrate", 1, 0)), "fail"), named("bfs", kernel("cdm-migrate", 1, 0)));
}

/* A work that says nothing of the claim stands before one that does. */
static void test_silent_first(void)
{
	static const char size[] = "{\"size\":\"1M\"}";
	struct invented silent = bench("access_bandwidth", "cdm", "{\"initiator\":\"host\",\"residence\":\"host\"}", "write", "GB/s", "higher", 5);

	CLAIM_TELLS(0, "triad: the same program gave the reference answer in all 8 rounds under HMM and all 8 under coherent memory",
		named("jacobi", kernel("hmm", 100, 0)), named("gemm", kernel("cdm", 100, 0)), kernel("hmm", 100, 5), kernel("cdm", 100, 0));
	CLAIM_TELLS(1, "triad size=1M on dev: hmm takes 301 ns, the best other way (copy) 100 ns: 3 times", named("jacobi", kernel("copy", 100, 0)),
		named("jacobi", kernel("cdm", 200, 0)), named("gemm", kernel("hmm", 100, 5)), kernel("copy", 100, 0), kernel("hmm", 300, 5));
	CLAIM_TELLS(2, "triad size=1M on dev: 10 faults counted in steps 3 and 4 under hmm; 8 of 8 checks of faults and residence held",
		with_verdict(named("jacobi", kernel("hmm", 100, 5)), "skip"), named("gemm", kernel("hmm-prefetch", 100, 5)), kernel("hmm", 100, 5));
	CLAIM_TELLS(4, "triad size=1M: 1000 faults under hmm on dev, 6 under cdm on dev", bench("fault_back", "hmm", size, "touch", "ns", "lower", 3),
		bench("fault_back", "cdm", size, "touch", "ns", "lower", 3), kernel("hmm", 100, 500), kernel("cdm", 100, 3));
	CLAIM_TELLS(5,
		"access_bandwidth, cdm on dev: the host accesses its own node at 20.1 GB/s, the other at 5.02 GB/s, and no fault shows it\n"
		"triad size=1M: automatic balancing took 40 hint faults to find pages, and 1.5 times as long as placing them at once",
		silent, named("jacobi", kernel("cdm", 100, 0)), named("jacobi", kernel("cdm-host", 100, 0)), access_of("host", "host", 20),
		access_of("host", "device", 5), kernel("cdm", 100, 0), with_hints(kernel("cdm-balance", 150, 0), 40));
	CLAIM_TELLS(6, "triad size=1M on dev: in 8 of 8 rounds the data were correct and the pages where the driver put them",
		with_verdict(named("jacobi", kernel("cdm-migrate", 1, 0)), "skip"), named("gemm", kernel("cdm-host", 100, 0)),
		kernel("cdm-migrate", 120, 0));
}

/* Of several runs each fact is of its own. */
static void test_runs(void)
{
	const struct invented cells[2][2] = {
		{kernel("copy", 100, 0), kernel("hmm", 300, 5)}, {named("jacobi", kernel("copy", 100, 0)), named("jacobi", kernel("hmm", 50, 5))}};
	struct loaded loaded[2];
	struct claims_run runs[2];
	struct claims_answer answer;

	for (unsigned i = 0; i < 2; i++) {
		load(&loaded[i], cells[i], 2);
		runs[i] = (struct claims_run){&loaded[i].run, &loaded[i].summary};
	}
	is_int(claims_answer(&claims[1], runs, 2, &answer), 0, "a claim of two runs");
	is_str(claims_verdict_names[answer.verdict], claims_verdict_names[CLAIMS_QUALIFIED], "that contradict each other");
	is_int((long long)answer.n, 2, "has a fact of each");
	for (unsigned i = 0; i < answer.n; i++) {
		is_int((long long)answer.facts[i].run, i, "fact %u is of run %u", i, i);
		is_int(answer.facts[i].side, i == 0 ? CLAIMS_FOR : CLAIMS_AGAINST, "and on its side");
	}
	claims_free(&answer);
	for (unsigned i = 0; i < 2; i++)
		unload(&loaded[i]);
}

int main(void)
{
	test_silent_first();
	test_runs();
	test_facts_of_faults();
	test_facts_of_history();
	test_facts_of_residence();
	done_testing();
	return exit_status();
}
