#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# vendor_calls.sh - what the api.h of the devices declares is what the vendors' headers declare, argument by argument, where they are installed. Handles
# are plain pointers here and enumerations are int, so the headers are read with that changed; the compiler compares the rest. The numbers are
# compared by tests/device/cuda_api.c and tests/device/opencl_api.c.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

# Some calls have younger versions: their names without a suffix are what an old program gets, and stays with.
cuda_h=
for dir in ${CUDA_HOME:+"$CUDA_HOME/include"} /usr/local/cuda/include /usr/include; do
	if [ -z "$cuda_h" ] && grep -q '^#define CUDA_VERSION' "$dir/cuda.h" 2>/dev/null; then
		cuda_h=$dir/cuda.h
	fi
done

# compiles FILE.c: with handles that are pointers and enumerations that are int; its errors are in $tmp/log.
compiles() {
	"${CC:-cc}" -std=gnu11 -E -P -I"$srcdir" "$1" 2>"$tmp/log" |
		sed -e 's/^typedef struct [A-Za-z_0-9]* *\* *\(CU[a-z]*\|cl_[a-z_]*\);/typedef void *\1;/' \
			-e 's/^typedef enum \([A-Za-z_0-9]*\) {/enum \1 {/; /^enum .*{/,/^}/s/^} *\(CU[A-Za-z_0-9]*\);/}; typedef int \1;/' |
		"${CC:-cc}" -std=gnu11 -fsyntax-only -w -x c - >>"$tmp/log" 2>&1
}

# same PREFIX DEVICE CALL: every call of api.h is compared with the header; then one argument wrong, of CALL among others, which must not pass.
same() {
	compiles "$tmp/$1.c"
	ok $? "$2: every call is declared as the vendor declares it"
	[ ! -s "$tmp/log" ] || tap_diag "$(grep 'error' "$tmp/log")"
	sed "s/size_t \*, int/unsigned *, int/; s/opencl_handle, uint64_t, size_t, void \*/opencl_handle, uint64_t, uint32_t, void */" \
		"$srcdir/harness/device/$2/api.h" >"$tmp/wrong.h"
	sed "s|harness/device/$2/api.h|$tmp/wrong.h|" "$tmp/$1.c" >"$tmp/wrong.c"
	compiles "$tmp/wrong.c"
	is "$?" 1 "$2: an argument of another width is found"
	has "$(cat "$tmp/log")" "$3" "and named"
}

if [ -n "$cuda_h" ]; then
	cat >"$tmp/cu.c" <<-EOF
		#define __CUDA_API_VERSION_INTERNAL 1
		#include "$cuda_h"
		#include "harness/device/cuda/api.h"
		#define CHECK(name, arguments) _Static_assert(__builtin_types_compatible_p(__typeof__(cu##name), int arguments), "cu" #name);
		CUDA_CALLS(CHECK)
	EOF
	same cu cuda cuDeviceTotalMem_v2
else
	skip "the CUDA toolkit's cuda.h is not here -> NVIDIA's CUDA toolkit" 3
fi
if echo '#include <CL/cl.h>' | "${CC:-cc}" -fsyntax-only -DCL_TARGET_OPENCL_VERSION=300 -x c - 2>/dev/null; then
	cat >"$tmp/cl.c" <<-EOF
		#define CL_TARGET_OPENCL_VERSION 300
		#define CL_USE_DEPRECATED_OPENCL_1_2_APIS
		#include <CL/cl.h>
		#include "harness/device/opencl/api.h"
		#define CHECK(result, name, arguments) _Static_assert(__builtin_types_compatible_p(__typeof__(cl##name), result arguments), "cl" #name);
		OPENCL_CALLS(CHECK)
		OPENCL_SVM_CALLS(CHECK)
	EOF
	same cl opencl clCreateBuffer
else
	skip "CL/cl.h is not here -> apt install opencl-c-headers" 3
fi

done_testing
