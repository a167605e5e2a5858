/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * arch.c - see arch.h.
 */
#include "config.h"

#include "guest/arch.h"

#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define GIB (1ull << 30)

/*
 * Under the instruction clock the counter that programs read has one tick an instruction: x86's time-stamp counter has 10^9 Hz in QEMU as it is,
 * arm64's is set to that. What the host could put into the guest is off: instructions that draw random numbers on x86 (arm64's come from -seed), and
 * seeds in the device tree. String instructions, which QEMU would count as one, are off on x86. Pointer authentication as the architecture has it
 * takes QEMU as long as all else together.
 */
static const struct guest_arch architectures[] = {
	{.name = "x86_64",
		.elf = EM_X86_64,
		.image = "bzImage",
		.qemu = "qemu-system-x86_64",
		.package = "apt-get install qemu-system-x86 (dnf: qemu-system-x86-core, zypper: qemu-x86)",
		.machine = "q35,hmat=on",
		.machine_kvm = "q35,hmat=on",
		.cpu = "max",
		.counted_cpu = "max,erms=off,fsrm=off,rdrand=off,rdseed=off",
		.has_hmat = true,
		.console = "ttyS0",
		.console_option = "CONFIG_SERIAL_8250_CONSOLE, CONFIG_PRINTK",
		.parameters = "no_timer_check ",
		.counted_parameters = "tsc=reliable clocksource=tsc no_timer_check ",
		.hole_start = 2 * GIB,
		.hole_end = 4 * GIB,
		.has_memmap = true},
	{.name = "aarch64",
		.elf = EM_AARCH64,
		.image = "Image",
		.qemu = "qemu-system-aarch64",
		.package = "apt-get install qemu-system-arm (dnf: qemu-system-aarch64-core, zypper: qemu-arm)",
		.machine = "virt,gic-version=3,dtb-randomness=off",
		.machine_kvm = "virt,gic-version=host",
		.cpu = "max,pauth-impdef=on,lpa2=off",
		.counted_cpu = "max,pauth-impdef=on,lpa2=off,cntfrq=1000000000",
		.console = "ttyAMA0",
		.console_option = "CONFIG_SERIAL_AMBA_PL011_CONSOLE, CONFIG_PRINTK",
		.parameters = "",
		.counted_parameters = "",
		.memory_start = GIB},
};

const struct guest_arch *arch_named(const char *name)
{
	for (size_t i = 0; i < FS_ARRAY_SIZE(architectures); i++) {
		if (strcmp(architectures[i].name, name) == 0)
			return &architectures[i];
	}
	return NULL;
}

const struct guest_arch *arch_here(struct fs_reason *why)
{
	struct utsname host;
	const struct guest_arch *arch;

	uname(&host);
	arch = arch_named(host.machine);
	if (arch == NULL)
		fs_because(why, -ENOTSUP, "--kernel and --bundle with those of x86_64 or aarch64, which QEMU emulates here too",
			"the reference guest has no kernel for %s", host.machine);
	return arch;
}

/* As the boot protocols have it: Documentation/arch/x86/boot.rst and Documentation/arch/arm64/booting.rst. */
#define HEADER_BYTES	  1024
#define X86_SIGN_AT	  0x202
#define ARM64_FLAGS_AT	  24
#define ARM64_SIGN_AT	  56
#define ARM64_PAGES_SHIFT 1 /* two bits: 1, 2, 3 are 4, 16 and 64 KiB */

static size_t arm64_page_bytes(const unsigned char *header)
{
	unsigned pages = header[ARM64_FLAGS_AT] >> ARM64_PAGES_SHIFT & 3;

	/* Kernels before 4.6 do not say; they had 4 KiB unless somebody chose otherwise. */
	return pages > 0 ? 1024ul << (2 * pages) : 4096;
}

const struct guest_arch *arch_of_kernel(const char *path, size_t *page_bytes, struct fs_reason *why)
{
	unsigned char header[HEADER_BYTES] = {0};
	FILE *file = fopen(path, "rbe");
	size_t got;

	if (file == NULL) {
		fs_because(why, -errno, "name a kernel", "cannot read the kernel %s: %s", path, strerror(errno));
		return NULL;
	}
	got = fread(header, 1, sizeof(header), file);
	fclose(file);
	*page_bytes = 0;
	if (got == sizeof(header) && memcmp(header + X86_SIGN_AT, "HdrS", 4) == 0) {
		*page_bytes = 4096;
		return arch_named("x86_64");
	}
	if (got == sizeof(header) && memcmp(header + ARM64_SIGN_AT, "ARM\x64", 4) == 0) {
		*page_bytes = arm64_page_bytes(header);
		return arch_named("aarch64");
	}
	*page_bytes = (size_t)sysconf(_SC_PAGESIZE);
	return arch_here(why);
}
