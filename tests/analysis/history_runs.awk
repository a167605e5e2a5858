# SPDX-License-Identifier: GPL-3.0-or-later
# history_runs.awk - made-up runs over time, a file a run: -v n=RUNS -v dir=FOLDER -v changes="60:1.05,110:0.97".
#
# Two cells: "still" never changes, "moving" is FACTOR times its level from run AT on (AT:FACTOR, from 0). One run a day; the kernel is newer from
# the run `kernel_at` on; the count of faults is `faults` from the run `faults_at` on. rounds, cpus (another machine), noise in percent, from (first run).
# Each run from `from_drift` on has `drift` (0.001: 0.1 %) more than the one before.
function draw() { seed = (seed * 16807) % 2147483647; return seed / 2147483647 }
# Sums of twelve even numbers are nearly normal, with a variance of one.
function normal(    i, sum) { sum = -6; for (i = 0; i < 12; i++) sum += draw(); return sum }
function factor_at(run,    i, parts, f) {
	f = 1
	for (i = 1; i <= n_changes; i++) {
		split(change[i], parts, ":")
		if (run >= parts[1])
			f = parts[2]
	}
	return f
}
BEGIN {
	if (!rounds) rounds = 3
	if (!cpus) cpus = 2
	if (noise == "") noise = 1
	if (kernel_at == "") kernel_at = n
	if (faults_at == "") faults_at = n
	n_changes = split(changes, change, ",")
	for (run = from + 0; run < n; run++) {
		seed = 1000 + run * 7919
		for (i = 0; i < 10; i++) draw()
		file = sprintf("%s/run%04d.jsonl", dir, run)
		day = sprintf("%04d-%02d-%02dT06:00:00Z", 2025 + int(run / 336), 1 + int(run / 28) % 12, 1 + run % 28)
		printf("{\"type\":\"run\",\"schema\":1,\"id\":\"%04d%04d-0000-4000-8000-%012d\",\"started\":\"%s\",\"plan\":{\"name\":\"made up\",\"text\":\"\"},\"seed\":1,", run, cpus, run, day) >file
		printf("\"clock\":\"monotonic\",\"build\":{\"version\":\"0.1.0\",\"commit\":\"commit%d\"},\"machine\":{\"fingerprint\":\"00112233aabbcc%02d\",", run, cpus) >file
		printf("\"identity\":{\"cpu\":\"invented\",\"cpus\":%d},\"factors\":{\"kernel\":\"%s\"},\"state\":{}},", cpus, (run < kernel_at ? "6.12.1" : "6.13.0")) >file
		print "\"devices\":[{\"name\":\"emu\",\"summary\":\"\",\"emulated\":true}],\"cells\":[]}" >file
		level[0] = 4000 * (1 + normal() * noise / 100)
		level[1] = 4000 * (factor_at(run) + (run > from_drift ? drift * (run - from_drift) : 0)) * (1 + normal() * noise / 100)
		for (r = 0; r < rounds; r++)
			for (c = 0; c < 2; c++) {
				printf("{\"type\":\"round\",\"round\":%d,\"cell\":%d,\"bench\":\"%s\",\"kind\":\"benchmark\",\"setup\":\"hmm\",\"device\":\"emu\",", r, c, c ? "moving" : "still") >file
				printf("\"params\":{\"size\":\"1M\"},\"set\":[\"size\"],\"verdict\":\"ok\",\"metrics\":{\"touch\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[%.6f]},", level[c]) >file
				printf("\"faults\":{\"unit\":\"faults\",\"better\":\"exact\",\"samples\":[%d]}},\"steps\":[],\"evidence\":[]}\n", (c && run >= faults_at ? faults : 252)) >file
			}
		print "{\"type\":\"end\",\"stop\":\"done\",\"cells\":[]}" >file
		close(file)
	}
}
