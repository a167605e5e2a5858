/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fake_nvml.c - a stand-in for NVIDIA's management library: one GPU in a given state. Used beside the stand-in for CUDA (fake_cuda.c), with which
 * nothing that is measured is a result.
 *
 * FAKE_NVML holds words "CALL=STATUS" for calls that fail, and "held=N": N ms of each round the clocks are held down; "hot=1": they are at this
 * moment.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The number that FAKE_NVML gives to a word, or 0. */
static long number(const char *word)
{
	const char *all = getenv("FAKE_NVML");
	size_t len = strlen(word);

	for (const char *p = all; p != NULL && *p != '\0'; p += strcspn(p, " "), p += strspn(p, " "))
		if (strncmp(p, word, len) == 0 && p[len] == '=')
			return strtol(p + len + 1, NULL, 0);
	return 0;
}

#define CALL(name, declared, does)                                                                                                                   \
	int nvml##name declared;                                                                                                                     \
	int nvml##name declared                                                                                                                      \
	{                                                                                                                                            \
		int status = (int)number("nvml" #name);                                                                                              \
                                                                                                                                                     \
		if (status == 0)                                                                                                                     \
			does;                                                                                                                        \
		return status;                                                                                                                       \
	}

/* Called before and after a round: the second time it is that much longer. */
static unsigned long long held_ns(int policy)
{
	static int calls[2];

	return policy < 2 ? 5000000000ull + (calls[policy]++ > 0 && policy == 1 ? (unsigned long long)number("held") * 1000000 : 0) : 0;
}

struct violation {
	unsigned long long reference_us, violation_ns;
};

CALL(Init_v2, (void), )
CALL(Shutdown, (void), )
CALL(SystemGetDriverVersion, (char *text, unsigned room), snprintf(text, room, "575.51.03"))
CALL(DeviceGetHandleByPciBusId_v2, (const char *bus, void **gpu), *gpu = (void *)bus)
CALL(DeviceGetClockInfo, (void *gpu, int clock, unsigned *mhz), ((void)gpu, *mhz = clock == 1 ? 1755 : 2619))
CALL(DeviceGetMaxClockInfo, (void *gpu, int clock, unsigned *mhz), ((void)gpu, *mhz = clock == 1 ? 1980 : 3201))
/* Idle is always among them here, and is no throttling. */
CALL(DeviceGetCurrentClocksThrottleReasons, (void *gpu, unsigned long long *reasons), ((void)gpu, *reasons = number("hot") != 0 ? 0x41 : 0x1))
CALL(DeviceGetViolationStatus, (void *gpu, int policy, struct violation *violation), ((void)gpu, violation->violation_ns = held_ns(policy)))
CALL(DeviceGetTemperature, (void *gpu, int sensor, unsigned *celsius), ((void)gpu, (void)sensor, *celsius = 41))
CALL(DeviceGetPowerUsage, (void *gpu, unsigned *milliwatts), ((void)gpu, *milliwatts = 123400))
CALL(DeviceGetEnforcedPowerLimit, (void *gpu, unsigned *milliwatts), ((void)gpu, *milliwatts = 700000))
CALL(DeviceGetEccMode, (void *gpu, int *now, int *pending), ((void)gpu, *now = *pending = 1))
CALL(DeviceGetTotalEccErrors, (void *gpu, int type, int counter, unsigned long long *errors),
	((void)gpu, *errors = type == 1 && counter == 0 ? (unsigned long long)number("errors") : 0))
CALL(DeviceGetMigMode, (void *gpu, unsigned *now, unsigned *pending), ((void)gpu, *now = *pending = 0))
CALL(DeviceGetPersistenceMode, (void *gpu, int *mode), ((void)gpu, *mode = number("persistent") != 0))
CALL(DeviceGetCurrPcieLinkGeneration, (void *gpu, unsigned *value), ((void)gpu, *value = 4))
CALL(DeviceGetCurrPcieLinkWidth, (void *gpu, unsigned *value), ((void)gpu, *value = 8))
CALL(DeviceGetMaxPcieLinkGeneration, (void *gpu, unsigned *value), ((void)gpu, *value = 5))
CALL(DeviceGetMaxPcieLinkWidth, (void *gpu, unsigned *value), ((void)gpu, *value = 16))
