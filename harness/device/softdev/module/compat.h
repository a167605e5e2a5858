/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compat.h - kernel interfaces that changed since Linux 6.1, and nothing else.
 */
#ifndef SOFTDEV_COMPAT_H
#define SOFTDEV_COMPAT_H

#include <linux/memremap.h>
#include <linux/mm.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "softdev needs Linux 6.1 or newer"
#endif
#ifndef CONFIG_DEVICE_PRIVATE
#error "softdev needs a kernel with CONFIG_DEVICE_PRIVATE"
#endif

/* 6.3: accessors for vm_flags. */
static inline void compat_vm_flags_set(struct vm_area_struct *vma, unsigned long flags)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	vm_flags_set(vma, flags);
#else
	vma->vm_flags |= flags;
#endif
}

static inline void compat_vm_flags_clear(struct vm_area_struct *vma, unsigned long flags)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	vm_flags_clear(vma, flags);
#else
	vma->vm_flags &= ~flags;
#endif
}

/* 6.14: page->pgmap moved to the folio. */
static inline struct dev_pagemap *compat_page_pgmap(struct page *page)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0)
	return page_pgmap(page);
#else
	return page->pgmap;
#endif
}

/* 6.18: without the pagemap that was looked up before. */
static inline struct dev_pagemap *compat_get_dev_pagemap(unsigned long pfn)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
	return get_dev_pagemap(pfn);
#else
	return get_dev_pagemap(pfn, NULL);
#endif
}

/* 6.19: device pages are folios, which may be large. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 19, 0)
#define COMPAT_FREE_OP(function) .folio_free = function
#define COMPAT_FREE_ARG(name)	 struct folio *name
#define COMPAT_FREE_PAGE(name)	 folio_page(name, 0)

static inline void compat_zone_device_page_init(struct page *page, struct dev_pagemap *pagemap)
{
	zone_device_page_init(page, pagemap, 0);
}
#else
#define COMPAT_FREE_OP(function) .page_free = function
#define COMPAT_FREE_ARG(name)	 struct page *name
#define COMPAT_FREE_PAGE(name)	 (name)

static inline void compat_zone_device_page_init(struct page *page, struct dev_pagemap *pagemap)
{
	zone_device_page_init(page);
}
#endif

#endif
