# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154
# kept.sh - for tests that compare what is written with tests/kept/, to the character: source it after tap.sh.
#
#   as_kept NAME             file "got" is what is kept as NAME; folders of the test's own are told as DIR
#   kept NAME STATUS ARGS... what the command prints, and its status
#   without_gnuplot ARGS...  runs fivestep where there is no gnuplot: what it would be given is looked at, not what it makes of it
#   gnuplot_stands_in        from now on, a stand-in that draws the same picture each time
#
# Where a change of such a text is wanted: KEEP=yes sh TEST writes all of them anew; look at each line that git diff then shows.

kept=$srcdir/tests/kept
mkdir -p "$tmp/bin"
LC_ALL=C.UTF-8
export LC_ALL

as_kept() {
	sed "s|$tmp|DIR|g" got >"$tmp/kept.got"
	[ -z "${KEEP:-}" ] || cp "$tmp/kept.got" "$kept/$1"
	diff -u "$kept/$1" "$tmp/kept.got" >"$tmp/kept.diff"
	ok $? "$1 is as it was kept"
	[ ! -s "$tmp/kept.diff" ] || tap_diag "$(head -n 40 "$tmp/kept.diff")"
}

kept() {
	kept_name=$1
	shift
	kept_status=$1
	shift
	"$FIVESTEP" "$@" >got 2>err
	is "$?" "$kept_status" "$kept_name: the exit status"
	cat err >>got
	as_kept "$kept_name"
}

without_gnuplot() {
	kept_PATH=$PATH
	PATH=$tmp/bin
	"$FIVESTEP" "$@"
	kept_status=$?
	PATH=$kept_PATH
	return $kept_status
}

gnuplot_stands_in() {
	cat >"$tmp/bin/gnuplot" <<'EOF'
#!/bin/sh
[ "$1" != --version ] || exit 0
name=${3##*name=\'}
name=${name%\'}
cat >"../$name.svg" <<'EOS'
<?xml version="1.0"?>
<svg width="10" height="20">
<title>part of gnuplot</title><desc>kept</desc>
<defs><circle id='mark'/></defs><a xlink:href='#mark' fill="url(#mark)" id="other"/>
<g onmousemove="gnuplot_svg.showHypertext(evt,'a tip')" onmouseout="gnuplot_svg.hideHypertext()"><title> </title><path/></g>
<g onmousemove="gnuplot_svg.showHypertext(evt,'another')" onmouseout="gnuplot_svg.hideHypertext()"><path/></g>
</svg>
EOS
EOF
	chmod +x "$tmp/bin/gnuplot"
	ln -s "$(command -v cat)" "$tmp/bin/cat"
	ln -s "$(command -v sh)" "$tmp/bin/sh"
}
