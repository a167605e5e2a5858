/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * claims.c - the claims against invented runs: one that supports each, one that refutes each, one that lacks what it takes; and the ranking of
 * ways that the top of a report rests on.
 */
#include "config.h"

#include "analysis/claims/ways.h"
#include "tests/analysis/invented.h"

static void claim_is(unsigned claim, const struct invented *cells, size_t n, enum claims_verdict want, const char *name)
{
	struct claims_answer answer;
	struct loaded loaded;
	struct claims_run run = {&loaded.run, &loaded.summary};

	load(&loaded, cells, n);
	claims_answer(&claims[claim], &run, 1, &answer);
	is_str(claims_verdict_names[answer.verdict], claims_verdict_names[want], "%s: %s", claims[claim].title, name);
	for (size_t i = 0; i < answer.n && answer.verdict != want; i++)
		diag("%s", answer.facts[i].text);
	claims_free(&answer);
	unload(&loaded);
}
#define CLAIM_IS(claim, want, name, ...)                                                                                                             \
	do {                                                                                                                                         \
		const struct invented cells[] = {__VA_ARGS__};                                                                                       \
		claim_is(claim, cells, FS_ARRAY_SIZE(cells), want, name);                                                                            \
	} while (0)

/* What the kernel brought back from the wrong node, and how often it looked. */
static struct invented promotion(double back, const char *more)
{
	struct invented cell = bench("promotion", "cdm-balance", "{\"size\":\"4M\"}", "pages_back", "pages", "higher", back);

	cell.more = more;
	return cell;
}

static void test_transparent(void)
{
	CLAIM_IS(0, CLAIMS_SUPPORTED, "both right", kernel("hmm", 100, 5), kernel("cdm", 100, 0));
	CLAIM_IS(0, CLAIMS_REFUTED, "wrong data under one", kernel("hmm", 100, 5), with_verdict(kernel("cdm", 100, 0), "fail"));
	CLAIM_IS(0, CLAIMS_OPEN, "one way only", kernel("hmm", 100, 5), kernel("copy", 100, 0));
	CLAIM_IS(0, CLAIMS_OPEN, "the other skipped", kernel("hmm", 100, 5), with_verdict(kernel("cdm", 100, 0), "skip"));
}

static void test_slow(void)
{
	CLAIM_IS(1, CLAIMS_SUPPORTED, "slower than copies", kernel("copy", 100, 0), kernel("hmm", 150, 5));
	CLAIM_IS(1, CLAIMS_REFUTED, "quicker than all others", kernel("copy", 100, 0), kernel("hmm", 50, 5), kernel("hmm-prefetch", 70, 0));
	CLAIM_IS(1, CLAIMS_UNDECIDED, "intervals overlap", kernel("copy", 100, 0), kernel("hmm", 100.1, 5));
	CLAIM_IS(1, CLAIMS_OPEN, "nothing to compare with", kernel("hmm", 100, 5));
	CLAIM_IS(1, CLAIMS_OPEN, "no faults on demand", kernel("copy", 100, 0), kernel("hmm-prefetch", 150, 0));
}

static void test_knows(void)
{
	CLAIM_IS(2, CLAIMS_SUPPORTED, "faults counted, evidence holds", kernel("hmm", 100, 5));
	CLAIM_IS(2, CLAIMS_REFUTED, "evidence fails", without_evidence(kernel("hmm", 100, 5)));
	CLAIM_IS(2, CLAIMS_REFUTED, "nothing counted", kernel("hmm", 100, 0));
	CLAIM_IS(2, CLAIMS_OPEN, "no HMM", kernel("cdm", 100, 0));
}

static void test_thrash(void)
{
	static const char none[] = "{\"size\":\"64K\",\"thrash\":\"none\"}", pin[] = "{\"size\":\"64K\",\"thrash\":\"pin\"}";
	static const char other[] = "{\"size\":\"1M\",\"thrash\":\"pin\"}";

	CLAIM_IS(3, CLAIMS_SUPPORTED, "fewer migrations", bench("ping_pong", "hmm", none, "migrations_a_turn", "ratio", "lower", 1),
		bench("ping_pong", "hmm", pin, "migrations_a_turn", "ratio", "lower", 0.02));
	CLAIM_IS(3, CLAIMS_REFUTED, "more migrations", bench("ping_pong", "hmm", none, "migrations_a_turn", "ratio", "lower", 1),
		bench("ping_pong", "hmm", pin, "migrations_a_turn", "ratio", "lower", 1.2));
	CLAIM_IS(3, CLAIMS_OPEN, "another size is another cell", bench("ping_pong", "hmm", none, "migrations_a_turn", "ratio", "lower", 1),
		bench("ping_pong", "hmm", other, "migrations_a_turn", "ratio", "lower", 0.02));
}

static struct invented with_params(struct invented cell, const char *params)
{
	cell.params = params;
	return cell;
}

/* Detection must not cost programs that do not thrash. */
static void test_thrash_of_programs(void)
{
	static const char none[] = "{\"size\":\"1M\",\"thrash\":\"none\"}", pin[] = "{\"size\":\"1M\",\"thrash\":\"pin\"}";
	struct invented without = with_params(kernel("hmm", 100, 5), none);

	CLAIM_IS(3, CLAIMS_UNDECIDED, "a program that takes as long", without, with_params(kernel("hmm", 100.1, 5), pin));
	CLAIM_IS(3, CLAIMS_REFUTED, "a program that takes longer", without, with_params(kernel("hmm", 110, 5), pin));
	CLAIM_IS(3, CLAIMS_SUPPORTED, "one that is faster", without, with_params(kernel("hmm", 90, 5), pin));
	CLAIM_IS(3, CLAIMS_OPEN, "under another way of sharing", with_params(kernel("cdm", 100, 5), none), with_params(kernel("cdm", 110, 5), pin));
}

#define RIGHT		       ",\"pages_right\":{\"unit\":\"%\",\"better\":\"higher\",\"samples\":[100]}"
#define PLACED(placed, thrash) "{\"size\":\"1M\",\"placed\":\"" placed "\"" thrash "}"
#define THRASH(thrash)	       ",\"thrash\":\"" thrash "\""

static struct invented placement(const char *setup, const char *params, double turn)
{
	struct invented cell = bench("placement", setup, params, "turn", "ns", "lower", turn);

	cell.more = RIGHT;
	return cell;
}

static void test_placement(void)
{
	struct invented none = placement("hmm", PLACED("found", THRASH("none")), 100);

	CLAIM_IS(2, CLAIMS_SUPPORTED, "turns are cheaper by history", none, placement("hmm", PLACED("found", THRASH("pin")), 50));
	CLAIM_IS(2, CLAIMS_REFUTED, "turns are dearer", none, placement("hmm", PLACED("found", THRASH("pin")), 150));
	CLAIM_IS(2, CLAIMS_UNDECIDED, "turns are as dear", none, placement("hmm", PLACED("found", THRASH("pin")), 100.1));
	CLAIM_IS(2, CLAIMS_OPEN, "without history alone", none, placement("hmm", PLACED("known", THRASH("none")), 50));
	CLAIM_IS(2, CLAIMS_OPEN, "what somebody else placed is no history", placement("hmm", PLACED("known", THRASH("none")), 100),
		placement("hmm", PLACED("known", THRASH("pin")), 50));
}

static void test_fewer(void)
{
	static const char size[] = "{\"size\":\"1M\"}";

	CLAIM_IS(4, CLAIMS_SUPPORTED, "no faults of a kernel", kernel("hmm", 100, 500), kernel("cdm", 100, 0));
	CLAIM_IS(4, CLAIMS_SUPPORTED, "half of them", kernel("hmm", 100, 500), kernel("cdm", 100, 250));
	CLAIM_IS(4, CLAIMS_UNDECIDED, "fewer, but not far", kernel("hmm", 100, 500), kernel("cdm", 100, 251));
	CLAIM_IS(4, CLAIMS_UNDECIDED, "hardly fewer", kernel("hmm", 100, 500), kernel("cdm", 100, 499));
	CLAIM_IS(4, CLAIMS_REFUTED, "as many", kernel("hmm", 100, 500), kernel("cdm", 100, 500));
	CLAIM_IS(4, CLAIMS_UNDECIDED, "those of step 1 count as well", kernel("hmm", 100, 500), with_placed(kernel("cdm", 100, 0), 501));
	CLAIM_IS(4, CLAIMS_REFUTED, "HMM with prefetch faults less", with_placed(kernel("hmm-prefetch", 100, 0), 300),
		with_placed(kernel("cdm", 100, 0), 400));
	CLAIM_IS(4, CLAIMS_REFUTED, "HMM with prefetch does not fault at all", kernel("hmm-prefetch", 100, 0), with_placed(kernel("cdm", 100, 0), 4));
	CLAIM_IS(4, CLAIMS_QUALIFIED, "fewer than on demand, more than with prefetch", kernel("hmm", 100, 500), kernel("hmm-prefetch", 100, 10),
		with_placed(kernel("cdm", 100, 0), 100));
	CLAIM_IS(4, CLAIMS_OPEN, "none anywhere", kernel("hmm", 100, 0), kernel("cdm", 100, 0));
	CLAIM_IS(4, CLAIMS_SUPPORTED, "a benchmark's own count", bench("fault_back", "hmm", size, "faults", "faults", "exact", 256),
		bench("fault_back", "cdm", size, "faults", "faults", "exact", 0));
	CLAIM_IS(4, CLAIMS_OPEN, "a benchmark that counts none is not one without any",
		bench("fault_back", "hmm", size, "faults", "faults", "exact", 256), bench("fault_back", "cdm", size, "touch", "ns", "lower", 3));
	CLAIM_IS(4, CLAIMS_OPEN, "a count that is no fact", bench("fault_back", "hmm", size, "faults", "faults", "exact", 256),
		bench("fault_back", "cdm", size, "faults", "faults", "lower", 3));
	CLAIM_IS(4, CLAIMS_OPEN, "no coherent memory", kernel("hmm", 100, 500), kernel("copy", 100, 0));
}

static void test_wrong_node(void)
{
	CLAIM_IS(5, CLAIMS_SUPPORTED, "far is slower", access_of("host", "host", 20), access_of("host", "device", 5));
	CLAIM_IS(5, CLAIMS_REFUTED, "far is quicker", access_of("host", "host", 5), access_of("host", "device", 20));
	CLAIM_IS(5, CLAIMS_UNDECIDED, "far is the same", access_of("host", "host", 20), access_of("host", "device", 20.01));
	emulated_machine = true;
	CLAIM_IS(
		5, CLAIMS_UNDECIDED, "an emulated machine's memory knows no distance", access_of("host", "host", 20), access_of("host", "device", 5));
	emulated_machine = false;
	CLAIM_IS(5, CLAIMS_SUPPORTED, "a longer latency is slower, too", latency(access_of("host", "host", 80)),
		latency(access_of("host", "device", 160)));
	CLAIM_IS(5, CLAIMS_REFUTED, "and a shorter one is not", latency(access_of("host", "host", 160)), latency(access_of("host", "device", 80)));
	CLAIM_IS(5, CLAIMS_OPEN, "near only", access_of("host", "host", 20), access_of("device", "device", 20));
	CLAIM_IS(5, CLAIMS_SUPPORTED, "balancing looks and pays", kernel("cdm", 100, 0), with_hints(kernel("cdm-balance", 150, 0), 40));
	CLAIM_IS(5, CLAIMS_UNDECIDED, "balancing did not look", kernel("cdm", 100, 0), kernel("cdm-balance", 150, 0));
}

#define HINTS(n) ",\"hint_faults\":{\"unit\":\"faults\",\"better\":\"lower\",\"samples\":[" #n "]}"
#define COST	 ",\"cost_a_page\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[28500]}"

static void test_promotion(void)
{
	const struct invented cell = promotion(1024, HINTS(3075) COST);
	struct claims_answer answer;
	struct loaded loaded;
	struct claims_run run = {&loaded.run, &loaded.summary};

	CLAIM_IS(5, CLAIMS_SUPPORTED, "pages found by hint faults", cell);
	CLAIM_IS(5, CLAIMS_UNDECIDED, "no page came back", promotion(0, HINTS(12)));
	CLAIM_IS(5, CLAIMS_UNDECIDED, "pages came back, but not for a hint fault", promotion(1024, HINTS(0) COST));
	CLAIM_IS(5, CLAIMS_OPEN, "hint faults were not counted", promotion(1024, NULL));
	load(&loaded, &cell, 1);
	claims_answer(&claims[5], &run, 1, &answer);
	is_int((long long)answer.n, 1, "a fact");
	if (answer.n == 1)
		ok(strstr(answer.facts[0].text, "with 3075 hint faults, at a cost per page of 28.5 us") != NULL,
			"with its numbers, and none that is missing");
	claims_free(&answer);
	unload(&loaded);
}

static void test_driver(void)
{
	CLAIM_IS(6, CLAIMS_SUPPORTED, "right, and in their places", kernel("cdm-host", 100, 0), kernel("cdm-migrate", 120, 0));
	CLAIM_IS(6, CLAIMS_REFUTED, "pages elsewhere", kernel("cdm-host", 100, 0),
		with_verdict(without_evidence(kernel("cdm-migrate", 1, 0)), "invalid"));
	CLAIM_IS(6, CLAIMS_OPEN, "skipped", with_verdict(kernel("cdm-migrate", 1, 0), "skip"));
}

static void test_without_hardware(void)
{
	struct invented other = kernel("cdm", 100, 0);

	other.params = "{\"size\":\"2M\"}";
	CLAIM_IS(7, CLAIMS_SUPPORTED, "right where there is no coherent memory", kernel("hmm", 100, 5), with_verdict(kernel("cdm", 1, 0), "skip"));
	CLAIM_IS(7, CLAIMS_REFUTED, "wrong where there is none", with_verdict(kernel("hmm", 100, 5), "fail"),
		with_verdict(kernel("cdm", 1, 0), "skip"));
	CLAIM_IS(7, CLAIMS_OPEN, "a machine that has coherent memory does not decide", kernel("hmm", 100, 5), kernel("cdm", 100, 0));
	CLAIM_IS(7, CLAIMS_OPEN, "nor one that has it for one of two setups", kernel("hmm", 100, 5), with_verdict(kernel("cdm", 1, 0), "skip"),
		kernel("cdm-host", 100, 0));
	CLAIM_IS(7, CLAIMS_OPEN, "nor a run in which it was not tried", kernel("hmm", 100, 5), kernel("copy", 100, 0));
	CLAIM_IS(7, CLAIMS_OPEN, "nor other work that was skipped", kernel("hmm", 100, 5), with_verdict(other, "skip"));
	CLAIM_IS(7, CLAIMS_OPEN, "nor HMM that was skipped too", with_verdict(kernel("hmm", 100, 5), "skip"),
		with_verdict(kernel("cdm", 1, 0), "skip"));
}

static struct invented touch(const char *setup, double value)
{
	return bench("fault_back", setup, "{\"size\":\"1M\"}", "touch", "insn", "lower", value);
}

static void test_simpler(void)
{
	CLAIM_IS(8, CLAIMS_OPEN, "a time is not simplicity", touch("hmm", 7000), touch("cdm", 30));
	clock_name = "instructions";
	CLAIM_IS(8, CLAIMS_SUPPORTED, "fewer instructions", touch("hmm", 7000), touch("cdm", 30));
	CLAIM_IS(8, CLAIMS_REFUTED, "more instructions", touch("hmm", 30), touch("cdm", 7000));
	CLAIM_IS(8, CLAIMS_UNDECIDED, "instructions that overlap", touch("hmm", 7000), touch("cdm", 7001));
	CLAIM_IS(8, CLAIMS_OPEN, "with prefetch there is no fault to compare", touch("hmm-prefetch", 7000), touch("cdm", 30));
	clock_name = "monotonic";
}

static void test_both_sides(void)
{
	struct invented other = kernel("copy", 100, 0), faulting = kernel("hmm", 50, 5);

	other.bench = faulting.bench = "jacobi";
	CLAIM_IS(1, CLAIMS_QUALIFIED, "slower in one kernel, quicker in another", kernel("copy", 100, 0), kernel("hmm", 150, 5), other, faulting);
}

static void test_ways(void)
{
	/* Works are mixed, as in a record. */
	const struct invented cells[] = {kernel("hmm", 300, 5), bench("access_bandwidth", "copy", "{}", "read", "GB/s", "higher", 5),
		kernel("copy", 100, 0), bench("access_bandwidth", "cdm", "{}", "read", "GB/s", "higher", 10), kernel("hmm-prefetch", 100.1, 0)};
	struct ways_list list;
	struct loaded loaded;
	struct text text = {0};

	load(&loaded, cells, FS_ARRAY_SIZE(cells));
	is_int(ways_find(&loaded.run, &loaded.summary, false, 2, &list), 0, "ways are found");
	is_int((long long)list.n, 2, "of two works");
	if (list.n == 2) {
		is_str(list.list[0].way[0].row->cell->setup, "copy", "the quickest is first");
		ok(list.list[0].way[1].as_good, "what overlaps it is as good");
		is_near(list.list[0].way[2].ratio, 3, 1e-9, "the slowest takes three times that");
		ok(!list.list[0].way[2].as_good, "and is not as good");
		is_str(list.list[1].way[0].row->cell->setup, "cdm", "more bandwidth is better");
		is_near(list.list[1].way[1].ratio, 2, 1e-9, "half of it is twice as far from the best");
		is_str(ways_best_of(&list.list[0], &loaded.run, WAYS_HMM)->row->cell->setup, "hmm-prefetch", "the best of a family");
		ok(!ways_best_of(&list.list[0], &loaded.run, WAYS_CDM), "a family that did not run has none");
		ways_params(&list.list[0], "", &text);
		is_str(text_string(&text), "size=1M", "the parameters that all ways were given");
		text_clear(&text);
	}
	ways_free(&list);
	is_int(ways_family(&loaded.run, "hmm-of-mine"), WAYS_HMM, "a setup that the record does not describe is known by its name");
	is_int(ways_family(&loaded.run, "other"), WAYS_FAMILIES, "or not at all");
	unload(&loaded);
}

/* Works are told in the order of the plan, however their names sort or hash. */
static void test_ways_order(void)
{
	static const char *const names[] = {"m", "c", "z", "a", "x", "b", "k"};
	struct invented cells[2 * FS_ARRAY_SIZE(names)];
	struct ways_list list;
	struct loaded loaded;

	for (size_t i = 0; i < FS_ARRAY_SIZE(names); i++) {
		cells[i] = kernel("hmm", 300, 5);
		cells[FS_ARRAY_SIZE(names) + i] = kernel("copy", 100, 0);
		cells[i].bench = cells[FS_ARRAY_SIZE(names) + i].bench = names[i];
	}
	load(&loaded, cells, FS_ARRAY_SIZE(cells));
	is_int(ways_find(&loaded.run, &loaded.summary, false, 2, &list), 0, "ways of many works");
	is_int((long long)list.n, FS_ARRAY_SIZE(names), "are all found");
	for (size_t i = 0; i < list.n; i++)
		is_str(list.list[i].like->bench, names[i], "in the plan's order: %s", names[i]);
	ways_free(&list);
	unload(&loaded);
}

int main(void)
{
	test_transparent();
	test_slow();
	test_knows();
	test_thrash();
	test_thrash_of_programs();
	test_placement();
	test_fewer();
	test_wrong_node();
	test_promotion();
	test_driver();
	test_without_hardware();
	test_simpler();
	test_both_sides();
	test_ways();
	test_ways_order();
	done_testing();
	return exit_status();
}
