# SPDX-License-Identifier: GPL-3.0-or-later
#
# model_gallery.awk - a run of an invented machine for tests/analysis/kept_model.sh, with all that the cost model looks at: noise, a histogram, bandwidths, a
# row that does not fit, rounds that failed, ways of sharing apart by their parameters, programs of several sizes, references and events that nobody knows.
#
#   awk [-v fault=NS] [-v slow=FACTOR] [-v computing=FACTOR] [-v clock=NAME] [-v kind=model|programs] [-v many=N] [-v pinned=no] -f model_gallery.awk
#
# fault: what one takes (1000). slow: programs under hmm take that much longer in step 3 than their events. computing: of step 3. kind: benchmarks and
# programs under copies, or programs under other ways; both without it. many: so many sizes more of one program. pinned: no benchmark copies pinned memory.
# Balanced memory is predicted to be the best, and is not.
BEGIN {
	fault = fault == "" ? 1000 : fault
	slow = slow == "" ? 1 : slow
	computing = computing == "" ? 1 : computing
	clock = clock == "" ? "monotonic" : clock
	rounds = 7
	n = 0
	if (kind != "programs")
		model()
	if (kind != "model")
		programs()
	header()
	for (i = 0; i < n; i++)
		for (r = 0; r < rounds; r++)
			round_of(i, r)
}

# The same each time, within 2 %, and no two rounds alike.
function noisy(value, cell_, r) {
	return value * (1 + ((cell_ * 7 + r * 37 + r * r * 5) % 41 - 20) / 1000)
}

function model() {
	granule = "4K"
	micro("faults", "hmm", 10 * fault + 2000, "\"fault_to_device\":10,\"launch\":1")
	micro("launches", "hmm", 2000, "\"launch\":1")
	micro("moves", "hmm", 64 * 300 + 5000, "\"page_to_device\":64,\"migrate_to_device\":1")
	micro("batches", "hmm-prefetch", 64 * 300 + 4 * 5000, "\"page_to_device\":64,\"migrate_to_device\":4")
	micro("touches", "hmm", 400, "\"first_touch_on_host\":1")
	micro("returns", "hmm", 800, "\"fault_to_host\":1")
	histogram("returns_seen", "hmm", 800, "\"fault_to_host\":1")
	# Half as much again as its events.
	micro("misfit", "hmm", (8 * 800 + 2000) * 1.5, "\"fault_to_host\":8,\"launch\":1")
	granule = "64K"
	micro("faults", "hmm", 10 * 3 * fault + 2000, "\"fault_to_device\":10,\"launch\":1")
	micro("launches", "hmm", 2000, "\"launch\":1")
	granule = "4K"
	micro("first", "copy", 400, "\"first_touch_on_host\":1")
	rate("bytes", "copy", 0.1, "\"copy_byte_to_device\":1")
	rate("bytes_back", "copy", 0.125, "\"copy_byte_to_host\":1")
	micro("starts", "copy", 2000, "\"launch\":1")
	if (pinned != "no") {
		micro("first", "pinned", 500, "\"first_touch_on_host\":1")
		rate("bytes", "pinned", 0.05, "\"copy_byte_to_device\":1")
		micro("starts", "pinned", 1500, "\"launch\":1")
	}
	micro("first", "balanced", 450, "\"first_touch_on_host\":1")
	micro("starts", "balanced", 100, "\"launch\":1")
	failed["starts", "balanced"] = 1
	program("p", "copy", "", 100, 7, 11, 3)
	program("p", "copy", "", 400, 8, 13, 4)
	program("p", "copy", "", 1600, 9, 15, 5)
	program("q", "copy", ",\"edge\":\"64\"", 200, 5, 20, 0)
	program("q", "copy", ",\"edge\":\"32\"", 200, 5, 10, 0)
}

function programs(    k) {
	granule = "4K"
	program("p", "hmm", "", 100, 7, 11, 3)
	program("p", "hmm", "", 200, 7.5, 12, 3.5)
	program("p", "hmm", "", 3000, 9.5, 16, 5.5)
	program("p", "hmm-prefetch", "", 200, 7.5, 12, 3.5)
	program("p", "pinned", "", 200, 7.5, 12, 3.5)
	program("p", "balanced", "", 200, 7.5, 12, 3.5)
	program("p", "none", "", 200, 7.5, 12, 3.5)
	program("q", "hmm", ",\"edge\":\"64\"", 200, 5, 20, 0)
	program("q", "hmm", ",\"edge\":\"16\"", 200, 5, 5, 0)
	program("r", "hmm", "", 200, 5, 5, 0)
	granule = "64K"
	program("p", "hmm", "", 200, 7.5, 12, 3.5)
	granule = "4K"
	for (k = 1; k <= many; k++)
		program("p", "hmm", "", 200 + 8 * k, 7.5, 12, 3.5)
}

function begin_cell(bench, kind_, setup, params) {
	name[n] = bench
	way[n] = setup
	cell[n] = sprintf("\"cell\":%d,\"bench\":\"%s\",\"kind\":\"%s\",\"setup\":\"%s\",\"device\":\"emu\",\"params\":{%s\"granule\":\"%s\"},\"set\":[\"size\"]", n,
		bench, kind_, setup, params, granule)
	return n++
}

function micro(bench, setup, ns, contains,    i) {
	i = begin_cell(bench, "benchmark", setup, "")
	form[i] = "time"
	time[i] = ns
	events[i] = contains
}

function rate(bench, setup, ns, contains,    i) {
	i = begin_cell(bench, "benchmark", setup, "")
	form[i] = "rate"
	time[i] = ns
	events[i] = contains
}

function histogram(bench, setup, ns, contains,    i) {
	i = begin_cell(bench, "benchmark", setup, "")
	form[i] = "histogram"
	time[i] = ns
	events[i] = contains
}

# Computing in ns a page: steps 2, 3 and 4.
function program(bench, setup, more, pages_, fill_, body_, after_,    i) {
	i = begin_cell(bench, "kernel", setup, sprintf("\"size\":\"%d\"%s,", pages_ * 4096, more))
	gsub(/^,/, "", more)
	form[i] = "program"
	pages[i] = pages_
	fill[i] = fill_
	body[i] = body_
	after[i] = after_
}

function header(    i) {
	printf "{\"type\":\"run\",\"schema\":1,\"id\":\"11111111-2222-4333-8444-555555555555\",\"started\":\"2026-01-02T03:04:05Z\","
	printf "\"plan\":{\"name\":\"x\",\"text\":\"\"},\"seed\":1,\"options\":{},\"clock\":\"%s\",\"build\":{},", clock
	printf "\"machine\":{\"fingerprint\":\"invented\",\"identity\":{\"cpu\":\"invented\"},\"factors\":{},\"state\":{}},"
	printf "\"devices\":[{\"name\":\"emu\",\"summary\":\"\",\"emulated\":true,\"parameters\":{\"granule\":{\"initial\":\"4K\"}}}],"
	printf "\"setups\":{\"hmm\":{\"memory\":\"mirror\",\"offers\":[]},\"hmm-prefetch\":{\"memory\":\"mirror\",\"offers\":[\"MIGRATE\"]},"
	printf "\"copy\":{\"memory\":\"device\",\"offers\":[\"TRANSFER\"]},\"pinned\":{\"memory\":\"device\",\"pinned\":true,\"offers\":[\"TRANSFER\"]},"
	printf "\"balanced\":{\"memory\":\"host\",\"offers\":[\"BALANCED\"]},\"none\":{\"memory\":\"nothing\",\"offers\":[]}},"
	printf "\"benches\":{\"p\":{\"kind\":\"kernel\",\"parameters\":{\"size\":{\"initial\":\"1M\"}}},"
	printf "\"q\":{\"kind\":\"kernel\",\"parameters\":{\"size\":{\"initial\":\"1M\"},\"edge\":{\"initial\":\"32\"}}},"
	printf "\"r\":{\"kind\":\"kernel\",\"parameters\":{\"size\":{\"initial\":\"1M\"}}}},\"cells\":["
	for (i = 0; i < n; i++)
		printf "%s{%s}", i ? "," : "", cell[i]
	print "]}"
}

function metric_of(name_, unit, better, value, rest) {
	return sprintf("\"%s\":{\"unit\":\"%s\",\"better\":\"%s\",\"samples\":[%.10g]%s}", name_, unit, better, value, rest)
}

function round_of(i, r,    metrics, steps, took, contains, bad) {
	# The third round of one benchmark failed, with a figure that must not be looked at.
	bad = r == 2 && (name[i], way[i]) in failed
	took = noisy(time[i], i, r) * (bad ? 100 : 1)
	contains = sprintf(",\"contains\":{%s}", events[i])
	steps = ""
	if (form[i] == "time")
		metrics = metric_of("m", "ns", "lower", took, contains)
	else if (form[i] == "rate")
		metrics = metric_of("m", clock == "instructions" ? "bytes/insn" : "GB/s", "higher", 1 / took, contains)
	else if (form[i] == "histogram")
		metrics = sprintf("\"m\":{\"unit\":\"ns\",\"better\":\"lower\",\"histogram\":[[%d,%d,3],[%d,%d,1]]%s}", took - 20, took + 1, took + 30, took + 41, contains)
	else
		return program_round(i, r)
	printf "{\"type\":\"round\",\"round\":%d,%s,\"verdict\":\"%s\",\"metrics\":{%s}}\n", r, cell[i], bad ? "fail" : "ok", metrics
}

# What the events of a way cost; the text of them is left in `said`.
function cost_of(i,    p, bytes) {
	p = pages[i]
	bytes = p * 4096
	if (way[i] == "hmm") {
		said = sprintf("\"fault_to_device\":%d,\"launch\":1", p)
		return (cell[i] ~ /64K/ ? 3 : 1) * fault * p + 2000
	}
	if (way[i] == "hmm-prefetch") {
		said = sprintf("\"page_to_device\":%d,\"migrate_to_device\":1,\"launch\":1", p)
		return 300 * p + 5000 + 2000
	}
	if (way[i] == "copy" || way[i] == "pinned") {
		said = sprintf("\"copy_byte_to_device\":%d,\"launch\":1", bytes)
		return way[i] == "copy" ? bytes * 0.1 + 2000 : bytes * 0.05 + 1500
	}
	# An event that no benchmark contains.
	said = "\"launch\":1,\"touch_by_device\":3"
	return 100
}

function program_round(i, r,    p, bytes, before, device, back) {
	p = pages[i]
	bytes = p * 4096
	before = noisy(p * (400 + fill[i]), i, r)
	device = noisy((cost_of(i) + p * body[i] * computing) * (way[i] == "hmm" ? slow : 1), i + 1, r) + (way[i] == "balanced" ? 60000 : 0)
	back = noisy(p * after[i] + (way[i] == "hmm" ? 800 * p / 4 : 0), i + 2, r)
	printf "{\"type\":\"round\",\"round\":%d,%s,\"verdict\":\"ok\",\"metrics\":{%s,%s,%s,%s},", r, cell[i], metric_of("total", "ns", "lower", before + device + back, ""),
		metric_of("cpu_before", "ns", "lower", before, ""), metric_of("device", "ns", "lower", device, ""), metric_of("cpu_after", "ns", "lower", back, "")
	printf "\"steps\":[{\"step\":\"cpu_before\",\"ns\":%d,\"counters\":{},\"events\":{\"first_touch_on_host\":%d,\"fill_byte\":%d}},", before, p, bytes
	printf "{\"step\":\"device\",\"ns\":%d,\"counters\":{},\"events\":{%s,\"body_byte\":%d}},", device, said, bytes
	printf "{\"step\":\"cpu_after\",\"ns\":%d,\"counters\":{},\"events\":{%s\"after_byte\":%d}}]}\n", back, way[i] == "hmm" ? sprintf("\"fault_to_host\":%d,", p / 4) : "",
		bytes
}
