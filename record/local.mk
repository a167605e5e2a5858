# What fivestep record puts into a program: a library of its own, of which nothing is in fivestep.
record_files += record/cuda.c
record_files += record/opencl.c
record_files += record/preload.h
record_files += record/touched.c
record_files += record/trace.c
