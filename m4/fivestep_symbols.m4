# SPDX-License-Identifier: GPL-3.0-or-later
#
# FIVESTEP_SYMBOLS
# How the installed library keeps its internal names to itself: all objects become one (the compiler with -r), in which objcopy makes every symbol local
# but those of the interface. Tried as a whole with this build's flags, since link-time optimization makes objects of another kind. Where it does not
# work, the library holds the objects as they are, and the summary says so.
AC_DEFUN([FIVESTEP_SYMBOLS], [
AC_CHECK_TOOL([OBJCOPY], [objcopy], [no])
KEEP_SYMBOLS="--wildcard --keep-global-symbol=fs_* --keep-global-symbol=fivestep_*"
AC_SUBST([KEEP_SYMBOLS])
AC_MSG_CHECKING([how to make one object of many])
fivestep_one_object=no
cat >conftest1.c <<'EOC'
int internal(void) { return 0; }
EOC
cat >conftest2.c <<'EOC'
int internal(void);
int fs_one(void) { return internal(); }
EOC
cat >conftest3.c <<'EOC'
int fs_one(void);
int internal(void) { return fs_one(); }
int main(void) { return internal(); }
EOC
# Without the flags of sanitizers, by which clang would put its runtime in as well. GCC's link-time optimization leaves its own representation in
# the result unless told otherwise.
for fivestep_flag in "-flinker-output=nolto-rel" ""; do
	AS_IF([test "$OBJCOPY" != no && test "$fivestep_one_object" = no &&
		$CC $CPPFLAGS $CFLAGS $SANITIZER_CFLAGS -c conftest1.c conftest2.c >&AS_MESSAGE_LOG_FD 2>&1 &&
		$CC $CFLAGS $fivestep_flag -r -nostdlib -o conftest.$ac_objext conftest1.$ac_objext conftest2.$ac_objext >&AS_MESSAGE_LOG_FD 2>&1 &&
		(set -f; $OBJCOPY $KEEP_SYMBOLS conftest.$ac_objext) >&AS_MESSAGE_LOG_FD 2>&1 &&
		$CC $CPPFLAGS $CFLAGS $SANITIZER_CFLAGS $LDFLAGS -o conftest$ac_exeext conftest3.c conftest.$ac_objext >&AS_MESSAGE_LOG_FD 2>&1],
		[fivestep_one_object="$CC $fivestep_flag -r"; ONE_OBJECT_FLAGS="$fivestep_flag -r -nostdlib"])
done
rm -f conftest1.* conftest2.* conftest3.* conftest.$ac_objext conftest$ac_exeext
AC_MSG_RESULT([$fivestep_one_object])
AC_SUBST([ONE_OBJECT_FLAGS])
AM_CONDITIONAL([ONE_OBJECT], [test "$fivestep_one_object" != no])
AS_IF([test "$fivestep_one_object" != no],
	[FIVESTEP_PART([library], [yes], [libfivestep.a, with the names of its interface alone])],
	[FIVESTEP_PART([library], [no], [libfivestep.a comes with internal names: no objcopy, or no link with -r and these CFLAGS])])
])
