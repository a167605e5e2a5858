/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hardware.c - what a device plug-in may use, as found on the buses.
 */
#include "config.h"

#include "harness/machine/parts.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static void add_hardware(struct fs_machine *machine, const char *kind, const char *name)
{
	struct fs_hardware *hardware = &machine->hardware[machine->nhardware];

	if (machine->nhardware == MACHINE_DEVICES) {
		topology_beyond(machine, "hardware", MACHINE_DEVICES, "devices");
		return;
	}
	topology_copy_text(hardware->kind, sizeof(hardware->kind), kind);
	topology_copy_text(hardware->name, sizeof(hardware->name), name);
	machine->nhardware++;
}

/* The kind of a PCI device by its class; NULL if it neither computes nor has memory. */
static const char *pci_kind(const struct hwloc_pcidev_attr_s *pci)
{
	bool makes_both = pci->vendor_id == 0x10de || pci->vendor_id == 0x1002 || pci->vendor_id == 0x8086;

	switch (pci->class_id) {
	case 0x0302:
		return "gpu";
	case 0x0502:
		return "cxl";
	case 0x0b40:
		return "accelerator";
	default:
		/* Class 0300 alone is a display adapter, which every virtual machine has; one by a GPU vendor may be a GPU. */
		if (pci->class_id >> 8 == 0x03 && makes_both)
			return "gpu";
		return pci->class_id >> 8 == 0x12 ? "accelerator" : NULL;
	}
}

static void add_pci(struct fs_machine *machine, hwloc_obj_t obj)
{
	const struct hwloc_pcidev_attr_s *pci = &obj->attr->pcidev;
	const char *vendor = hwloc_obj_get_info_by_name(obj, "PCIVendor"), *device = hwloc_obj_get_info_by_name(obj, "PCIDevice");
	const char *kind = pci_kind(pci);
	char name[sizeof(machine->hardware[0].name)];

	text_fit(name, sizeof(name), "%04x:%04x %s %s", pci->vendor_id, pci->device_id, vendor != NULL ? vendor : "", device != NULL ? device : "");
	if (kind != NULL)
		add_hardware(machine, kind, name);
}

/* Memory that is a device file (DAX), not system memory. */
static void add_dax(void *context, const char *name)
{
	if (strncmp(name, "dax", 3) == 0)
		add_hardware(context, "dax", name);
}

void topology_read_hardware(struct fs_machine *machine, hwloc_topology_t topology)
{
	hwloc_obj_t obj = NULL;
	unsigned before;

	while ((obj = hwloc_get_next_pcidev(topology, obj)) != NULL)
		add_pci(machine, obj);
	before = machine->nhardware;
	topology_each_entry(machine, "/sys/bus/dax/devices", add_dax, machine);
	while (machine->nhardware == before && (obj = hwloc_get_next_osdev(topology, obj)) != NULL) {
		if (obj->name != NULL)
			add_dax(machine, obj->name);
	}
}
