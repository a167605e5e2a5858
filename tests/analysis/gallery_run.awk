# SPDX-License-Identifier: GPL-3.0-or-later
#
# gallery_run.awk - a made-up run that has one of everything that is drawn or written: kernels under four ways, sweeps that cross, more lines, bars, parts and
# floors than one picture holds, maps, histograms, counters, derived metrics, checks that disagree, rounds of every verdict. Each figure is a round number, and
# its rounds are 1 % apart around it, or as far as spread[] says.
#
#   rounds=N      of each cell (7)
#   clock=NAME    monotonic, or instructions
#   factor=F      times that every time is as long (1): of the way hmm only, the first metric of each cell
#   cpu=NAME      of the machine (invented)
#   changed=1     counts, units and settings differ
#   busy=1        the machine was: pressure and steal in nine tenths of the time
#   only=PATTERN  only these benchmarks
#   crowd=1       only more of everything than one picture holds
#   wide=1        only two programs under seven ways on three devices
#   id=TEXT

function quoted(text) {
	return "\"" text "\""
}

# "a=1 b=2" as an object
function object(text,    n, i, part, pair, out) {
	n = split(text, part, " ")
	for (i = 1; i <= n; i++) {
		split(part[i], pair, "=")
		out = out (i > 1 ? "," : "") quoted(pair[1]) ":" quoted(pair[2])
	}
	return "{" out "}"
}

function set_of(text,    n, i, part, out) {
	n = split(text, part, " ")
	for (i = 1; i <= n; i++) {
		sub(/=.*/, "", part[i])
		out = out (i > 1 ? "," : "") quoted(part[i])
	}
	return "[" out "]"
}

# One cell. Metrics: NAME UNIT BETTER VALUE [FLOOR] separated by ";". What its rounds have besides is in extra[], by number.
function cell(bench, kind, setup, device, params, metrics) {
	if (bench !~ "^(" only ")$")
		return -1
	heads[cells] = sprintf("\"cell\":%d,\"bench\":\"%s\",\"kind\":\"%s\",\"setup\":\"%s\",\"device\":\"%s\",\"params\":%s,\"set\":%s",
		cells, bench, kind, setup, device, object(params), set_of(params))
	values[cells] = metrics
	setups[cells] = setup
	return cells++
}

function value_of(c, text, r) {
	return text * (1 + (r - int(rounds / 2)) * (c in spread ? spread[c] : 1) / 100)
}

function metrics_of(c, r,    n, i, part, word, out, value) {
	n = split(values[c], part, ";")
	for (i = 1; i <= n; i++) {
		split(part[i], word, " ")
		value = word[3] == "exact" ? word[4] : value_of(c, word[4], r) * (i == 1 && setups[c] == "hmm" ? factor : 1)
		out = out (i > 1 ? "," : "") sprintf("\"%s\":{\"unit\":\"%s\",\"better\":\"%s\",%s%s\"samples\":[%.10g]}", word[1],
			word[2] == "ns" ? time_unit : word[2], word[3], word[5] != "" && word[5] != "-" ? "\"floor\":" quoted(word[5]) "," : "",
			(c, i) in dropped ? "\"samples_dropped\":2,\"dropped_why\":\"" dropped[c, i] "\"," : "", value)
		delete word
	}
	return "{" out (c in histogram ? (n ? "," : "") histogram[c] : "") "}"
}

# A kernel: the times of its five steps; faults and bytes of each, as the device counts them.
function kernel(bench, setup, device, params, times, faults, bytes,    c, i, n, t, f, b, total, metrics) {
	n = split(times, t, " ")
	split(faults, f, " ")
	split(bytes, b, " ")
	for (i = 1; i <= n; i++) {
		total += t[i]
		metrics = metrics ";" names[i] " ns lower " t[i]
	}
	c = cell(bench, "kernel", setup, device, params, "total ns lower " total metrics)
	for (i = 1; i <= n; i++)
		steps[c] = steps[c] (i > 1 ? "," : "") sprintf("{\"step\":\"%s\",\"ns\":%d,\"counters\":{\"rusage.minflt\":{\"value\":%d,\"unit\":\"faults\"},\"%s.faults_to_device\":{\"value\":%d,\"unit\":\"faults\"},\"%s.bytes_to_device\":{\"value\":%d,\"unit\":\"bytes\"}},\"derived\":{\"cache.misses_per_fault\":{\"value\":%g,\"unit\":\"ratio\"}}}",
			names[i], t[i], i, device, f[i], device, b[i], i / 4)
	return c
}

BEGIN {
	if (!rounds)
		rounds = 7
	if (!clock)
		clock = "monotonic"
	if (!factor)
		factor = 1
	if (!cpu)
		cpu = "invented"
	if (crowd)
		only = "crowd.*"
	if (wide)
		only = "wide.*"
	if (!only)
		only = ".*"
	if (!id)
		id = "gallery"
	time_unit = clock == "instructions" ? "insn" : "ns"
	split("alloc cpu_before device cpu_after release", names, " ")
	cells = 0

	# Two devices and three ways; one has no faults, one no bytes.
	kernel("triad", "copy", "emu", "size=1M", "1000 2000 3000 4000 5000", "0 0 0 0 0", "0 0 1048576 0 0")
	kernel("triad", "hmm", "emu", "size=1M", "1000 2000 9000 4000 4000", "0 0 256 0 0", "0 0 1048576 0 0")
	kernel("triad", "cdm", "emu", "size=1M", "1000 2000 6000 4000 5000", "0 0 0 0 0", "0 0 0 0 0")
	kernel("triad", "hmm", "other", "size=1M", "1000 2000 2000 4000 3000", "0 0 1 0 0", "0 0 50 0 0")
	kernel("bfs", "copy", "emu", "size=1M", "100000 200000 300000 400000 500000", "0 0 0 0 0", "0 0 2048 0 0")
	kernel("bfs", "hmm", "emu", "size=1M", "100000 200000 9300000 400000 500000", "0 0 4096 0 0", "0 0 123456 0 0")
	kernel("bfs", "hmm", "emu", "size=2M", "200000 200000 9300000 400000 900000", "0 0 4096 0 0", "0 0 123456 0 0")

	# Sweeps: lines that cross surely at 10 of 1 to 100, and not surely beyond; one lacks a point; ten ways, which are two pictures.
	for (x = 1; x <= 1000; x *= 10) {
		cell("sweep", "benchmark", "copy", "emu", "share=" x, "whole ns lower 100")
		cell("sweep", "benchmark", "hmm", "emu", "share=" x, "whole ns lower " 10 * x ^ 0.75)
		if (x != 10)
			cell("sweep", "benchmark", "cdm", "emu", "share=" x, "whole ns lower " 101 + (x == 1000 ? -2 : 0))
		for (w = 1; w <= 7; w++)
			cell("sweep", "benchmark", "way" w, "emu", "share=" x, "whole ns lower " 1000 * w)
	}
	# One with a flat axis; more is better.
	for (x = 1; x <= 4; x *= 2) {
		cell("flat", "benchmark", "copy", "emu", "size=" x "K", "rate GB/s " (changed && x == 4 ? "lower " : "higher ") 4 + x ";exact_one pages exact " x + changed)
		cell("flat", "benchmark", "hmm", "emu", "size=" x "K", "rate " (changed && x == 4 ? "bytes/insn" : "GB/s") " higher " 7 - x / 2 ";exact_one pages exact " x)
	}

	# One cell whose metrics are rows; a ratio; bars in two pictures; floors of more names than there are marks, times and bandwidths.
	cell("lone", "benchmark", "-", "-", "", "one ns lower 1500;two ns lower 2500;three ns lower 3500")
	cell("ratio", "benchmark", "copy", "emu", "", "times ratio lower 1.25")
	cell("ratio", "benchmark", "hmm", "emu", "", "times ratio lower 0.5")
	cell("floor", "benchmark", "-", "-", "", "f1 ns lower 10;f2 ns lower 20;f3 ns lower 30;f4 ns lower 40;f5 ns lower 50;f6 ns lower 60;f7 ns lower 70;f8 ns lower 80;f9 ns lower 90;b1 GB/s higher 100")
	for (i = 1; i <= 23; i++)
		cell("many", "benchmark", i % 2 ? "copy" : "hmm", "emu", "n=" i " text=v" i, i % 4 == 0 ? "speed GB/s higher " 2 * i " floor.b1" : "t ns lower " 15 * i " floor.f" i % 9 + 1)

	# Parts of a whole: one cell lacks a part.
	cell("parts", "benchmark", "copy", "emu", "k=1", "whole ns lower 3000;there ns lower 1000;back ns lower 2000")
	spread[cell("parts", "benchmark", "hmm", "emu", "k=1", "whole ns lower 5000;there ns lower 4000")] = 0

	# Maps: of times, of rates; one by one parameter more than it can show.
	for (i = 0; i < 4; i++) {
		cell("map", "benchmark", "hmm", "emu", "who=" (i < 2 ? "cpu" : "gpu") " where=" (i % 2 ? "far" : "near"), "reach ns lower " 100 + 300 * i)
		cell("map", "benchmark", "cdm", "emu", "who=" (i < 2 ? "cpu" : "gpu") " where=" (i % 2 ? "far" : "near"), "reach ns lower " 100 * (i + 1))
	}
	cell("map", "benchmark", "hmm", "emu", "who=cpu where=far more=1", "reach ns lower 5000")

	# Histograms of nine cells; one of few entries, one empty.
	for (i = 1; i <= 9; i++) {
		c = cell("touch", "benchmark", "way" i, "emu", "", "")
		histogram[c] = sprintf("\"one\":{\"unit\":\"%s\",\"better\":\"lower\",\"floor\":\"floor.f1\",\"histogram\":[[%d,%d,%d],[%d,%d,%d],[%d,%d,1]]}",
			time_unit, 100 * i, 101 * i, i == 1 ? 1 : 100 * i, 200 * i, 202 * i, 10 * i, 4000 * i, 4040 * i)
	}

	# One metric against another: a curve that rises for certain, one that does not, one whose rounds are outside of the picture.
	for (i = 0; i < 3; i++) {
		c = cell("load", "benchmark", "copy", "emu", "pause=" 100 * i, "wait ns lower " 300 - 100 * i ";busy GB/s higher " 9 - 3 * i ";idle ns lower 100")
		c = cell("load", "benchmark", "hmm", "emu", "pause=" 100 * i, "wait ns lower 150;busy GB/s higher " 6 - 2 * i ";idle ns lower 150")
		spread[c] = i == 2 ? 30 : 1
	}
	# Distributions: of rounds, one way of which is always best; of another size, where two ways overlap.
	for (i = 1; i <= 2; i++) {
		cell("apart", "benchmark", "copy", "emu", "size=" i "M", "time ns lower " 100 * i)
		cell("apart", "benchmark", "hmm", "emu", "size=" i "M", "time ns lower " (i == 1 ? 200 : 201))
		cell("apart", "benchmark", "cdm", "emu", "size=" i "M", "time ns lower " 500 * i)
	}
	# Sizes of pages: twice as good, worse, and not to be told; more is better in one.
	for (i = 1; i <= 2; i++) {
		page = i == 1 ? "4K" : "2M"
		cell("paged", "benchmark", "hmm", "emu", "n=1 page=" page, "time ns lower " 200 / i ";rate GB/s higher " 5 * i)
		cell("paged", "benchmark", "hmm", "emu", "n=2 page=" page, "time ns lower " 200 * i)
		cell("paged", "benchmark", "cdm", "emu", "n=1 granule=" page " page=4K", "time ns lower " 200 + i)
	}

	# Ways, places, points, counters and changes, each one more than there is room for; a benchmark of two devices and families with a second metric.
	for (i = 1; crowd && i <= 65; i++) {
		c = kernel("crowd", i > 1 ? "way" i : "hmm", "emu", "size=1M", "1000 2000 " 3000 + i " 4000 5000", "0 0 0 0 0", "0 0 0 0 0")
		gsub(/"rusage.minflt":{"value":[0-9]*/, "\"rusage.minflt\":{\"value\":0", steps[c])
		if (i == 2)
			for (x = 1; x <= 7; x++)
				sub(/"counters":{/, "&\"emu.c" x "_faults\":{\"value\":" x ",\"unit\":\"faults\"},", steps[c])
		if (i == 3)
			gsub(/"counters":{[^}]*}[^}]*}[^}]*}[^}]*}/, "\"counters\":{}", steps[c])
	}
	if (crowd) {
		c = kernel("crowdtwo", "hmm", "emu", "size=1M", "1000 2000 3000 4000 5000", "0 0 0 0 0", "0 0 0 0 0")
		values[c] = values[c] ";marshal ns lower 500"
	}
	for (i = 1; crowd && i <= 13; i++)
		cell("crowdmap", "benchmark", "hmm", "emu", "who=a" i " where=b", "reach ns lower 100")
	for (i = 1; crowd && i <= 25; i++)
		cell("crowdload", "benchmark", "hmm", "emu", "pause=" i, "wait ns lower " i ";busy GB/s higher " 30 - i)
	for (i = 1; crowd && i <= 61; i++)
		cell("crowdchange", "benchmark", "hmm", "emu", "n=" i, "t ns lower " 100 * i)
	if (crowd) {
		cell("crowdpair", "benchmark", "copy", "emu", "", "t ns lower 100;u ns lower 7")
		cell("crowdpair", "benchmark", "hmm", "other", "", "t ns lower 200;u ns lower 8")
	}

	# Each way on each of the devices in turn, so that those of one device are apart in the file.
	split("copy copy-overlap hmm hmm-prefetch cdm cdm-host cdm-migrate", seven, " ")
	split("emu dmirror softdev", three, " ")
	for (i = 1; wide && i <= 7; i++)
		for (x = 1; x <= 3; x++)
			for (w = 1; w <= 2; w++)
				kernel("wide" w, seven[i], three[x], "size=1M", "1000 2000 " 3000 * i * x " 4000 5000", "0 0 0 0 0", "0 0 10 0 0")

	# What goes wrong, and what is said of it.
	c = cell("wrong", "benchmark", "hmm", "emu", "n=1", "t ns lower 100")
	verdict[c, 1] = "invalid"
	verdict[c, 2] = "fail"
	verdict[c, 3] = "timeout"
	verdict[c, 4] = "crash"
	c = cell("wrong", "benchmark", "hmm", "emu", "n=2", "t ns lower 100")
	for (r = 0; r < rounds; r++)
		verdict[c, r] = "fail"
	c = cell("wrong", "benchmark", "cdm", "emu", "", "t ns lower 100")
	if (!changed)
		skipped[c] = "one memory node only"
	c = cell("wrong", "benchmark", "copy", "emu", "n=3", "t ns lower 100;u ns lower " 5 * changed)
	spread[c] = 30
	dropped[c, 1] = "an invented rule"
	unvisited[cell("wrong", "benchmark", "copy", "emu", "n=4", "t ns lower 100")] = 1
	checked[cell("wrong", "benchmark", "copy", "emu", "n=5", "t ns lower 100")] = 1

	plots["sweep"] = "{\"draw\":\"crossing\",\"metrics\":[\"whole\"],\"over\":\"share\"}"
	plots["flat"] = "{\"draw\":\"crossing\",\"metrics\":[\"rate\"],\"over\":\"size\",\"title\":\"how fast?\"}"
	plots["lone"] = "{\"draw\":\"bars\",\"metrics\":[\"one\",\"none\",\"two\",\"three\"]}"
	plots["parts"] = "{\"draw\":\"stack\",\"metrics\":[\"there\",\"back\"],\"mark\":\"whole\",\"title\":\"there and back\"}"
	plots["map"] = "{\"draw\":\"heat\",\"metrics\":[\"reach\"],\"over\":\"who\",\"by\":\"where\"}"
	plots["load"] = "{\"draw\":\"against\",\"metrics\":[\"wait\",\"busy\"],\"over\":\"pause\",\"mark\":\"idle\",\"title\":\"how long?\"}"
	plots["apart"] = "{\"draw\":\"multiples\",\"metrics\":[\"time\"],\"title\":\"how far apart?\"}"
	plots["touch"] = "{\"draw\":\"multiples\",\"metrics\":[\"one\"]},{\"draw\":\"distribution\",\"metrics\":[\"one\"]}"
	plots["paged"] = "{\"draw\":\"bars\",\"metrics\":[\"time\"]},{\"draw\":\"bars\",\"metrics\":[\"rate\"]}"
	plots["crowdmap"] = plots["map"]
	plots["crowdload"] = "{\"draw\":\"against\",\"metrics\":[\"wait\",\"busy\"],\"over\":\"pause\"}"
	plots["many"] = "{\"draw\":\"bars\",\"metrics\":[\"t\"]}"

	printf "{\"type\":\"run\",\"schema\":1,\"id\":\"%s\",\"started\":\"2026-01-02T03:04:05Z\",\"plan\":{\"name\":\"gallery\",\"text\":\"# made up\\ntriad\\n\"},\"seed\":7,", id
	printf "\"options\":{\"rounds_min\":6,\"rounds_max\":7,\"precision_pct\":2,\"time_limit_s\":60,\"counters\":\"*\"},\"clock\":\"%s\",", clock
	printf "\"build\":{\"version\":\"0.1.0\",\"commit\":\"fixture\",\"compiler\":\"none\",\"cflags\":\"\",\"measured_cflags\":\"\"},"
	printf "\"machine\":{\"fingerprint\":\"00112233aabbccdd\",\"identity\":{\"cpu\":\"%s\",\"guest\":false,\"emulated\":false},\"factors\":{\"kernel\":\"6.%d\",\"boot\":\"quiet numa=%s ro root=/dev/vda1 console=ttyS0,115200 nokaslr mitigations=off %s\"},\"state\":{\"load\":\"0.1\",\"thp\":\"%s\"}},", cpu, changed, changed ? "on" : "off", changed ? "isolcpus=2-3 nohz_full=2-3" : "isolcpus=2-3", changed ? "never" : "always"
	printf "\"devices\":[{\"name\":\"emu\",\"summary\":\"\",\"emulated\":true,\"parameters\":{\"granule\":{\"initial\":\"4K\",\"word\":\"base\",\"form\":\"granule\"}}},{\"name\":\"other\",\"summary\":\"a board\",\"emulated\":false}],"
	printf "\"setups\":{\"copy\":{\"summary\":\"\",\"memory\":\"device\",\"offers\":[\"TRANSFER\"]},\"hmm\":{\"summary\":\"\",\"memory\":\"mirror\",\"offers\":[\"SAME_ADDRESS\",\"FAULTS\"],\"parameters\":{\"page\":{\"initial\":\"4K\",\"word\":\"base\",\"form\":\"page\"}}},\"cdm\":{\"summary\":\"\",\"memory\":\"coherent\",\"offers\":[\"SAME_ADDRESS\",\"MOVE\"],\"parameters\":{\"page\":{\"initial\":\"4K\",\"word\":\"base\",\"form\":\"page\"}}}},"
	printf "\"groups\":{\"cache\":{\"summary\":\"\",\"about\":\"\",\"events\":{},\"metrics\":{\"misses_per_fault\":{\"unit\":\"ratio\",\"formula\":\"1\"}}}},"
	printf "\"benches\":{"
	n = 0
	for (c = 0; c < cells; c++) {
		split(heads[c], part, "\"")
		bench = part[6]
		if (bench in told)
			continue
		told[bench] = 1
		printf "%s\"%s\":{\"kind\":\"%s\",\"summary\":\"made up\"%s}", n++ ? "," : "", bench, part[10], bench in plots ? ",\"plots\":[" plots[bench] "]" (bench == "apart" ? ",\"parameters\":{\"size\":{\"initial\":\"1M\"}}" : "") : ""
	}
	printf "},\"cells\":["
	for (c = 0; c < cells; c++)
		printf "%s{%s}", c ? "," : "", heads[c]
	print "]}"

	for (r = 0; r < rounds; r++)
		for (c = 0; c < cells; c++) {
			if (c in unvisited || c in skipped && r > 0)
				continue
			said = c in skipped ? "skip" : (c, r) in verdict ? verdict[c, r] : "ok"
			why = c in skipped ? skipped[c] : said == "ok" ? "" : "made up " said
			printf "{\"type\":\"round\",\"round\":%d,%s,\"verdict\":\"%s\",\"why\":\"%s\",\"remedy\":\"%s\",", r, heads[c], said, why, c in skipped ? "boot with numa=fake=2" : ""
			printf "\"start_ms\":1.5,\"wall_ms\":20,\"noise\":{\"psi_cpu_us\":%d,\"steal_ms\":%d},", busy ? 18000 : r == 3 ? 1000 : 0, busy ? 17 : r == 4 ? 1 : 0
			printf "\"metrics\":%s,\"steps\":[%s],", said == "ok" ? metrics_of(c, r) : "{}", said == "ok" ? steps[c] : ""
			printf "\"counters\":{\"rusage.nvcsw\":{\"value\":%d,\"unit\":\"switches\"}},", c % 3
			printf "%s\"absent\":{\"perf.cycles\":\"no such event -> try another\"},", c in steps ? "\"derived\":{\"cache.misses_per_fault\":{\"value\":2.5,\"unit\":\"ratio\"}}," : ""
			if (c in checked)
				printf "\"checks\":[{\"what\":\"faults of device\",\"seen\":%d,\"relation\":\"==\",\"expected\":5,\"holds\":%s}],", r == 2 ? 4 : 5, r == 2 ? "false" : "true"
			printf "\"evidence\":[{\"what\":\"pages\",\"seen\":%d,\"relation\":\"==\",\"expected\":%d,\"holds\":%s}%s]}\n", c, said == "invalid" ? c + 1 : c,
				said == "invalid" ? "false" : "true", (c % 2 ? sprintf(",{\"what\":\"faults\",\"seen\":%d,\"relation\":\">=\",\"expected\":3,\"holds\":true}", 3 + r) : "") \
				(c % 5 ? "" : sprintf(",{\"what\":\"pages\",\"seen\":%d,\"relation\":\"==\",\"expected\":%d,\"holds\":true},{\"what\":\"pages\",\"seen\":%d,\"relation\":\"<=\",\"expected\":200,\"holds\":true}", c + 2, c + 2, c + r))
		}
	print "{\"type\":\"later\"}"
	print "{\"type\":\"end\",\"stop\":\"done\",\"cells\":[]}"
}
