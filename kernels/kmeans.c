/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kmeans - Lloyd's algorithm: the device gives each point to the nearest centre, the CPU moves the centres to the means of their points, until none
 * moves. Points are read by both sides in every turn and written by neither: where pages are moved for reads they go back and forth.
 *
 * Under copies the points go to the device once. Coordinates are whole numbers, so that the CPU's sums are exact; distances are added up in one
 * order, without contraction, and the answer is compared bit by bit, of floats as of doubles. Not shown: sums on the device. Misleading where the
 * points fit a cache.
 */
#include "config.h"

#include "kernels/element.h"
#include "kernels/kmeans.body.h"
#include "kernels/regions.h"

#include <errno.h>

#define SPREAD 256u /* of a cluster */
#define RANGE  4096u

enum { POINTS, CENTRES, LABELS };

static const struct fs_param params[] = {
	{SIZE_PARAM("4M", "points and labels")},
	{.name = "dims", .type = FS_PARAM_COUNT, .initial = "4", .min = 1, .max = 256, .help = "coordinates of a point"},
	{.name = "clusters", .type = FS_PARAM_COUNT, .initial = "8", .min = 1, .max = 4096, .help = "centres"},
	{.name = "turns", .type = FS_PARAM_COUNT, .initial = "6", .min = 1, .max = 10000, .help = "turns at most: device, then CPU"},
	{ELEMENT_PARAM},
	{0},
};

static uint64_t points_of(const struct fs_work *work)
{
	return work->launch.last * KMEANS_LANES;
}

static uint64_t dims_of(const struct fs_work *work)
{
	return work->launch.args.u[3];
}

static uint64_t centres_of(const struct fs_work *work)
{
	return work->launch.args.u[4];
}

/* Around the middle of a cluster: the sum of two random numbers is more likely to be near it. */
static double coordinate(const struct fs_work *work, uint64_t point, uint64_t d)
{
	uint64_t which = seeded(work->seed, point) % centres_of(work), random = seeded(work->seed + 1, point * dims_of(work) + d);
	uint64_t middle = seeded(work->seed + 2, which * dims_of(work) + d) % (RANGE - SPREAD);

	return (double)(middle + random % (SPREAD / 2) + (random >> 32) % (SPREAD / 2));
}

static uint64_t in_lanes(const struct fs_work *work, uint64_t point, uint64_t d)
{
	return (point / KMEANS_LANES * dims_of(work) + d) * KMEANS_LANES + point % KMEANS_LANES;
}

/* The centres begin at points far from each other in the buffer. */
static double first_centre(const struct fs_work *work, uint64_t c, uint64_t d)
{
	return coordinate(work, c * (points_of(work) / centres_of(work)), d);
}

static int layout(struct fs_work *work)
{
	uint64_t dims = fs_count(work->job, "dims"), clusters = fs_count(work->job, "clusters");
	size_t element = element_bytes(work), centres = clusters * dims * element, item = KMEANS_LANES * (dims * element + sizeof(ulong));
	size_t rest = centres + 2 * fs_page_bytes(); /* two pages for the rounding of the regions */
	uint64_t items = rest < work->bytes ? (work->bytes - rest) / item : 0;

	if (items * KMEANS_LANES < clusters)
		return fs_skip(work->job, "fewer clusters or dims, or a larger size", "%zu bytes have no room for a point in each of %llu clusters",
			work->bytes, (unsigned long long)clusters);
	region_add(work, POINTS, "points", items * KMEANS_LANES * dims * element, FS_IN | FS_SLICED);
	region_add(work, CENTRES, "centres", centres, FS_IN);
	region_add(work, LABELS, "labels", items * KMEANS_LANES * sizeof(ulong), FS_OUT | FS_SLICED);
	work->launch.args.u[3] = dims;
	work->launch.args.u[4] = clusters;
	work->launch.args.u[5] = element;
	work->launch.last = items;
	work->state = calloc(clusters * (dims + 1), sizeof(double));
	return work->state != NULL ? 0 : fs_error_memory(work->job);
}

static int cpu_before(struct fs_work *work)
{
	void *points = region_at(work, POINTS), *centres = region_at(work, CENTRES);
	size_t element = element_bytes(work);

	for (uint64_t i = 0; i < points_of(work); i++) {
		for (uint64_t d = 0; d < dims_of(work); d++)
			element_put(points, in_lanes(work, i, d), element, coordinate(work, i, d));
	}
	for (uint64_t c = 0; c < centres_of(work); c++) {
		for (uint64_t d = 0; d < dims_of(work); d++)
			element_put(centres, c * dims_of(work) + d, element, first_centre(work, c, d));
	}
	return 0;
}

/* Whether any centre moved. A centre without points stays where it is; sums: coordinates, then how many points. */
static bool move_centres(void *centres, size_t element, const double *sums, uint64_t clusters, uint64_t dims)
{
	bool moved = false;

	for (uint64_t c = 0; c < clusters; c++) {
		const double *sum = sums + c * (dims + 1);

		for (uint64_t d = 0; d < dims && sum[dims] > 0; d++) {
			double mean = element_rounded(sum[d] / sum[dims], element);

			moved = moved || mean != element_get(centres, c * dims + d, element);
			element_put(centres, c * dims + d, element, mean);
		}
	}
	return moved;
}

#define ADD_POINTS(real)                                                                                                                             \
	static void add_points_##real(const struct fs_work *work, const real *points, double *sums)                                                  \
	{                                                                                                                                            \
		const ulong *labels = region_at(work, LABELS);                                                                                       \
		uint64_t dims = dims_of(work), clusters = centres_of(work);                                                                          \
                                                                                                                                                     \
		for (uint64_t i = 0; i < points_of(work); i++) {                                                                                     \
			double *sum = sums + (labels[i] < clusters ? labels[i] : 0) * (dims + 1);                                                    \
                                                                                                                                                     \
			for (uint64_t d = 0; d < dims; d++)                                                                                          \
				sum[d] += (double)points[in_lanes(work, i, d)];                                                                      \
			sum[dims]++;                                                                                                                 \
		}                                                                                                                                    \
	}
ADD_POINTS(double)
ADD_POINTS(float)

static int cpu_after(struct fs_work *work)
{
	uint64_t dims = dims_of(work), clusters = centres_of(work);
	double *sums = work->state;
	size_t element = element_bytes(work);

	memset(sums, 0, clusters * (dims + 1) * sizeof(*sums));
	if (element == sizeof(float))
		add_points_float(work, region_at(work, POINTS), sums);
	else
		add_points_double(work, region_at(work, POINTS), sums);
	work->regions[POINTS].flags |= FS_KEPT;
	return move_centres(region_at(work, CENTRES), element, sums, clusters, dims) && work->iteration + 1 < fs_count(work->job, "turns");
}

/* In doubles, each result rounded to an element, as the body's is. */
static ulong reference_label(const struct fs_work *work, size_t element, const double *point, const double *centres)
{
	double nearest = 0;
	ulong label = 0;

	for (uint64_t c = 0; c < centres_of(work); c++) {
		double far = 0;

		for (uint64_t d = 0; d < dims_of(work); d++) {
			double away = element_rounded(point[d] - centres[c * dims_of(work) + d], element);

			far = element_rounded(far + element_rounded(away * away, element), element);
		}
		if (c == 0 || far < nearest) {
			label = c;
			nearest = far;
		}
	}
	return label;
}

/* Centre by centre, as move_centres() does in the buffer. */
static bool move_means(double *centres, const double *sums, uint64_t clusters, uint64_t dims, size_t element)
{
	bool moved = false;

	for (uint64_t k = 0; k < clusters * dims; k++) {
		double n = sums[k / dims * (dims + 1) + dims], was = centres[k];

		if (n > 0)
			centres[k] = element_rounded(sums[k / dims * (dims + 1) + k % dims] / n, element);
		moved = moved || centres[k] < was || centres[k] > was;
	}
	return moved;
}

/* Point by point; leaves labels and centres of the last turn. Returns the turns. */
static unsigned reference(const struct fs_work *work, const double *points, double *centres, ulong *labels, double *sums)
{
	uint64_t dims = dims_of(work), clusters = centres_of(work);
	size_t element = element_bytes(work);
	unsigned turns = 0;

	for (uint64_t k = 0; k < clusters * dims; k++)
		centres[k] = first_centre(work, k / dims, k % dims);
	do {
		memset(sums, 0, clusters * (dims + 1) * sizeof(*sums));
		for (uint64_t i = 0; i < points_of(work); i++) {
			labels[i] = reference_label(work, element, points + i * dims, centres);
			for (uint64_t d = 0; d < dims; d++)
				sums[labels[i] * (dims + 1) + d] += points[i * dims + d];
			sums[labels[i] * (dims + 1) + dims]++;
		}
		turns++;
	} while (move_means(centres, sums, clusters, dims, element) && turns < fs_count(work->job, "turns"));
	return turns;
}

static int check_points(struct fs_work *work, double *points)
{
	const void *seen = region_at(work, POINTS);
	size_t element = element_bytes(work);

	for (uint64_t i = 0; i < points_of(work) * dims_of(work); i++) {
		uint64_t at = in_lanes(work, i / dims_of(work), i % dims_of(work));

		points[i] = coordinate(work, i / dims_of(work), i % dims_of(work));
		if (!element_is(seen, at, element, points[i]))
			return fs_wrong(work->job, "coordinate %llu of point %llu is %.17g, not %.17g", (unsigned long long)(i % dims_of(work)),
				(unsigned long long)(i / dims_of(work)), element_get(seen, at, element), points[i]);
	}
	return 0;
}

static int check(struct fs_work *work)
{
	double *points = malloc(points_of(work) * dims_of(work) * sizeof(*points));
	double *centres = malloc(centres_of(work) * dims_of(work) * sizeof(*centres));
	double *sums = malloc(centres_of(work) * (dims_of(work) + 1) * sizeof(*sums));
	ulong *labels = malloc(work->regions[LABELS].bytes);
	bool there = points != NULL && centres != NULL && sums != NULL && labels != NULL;
	int err = there ? check_points(work, points) : fs_error(work->job, -ENOMEM, "no memory for the reference");
	unsigned turns;

	if (err != 0)
		goto out;
	turns = reference(work, points, centres, labels, sums);
	err = turns == work->iteration ? 0 : fs_wrong(work->job, "the CPU ended it after %u turns, not %u", work->iteration, turns);
	if (err == 0)
		err = expect_words(work, LABELS, labels);
	if (err == 0)
		err = expect_elements(work, &work->regions[CENTRES], centres_of(work) * dims_of(work), centres);
out:
	free(points);
	free(centres);
	free(sums);
	free(labels);
	return err;
}

static int profile(const struct fs_work *work, unsigned turn, enum fs_side side, struct fs_pages *pages)
{
	(void)turn;
	region_reads(work, POINTS, pages);
	region_reads(work, CENTRES, pages);
	if (side == FS_DEVICE) {
		region_writes(work, LABELS, pages);
	} else {
		region_reads(work, LABELS, pages);
		region_writes(work, CENTRES, pages);
	}
	return 0;
}

const struct fs_kernel kernel_kmeans = {
	.name = "kmeans",
	.summary = "clusters of points: the device assigns, the CPU moves the centres, turn by turn",
	.params = params,
	.body_name = "kmeans",
	.body = kmeans_body,
	.layout = layout,
	.cpu_before = cpu_before,
	.cpu_after = cpu_after,
	.check = check,
	.profile = profile,
};
