# The reference guest.
guest_files += guest/cache.c
guest_files += guest/cache.h
guest_files += guest/explain.c
guest_files += guest/explain.h
guest_files += guest/init.c
guest_files += guest/initramfs.c
guest_files += guest/initramfs.h
guest_files += guest/lacks.c
guest_files += guest/lacks.h
guest_files += guest/launch.c
guest_files += guest/launch.h
guest_files += guest/needs.c
guest_files += guest/needs.h
guest_files += guest/pack.c
guest_files += guest/pack.h
guest_files += guest/progress.c
guest_files += guest/progress.h
guest_files += guest/qemu.c
guest_files += guest/qemu.h
guest_files += guest/records.c
guest_files += guest/records.h
guest_files += guest/shell.c
guest_files += guest/wire.h
guest_files += guest/words.c
guest_files += guest/words.h

# Read at run time.
guest_data += guest/build.sh
guest_data += guest/compare.sh
guest_data += guest/kernels.sh
guest_data += guest/kernel.config
guest_data += guest/debug.config
