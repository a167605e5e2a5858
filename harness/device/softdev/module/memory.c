// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * memory.c - the device's memory: ZONE_DEVICE pages. Each page of private memory is backed by a page of ordinary memory, which holds the data; a page
 * of coherent memory holds its data itself (coherent.c). A context gets all the pages that it may use, with their backing, when it is bound. So, as
 * with a real device, the memory exists before the first fault, and allocating a page only takes it from a list.
 */
#include <linux/gfp.h>
#include <linux/ioport.h>
#include <linux/memremap.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "internal.h"

static unsigned long private_mib = 4096;
module_param(private_mib, ulong, 0444);
MODULE_PARM_DESC(private_mib, "limit of device-private memory in MiB; it grows as ranges are bound (default: 4096)");

int softdev_owner;

/* Private memory grows in chunks of at least this size, and does not shrink while the module is loaded. */
#define CHUNK_BYTES (64ul << 20)

/* The free pages of one kind that no context owns. lock protects free and nfree. */
struct pool {
	spinlock_t lock;
	struct list_head free;
	unsigned long nfree, pages;
};

/* grow_lock protects chunks and pool.pages. */
static DEFINE_MUTEX(grow_lock);
static LIST_HEAD(chunks);
static struct pool pools[SOFTDEV_KINDS] = {
	[SOFTDEV_PRIVATE] = {.lock = __SPIN_LOCK_UNLOCKED(pools[SOFTDEV_PRIVATE].lock), .free = LIST_HEAD_INIT(pools[SOFTDEV_PRIVATE].free)},
	[SOFTDEV_COHERENT] = {.lock = __SPIN_LOCK_UNLOCKED(pools[SOFTDEV_COHERENT].lock), .free = LIST_HEAD_INIT(pools[SOFTDEV_COHERENT].free)},
};

struct softdev_page *softdev_page_of(struct page *page)
{
	return page->zone_device_data;
}

bool softdev_is_ours(struct page *page)
{
	return (is_device_private_page(page) || is_device_coherent_page(page)) && compat_page_pgmap(page)->owner == &softdev_owner;
}

/* ---- freed pages */

static void context_free(struct kref *ref)
{
	kfree(container_of(ref, struct softdev_context, ref));
}

/* May be called under page table locks. Everything whose release may sleep was released when the file was closed. */
void softdev_context_put(struct softdev_context *context)
{
	kref_put(&context->ref, context_free);
}

static enum softdev_kind kind_of(const struct softdev_page *spage)
{
	return spage->pagemap->type == MEMORY_DEVICE_COHERENT ? SOFTDEV_COHERENT : SOFTDEV_PRIVATE;
}

/* Frees its backing as well. */
static void pool_give(struct softdev_page *spage)
{
	struct pool *pool = &pools[kind_of(spage)];

	if (spage->backing && spage->backing != spage->page)
		__free_page(spage->backing);
	spage->backing = NULL;
	spage->context = NULL;
	spin_lock(&pool->lock);
	list_add(&spage->link, &pool->free);
	pool->nfree++;
	spin_unlock(&pool->lock);
}

/* The last reference to a device page has been dropped. */
static void page_free(COMPAT_FREE_ARG(freed))
{
	struct softdev_page *spage = softdev_page_of(COMPAT_FREE_PAGE(freed));
	struct softdev_context *context = spage->context;
	bool closed;

	spin_lock(&context->pages_lock);
	if (spage->resident) {
		context->nresident--;
		if (!spage->leaving)
			atomic64_inc(&context->counters.dropped_pages);
	}
	list_del(&spage->link);
	closed = context->closed;
	if (!closed) {
		list_add(&spage->link, &context->free);
		context->nfree++;
	}
	spin_unlock(&context->pages_lock);
	if (closed)
		pool_give(spage);
	softdev_context_put(context);
}

static const struct dev_pagemap_ops pagemap_ops = {
	COMPAT_FREE_OP(page_free),
	.migrate_to_ram = softdev_migrate_to_ram,
};

/* ---- pages for migrations */

struct softdev_page *softdev_page_take(struct softdev_context *context)
{
	struct softdev_page *spage;

	if (fails(context, SOFTDEV_FAIL_DEVICE_PAGE))
		return NULL;
	spin_lock(&context->pages_lock);
	spage = list_first_entry_or_null(&context->free, struct softdev_page, link);
	if (spage) {
		list_del_init(&spage->link);
		context->nfree--;
	}
	spin_unlock(&context->pages_lock);
	if (!spage)
		return NULL;
	spage->resident = false;
	spage->leaving = false;
	kref_get(&context->ref);
	compat_zone_device_page_init(spage->page, spage->pagemap);
	spage->page->zone_device_data = spage;
	return spage;
}

void softdev_page_arrived(struct softdev_page *spage)
{
	struct softdev_context *context = spage->context;

	spin_lock(&context->pages_lock);
	spage->resident = true;
	list_add_tail(&spage->link, &context->resident);
	context->nresident++;
	spin_unlock(&context->pages_lock);
}

struct page *softdev_page_oldest(struct softdev_context *context)
{
	struct softdev_page *spage;

	spin_lock(&context->pages_lock);
	spage = list_first_entry_or_null(&context->resident, struct softdev_page, link);
	if (spage)
		list_move_tail(&spage->link, &context->resident);
	spin_unlock(&context->pages_lock);
	return spage ? spage->page : NULL;
}

/* ---- the pool */

static void chunk_free(struct softdev_chunk *chunk)
{
	if (!IS_ERR_OR_NULL(chunk->resource))
		release_mem_region(chunk->resource->start, resource_size(chunk->resource));
	kvfree(chunk->pages);
	kfree(chunk);
}

struct softdev_chunk *softdev_chunk_new(enum softdev_kind kind, unsigned long npages)
{
	struct softdev_chunk *chunk = kzalloc(sizeof(*chunk), GFP_KERNEL);

	if (!chunk)
		return NULL;
	chunk->npages = npages;
	chunk->pagemap.type = kind == SOFTDEV_COHERENT ? MEMORY_DEVICE_COHERENT : MEMORY_DEVICE_PRIVATE;
	chunk->pages = kvcalloc(npages, sizeof(*chunk->pages), GFP_KERNEL);
	if (!chunk->pages) {
		kfree(chunk);
		chunk = NULL;
	}
	return chunk;
}

/* Creates the struct pages. */
static int chunk_map(struct softdev_chunk *chunk, int node)
{
	void *mapped;

	if (IS_ERR(chunk->resource))
		return PTR_ERR(chunk->resource);
	chunk->pagemap.range.start = chunk->resource->start;
	chunk->pagemap.range.end = chunk->resource->end;
	chunk->pagemap.nr_range = 1;
	chunk->pagemap.ops = &pagemap_ops;
	chunk->pagemap.owner = &softdev_owner;
	mapped = memremap_pages(&chunk->pagemap, node);
	return PTR_ERR_OR_ZERO(mapped);
}

int softdev_chunk_add(struct softdev_chunk *chunk, int node)
{
	enum softdev_kind kind = chunk->pagemap.type == MEMORY_DEVICE_COHERENT ? SOFTDEV_COHERENT : SOFTDEV_PRIVATE;
	struct pool *pool = &pools[kind];
	int err = chunk_map(chunk, node);
	unsigned long i;

	if (err) {
		chunk_free(chunk);
		return err;
	}
	for (i = 0; i < chunk->npages; i++) {
		struct softdev_page *spage = &chunk->pages[i];

		spage->page = pfn_to_page((chunk->resource->start >> PAGE_SHIFT) + i);
		spage->page->zone_device_data = spage;
		spage->pagemap = &chunk->pagemap;
	}
	spin_lock(&pool->lock);
	for (i = chunk->npages; i > 0; i--)
		list_add(&chunk->pages[i - 1].link, &pool->free);
	pool->nfree += chunk->npages;
	spin_unlock(&pool->lock);
	list_add_tail(&chunk->link, &chunks);
	pool->pages += chunk->npages;
	return 0;
}

/* Adds private memory: an unused range of physical addresses. */
static int grow(unsigned long npages)
{
	unsigned long bytes = max(ALIGN(npages << PAGE_SHIFT, CHUNK_BYTES), CHUNK_BYTES), have = pools[SOFTDEV_PRIVATE].pages << PAGE_SHIFT;
	struct softdev_chunk *chunk;

	bytes = min(bytes, ALIGN_DOWN((private_mib << 20) - have, CHUNK_BYTES));
	if (bytes >> PAGE_SHIFT < npages)
		return -ENOMEM;
	chunk = softdev_chunk_new(SOFTDEV_PRIVATE, bytes >> PAGE_SHIFT);
	if (!chunk)
		return -ENOMEM;
	chunk->resource = request_free_mem_region(&iomem_resource, bytes, "softdev");
	return softdev_chunk_add(chunk, numa_mem_id());
}

static struct softdev_page *pool_take(struct pool *pool)
{
	struct softdev_page *spage;

	spin_lock(&pool->lock);
	spage = list_first_entry_or_null(&pool->free, struct softdev_page, link);
	if (spage) {
		list_del_init(&spage->link);
		pool->nfree--;
	}
	spin_unlock(&pool->lock);
	return spage;
}

/* The page that holds the data: of coherent memory the page itself. */
static struct page *backing_of(const struct softdev_page *spage, int node)
{
	/* Must fail rather than have the OOM killer pick a process. */
	gfp_t gfp = GFP_HIGHUSER | __GFP_NOWARN | __GFP_RETRY_MAYFAIL;

	if (kind_of(spage) == SOFTDEV_COHERENT)
		return spage->page;
	if (node >= 0)
		gfp |= __GFP_THISNODE;
	return alloc_pages_node(node >= 0 ? node : NUMA_NO_NODE, gfp, 0);
}

/* Gives a page and its backing to a context that is not bound yet. */
static int get_one(struct softdev_context *context, int node)
{
	struct softdev_page *spage = pool_take(&pools[context->kind]);

	if (!spage)
		return -EAGAIN;
	spage->backing = backing_of(spage, node);
	if (!spage->backing) {
		pool_give(spage);
		return -ENOMEM;
	}
	spage->context = context;
	list_add_tail(&spage->link, &context->free);
	context->nfree++;
	return 0;
}

/*
 * Under grow_lock, so that nobody else takes what was just added. Coherent memory cannot grow. A request that would use up the machine's memory is
 * refused before it takes any: other processes would run out of memory meanwhile.
 */
static int pool_need(struct softdev_context *context, unsigned long pages)
{
	unsigned long nfree = context->nfree + READ_ONCE(pools[context->kind].nfree);

	if (context->kind == SOFTDEV_PRIVATE && pages > context->nfree && pages - context->nfree > (unsigned long)max(si_mem_available(), 0L))
		return -ENOMEM;
	if (nfree >= pages)
		return 0;
	return context->kind == SOFTDEV_PRIVATE ? grow(pages - nfree) : -ENOSPC;
}

int softdev_pages_get(struct softdev_context *context, enum softdev_kind kind, unsigned long pages, int node)
{
	int err;

	if (context->nfree && context->kind != kind)
		return -EINVAL;
	context->kind = kind;
	mutex_lock(&grow_lock);
	err = pool_need(context, pages);
	while (!err && context->nfree < pages) {
		err = get_one(context, node);
		if (!err && fatal_signal_pending(current))
			err = -EINTR;
		cond_resched();
	}
	mutex_unlock(&grow_lock);
	return err;
}

void softdev_pages_put(struct softdev_context *context)
{
	struct softdev_page *spage, *next;
	LIST_HEAD(gone);

	spin_lock(&context->pages_lock);
	context->closed = true;
	list_splice_init(&context->free, &gone);
	context->nfree = 0;
	spin_unlock(&context->pages_lock);
	list_for_each_entry_safe(spage, next, &gone, link)
	{
		pool_give(spage);
		cond_resched();
	}
}

void softdev_memory_info(struct softdev_info *info)
{
	int kind;

	for (kind = 0; kind < SOFTDEV_KINDS; kind++) {
		info->pages[kind] = READ_ONCE(pools[kind].pages);
		info->free_pages[kind] = READ_ONCE(pools[kind].nfree);
	}
	info->most_pages[SOFTDEV_PRIVATE] = ALIGN_DOWN(private_mib << 20, CHUNK_BYTES) >> PAGE_SHIFT;
	info->most_pages[SOFTDEV_COHERENT] = READ_ONCE(pools[SOFTDEV_COHERENT].pages);
}

/* ---- unload */

/* All contexts are closed, but a page that was in use at that time may still be on the device: retry until it has been evicted. */
static void chunk_empty(struct softdev_chunk *chunk)
{
	unsigned long i;

	for (i = 0; i < chunk->npages; i++) {
		while (READ_ONCE(chunk->pages[i].context)) {
			softdev_evict(NULL, chunk->pages[i].page);
			cond_resched();
		}
	}
}

void softdev_memory_exit(void)
{
	struct softdev_chunk *chunk, *next;

	list_for_each_entry_safe(chunk, next, &chunks, link)
	{
		chunk_empty(chunk);
		memunmap_pages(&chunk->pagemap);
		chunk_free(chunk);
	}
}
