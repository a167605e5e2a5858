# SPDX-License-Identifier: GPL-3.0-or-later
# large_run.awk - a made-up run of many cells: -v cells=N -v rounds=N -v seed=N -v percent=P.
#
# The rounds of a cell are nearly normal, with 0.6 % noise; every tenth cell is P percent slower than in a run with 0.
function draw() { seed = (seed * 16807) % 2147483647; return seed / 2147483647 }
function normal() { return draw() + draw() + draw() + draw() - 2 }
BEGIN {
	printf("{\"type\":\"run\",\"schema\":1,\"id\":\"run %d\",\"started\":\"2026-01-01T00:00:00Z\",\"plan\":{\"name\":\"made up\",\"text\":\"\"},\"seed\":%d,", seed, seed)
	print "\"clock\":\"monotonic\",\"machine\":{\"fingerprint\":\"00\",\"identity\":{\"cpu\":\"invented\"},\"factors\":{},\"state\":{}},\"devices\":[],\"cells\":[]}"
	for (r = 0; r < rounds; r++)
		for (c = 0; c < cells; c++) {
			value = 4000 * (1 + normal() / 100) * (c % 10 ? 1 : 1 + percent / 100)
			printf("{\"type\":\"round\",\"round\":%d,\"cell\":%d,\"bench\":\"fault_latency\",\"kind\":\"benchmark\",\"setup\":\"hmm\",\"device\":\"emu\",", r, c)
			printf("\"params\":{\"size\":\"%dK\"},\"set\":[\"size\"],\"verdict\":\"ok\",\"start_ms\":2.5,\"wall_ms\":10.5,", 4 * (c + 1))
			printf("\"metrics\":{\"touch\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[%.6f]}},\"steps\":[],\"evidence\":[]}\n", value)
		}
	print "{\"type\":\"end\",\"stop\":\"done\",\"cells\":[]}"
}
