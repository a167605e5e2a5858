/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * body.h - the dialect of device bodies: what step 3 runs, written once.
 *
 * A body is compiled as C for emu, and may be compiled as CUDA C or OpenCL C for other devices, so it keeps
 * to their common subset: no libc, no globals, no recursion, `ulong` for every size, no names that are words of one of them (half,
 * kernel, global). A body sees
 *
 *   buf    the one buffer of the five steps, as the device addresses it
 *   out    a small array of results outside of the buffer, in memory that never migrates (FS_OUT_WORDS words)
 *   a      plain arguments, by value
 *   first, last, stride   the indices that this worker computes: FS_FOR(i) visits them
 *
 * Offsets into buf are in bytes. A link (a pointer stored in the buffer) is followed with FS_LINK: under a
 * setup with one address space it is a real pointer and a.link_base the buffer's address; after marshalling
 * it is an offset and a.link_base is 0.
 */
#ifndef FIVESTEP_BODY_H
#define FIVESTEP_BODY_H

#if defined(__OPENCL_VERSION__)
#define FS_GLOBAL __global
#define FS_DEVICE_FN
#elif defined(__CUDACC__)
#define FS_GLOBAL
#define FS_DEVICE_FN __device__
#else
#define FS_GLOBAL
#define FS_DEVICE_FN
#endif

#if !defined(__OPENCL_VERSION__)
#include <sched.h>
#include <stdint.h>
#include <sys/types.h> /* ulong, uint */
typedef unsigned char uchar;
#endif

/* SplitMix64: 64 well-mixed bits of x; of a sequence of them, x = seed + i * FS_MIX_STEP. */
#define FS_MIX_STEP 0x9e3779b97f4a7c15ul
FS_DEVICE_FN static inline ulong fs_mix(ulong x)
{
	x += FS_MIX_STEP;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ul;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebul;
	return x ^ (x >> 31);
}

#define FS_BODY_WORDS 8
#define FS_BODY_REALS 4

struct fs_body_args {
	ulong link_base;	 /* what is subtracted from a link to get an offset into buf; see FS_LINK */
	ulong u[FS_BODY_WORDS];	 /* sizes, offsets, counts: the body's file says which is which */
	double f[FS_BODY_REALS]; /* scalars */
};

/*
 * The head of a body: FS_BODY(triad) { FS_FOR(i) ... }
 *
 * In C a body is compiled several times. Compilers make vectors only of loops over neighbouring indices, so there is one copy for stride 1 and one
 * for any other; and there is one of both for each vector unit of the architecture that the compiler knows (configure tries).
 * Without that, a machine would be measured by a program that uses an eighth of its registers. The harness says which form runs, and each round
 * records it.
 */
#define FS_BODY_PARAMS	      FS_GLOBAL uchar *buf, FS_GLOBAL ulong *out, const struct fs_body_args a, ulong first, ulong last, ulong stride
#define FS_BODY_DECLARE(name) FS_DEVICE_FN void name##_body(FS_BODY_PARAMS)

#if defined(__OPENCL_VERSION__) || defined(__CUDACC__)
#define FS_BODY(name) FS_BODY_DECLARE(name)
#else
enum fs_body_form { FS_BODY_BASE, FS_BODY_AVX2, FS_BODY_AVX512, FS_BODY_FORMS };
enum fs_body_form fs_body_form(void); /* the one that runs: the widest that both build and processor have */
const char *fs_body_form_name(enum fs_body_form form);

#define FS_BODY_AS(name, form)                                                                                                                       \
	static void name##_##form(FS_BODY_PARAMS)                                                                                                    \
	{                                                                                                                                            \
		if (stride == 1)                                                                                                                     \
			name##_any(buf, out, a, first, last, 1);                                                                                     \
		else                                                                                                                                 \
			name##_any(buf, out, a, first, last, stride);                                                                                \
	}
#if defined(__x86_64__) && !defined(FIVESTEP_NO_BODY_FORMS)
#define FS_BODY_ALL(name)                                                                                                                            \
	FS_BODY_AS(name, base)                                                                                                                       \
	__attribute__((target("avx2"))) FS_BODY_AS(name, avx2) __attribute__((target("avx512f"))) FS_BODY_AS(name, avx512)
#define FS_BODY_PICK(name) (fs_body_form() == FS_BODY_AVX512 ? name##_avx512 : fs_body_form() == FS_BODY_AVX2 ? name##_avx2 : name##_base)
#else
#define FS_BODY_ALL(name)  FS_BODY_AS(name, base)
#define FS_BODY_PICK(name) name##_base
#endif
/* The declaration comes first, so that `static FS_BODY(name)` makes the body static. */
#define FS_BODY(name)                                                                                                                                \
	FS_BODY_DECLARE(name);                                                                                                                       \
	static inline __attribute__((always_inline)) void name##_any(FS_BODY_PARAMS);                                                                \
	FS_BODY_ALL(name)                                                                                                                            \
	void name##_body(FS_BODY_PARAMS)                                                                                                             \
	{                                                                                                                                            \
		FS_BODY_PICK(name)(buf, out, a, first, last, stride);                                                                                \
	}                                                                                                                                            \
	static inline __attribute__((always_inline)) void name##_any(FS_BODY_PARAMS)
#endif
/* For a body that has vectors of its own in C: bytes of the registers of the form that runs. */
#if defined(__x86_64__) && !defined(FIVESTEP_NO_BODY_FORMS)
#define FS_VECTOR_BYTES() (fs_body_form() == FS_BODY_AVX512 ? 64u : fs_body_form() == FS_BODY_AVX2 ? 32u : 16u)
#else
#define FS_VECTOR_BYTES() 16u
#endif
/* Before a loop with hardly anything in it: several vectors a turn, so that counting them takes no time. clang does so by itself. */
#if defined(__GNUC__) && !defined(__clang__) && !defined(__OPENCL_VERSION__) && !defined(__CUDACC__)
#define FS_UNROLL _Pragma("GCC unroll 4")
#else
#define FS_UNROLL
#endif
/*
 * Before a loop that is short in small buffers and whose turns do not depend on each other: no time goes into finding that out, and clang does not
 * unroll its vectors until most of the loop is the rest that does not fill them.
 */
#if defined(__OPENCL_VERSION__) || defined(__CUDACC__)
#define FS_INDEPENDENT
#elif defined(__clang__)
#define FS_INDEPENDENT _Pragma("clang loop vectorize(assume_safety) interleave_count(1) unroll(disable)")
#else
#define FS_INDEPENDENT _Pragma("GCC ivdep")
#endif
#define FS_FOR(i)	       for (ulong i = first; i < last; i += stride)
#define FS_ARRAY(type, offset) ((FS_GLOBAL type *)(buf + (offset)))
#define FS_LINK(type, link)    ((FS_GLOBAL type *)(buf + ((link)-a.link_base)))

/* Not every body uses every argument. */
#define FS_UNUSED_BODY_ARGS() ((void)buf, (void)out, (void)a, (void)first, (void)last, (void)stride)

/*
 * For bodies that meet the CPU on one word of the buffer (ulong, aligned): sequentially consistent, visible to
 * both sides under setups that offer FS_SHARED. FS_RELAX() belongs in every waiting loop.
 * FS_ADD_RELAXED only adds: for workers of the device that meet on a word, in any order, while the CPU waits for them.
 */
#if defined(__OPENCL_VERSION__)
#define FS_ATOMIC(p) ((volatile FS_GLOBAL atomic_ulong *)(p))
#if defined(__opencl_c_atomic_scope_all_devices) && defined(__opencl_c_atomic_order_seq_cst)
#define FS_ADD_RELAXED(p, v) ((void)atomic_fetch_add_explicit(FS_ATOMIC(p), (ulong)(v), memory_order_relaxed, memory_scope_device))
#define FS_LOAD(p)	     atomic_load_explicit(FS_ATOMIC(p), memory_order_seq_cst, memory_scope_all_svm_devices)
#define FS_STORE(p, v)	     atomic_store_explicit(FS_ATOMIC(p), (ulong)(v), memory_order_seq_cst, memory_scope_all_svm_devices)
#define FS_ADD(p, v)	     atomic_fetch_add_explicit(FS_ATOMIC(p), (ulong)(v), memory_order_seq_cst, memory_scope_all_svm_devices)
#elif __OPENCL_C_VERSION__ >= 200 && (__OPENCL_C_VERSION__ < 300 || defined(__opencl_c_atomic_order_seq_cst))
#define FS_ADD_RELAXED(p, v) ((void)atomic_fetch_add_explicit(FS_ATOMIC(p), (ulong)(v), memory_order_relaxed, memory_scope_device))
#define FS_LOAD(p)	     atomic_load(FS_ATOMIC(p))
#define FS_STORE(p, v)	     atomic_store(FS_ATOMIC(p), (ulong)(v))
#define FS_ADD(p, v)	     atomic_fetch_add(FS_ATOMIC(p), (ulong)(v))
#else /* cl_khr_int64_base_atomics, of the device alone */
#define FS_LOAD(p)	     atom_add((volatile FS_GLOBAL ulong *)(p), 0ul)
#define FS_STORE(p, v)	     ((void)atom_xchg((volatile FS_GLOBAL ulong *)(p), (ulong)(v)))
#define FS_ADD(p, v)	     atom_add((volatile FS_GLOBAL ulong *)(p), (ulong)(v))
#define FS_ADD_RELAXED(p, v) ((void)FS_ADD(p, v))
#endif
#define FS_RELAX() ((void)0)
#elif defined(__CUDACC__)
/* PTX as such, so that every compiler for it makes the same; the mapping is that of the PTX memory model for sequential consistency. */
static __device__ inline ulong fs_device_load(const void *p)
{
	ulong value;

	asm volatile("fence.sc.sys; ld.acquire.sys.u64 %0, [%1];" : "=l"(value) : "l"(p) : "memory");
	return value;
}
static __device__ inline void fs_device_store(void *p, ulong value)
{
	asm volatile("fence.sc.sys; st.relaxed.sys.u64 [%0], %1;" : : "l"(p), "l"(value) : "memory");
}
static __device__ inline ulong fs_device_add(void *p, ulong value)
{
	ulong before;

	asm volatile("fence.sc.sys; atom.acquire.sys.add.u64 %0, [%1], %2;" : "=l"(before) : "l"(p), "l"(value) : "memory");
	return before;
}
static __device__ inline void fs_device_add_relaxed(void *p, ulong value)
{
	asm volatile("red.relaxed.gpu.add.u64 [%0], %1;" : : "l"(p), "l"(value) : "memory");
}
#define FS_ADD_RELAXED(p, v) fs_device_add_relaxed((p), (v))
#define FS_LOAD(p)	     fs_device_load(p)
#define FS_STORE(p, v)	     fs_device_store((p), (v))
#define FS_ADD(p, v)	     fs_device_add((p), (v))
#define FS_RELAX()	     ((void)0)
#else
#define FS_LOAD(p)	     __atomic_load_n((p), __ATOMIC_SEQ_CST)
#define FS_STORE(p, v)	     __atomic_store_n((p), (v), __ATOMIC_SEQ_CST)
#define FS_ADD(p, v)	     __atomic_fetch_add((p), (v), __ATOMIC_SEQ_CST)
#define FS_ADD_RELAXED(p, v) ((void)__atomic_fetch_add((p), (v), __ATOMIC_RELAXED))
/* Not a pause: with few CPUs the threads that must answer the wait need the one that waits. */
#define FS_RELAX()	     ((void)sched_yield())
#endif

/*
 * Square roots and quotients, rounded correctly as IEEE 754 says, on every device: FS_SQRT_double(x), FS_QUOTIENT_float(x, y). OpenCL promises that
 * of a float only if the device says so and the program asks for it; without it they are computed in double, and a float rounded from that is the
 * same.
 */
#define FS_QUOTIENT_double(x, y) ((x) / (y))
#if defined(__OPENCL_VERSION__) && defined(FIVESTEP_FLOATS_BY_DOUBLE)
#define FS_QUOTIENT_float(x, y) ((float)((double)(x) / (double)(y)))
#else
#define FS_QUOTIENT_float(x, y) ((x) / (y))
#endif
#if defined(__OPENCL_VERSION__)
#define FS_SQRT_double(x) sqrt(x)
#if defined(FIVESTEP_FLOATS_BY_DOUBLE)
#define FS_SQRT_float(x) ((float)sqrt((double)(x)))
#else
#define FS_SQRT_float(x) sqrt(x)
#endif
#elif defined(__CUDACC__)
static __device__ inline double fs_device_sqrt(double x)
{
	double root;

	asm("sqrt.rn.f64 %0, %1;" : "=d"(root) : "d"(x));
	return root;
}
static __device__ inline float fs_device_sqrtf(float x)
{
	float root;

	asm("sqrt.rn.f32 %0, %1;" : "=f"(root) : "f"(x));
	return root;
}
#define FS_SQRT_double(x) fs_device_sqrt(x)
#define FS_SQRT_float(x)  fs_device_sqrtf(x)
#else
#define FS_SQRT_double(x) __builtin_sqrt(x)
#define FS_SQRT_float(x)  __builtin_sqrtf(x)
#endif

/* The device's clock in ns, for bodies that time their own accesses; 0 where its language has none. */
#if defined(__OPENCL_VERSION__)
#define FS_CLOCK() 0ul
#elif defined(__CUDACC__)
static __device__ inline ulong fs_device_clock(void)
{
	ulong ns;

	asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(ns));
	return ns;
}
#define FS_CLOCK() fs_device_clock()
#else
uint64_t fs_now(void);
#define FS_CLOCK() fs_now()
#endif

#if !defined(__OPENCL_VERSION__)
typedef void (*fs_body_fn)(FS_BODY_PARAMS);
#endif

#endif
