/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fivestep.h - the one header a contributor reads: the contracts of benchmark, kernel, setup, device and
 * counter source, and what the harness gives to each.
 *
 * The words are those of docs/design.md. A cell is a benchmark or kernel x setup x device x parameters; a
 * round is one visit to it in a fresh process, and struct fs_job is that round as its code sees it.
 *
 * Errors: functions return 0 or a positive answer, or -errno with the reason kept in the job; the caller
 * passes it on unchanged. Sizes are in bytes, times in ns (fs_now()), unless a name says otherwise.
 */
#ifndef FIVESTEP_H
#define FIVESTEP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/reason.h"
#include "harness/body.h"

struct fs_job;	   /* one round */
struct fs_machine; /* topology.h */

enum fs_side { FS_HOST, FS_DEVICE, FS_SIDES }; /* where a page is, or who touches it */

/* The five steps of the proposal. */
enum fs_step { FS_ALLOC, FS_CPU_BEFORE, FS_DEVICE_COMPUTE, FS_CPU_AFTER, FS_RELEASE, FS_STEPS };
extern const char *const fs_step_names[FS_STEPS]; /* alloc cpu_before device cpu_after release */

/* ---- pages: a fact of the machine, never a constant ------------------------------------------------------ */

size_t fs_page_bytes(void); /* of a base page */
/*
 * Of a transparent huge page, which one entry of the next level of the page tables maps: 2 MiB where base pages have 4 KiB, 32 MiB with
 * 16 KiB, 512 MiB with 64 KiB. Where the kernel has none it is what the size would be, so that a skip can name it.
 */
size_t fs_huge_bytes(void);

/* ---- parameters -------------------------------------------------------------------------------------- */

enum fs_param_type {
	FS_PARAM_SIZE,	 /* bytes; 4K means 4096, base and huge the machine's page sizes */
	FS_PARAM_COUNT,	 /* a whole number */
	FS_PARAM_REAL,	 /* a decimal number */
	FS_PARAM_CHOICE, /* one of choices */
};

/*
 * What else a SIZE must be. That it is a power of two follows from the text alone: a usage error where it is none. The rest
 * depends on the machine's pages: a skip, with a value that works there.
 */
enum fs_param_form {
	FS_FORM_ANY,
	FS_FORM_PAGES,	 /* whole base pages */
	FS_FORM_GRANULE, /* a power of two, one base page at least */
	FS_FORM_PAGE,	 /* a size of pages that the kernel gives to any process: base or huge */
};

/* Declared by benchmarks, kernels, setups and devices in arrays that end with a zero entry. */
struct fs_param {
	const char *name;
	enum fs_param_type type;
	enum fs_param_form form; /* of SIZE */
	const char *initial;	 /* value when the plan says nothing, in the same spelling as a plan's */
	double min, max;	 /* limits of SIZE, COUNT and REAL, both allowed */
	unsigned min_pages;	 /* of SIZE: less than so many base pages is a skip, as a form that is not met is */
	const char *choices;	 /* "none|pin|throttle" */
	const char *help;
	bool test_only; /* for the project's own tests: accepted, not listed, recorded like any other */
};

/* Values of the round's parameters. A name that its part did not declare is a programming error (abort). */
uint64_t fs_size(const struct fs_job *job, const char *param);		     /* SIZE */
uint64_t fs_count(const struct fs_job *job, const char *param);		     /* COUNT */
double fs_real(const struct fs_job *job, const char *param);		     /* REAL */
bool fs_is(const struct fs_job *job, const char *param, const char *choice); /* CHOICE */
const char *fs_choice(const struct fs_job *job, const char *param);	     /* CHOICE, as text */
const char *fs_name(const struct fs_job *job);				     /* of the benchmark or kernel; its body has the same */
const struct fs_machine *fs_machine(const struct fs_job *job);		     /* what topology.h says, for devices and counter sources */
uint64_t fs_seed(const struct fs_job *job);				     /* differs by cell and round, follows from the run's seed */

/* ---- clock ------------------------------------------------------------------------------------------- */

/* ns of CLOCK_MONOTONIC_RAW; under the reference guest's instruction clock one ns is one instruction. */
uint64_t fs_now(void);
/* The same, for times in which a device works: it stands still while the device does what nobody asked for (fs_device.excluded_ns). */
uint64_t fs_device_clock(const struct fs_job *job);
/* Whether it counts instructions. */
bool fs_counts_instructions(void);

/* ---- what a round gives: metrics, evidence, verdicts --------------------------------------------------- */

enum fs_better { FS_LOWER, FS_HIGHER, FS_EXACT, FS_BETTERS };
enum fs_metric_kind {
	FS_SAMPLES,   /* a few values a round; the round's value is their median */
	FS_HISTOGRAM, /* one entry a touch, in ns; reported as NAME_p50, NAME_p99, NAME_max */
};

/*
 * Declared by benchmarks in arrays that end with a zero entry; the first is the one that stopping looks at.
 * floor names the physical limit measured in the same run, as "benchmark.metric" ("floor.memcpy"): `show`
 * prints the ratio to it.
 */
struct fs_metric {
	const char *name;
	const char *unit; /* "ns", "GB/s", "faults", "pages", "bytes", "ratio", "%" */
	enum fs_better better;
	enum fs_metric_kind kind;
	const char *floor;
	const char *help;
};

/*
 * How results are drawn: one entry a picture, in arrays that end with a zero entry. The run record holds them, and a report draws
 * them without knowing the benchmark. Where nothing is declared, histograms become distributions, a parameter with three or
 * more values becomes lines, and else the first metric becomes bars.
 */
enum fs_draw {
	FS_DRAW_NONE,
	FS_DRAW_BARS,	      /* each metric a bar, one group a cell */
	FS_DRAW_STACK,	      /* the metrics are parts of mark, one on the other: a cost split */
	FS_DRAW_DISTRIBUTION, /* of a histogram, cumulative: every touch */
	FS_DRAW_LINES,	      /* the metric over a parameter, one line a setup */
	FS_DRAW_CROSSING,     /* the same, marked where another setup becomes the best */
	FS_DRAW_HEAT,	      /* the metric over two parameters, one row a setup */
	FS_DRAWS,
};
extern const char *const fs_draw_names[FS_DRAWS]; /* "", "bars", ... as in the records */

struct fs_plot {
	enum fs_draw draw;
	const char *metrics;   /* names separated by blanks, of one unit; a histogram by its own name */
	const char *over, *by; /* parameters: over is the axis (LINES, CROSSING), or outer and inner column (HEAT) */
	const char *mark;      /* STACK: the metric of the whole, a dot with its interval */
	const char *title;     /* the question that the picture answers */
};

void fs_sample(struct fs_job *job, const char *metric, double value);
/* A value that was measured and is not given, by a rule that the benchmark states; why is one line without the numbers. Counted, recorded and shown.
 */
void fs_drop(struct fs_job *job, const char *metric, const char *why);
/* Adds one entry to a histogram metric. Resolve the metric once, outside of the timed loop. */
struct fs_histogram;
struct fs_histogram *fs_histogram(struct fs_job *job, const char *metric);
void fs_histogram_add(struct fs_histogram *h, uint64_t ns);

/* Evidence: seen RELATION expected must hold, or the round is `invalid`. All of it is recorded. */
enum fs_relation { FS_EQ, FS_GE, FS_LE, FS_RELATIONS };
bool fs_expect(struct fs_job *job, const char *what, double seen, enum fs_relation relation, double expected);
/* What may have disturbed the round, or was other than in the last one: a device's clocks and temperatures. Recorded as noise DEVICE.NAME. */
void fs_noise(struct fs_job *job, const char *device, const char *name, double value);

/*
 * Brackets of what a benchmark times, as the one of the five steps that it is: counters are read outside of them, and the record has
 * their differences for that step alone; brackets of one step add up. A kernel's steps have theirs from the harness.
 */
void fs_step_begin(struct fs_job *job, enum fs_step step);
int fs_step_end(struct fs_job *job, enum fs_step step, int err); /* returns err unchanged */

/* Verdicts other than ok. Each records its reason and returns a negative errno to be passed on. */
int fs_wrong(struct fs_job *job, const char *fmt, ...) FS_PRINTF(2, 3); /* fail: the data are wrong */
int fs_skip(struct fs_job *job, const char *remedy, const char *fmt, ...) FS_PRINTF(3, 4);
int fs_error(struct fs_job *job, int err, const char *fmt, ...) FS_PRINTF(3, 4); /* fail: err is -errno */
void fs_code_variant(struct fs_job *job, const char *fmt, ...) FS_PRINTF(2, 3);	 /* for the record: what the device's bodies run from */
struct fs_reason *fs_why(struct fs_job *job);					 /* where a part that fails leaves its reason */

/* ---- memory that both sides work on -------------------------------------------------------------------- */

enum fs_memory_kind {
	FS_MEMORY_DEVICE,     /* the device's own memory, reached by copies (FS_CAP_COPY) */
	FS_MEMORY_MIRROR,     /* one address on both sides, pages migrate (FS_CAP_MIRROR) */
	FS_MEMORY_COHERENT,   /* one page table, both sides reach every page (FS_CAP_COHERENT) */
	FS_MEMORY_MAPPED,     /* the device's buffer in the CPU's memory: one side at a time, at an address of its own (FS_CAP_MAPPED_BUFFER) */
	FS_MEMORY_EXCLUSIVE,  /* one address on both sides, one side at a time (FS_CAP_EXCLUSIVE) */
	FS_MEMORY_SVM_FINE,   /* one address, both sides at once; where pages are, and why, nobody says (FS_CAP_SVM_FINE) */
	FS_MEMORY_SVM_SYSTEM, /* the same, and it is any memory of the process (FS_CAP_SVM_SYSTEM) */
	FS_MEMORY_MANAGED,    /* one address, the driver's memory; pages migrate by faults and on request (FS_CAP_MANAGED) */
	FS_MEMORIES,
};

/* What a device primitive allocated. */
struct fs_memory {
	enum fs_memory_kind kind;
	size_t bytes;
	void *cpu;    /* the CPU's address; NULL for FS_MEMORY_DEVICE */
	void *device; /* the device's address or handle; equals cpu where both share one */
	void *priv;   /* the device's own */
};

/* How a part of the buffer is used by a kernel: it tells setups with explicit transfers what must cross. */
enum fs_region_flags {
	FS_IN = 1u << 0,       /* the device reads it: crosses before step 3's computation */
	FS_OUT = 1u << 1,      /* the device writes it: crosses back before step 4 */
	FS_SLICED = 1u << 2,   /* slice i of it goes with slice i of the index range: may cross in chunks */
	FS_POINTERS = 1u << 3, /* holds links: must be marshalled where addresses differ */
	FS_KEPT = 1u << 4,     /* the device's copy is current since the last sweep: a transfer to it is left out */
};
struct fs_region {
	const char *name;
	size_t offset, bytes;
	unsigned flags;
};
#define FS_REGIONS 8

/* The buffer of the five steps. The setup owns everything but cpu, bytes and work. */
struct fs_buffer {
	void *cpu; /* where the CPU works */
	size_t bytes;
	struct fs_memory memory;	/* what the device gave */
	void *staging;			/* a copy setup's marshalled image, or NULL */
	const struct fs_work *work;	/* the kernel's instance, or NULL under a microbenchmark */
	uint64_t transferred[FS_SIDES]; /* bytes moved by explicit transfer to each side so far */
};

/* One launch of a body over indices [first, last) */
struct fs_launch {
	const char *name; /* of the body: devices that compile their own look it up by this */
	fs_body_fn body;
	struct fs_body_args args;
	uint64_t first, last;
};
#define FS_OUT_WORDS 65536

/* What a driver is told of how managed memory will be used. */
enum fs_advice {
	FS_ADVICE_NONE,
	FS_ADVICE_READ_MOSTLY,	 /* who reads may keep a copy of its own */
	FS_ADVICE_PREFER_DEVICE, /* pages stay on the device, once there */
	FS_ADVICE_PREFER_HOST,	 /* pages stay on the host, the device reaches over */
	FS_ADVICE_ACCESSED_BY,	 /* the device has them mapped where they are, so that it does not fault */
};

/* What page tables map of a range, and how much of that with entries of huge pages. */
struct fs_mapped {
	uint64_t bytes, huge_bytes;
};
/* Adds what process pid (0: this one) has mapped of a range, as the kernel says. 0, or -errno where it does not */
int fs_mapped_add(int pid, const void *address, size_t bytes, struct fs_mapped *mapped);

/* ---- device -------------------------------------------------------------------------------------------- */

enum fs_cap {
	FS_CAP_COPY = 1u << 0,		/* memory of its own, copies both ways */
	FS_CAP_MIRROR = 1u << 1,	/* page tables that mirror the process; an access faults */
	FS_CAP_MIGRATE = 1u << 2,	/* migration of a range on request */
	FS_CAP_COHERENT = 1u << 3,	/* direct coherent access by both sides */
	FS_CAP_RESIDENCE = 1u << 4,	/* says where each page is */
	FS_CAP_PREFETCH = 1u << 5,	/* migration ahead of use, of mirrored memory */
	FS_CAP_ATOMIC = 1u << 6,	/* atomics on memory that both sides work on */
	FS_CAP_CAPACITY = 1u << 7,	/* its memory can be limited: eviction */
	FS_CAP_MAPPED_BUFFER = 1u << 8, /* maps its buffers to the CPU, which then has them to itself */
	FS_CAP_EXCLUSIVE = 1u << 9,	/* memory at one address that is handed over between the sides */
	FS_CAP_SVM_FINE = 1u << 10,	/* memory at one address for both sides at once, of its driver's making */
	FS_CAP_SVM_SYSTEM = 1u << 11,	/* all of the process's memory is such */
	FS_CAP_PIN = 1u << 12,		/* allocates host memory from which it copies best */
	FS_CAP_MANAGED = 1u << 13,	/* memory of its driver's making whose pages migrate between the sides, and takes advice */
};
#define FS_CAPS 14
extern const char *const fs_cap_names[FS_CAPS];

struct fs_probe {
	unsigned caps;			 /* what it can do here */
	struct fs_reason lacks[FS_CAPS]; /* by bit number: why not, for each it can't */
	char summary[160];		 /* one line for doctor */
	bool only_named;		 /* there, but no plan that did not name the device shall spend its time on it */
};

/*
 * What else is to be known of a unit: what makes it another one, so that results are not compared (identity); what one compares (factor); what it
 * happens to be set to, with the remedy where that disturbs (state). harness/machine/unit.h adds them.
 */
enum fs_fact_kind { FS_FACT_IDENTITY, FS_FACT_FACTOR, FS_FACT_STATE, FS_FACT_KINDS };
struct fs_fact {
	enum fs_fact_kind kind;
	char name[24], value[48], remedy[80];
};
#define FS_UNIT_FACTS 16
struct fs_facts {
	unsigned n;
	struct fs_fact fact[FS_UNIT_FACTS];
};

/* One of the pieces of hardware, or of software in its place, that a device finds; its parameter `unit` chooses. */
struct fs_unit {
	char name[96], driver[80];
	char detail[128]; /* what it can do, for doctor */
	char bus[16];	  /* "0000:17:00.0" where it is on a PCI bus, as sysfs writes it; else empty */
	bool emulated;
	struct fs_facts facts;
};
#define FS_UNITS 16

/* A count that a device keeps: exact, monotonic within a round. */
#define FS_DEVICE_COUNTS 64 /* of one device: a device with more cannot be opened */
struct fs_count_def {
	const char *name; /* "faults_to_device" */
	const char *unit; /* "faults", "pages", "bytes", "ns" */
	const char *help;
};

/*
 * A device. Required: name, summary, probe, open, close, alloc, free, launch, wait. The rest may be NULL
 * where the capability is absent. Streams are 0 and 1: work on one stream is in order, two may overlap.
 */
struct fs_device {
	const char *name, *summary;
	const struct fs_param *params;
	bool hidden;	      /* only used when named: tests the harness */
	bool emulated;	      /* software stands in for hardware: every result is labelled so */
	bool reads_shadow;    /* a body works on an image of shared memory, which a launch reads before and writes after */
	const char *coherent; /* what its FS_MEMORY_COHERENT is, in a word or two; NULL without */
	unsigned can;	      /* FS_CAP_* that it has on some machine; 0: any. Setups that need another are left out unless named */
	/* Where there may be several: fills up to room, worth how many. A unit can be emulated where the device is not. May be NULL */
	unsigned (*units)(struct fs_unit *units, unsigned room);
	void (*probe)(const struct fs_machine *machine, struct fs_probe *probe);
	/*
	 * Whether the values of the cell's parameters go together, for a buffer of so many bytes: asked before the first round, when job has
	 * parameters only. 0, or -errno with the reason and a remedy: the cell is a skip then. May be NULL
	 */
	int (*accepts)(const struct fs_job *job, enum fs_memory_kind kind, size_t bytes, struct fs_reason *why);
	/* bytes: of the buffer to come; kind: the memory it will be asked for. Device memory exists from here on. */
	int (*open)(struct fs_job *job, enum fs_memory_kind kind, size_t bytes, void **dev);
	void (*close)(void *dev);
	/* side: where COHERENT memory is placed at its first touch; FS_SIDES: no policy, the toucher's node */
	int (*alloc)(void *dev, enum fs_memory_kind kind, size_t bytes, enum fs_side side, struct fs_memory *memory);
	void (*free)(void *dev, struct fs_memory *memory);
	/*
	 * Once between the CPU's first work on the memory and the device's, untimed: the first use of pages through mappings of the device's own,
	 * which could not be before these pages existed. Changes no data and no page's side; pages that do not exist yet stay so. May be NULL
	 */
	int (*warm)(void *dev, struct fs_memory *memory);
	/* Explicit transfer between host memory and FS_MEMORY_DEVICE, queued on a stream. FS_CAP_COPY */
	int (*copy)(void *dev, int stream, struct fs_memory *memory, size_t offset, void *host, size_t bytes, enum fs_side to);
	/*
	 * What the device's plainest orders reach, for others to be held against: the fastest of a few copies of bytes, in ns; to FS_SIDES: within
	 * the memory, from its first half to its second, bytes read and written together. The buffer's content goes. May be NULL
	 */
	int (*ceiling)(void *dev, struct fs_memory *memory, enum fs_side to, size_t bytes, uint64_t *best_ns);
	/* Host memory of the driver's making (page-locked, where it says the truth), for copies. FS_CAP_PIN */
	int (*pin)(void *dev, size_t bytes, void **host);
	void (*unpin)(void *dev, void *host, size_t bytes);
	int (*launch)(void *dev, int stream, struct fs_memory *memory, const struct fs_launch *launch);
	int (*wait)(void *dev, int stream);
	/* Puts a range on a side: FS_CAP_MIGRATE. Returns after it is there. Best effort: ask residence. */
	int (*migrate)(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to);
	/* Of all of MANAGED memory, before its first touch: FS_CAP_MANAGED */
	int (*advise)(void *dev, struct fs_memory *memory, enum fs_advice advice);
	/*
	 * Gives MAPPED or HANDED memory to a side: FS_CAP_MAPPED_BUFFER, FS_CAP_EXCLUSIVE. New memory is the host's. To the host: returns when the
	 * CPU may touch it; to the device: before the next launch on stream 0 begins.
	 */
	int (*acquire)(void *dev, struct fs_memory *memory, enum fs_side to);
	/* One entry a base page of [offset, offset + bytes), enum fs_side; FS_SIDES: on neither. FS_CAP_RESIDENCE */
	int (*residence)(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side);
	/* Adds what it maps of the memory in page tables or at an address of its own: proof of its parameter `page`. May be NULL */
	int (*mapped)(void *dev, const struct fs_memory *memory, struct fs_mapped *mapped);
	/* Ends with a zero entry, FS_DEVICE_COUNTS at most; count fills one value each. */
	const struct fs_count_def *counts;
	int (*count)(void *dev, uint64_t *values);
	/*
	 * ns spent so far, within primitives, on what nobody asked for: a mechanism may have a verification built in, and what it takes to know how
	 * long that takes is aside, too. May be NULL
	 */
	uint64_t (*excluded_ns)(void *dev);
	/* Results of bodies, FS_OUT_WORDS words; the CPU reads them after wait. */
	ulong *(*out)(void *dev);
	struct fs_reason *(*why)(void *dev); /* of the last failure */
};

/* ---- setup --------------------------------------------------------------------------------------------- */

enum fs_offer {
	FS_SAME_ADDRESS = 1u << 0, /* a pointer means the same on both sides */
	FS_TRANSFER = 1u << 1,	   /* bytes cross by explicit transfer */
	FS_FAULTS = 1u << 2,	   /* a touch from the other side faults, and the page migrates */
	FS_MOVE = 1u << 3,	   /* fs_move() puts a range on a side */
	FS_REMOTE = 1u << 4,	   /* a side reaches memory that stays on the other */
	FS_RESIDENCE = 1u << 5,	   /* fs_residence() says where each page is */
	FS_SHARED = 1u << 6,	   /* both sides may work on the buffer at the same time */
	FS_BALANCED = 1u << 7,	   /* the kernel moves pages by what it sees; fs_move() only says where they begin */
};
#define FS_OFFERS 8
extern const char *const fs_offer_names[FS_OFFERS];

/*
 * A setup: how the buffer is shared, as a policy written only in the device's primitives (device.h).
 * All but move, remote and evidence are required.
 */
struct fs_setup {
	const char *name, *summary;
	unsigned needs;	 /* FS_CAP_* */
	unsigned offers; /* FS_* of enum fs_offer */
	enum fs_memory_kind memory;
	unsigned copies; /* how many times the buffer exists: 2 where each side has its own */
	const struct fs_param *params;
	int (*probe)(const struct fs_machine *machine, struct fs_reason *why); /* needs beyond the device's; may be NULL */
	int (*alloc)(struct fs_job *job, size_t bytes, struct fs_buffer *buf);
	/* Step 3: whatever must happen so that the device computes on current data, and the launch itself. */
	int (*device_compute)(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch);
	/* Opens step 4: whatever must happen before the CPU touches the buffer again. */
	int (*cpu_begin)(struct fs_job *job, struct fs_buffer *buf);
	void (*release)(struct fs_job *job, struct fs_buffer *buf);
	/* Puts a range on a side now: FS_MOVE */
	int (*move)(struct fs_job *job, struct fs_buffer *buf, size_t offset, size_t bytes, enum fs_side to);
	/* What must be true of counts and residence after a step; calls fs_expect. */
	int (*evidence)(struct fs_job *job, struct fs_buffer *buf, enum fs_step after);
};

/* What benchmarks and five_step call; each goes to the round's setup and device. */
unsigned fs_offers(const struct fs_job *job);
int fs_alloc(struct fs_job *job, size_t bytes, struct fs_buffer *buf);
int fs_device_compute(struct fs_job *job, struct fs_buffer *buf, struct fs_launch *launch);
const struct fs_buffer *fs_buffer(const struct fs_job *job); /* the round's buffer; NULL before fs_alloc and after fs_release */
int fs_cpu_begin(struct fs_job *job, struct fs_buffer *buf);
void fs_release(struct fs_job *job, struct fs_buffer *buf);
int fs_move(struct fs_job *job, struct fs_buffer *buf, size_t offset, size_t bytes, enum fs_side to);
int fs_residence(struct fs_job *job, struct fs_buffer *buf, size_t offset, size_t bytes, uint8_t *side);
/* The body alone, without the setup's transfers: for benchmarks that place data themselves. */
int fs_launch_start(struct fs_job *job, struct fs_buffer *buf, const struct fs_launch *launch);
int fs_launch_wait(struct fs_job *job);
/* The fastest of the device's own plain copies; a skip where it has none. See struct fs_device. */
int fs_ceiling(struct fs_job *job, struct fs_buffer *buf, enum fs_side to, uint64_t *best_ns);
const ulong *fs_results(struct fs_job *job); /* what bodies wrote to out, after the wait */
ulong *fs_results_clear(struct fs_job *job); /* zeroed, for the next launch */
/* Whether an access of a body is one of the buffer's memory, wherever that is; else the device works on an image of it. */
bool fs_device_reaches(const struct fs_job *job);
/* Whether software stands in for the device: its bodies run on this machine's CPUs. */
bool fs_emulated(const struct fs_job *job);
/* A device count by name; false where the device has none of that name. */
bool fs_device_count(struct fs_job *job, const char *name, uint64_t *value);

/* ---- device primitives, for setups (device.h of the round) ---------------------------------------------- */

int fs_device_alloc(struct fs_job *job, enum fs_memory_kind kind, size_t bytes, enum fs_side side, struct fs_memory *memory);
void fs_device_free(struct fs_job *job, struct fs_memory *memory);
int fs_device_copy(struct fs_job *job, int stream, struct fs_memory *memory, size_t offset, void *host, size_t bytes, enum fs_side to);
int fs_device_advise(struct fs_job *job, struct fs_memory *memory, enum fs_advice advice);
int fs_device_launch(struct fs_job *job, int stream, struct fs_memory *memory, const struct fs_launch *launch);
int fs_device_wait(struct fs_job *job, int stream);
int fs_device_migrate(struct fs_job *job, struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to);
int fs_device_pin(struct fs_job *job, size_t bytes, void **host);
void fs_device_unpin(struct fs_job *job, void *host, size_t bytes);
int fs_device_acquire(struct fs_job *job, struct fs_memory *memory, enum fs_side to);
int fs_device_residence(struct fs_job *job, struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side);

/* ---- benchmark ------------------------------------------------------------------------------------------ */

struct fs_bench {
	const char *name, *summary;
	unsigned needs;	    /* offers of the setup without which it is meaningless */
	bool host_only;	    /* uses neither setup nor device */
	unsigned timeout_s; /* of one round; 0: the harness's default */
	const struct fs_param *params;
	const struct fs_metric *metrics;
	const struct fs_plot *plots; /* may be NULL */
	/* Bytes of its buffer, known before anything is allocated. NULL: its parameter "size". */
	size_t (*bytes)(const struct fs_job *job);
	int (*run)(struct fs_job *job);
};

/* ---- kernel --------------------------------------------------------------------------------------------- */

/* One instance of a kernel in a round. */
struct fs_work {
	struct fs_job *job;
	unsigned char *cpu; /* the buffer */
	size_t bytes;
	uint64_t seed;
	struct fs_region regions[FS_REGIONS]; /* set by layout; ends at bytes == 0 */
	struct fs_launch launch;	      /* name and body set by the harness; args, first, last by layout, and between sweeps by cpu_after */
	unsigned iteration;		      /* of steps 3 and 4, from 0 */
	int (*marshal)(const struct fs_work *work, const struct fs_region *region, void *image); /* the kernel's */
	void *state; /* the kernel's own, outside of the buffer; freed with free() after step 5 */
};

/*
 * An application kernel in the five steps. The harness times each step; a kernel only computes.
 * layout says how the buffer is divided (no allocation yet: cpu is NULL) and may allocate state.
 */
struct fs_kernel {
	const char *name, *summary;
	unsigned needs; /* offers */
	unsigned timeout_s;
	const struct fs_param *params;
	size_t (*bytes)(const struct fs_job *job); /* NULL: parameter "size" */
	const char *body_name;
	fs_body_fn body;
	int (*layout)(struct fs_work *work);
	int (*cpu_before)(struct fs_work *work); /* step 2: fills the input from the seed, computes */
	/* Step 4: computes on what the device left. 1: the device shall compute again, 0: done. */
	int (*cpu_after)(struct fs_work *work);
	/* The reference answer, computed independently of buffer and device; fs_wrong() where they differ. Untimed. */
	int (*check)(struct fs_work *work);
	/* Writes an FS_POINTERS region to image with links as offsets into the buffer; needed by those kernels. */
	int (*marshal)(const struct fs_work *work, const struct fs_region *region, void *image);
	uint64_t (*device_bytes)(const struct fs_work *work); /* bytes the device body reads and writes, all sweeps; may be NULL */
};

/* ---- counter source -------------------------------------------------------------------------------------- */

#define FS_EVENT_NAME 64
#define FS_EVENTS     128 /* of one selection */

/* Declared by counter sources in arrays that end with a zero entry. */
struct fs_event {
	const char *name; /* "page-faults"; a selection says SOURCE:NAME, a record SOURCE.NAME */
	const char *unit; /* "faults", "pages", "bytes", "ns", ... at most 15 characters */
	const char *help;
	bool usual; /* read where no selection says otherwise: there on most machines, and no time of what is measured */
};

/* One event as it was opened. The frame fills in name and unit of a declared event before. */
struct fs_opened {
	char name[FS_EVENT_NAME]; /* changed where what is counted is not all of what was asked for: "page-faults:u" */
	char unit[16];
	char counts[96];      /* what it was resolved to, where names are translated: a native event; else empty */
	struct fs_reason why; /* not empty: it cannot be counted, and is never zero instead */
};

/* Monotonic since open, but for states such as pages on a node: their differences may be negative. Both times are 0 where the source is not
 * multiplexed; value is as counted, not scaled. */
struct fs_reading {
	uint64_t value, enabled_ns, running_ns;
};

struct fs_counter {
	const char *name, *summary;
	const struct fs_event *events; /* what SOURCE alone selects, and `list` shows */
	/* Whether a name that is not in events may be an event too (raw codes, tracepoints). Pure. NULL: none is. */
	bool (*accepts)(const char *event);
	/* Fills reason with why nothing of it can be counted here; 0 when something can. Untimed. */
	int (*probe)(const struct fs_machine *machine, struct fs_reason *why);
	/* Opens n events (at most FS_EVENTS), and says of each what it is or why not. Fails, with the reason in the job, for all of them only. */
	int (*open)(struct fs_job *job, const char *const *events, unsigned n, struct fs_opened *opened, void **source);
	/* Fills a reading for each of those events, in their order; those that could not be opened are passed over. 0, or -errno. */
	int (*read)(void *source, struct fs_reading *readings);
	void (*close)(void *source);
};

/* ---- a program of one's own ---------------------------------------------------------------------------- */

/* Benchmarks and kernels beside the built-in ones; each list ends with NULL and may be NULL. */
struct fs_extension {
	const struct fs_bench *const *benches;
	const struct fs_kernel *const *kernels;
};
/* All of fivestep as a function: a main of one's own adds an extension. Returns the exit status. */
int fivestep_main(int argc, char **argv, const struct fs_extension *extension);

#endif
