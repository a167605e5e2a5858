/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * record_app.c - a program that fivestep record records, on the stand-ins of tests/fake/vendors.c.
 *
 *   record_app opencl|cuda [FAIL]   16 pages are sent; three times 5 pages of one buffer are read and 7 of another written; 2 pages come back
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef void *H;

H clCreateBuffer(H, uint64_t, size_t, void *, int32_t *);
H fake_kernel(const char *);
int32_t clSetKernelArg(H, uint32_t, size_t, const void *);
int32_t clEnqueueWriteBuffer(H, H, uint32_t, size_t, size_t, const void *, uint32_t, const H *, H *);
int32_t clEnqueueReadBuffer(H, H, uint32_t, size_t, size_t, void *, uint32_t, const H *, H *);
int32_t clEnqueueNDRangeKernel(H, H, uint32_t, const size_t *, const size_t *, const size_t *, uint32_t, const H *, H *);
int32_t clReleaseMemObject(H);
int cuModuleGetFunction(void **, void *, const char *);
int cuMemAlloc_v2(uint64_t *, size_t);
int cuMemFree_v2(uint64_t);
int cuMemcpyHtoD_v2(uint64_t, const void *, size_t);
int cuMemcpyDtoH_v2(void *, uint64_t, size_t);
int cuLaunchKernel(void *, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void *, void **, void **);

#define PAGES 16

/*
 * What the kernel has not yet taken from one CPU is not seen from another: buffers are made on one and used on the other, where there are two. Which
 * ones there are is all that is done here with a fixed mask: above 1024 CPUs the program stays where it is.
 */
static void change_cpu(void)
{
	cpu_set_t all, other;
	int cpu = sched_getcpu(), next;

	if (cpu < 0 || sched_getaffinity(0, sizeof(all), &all) != 0 || CPU_COUNT(&all) < 2)
		return;
	for (next = (cpu + 1) % CPU_SETSIZE; !CPU_ISSET(next, &all); next = (next + 1) % CPU_SETSIZE)
		;
	CPU_ZERO(&other);
	CPU_SET(next, &other);
	if (sched_setaffinity(0, sizeof(other), &other) == 0)
		sched_setaffinity(0, sizeof(all), &all);
}

static void with_opencl(size_t page, unsigned char *host)
{
	H context = &page, in, out, read5 = fake_kernel("read5"), write7 = fake_kernel("write7");
	size_t one = 1;
	int32_t error;

	/* COPY_HOST_PTR, READ_ONLY. */
	in = clCreateBuffer(context, 32 | 4, PAGES * page, host, &error);
	out = clCreateBuffer(context, 1, PAGES * page, NULL, &error);
	change_cpu();
	clSetKernelArg(read5, 0, sizeof(in), &in);
	clSetKernelArg(write7, 1, sizeof(out), &out);
	for (int i = 0; i < 3; i++) {
		clEnqueueNDRangeKernel(NULL, read5, 1, NULL, &one, NULL, 0, NULL, NULL);
		clEnqueueNDRangeKernel(NULL, write7, 1, NULL, &one, NULL, 0, NULL, NULL);
		clEnqueueReadBuffer(NULL, out, 1, page, 2 * page, host, 0, NULL, NULL);
	}
	if (host[0] != 1 || host[page] != 1)
		puts("the device's work is lost");
	clReleaseMemObject(in);
	clReleaseMemObject(out);
}

static void with_cuda(size_t page, unsigned char *host)
{
	uint64_t in, out;
	void *work;

	cuModuleGetFunction(&work, NULL, "work");
	cuMemAlloc_v2(&in, PAGES * page);
	cuMemAlloc_v2(&out, PAGES * page);
	cuMemcpyHtoD_v2(in, host, PAGES * page);
	for (int i = 0; i < 3; i++) {
		cuLaunchKernel(work, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL);
		cuMemcpyDtoH_v2(host, out + page, 2 * page);
	}
	cuMemFree_v2(in);
	cuMemFree_v2(out);
}

int main(int argc, char **argv)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char *host = calloc(PAGES, page);

	if (argc > 1 && strcmp(argv[1], "opencl") == 0)
		with_opencl(page, host);
	else if (argc > 1 && strcmp(argv[1], "cuda") == 0)
		with_cuda(page, host);
	free(host);
	return argc > 2 ? 3 : 0;
}
