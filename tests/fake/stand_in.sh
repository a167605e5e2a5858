# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154 # srcdir and tmp are of tap.sh
#
# stand_in.sh - the stand-ins for vendors' libraries, built for the tests that source it after tap.sh.
#
#   stand_in_cuda DIR              builds tests/fake/cuda.c, with all bodies, as DIR/libcuda.so.1; the log is $tmp/log
#   stand_in_opencl DIR            builds tests/fake/opencl.c as DIR/libOpenCL.so.1, likewise
#   stand_in_without DIR LIB CALL  the same library again, in DIR/without, but for one call, as in an older driver
#   stand_in_calls API PREFIX      the calls that an api.h declares, one a line: required or optional, "void" where it cannot fail, and the vendor's name

stand_in_cuda() {
	mkdir -p "$1"
	stand_in_files=$(sed -n 's/^body_files += //p' "$srcdir/kernels/local.mk" "$srcdir/bench/local.mk" | grep 'body\.h$')
	# shellcheck disable=SC2086 # names without blanks
	{
		for stand_in_file in $stand_in_files; do
			echo "#include \"$stand_in_file\""
		done
		echo "#define BODIES $(sh "$srcdir/build-aux/bodies.sh" names "$srcdir" $stand_in_files | sed 's/\([^ ]*\) .*/BODY(\1)/' | tr '\n' ' ')"
	} >"$1/fake_bodies.h"
	"${CC:-cc}" -std=gnu11 -O1 -Wall -Wextra -fPIC -pthread -I"$srcdir" -I"$1" -c -o "$1/fake.o" "$srcdir/tests/fake/cuda.c" >"$tmp/log" 2>&1 &&
		"${CC:-cc}" -shared -pthread -o "$1/libcuda.so.1" "$1/fake.o" >>"$tmp/log" 2>&1
}

stand_in_opencl() {
	mkdir -p "$1"
	"${CC:-cc}" -std=gnu11 -Wall -Wextra -Wno-pedantic -fPIC -I"$srcdir" -c -o "$1/fake.o" "$srcdir/tests/fake/opencl.c" >"$tmp/log" 2>&1 &&
		"${CC:-cc}" -shared -o "$1/libOpenCL.so.1" "$1/fake.o" -ldl >>"$tmp/log" 2>&1
}

stand_in_without() {
	mkdir -p "$1/without"
	echo "{ global: *; local: $3; };" >"$1/without/map"
	"${CC:-cc}" -shared -pthread -Wl,--version-script="$1/without/map" -o "$1/without/$2" "$1/fake.o" -ldl
}

# What only some libraries have is listed by a macro with SVM in its name.
stand_in_calls() {
	awk -v prefix="$2" '
		/^#define [A-Z_]*CALLS\(CALL\)/ { optional = $2 ~ /SVM/ }
		/^\tCALL\(/ {
			line = $0
			sub(/^\tCALL\(/, "", line)
			kind = ""
			if (prefix == "cl") {
				kind = line ~ /^void,/ ? "void " : ""
				sub(/^[^,]*, */, "", line)
			}
			sub(/,.*/, "", line)
			print (optional ? "optional " : "required ") kind prefix line
		}' "$1"
}
