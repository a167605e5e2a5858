# One line a device: the file's name is the device's. The parts of a device in a folder go to device_extra.
device_files += harness/device/null.c
device_files += harness/device/model.c
device_files += harness/device/emu/emu.c
device_files += harness/device/dmirror/dmirror.c
device_files += harness/device/softdev/softdev.c
if WITH_CUDA
device_files += harness/device/cuda/cuda.c
endif
if WITH_OPENCL
device_files += harness/device/opencl/opencl.c
endif

# The driver of softdev: a kernel module.
module_files += harness/device/softdev/module/Kbuild
module_files += harness/device/softdev/module/coherent.c
module_files += harness/device/softdev/module/compat.h
module_files += harness/device/softdev/module/dkms.conf
module_files += harness/device/softdev/module/fault.c
module_files += harness/device/softdev/module/internal.h
module_files += harness/device/softdev/module/main.c
module_files += harness/device/softdev/module/memory.c
module_files += harness/device/softdev/module/migrate.c
module_files += harness/device/softdev/module/requests.c
module_files += harness/device/softdev/module/trace.c
module_files += harness/device/softdev/module/trace.h

device_extra += harness/device/common.c
device_extra += harness/device/common.h
device_extra += harness/device/bodies.c
device_extra += harness/device/bodies.h
device_extra += harness/device/dmirror/dmirror.h
device_extra += harness/device/dmirror/dmirror_uapi.h
device_extra += harness/device/dmirror/orders.c
device_extra += harness/device/emu/child.c
device_extra += harness/device/emu/child.h
device_extra += harness/device/emu/coherent.c
device_extra += harness/device/emu/copy.h
device_extra += harness/device/emu/driver.c
device_extra += harness/device/emu/emu.h
device_extra += harness/device/emu/engine.h
device_extra += harness/device/emu/hmm.c
device_extra += harness/device/emu/hmm.h
device_extra += harness/device/emu/migrate.c
device_extra += harness/device/emu/mirror.c
device_extra += harness/device/emu/modes.c
device_extra += harness/device/emu/process.c
device_extra += harness/device/emu/separate.c
device_extra += harness/device/emu/sync.c
device_extra += harness/device/emu/sync.h
device_extra += harness/device/emu/team.c
device_extra += harness/device/emu/team.h
device_extra += harness/device/emu/view.c
device_extra += harness/device/softdev/lacks.c
device_extra += harness/device/softdev/mirror.c
device_extra += harness/device/softdev/places.c
device_extra += harness/device/softdev/process.c
device_extra += harness/device/softdev/softdev.h
device_extra += harness/device/softdev/softdev_uapi.h
if WITH_CUDA
device_extra += harness/device/cuda/api.h
device_extra += harness/device/cuda/ceiling.c
device_extra += harness/device/cuda/cuda.h
device_extra += harness/device/cuda/events.c
device_extra += harness/device/cuda/launch.c
device_extra += harness/device/cuda/library.c
device_extra += harness/device/cuda/memory.c
device_extra += harness/device/cuda/nvml.c
device_extra += harness/device/cuda/peer.c
device_extra += harness/device/cuda/program.c
device_extra += harness/device/cuda/units.c
endif
if WITH_OPENCL
device_extra += harness/device/opencl/api.h
device_extra += harness/device/opencl/ceiling.c
device_extra += harness/device/opencl/events.c
device_extra += harness/device/opencl/launch.c
device_extra += harness/device/opencl/library.c
device_extra += harness/device/opencl/memory.c
device_extra += harness/device/opencl/opencl.h
device_extra += harness/device/opencl/program.c
device_extra += harness/device/opencl/units.c
endif
