/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * nvml.c - GPU settings and conditions that may perturb a round, from NVIDIA's management library. libnvidia-ml.so.1 is part of the driver. A call
 * may be missing in an old version, or fail for some GPU: then its value is absent, and nothing else changes.
 */
#include "config.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "harness/device/cuda/cuda.h"
#include "harness/machine/unit.h"

#define LIBRARY "libnvidia-ml.so.1"

/* The vendor's names and numbers, with NVML_ for nvml and enumerations' own prefixes. */
enum nvml_constant {
	NVML_OK = 0,
	NVML_CLOCK_SM = 1,
	NVML_CLOCK_MEM = 2,
	NVML_TEMPERATURE_GPU = 0,
	NVML_UNCORRECTED = 1,
	NVML_VOLATILE_ECC = 0,
	NVML_POLICY_POWER = 0,
	NVML_POLICY_THERMAL = 1,
	/* Not among them: idle, and clocks that somebody has set. */
	NVML_THROTTLED = 0x4 | 0x8 | 0x20 | 0x40 | 0x80,
};

struct nvml_violation {
	unsigned long long reference_us, violation_ns;
};

/* CALL(name without nvml, arguments); all give a status. */
#define NVML_CALLS(CALL)                                                                                                                             \
	CALL(Init_v2, (void))                                                                                                                        \
	CALL(Shutdown, (void))                                                                                                                       \
	CALL(SystemGetDriverVersion, (char *, unsigned))                                                                                             \
	CALL(DeviceGetHandleByPciBusId_v2, (const char *, cuda_handle *))                                                                            \
	CALL(DeviceGetClockInfo, (cuda_handle, int, unsigned *))                                                                                     \
	CALL(DeviceGetMaxClockInfo, (cuda_handle, int, unsigned *))                                                                                  \
	CALL(DeviceGetCurrentClocksThrottleReasons, (cuda_handle, unsigned long long *))                                                             \
	CALL(DeviceGetViolationStatus, (cuda_handle, int, struct nvml_violation *))                                                                  \
	CALL(DeviceGetTemperature, (cuda_handle, int, unsigned *))                                                                                   \
	CALL(DeviceGetPowerUsage, (cuda_handle, unsigned *))                                                                                         \
	CALL(DeviceGetEnforcedPowerLimit, (cuda_handle, unsigned *))                                                                                 \
	CALL(DeviceGetEccMode, (cuda_handle, int *, int *))                                                                                          \
	CALL(DeviceGetTotalEccErrors, (cuda_handle, int, int, unsigned long long *))                                                                 \
	CALL(DeviceGetMigMode, (cuda_handle, unsigned *, unsigned *))                                                                                \
	CALL(DeviceGetPersistenceMode, (cuda_handle, int *))                                                                                         \
	CALL(DeviceGetCurrPcieLinkGeneration, (cuda_handle, unsigned *))                                                                             \
	CALL(DeviceGetCurrPcieLinkWidth, (cuda_handle, unsigned *))                                                                                  \
	CALL(DeviceGetMaxPcieLinkGeneration, (cuda_handle, unsigned *))                                                                              \
	CALL(DeviceGetMaxPcieLinkWidth, (cuda_handle, unsigned *))

static struct {
	NVML_CALLS(CUDA_POINTER)
	void *library;
} nvml;

/* A call that exists and succeeds. */
#define ASK(name, ...) (nvml.name != NULL && nvml.name(__VA_ARGS__) == NVML_OK)

static bool nvml_open(void)
{
	if (nvml.library != NULL)
		return true;
	nvml.library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (nvml.library == NULL)
		return false;
#define FIND(name, arguments)                                                                                                                        \
	{                                                                                                                                            \
		void *symbol = dlsym(nvml.library, "nvml" #name);                                                                                    \
		memcpy(&nvml.name, &symbol, sizeof(symbol));                                                                                         \
	}
	NVML_CALLS(FIND)
#undef FIND
	if (ASK(Init_v2))
		return true;
	dlclose(nvml.library);
	nvml.library = NULL;
	return false;
}

static cuda_handle find_gpu(const char *bus)
{
	cuda_handle gpu = NULL;

	return *bus != '\0' && nvml_open() && ASK(DeviceGetHandleByPciBusId_v2, bus, &gpu) ? gpu : NULL;
}

/* ---- identity and settings */

/* The highest clocks that it has, and the power that they may take. */
static void add_clocks(cuda_handle gpu, struct fs_facts *facts)
{
	unsigned sm, memory, milliwatts;

	if (ASK(DeviceGetMaxClockInfo, gpu, NVML_CLOCK_SM, &sm) && ASK(DeviceGetMaxClockInfo, gpu, NVML_CLOCK_MEM, &memory))
		unit_fact(facts, FS_FACT_IDENTITY, "clocks_max_mhz", "", "%u, memory %u", sm, memory);
	if (ASK(DeviceGetEnforcedPowerLimit, gpu, &milliwatts))
		unit_fact(facts, FS_FACT_FACTOR, "power_limit_w", "", "%.0f", milliwatts / 1000.0);
}

static void add_memory(cuda_handle gpu, struct fs_facts *facts)
{
	unsigned long long errors;
	int ecc, pending;

	if (ASK(DeviceGetEccMode, gpu, &ecc, &pending))
		unit_fact(facts, FS_FACT_IDENTITY, "ecc", "", "%s", ecc != 0 ? "on" : "off");
	if (ASK(DeviceGetTotalEccErrors, gpu, NVML_UNCORRECTED, NVML_VOLATILE_ECC, &errors) && errors != 0)
		unit_fact(facts, FS_FACT_STATE, "ecc_uncorrected", "nvidia-smi -q -d ECC tells where; reset or replace it", "%llu", errors);
}

static void add_modes(cuda_handle gpu, struct fs_facts *facts)
{
	unsigned generation, width, mig, pending;
	unsigned long long reasons;
	int persistence;

	if (ASK(DeviceGetMaxPcieLinkGeneration, gpu, &generation) && ASK(DeviceGetMaxPcieLinkWidth, gpu, &width))
		unit_fact(facts, FS_FACT_IDENTITY, "pcie_max", "", "generation %u x%u", generation, width);
	if (ASK(DeviceGetMigMode, gpu, &mig, &pending))
		unit_fact(facts, FS_FACT_IDENTITY, "mig", "", "%s", mig != 0 ? "on" : "off");
	if (ASK(DeviceGetPersistenceMode, gpu, &persistence))
		unit_fact(facts, FS_FACT_STATE, "persistence", persistence == 0 ? "nvidia-smi -pm 1, or each round waits for the driver to load" : "",
			"%s", persistence != 0 ? "on" : "off");
	if (ASK(DeviceGetCurrentClocksThrottleReasons, gpu, &reasons) && (reasons & NVML_THROTTLED) != 0)
		unit_fact(facts, FS_FACT_STATE, "throttled", "nvidia-smi -q -d PERFORMANCE tells why: heat, power, the power supply",
			"reasons 0x%llx", reasons & NVML_THROTTLED);
}

void cuda_nvml_facts(const char *bus, struct fs_facts *facts)
{
	cuda_handle gpu = find_gpu(bus);
	char version[80];

	if (gpu == NULL)
		return;
	add_clocks(gpu, facts);
	add_memory(gpu, facts);
	add_modes(gpu, facts);
	if (ASK(SystemGetDriverVersion, version, sizeof(version)))
		unit_fact(facts, FS_FACT_FACTOR, "driver_version", "", "%s", version);
}

/* ---- conditions that may perturb a round */

/* Total time of throttling since the driver was loaded. */
static bool read_held_ns(cuda_handle gpu, uint64_t *ns)
{
	struct nvml_violation power = {0}, thermal = {0};

	if (!ASK(DeviceGetViolationStatus, gpu, NVML_POLICY_POWER, &power) || !ASK(DeviceGetViolationStatus, gpu, NVML_POLICY_THERMAL, &thermal))
		return false;
	*ns = power.violation_ns + thermal.violation_ns;
	return true;
}

void cuda_nvml_begin(struct cuda *dev)
{
	dev->nvml.gpu = find_gpu(dev->unit.bus);
	dev->nvml.has_held = dev->nvml.gpu != NULL && read_held_ns(dev->nvml.gpu, &dev->nvml.held_ns);
}

void cuda_nvml_end(struct cuda *dev)
{
	struct {
		const char *name;
		bool there;
		unsigned value;
		double scale;
	} noises[] = {{.name = "sm_mhz", .scale = 1}, {.name = "memory_mhz", .scale = 1}, {.name = "temperature_c", .scale = 1},
		{.name = "power_w", .scale = 1e-3}, {.name = "pcie_generation", .scale = 1}, {.name = "pcie_width", .scale = 1}};
	cuda_handle gpu = dev->nvml.gpu;
	unsigned long long reasons;
	uint64_t held_ns;

	if (gpu == NULL)
		return;
	noises[0].there = ASK(DeviceGetClockInfo, gpu, NVML_CLOCK_SM, &noises[0].value);
	noises[1].there = ASK(DeviceGetClockInfo, gpu, NVML_CLOCK_MEM, &noises[1].value);
	noises[2].there = ASK(DeviceGetTemperature, gpu, NVML_TEMPERATURE_GPU, &noises[2].value);
	noises[3].there = ASK(DeviceGetPowerUsage, gpu, &noises[3].value);
	noises[4].there = ASK(DeviceGetCurrPcieLinkGeneration, gpu, &noises[4].value);
	noises[5].there = ASK(DeviceGetCurrPcieLinkWidth, gpu, &noises[5].value);
	for (size_t i = 0; i < FS_ARRAY_SIZE(noises); i++) {
		if (noises[i].there)
			fs_noise(dev->job, "cuda", noises[i].name, noises[i].value * noises[i].scale);
	}
	if (ASK(DeviceGetCurrentClocksThrottleReasons, gpu, &reasons))
		fs_noise(dev->job, "cuda", "throttle_reasons", (double)(reasons & NVML_THROTTLED));
	if (dev->nvml.has_held && read_held_ns(gpu, &held_ns) && held_ns >= dev->nvml.held_ns)
		fs_noise(dev->job, "cuda", "throttled_ms", (double)(held_ns - dev->nvml.held_ns) / 1e6);
	(void)ASK(Shutdown);
	dlclose(nvml.library);
	nvml.library = NULL;
	dev->nvml.gpu = NULL;
}
