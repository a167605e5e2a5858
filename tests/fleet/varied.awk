# SPDX-License-Identifier: GPL-3.0-or-later
# varied.awk - the folder of a fleet whose runs are varied from a real one: -v dir=FOLDER -v nodes=N RUN.jsonl, with runs/ there already.
#
# Each time of a round, in ns, is that of its cell's first round with noise of 0.6 %, and nothing waited for a CPU, as on a quiet machine whatever this one is; all else
# is as it was measured. 20 nodes are slow in all times, in turn by 3 % and 10 %, and have an older
# kernel; another node has it as well and is not slow. 3 nodes are another machine, twice as fast, whatever their names say. FOLDER/slow3, slow10 and other list
# them. With -v plain=1 no node is slow or another machine; -v again=N draws other noise.
function draw() { seed = (seed * 16807) % 2147483647; return seed / 2147483647 }
function normal() { return draw() + draw() + draw() + draw() - 2 }
function replaced(text, pattern, by) { sub(pattern, by, text); return text }

# The run in pieces: the text before a time's samples, the samples, and so on.
{
	rest = $0 "\n"
	gsub(/"psi_cpu_us":[0-9.e+-]*/, "\"psi_cpu_us\":0", rest)
	gsub(/"steal_ms":[0-9.e+-]*/, "\"steal_ms\":0", rest)
	cell = match(rest, /"cell":[0-9]*/) ? substr(rest, RSTART, RLENGTH) : ""
	if (NR == 1) {
		header = rest
		next
	}
	while (match(rest, /"unit":"ns","better":"lower","samples":\[[^]]*\]/)) {
		place = RSTART + index(substr(rest, RSTART), "[")
		end = RSTART + RLENGTH - 1
		metric = kept substr(rest, 1, RSTART - 3)
		sub(/.*"/, "", metric)
		metric = cell " " metric
		text[++n] = kept substr(rest, 1, place - 1)
		if (!(metric in first))
			first[metric] = substr(rest, place, end - place)
		samples[n] = first[metric]
		kept = ""
		rest = substr(rest, end)
	}
	kept = kept rest
}
function put_run(file, node, factor, kernel, other,   h, i, s, list, line) {
	h = replaced(header, "\"id\":\"[^\"]*\"", sprintf("\"id\":\"run %d\"", node))
	h = replaced(h, "\"kernel\":\"[^\"]*\"", "\"kernel\":\"" kernel "\"")
	if (other) {
		h = replaced(h, "\"fingerprint\":\"[^\"]*\"", "\"fingerprint\":\"0b\"")
		h = replaced(h, "\"cpu\":\"[^\"]*\"", "\"cpu\":\"another\"")
	}
	printf("%s", h) >file
	for (i = 1; i <= n; i++) {
		line = ""
		for (s = 1; s <= count[i]; s++)
			line = line (s > 1 ? "," : "") sprintf("%.1f", number[i, s] * factor * (1 + normal() / 100))
		printf("%s%s", text[i], line) >file
	}
	printf("%s", kept) >file
	close(file)
}
END {
	seed = 1 + again
	for (i = 1; i <= n; i++) {
		count[i] = split(samples[i], list, ",")
		for (s = 1; s <= count[i]; s++)
			number[i, s] = list[s] + 0
	}
	for (i = 0; i < 23 && !plain; i++)
		kind[int((i + 0.5) * nodes / 23)] = i < 3 ? "other" : i % 2 ? "slow3" : "slow10"
	for (i = 0; i < nodes; i++)
		names = names sprintf("%s\"n%05d\"", i ? "," : "", i)
	manifest = dir "/fleet.jsonl"
	printf("{\"type\":\"fleet\",\"schema\":1,\"id\":\"0123456789abcdef\",\"plan\":\"plan/varied.plan\",\"limit_min\":5,\"pass\":{},\"nodes\":[%s]}\n", names) >manifest
	printf("{\"type\":\"submit\",\"job\":\"1\",\"tasks\":[%s]}\n", names) >manifest
	for (i = 0; i < nodes; i++) {
		slow = kind[i] ~ /^slow/
		put_run(sprintf("%s/runs/1-%d.jsonl", dir, i), i, kind[i] == "slow3" ? 1.03 : kind[i] == "slow10" ? 1.1 : kind[i] == "other" ? 0.5 : 1, slow || (i == 0 && !plain) ? "6.1.0" : "6.12.0", kind[i] == "other")
		if (kind[i] != "")
			printf("n%05d\n", i) >(dir "/" kind[i])
	}
}
