# One line a kernel: the file and its symbol kernel_NAME have the name of the command line; its body beside it.
kernel_files += kernels/triad.c
kernel_files += kernels/jacobi.c
kernel_files += kernels/bfs.c
kernel_files += kernels/btree.c
kernel_files += kernels/gups.c
kernel_files += kernels/histogram.c
kernel_files += kernels/sort.c
kernel_files += kernels/hashjoin.c
kernel_files += kernels/gemm.c
kernel_files += kernels/kmeans.c
kernel_files += kernels/nbody.c
kernel_files += kernels/cg.c

# Real inputs, read at run time.
input_files += kernels/inputs/README.md
input_files += kernels/inputs/karate.mtx
input_files += kernels/inputs/lund_a.mtx

# Device bodies, and what kernels share.
body_files += kernels/triad.body.h
body_files += kernels/jacobi.body.h
body_files += kernels/bfs.body.h
body_files += kernels/btree.body.h
body_files += kernels/gups.body.h
body_files += kernels/histogram.body.h
body_files += kernels/sort.body.h
body_files += kernels/hashjoin.body.h
body_files += kernels/gemm.body.h
body_files += kernels/kmeans.body.h
body_files += kernels/nbody.body.h
body_files += kernels/cg.body.h
body_files += kernels/element.h
body_files += kernels/regions.h
body_files += kernels/graph.h
body_files += kernels/sparse.h
body_files += kernels/seeded.h
body_files += kernels/zipf.h
