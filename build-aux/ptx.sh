#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# ptx.sh SRCDIR FILE... - prints harness/device/cuda/ptx.inc: the device bodies of the FILEs named *.body.h as one PTX module, as a C string. NVCC compiles
# them, else PTX_CLANG, which needs no toolkit; without either the string is empty, and the program says so where a GPU is. Where NVCC has ptxas
# beside it, the same module as machine code follows, for one architecture of each generation that it knows (table cubins).
#
# Compilers name the newest PTX that they know, and a driver refuses what is newer than itself; the bodies use nothing that PTX 6.3 for
# compute capability 7.0 has not, so that is what the module says. ptxas, where there is one, has the last word.
set -eu

srcdir=$1
shift
here=$(dirname "$0")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

files=
for file; do
	case $file in
	*.body.h) files="$files $file" ;;
	esac
done

# One kernel a body: neighbouring threads take neighbouring indices.
{
	# What the vendor's headers would say.
	echo '#if defined(__clang__)'
	echo '#define __device__ __attribute__((device))'
	echo '#define __global__ __attribute__((global))'
	echo '#define __CUDACC__ 1'
	echo '#define INDEX ((ulong)__nvvm_read_ptx_sreg_ctaid_x() * __nvvm_read_ptx_sreg_ntid_x() + __nvvm_read_ptx_sreg_tid_x())'
	echo '#define ITEMS ((ulong)__nvvm_read_ptx_sreg_nctaid_x() * __nvvm_read_ptx_sreg_ntid_x())'
	echo '#else'
	echo '#define INDEX ((ulong)blockIdx.x * blockDim.x + threadIdx.x)'
	echo '#define ITEMS ((ulong)gridDim.x * blockDim.x)'
	echo '#endif'
	for file in $files; do
		echo "#include \"$file\""
	done
	# shellcheck disable=SC2086 # names without blanks
	sh "$here/bodies.sh" names "$srcdir" $files | while read -r name file; do
		echo "extern \"C\" __global__ void ${name}_kernel(uchar *buf, ulong *out, const struct fs_body_args a, ulong first, ulong last)"
		echo "{"
		echo "	${name}_body(buf, out, a, first + INDEX, last, ITEMS); /* of $file */"
		echo "}"
	done
} >"$tmp/bodies.cu"

# The answer must equal the CPU's reference bit for bit: nothing is contracted.
: >"$tmp/bodies.ptx"
if [ -n "${NVCC:-}" ] && "$NVCC" -ptx -arch=compute_75 -fmad=false -I"$srcdir" -o "$tmp/bodies.ptx" "$tmp/bodies.cu" 2>"$tmp/log"; then
	:
elif [ -n "${PTX_CLANG:-}" ] && "$PTX_CLANG" -x cuda --cuda-device-only -nocudainc -nocudalib --cuda-gpu-arch=sm_70 -Wno-unknown-cuda-version \
	-O3 -ffp-contract=off -I"$srcdir" -S -o "$tmp/bodies.ptx" "$tmp/bodies.cu" 2>"$tmp/log"; then
	:
else
	: >"$tmp/bodies.ptx"
	[ ! -f "$tmp/log" ] || cat "$tmp/log" >&2
	echo 'ptx: no bodies for CUDA: neither nvcc nor clang compiled them' >&2
fi

sed -e '/^\/\//d' -e '/^[[:blank:]]*\/\//d' -e '/^$/d' -e 's/^\.version .*/.version 6.3/' -e 's/^\.target .*/.target sm_70/' "$tmp/bodies.ptx" >"$tmp/module.ptx"

echo '/* Written by build-aux/ptx.sh from the files of body_files: edit those. */'
echo 'static const char ptx[] ='
sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/	"/' -e 's/$/\\n"/' "$tmp/module.ptx"
echo '	"";'

# Of each generation the first: those after it run its code. What is older or younger gets PTX.
ptxas=
[ -z "${NVCC:-}" ] || ptxas=$(dirname "$NVCC")/ptxas
table=
for arch in 80 90 100 120; do
	# The assembler's input has no path in it, so that the same tree gives the same code.
	if [ -s "$tmp/module.ptx" ] && [ -x "$ptxas" ] && (cd "$tmp" && "$ptxas" -arch="sm_$arch" -o module.cubin module.ptx) >/dev/null 2>&1; then
		echo "static const unsigned char cubin_${arch}[] __attribute__((aligned(16))) = {"
		od -An -v -tu1 "$tmp/module.cubin" | sed -e 's/^ */	/' -e 's/  */,/g' -e 's/$/,/'
		echo '};'
		table="$table{$arch, cubin_$arch}, "
	fi
done
echo 'static const struct cubin {'
echo '	unsigned arch; /* 0: the end */'
echo '	const unsigned char *code;'
echo "} cubins[] = {$table{0, NULL}};"
