# SPDX-License-Identifier: GPL-3.0-or-later
# made_up.awk - the folder of a made-up fleet: -v dir=FOLDER -v nodes=N -v cells=N -v rounds=N, with runs/ there already.
#
# The rounds of a cell are nearly normal, with 0.6 % noise. 20 nodes are slow in each cell, in turn by 3 % and 10 %, and have an older kernel; another node has it as
# well and is not slow. 3 nodes are another machine, twice as fast, whatever their names say. FOLDER/slow3, slow10 and other list them. With -v plain=1 no node is
# slow or another machine; -v again=N draws other noise; -v all=F makes all nodes slower by that factor.
function draw() { seed = (seed * 16807) % 2147483647; return seed / 2147483647 }
function normal() { return draw() + draw() + draw() + draw() - 2 }
function put_run(file, n, factor, kernel, other,   r, c) {
	printf("{\"type\":\"run\",\"schema\":1,\"id\":\"run %d\",\"started\":\"2026-01-01T00:00:00Z\",\"plan\":{\"name\":\"made up\",\"text\":\"\"},\"seed\":%d,", n, n) >file
	printf("\"clock\":\"monotonic\",\"machine\":{\"fingerprint\":\"%s\",\"identity\":{\"cpu\":\"%s\",\"cpus\":%d},", other ? "0b" : "0a", other ? "another" : "invented", other ? 64 : 32) >file
	printf("\"factors\":{\"kernel\":\"%s\"},\"state\":{\"load\":\"%d\"}},\"devices\":[],\"cells\":[]}\n", kernel, n) >file
	for (r = 0; r < rounds; r++)
		for (c = 0; c < cells; c++) {
			printf("{\"type\":\"round\",\"round\":%d,\"cell\":%d,\"bench\":\"fault_latency\",\"kind\":\"benchmark\",\"setup\":\"hmm\",\"device\":\"emu\",", r, c) >file
			printf("\"params\":{\"size\":\"%dK\"},\"set\":[\"size\"],\"verdict\":\"ok\",\"start_ms\":2.5,\"wall_ms\":10.5,", 4 * (c + 1)) >file
			printf("\"metrics\":{\"touch\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[%.6f]}},\"steps\":[],\"evidence\":[]}\n", 4000 * (c + 1) * factor * (1 + normal() / 100)) >file
		}
	print "{\"type\":\"end\",\"stop\":\"done\",\"cells\":[]}" >file
	close(file)
}
BEGIN {
	seed = 1 + again
	all = all ? all : 1
	for (i = 0; i < 23 && !plain; i++)
		kind[int((i + 0.5) * nodes / 23)] = i < 3 ? "other" : i % 2 ? "slow3" : "slow10"
	for (n = 0; n < nodes; n++) {
		name = sprintf("%s\"n%05d\"", n ? "," : "", n)
		names = names name
	}
	manifest = dir "/fleet.jsonl"
	printf("{\"type\":\"fleet\",\"schema\":1,\"id\":\"0123456789abcdef\",\"plan\":\"plan/made up.plan\",\"limit_min\":5,\"pass\":{},\"nodes\":[%s]}\n", names) >manifest
	printf("{\"type\":\"submit\",\"job\":\"1\",\"tasks\":[%s]}\n", names) >manifest
	for (n = 0; n < nodes; n++) {
		slow = kind[n] ~ /^slow/
		put_run(sprintf("%s/runs/1-%d.jsonl", dir, n), n, all * (kind[n] == "slow3" ? 1.03 : kind[n] == "slow10" ? 1.1 : kind[n] == "other" ? 0.5 : 1), slow || n == 0 ? "6.1.0" : "6.12.0", kind[n] == "other")
		if (kind[n] != "")
			printf("n%05d\n", n) >(dir "/" kind[n])
	}
}
