# One line a benchmark: the file and its symbol bench_NAME have the name of the command line.
bench_files += bench/floor.c
bench_files += bench/body_speed.c
bench_files += bench/device_ceiling.c
bench_files += bench/false_sharing.c
bench_files += bench/fault_back.c
bench_files += bench/fault_burst.c
bench_files += bench/fault_latency.c
bench_files += bench/first_touch.c
bench_files += bench/invalidate.c
bench_files += bench/launch.c
bench_files += bench/loaded_latency.c
bench_files += bench/migrate_bandwidth.c
bench_files += bench/migrate_batch.c
bench_files += bench/migrate_concurrent.c
bench_files += bench/access_bandwidth.c
bench_files += bench/access_latency.c
bench_files += bench/oversubscribe.c
bench_files += bench/program_speed.c
bench_files += bench/promotion.c
bench_files += bench/reuse.c
bench_files += bench/sparse_touch.c
bench_files += bench/ping_pong.c
bench_files += bench/atomics.c
bench_files += bench/copies.c
bench_files += bench/fault_cost.c
bench_files += bench/migrate_under_load.c
bench_files += bench/prefetch.c
bench_files += bench/two_streams.c

# More files of benchmarks.
bench_extra += bench/floor_fault.c
bench_extra += bench/floor.h
bench_extra += bench/touch_pages.c
bench_extra += bench/touch_pages.h

# What device bodies share with their benchmarks.
bench_files += bench/access.h
bench_files += bench/crew.h
bench_files += bench/legs.h
bench_files += bench/loaders.h
bench_files += bench/mark.h
bench_files += bench/order.h
bench_files += bench/repeat.h
body_files += bench/order.body.h
body_files += bench/atomics.body.h
body_files += bench/false_sharing.body.h
body_files += bench/fault_burst.body.h
body_files += bench/fault_latency.body.h
body_files += bench/launch.body.h
body_files += bench/access_bandwidth.body.h
body_files += bench/access_latency.body.h
body_files += bench/sparse_touch.body.h
body_files += bench/touch_pages.body.h
body_files += bench/ping_pong.body.h
body_files += bench/reuse.body.h
