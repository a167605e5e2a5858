#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# cuda_ptx.sh - the bodies for CUDA: each compiler that is here makes a module that has them all, nothing in it is contracted, the same tree gives
# the same text, and NVIDIA's assembler takes it for every architecture that it knows.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

PATH=$PATH:/usr/local/cuda/bin
files=$(sed -n 's/^body_files += //p' "$srcdir/kernels/local.mk" "$srcdir/bench/local.mk")
# shellcheck disable=SC2046 # names without blanks
names=$(sh "$srcdir/build-aux/bodies.sh" names "$srcdir" $(echo "$files" | grep 'body\.h$') | sed 's/ .*//')

# ptx NVCC CLANG FILE: the text as the script makes it with those compilers.
ptx() {
	# shellcheck disable=SC2086
	NVCC=$1 PTX_CLANG=$2 sh "$srcdir/build-aux/ptx.sh" "$srcdir" $files >"$3" 2>"$tmp/log"
}

# module FILE: the PTX that is in it.
module() {
	# shellcheck disable=SC1003 # no quote is meant
	sed -n 's/^	"\(.*\)\\n"$/\1/p' "$1" | sed -e 's/\\"/"/g' -e 's/\\\\/\\/g'
}

# code ARCH FILE: the machine code that is in it.
code() {
	sed -n "/cubin_${1}\[\]/,/^};/s/^	\(.*\),$/\1/p" "$2" | awk -F, '{ for (i = 1; i <= NF; i++) printf "\\%03o", $i; print "" }' | while IFS= read -r line; do
		# shellcheck disable=SC2059 # the bytes are the format
		printf "$line"
	done
}

# check COMPILER FILE
check() {
	module "$2" >"$tmp/module.ptx"
	is "$(sed -n 's/^.*\.entry \([a-z_]*\)_kernel(.*$/\1/p' "$tmp/module.ptx" | sort)" "$(echo "$names" | sort)" "$1: every body is in the module, and only those"
	is "$(grep -c 'fma\.r.\.f[36][24]' "$tmp/module.ptx")" 0 "$1: a product and a sum are not contracted"
	is "$(head -n 2 "$tmp/module.ptx" | tr '\n' ' ')" ".version 6.3 .target sm_70 " "$1: drivers from 418 on take it"
	if ! command -v ptxas >/dev/null; then
		skip "ptxas is not here -> NVIDIA's CUDA toolkit" 1
		return
	fi
	printf '.version 6.3\n.target sm_70\n.address_size 64\n' >"$tmp/empty.ptx"
	for arch in $(ptxas --help | grep -o 'sm_[0-9][0-9]*' | sort -u); do
		# Its help also names some that it no longer knows.
		ptxas -arch="$arch" -o "$tmp/module.cubin" "$tmp/empty.ptx" >/dev/null 2>&1 || continue
		ptxas -arch="$arch" -o "$tmp/module.cubin" "$tmp/module.ptx" 2>"$tmp/log"
		ok $? "$1: ptxas assembles it for $arch"
		[ ! -s "$tmp/log" ] || tap_diag "$(cat "$tmp/log")"
	done
}

nvcc=$(command -v nvcc)
clang=$(command -v clang)
if [ -n "$nvcc" ]; then
	ptx "$nvcc" '' "$tmp/nvcc.inc"
	check nvcc "$tmp/nvcc.inc"
	ptx "$nvcc" '' "$tmp/again.inc"
	is "$(cmp "$tmp/nvcc.inc" "$tmp/again.inc" 2>&1)" "" "nvcc: the same tree gives the same text"
	cubins=$(sed -n 's/^static const unsigned char cubin_\([0-9]*\).*/\1/p' "$tmp/nvcc.inc" | tr '\n' ' ')
	has " $cubins" " 90 " "nvcc: and machine code, of sm_90 among others"
	for arch in $cubins; do
		code "$arch" "$tmp/nvcc.inc" >"$tmp/module.cubin"
		ptxas -arch="sm_$arch" -o "$tmp/anew.cubin" "$tmp/module.ptx"
		is "$(cmp "$tmp/module.cubin" "$tmp/anew.cubin" 2>&1)" "" "sm_$arch: it is what the assembler makes for that, byte for byte"
		if command -v readelf >/dev/null; then
			is "$(readelf -Ws "$tmp/module.cubin" | grep -c ' FUNC .*_kernel$')" "$(echo "$names" | wc -l)" "sm_$arch: every body is in it"
		else
			skip "readelf is not here -> apt install binutils" 1
		fi
	done
else
	skip "nvcc is not here -> NVIDIA's CUDA toolkit" 4
fi
if [ -n "$clang" ]; then
	ptx '' "$clang" "$tmp/clang.inc"
	check clang "$tmp/clang.inc"
else
	skip "clang is not here -> install clang" 3
fi
ptx '' '' "$tmp/none.inc"
ok $? "without either the tree builds"
has "$(cat "$tmp/log")" "no bodies for CUDA" "which is said"
is "$(module "$tmp/none.inc")" "" "and has no bodies"

done_testing
