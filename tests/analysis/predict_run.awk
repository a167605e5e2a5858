# SPDX-License-Identifier: GPL-3.0-or-later
#
# predict_run.awk - an invented machine for tests/analysis/predict.sh, whose unit costs are known: a fault takes 1000 ns, a page moved on request 300, a
# request 5000, a launch 2000, a first touch 400, a byte of a copy 0.1. Program p computes 7 ns a page in step 2, 11 in step 3, 3 in step 4.
#
#   awk -v kind=model|programs|both [-v second=EXPONENT|none] [-v cpu=NAME] [-v clock=NAME] [-v slow=FACTOR] [-v without=EVENT] [-v bad=TEXT] [-v fault=NS] [-v odd=yes] -f predict_run.awk
#
# kind: benchmarks and the program under copies, or the program under hmm, or all of them. slow: the program's measured step 3 is that many times what it should be. without: no
# benchmark contains this event (launch: none alone). second: the model knows p at 400 pages as well, where step 3 computes 4^EXPONENT times as long,
# or (none) not at all. bad: what stands for the number of faults in each `contains`.
# fault: what one takes, in the benchmarks as in the program. odd: in its first round the program under hmm has half the work, as kmeans may have.
BEGIN {
	fault = fault == "" ? 1000 : fault
	cpu = cpu == "" ? "invented" : cpu
	clock = clock == "" ? "monotonic" : clock
	slow = slow == "" ? 1 : slow
	bad = bad == "" ? "\"fault_to_device\":" : bad
	n = 0
	if (kind != "programs") {
		micro("faults", "hmm", 10 * fault + 2000, bad "10,\"launch\":1")
		if (without != "launch")
			micro("launches", "hmm", 2000, "\"launch\":1")
		micro("moves", "hmm", 64 * 300 + 5000, "\"page_to_device\":64,\"migrate_to_device\":1")
		micro("batches", "hmm", 64 * 300 + 4 * 5000, "\"page_to_device\":64,\"migrate_to_device\":4")
		if (without != "first_touch_on_host")
			micro("touches", "hmm", 400, "\"first_touch_on_host\":1")
		micro("first", "copy", 400, "\"first_touch_on_host\":1")
		micro("bytes", "copy", 4096 * 0.1 + 2000, "\"copy_byte_to_device\":4096,\"launch\":1")
		micro("starts", "copy", 2000, "\"launch\":1")
		program("p", "copy", 100, 40000 + 700, 40960 + 2000 + 1100, 300, "\"copy_byte_to_device\":409600,\"launch\":1")
		if (second != "")
			program("p", "copy", 400, 160000 + 2800, 163840 + 2000 + (second == "none" ? 0 : 1100 * 4 ^ second), 1200,
				"\"copy_byte_to_device\":1638400,\"launch\":1")
	}
	if (kind != "model") {
		if (odd) {
			program("p", "hmm", 50, 20000 + 350, 50 * fault + 2000 + 550, 150, "\"fault_to_device\":50,\"launch\":1")
			first[--n] = result[n]
		}
		program("p", "hmm", 100, 40000 + 700, (100 * fault + 2000 + 1100) * slow, 300, "\"fault_to_device\":100,\"launch\":1")
		program("p", "copy", 200, 80000 + 1400, 81920 + 2000 + 2200, 600, "\"copy_byte_to_device\":819200,\"launch\":1")
	}
	printf "{\"type\":\"run\",\"schema\":1,\"id\":\"11111111-2222-4333-8444-555555555555\",\"started\":\"2026-01-02T03:04:05Z\","
	printf "\"plan\":{\"name\":\"x\",\"text\":\"\"},\"seed\":1,\"options\":{},\"clock\":\"%s\",\"build\":{},", clock
	printf "\"machine\":{\"fingerprint\":\"%s\",\"identity\":{\"cpu\":\"%s\"},\"factors\":{},\"state\":{}},", cpu, cpu
	printf "\"devices\":[{\"name\":\"emu\",\"summary\":\"\",\"emulated\":true,\"parameters\":{\"granule\":{\"initial\":\"4K\"}}}],"
	printf "\"setups\":{\"hmm\":{\"memory\":\"mirror\",\"offers\":[]},\"copy\":{\"memory\":\"device\",\"offers\":[\"TRANSFER\"]}},"
	printf "\"benches\":{\"p\":{\"kind\":\"kernel\",\"parameters\":{\"size\":{\"initial\":\"1M\"}}}},\"cells\":["
	for (i = 0; i < n; i++)
		printf "%s{%s}", i ? "," : "", cell[i]
	print "]}"
	for (i = 0; i < n; i++)
		for (r = 0; r < 6; r++)
			printf "{\"type\":\"round\",\"round\":%d,%s,\"verdict\":\"ok\",%s}\n", r, cell[i], r == 0 && i in first ? first[i] : result[i]
}

function cell_of(bench, kind_, setup, params) {
	return sprintf("\"cell\":%d,\"bench\":\"%s\",\"kind\":\"%s\",\"setup\":\"%s\",\"device\":\"emu\",\"params\":{%s},\"set\":[\"size\"]", n, bench, kind_,
		setup, params)
}

function micro(bench, setup, ns, contains) {
	cell[n] = cell_of(bench, "benchmark", setup, "\"granule\":\"4K\"")
	result[n++] = sprintf("\"metrics\":{\"m\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[%.10g],\"contains\":{%s}}}", ns, contains)
}

function program(bench, setup, pages, before, device, after, events) {
	cell[n] = cell_of(bench, "kernel", setup, sprintf("\"size\":\"%d\",\"granule\":\"4K\"", pages * 4096))
	result[n++] = sprintf("\"metrics\":{\"total\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[%.10g]},\"device\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[%.10g]}}," \
		"\"steps\":[{\"step\":\"cpu_before\",\"ns\":%d,\"counters\":{},\"events\":{\"first_touch_on_host\":%d,\"fill_byte\":%d}}," \
		"{\"step\":\"device\",\"ns\":%d,\"counters\":{},\"events\":{%s,\"body_byte\":%d}}," \
		"{\"step\":\"cpu_after\",\"ns\":%d,\"counters\":{},\"events\":{\"after_byte\":%d}}]", before + device + after, device, before, pages,
		pages * 4096, device, events, pages * 4096, after, pages * 4096)
}
