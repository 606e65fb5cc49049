# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# What the cases of tests/golden, malformed, kill and compare have in common; each of
# them sources this file first. A case works in its own folder build/tests/KIND/NAME.d,
# which is emptied at the start and left for inspection. Exit 0 pass, 1 fail, 77 skip.
# AGENT is the sanitized build: a finding of a sanitizer ends it with exit code 99.
set -eu

here=$(cd "${0%/*}" && pwd)
top=${here%/tests/*}
name=${0##*/}
name=${name%.sh}
work=${TESTS_OUT:-$top/build/tests}/${here##*/}/$name.d
fixtures=$top/tests/fixtures
AGENT=${AGENT:-$top/build/host/crashbox}
MKCORE=$top/build/tools/mkcore
READDUMP=$top/build/tools/readdump
ASAN_OPTIONS=exitcode=99:abort_on_error=0:detect_leaks=0
UBSAN_OPTIONS=halt_on_error=1:exitcode=99:print_stacktrace=1
export ASAN_OPTIONS UBSAN_OPTIONS

rm -rf "$work"
mkdir -p "$work"

fail()
{
	echo "$name: $*" >&2
	exit 1
}

skip()
{
	echo "skip: $*"
	exit 77
}

for tool in "$AGENT" "$MKCORE" "$READDUMP"; do
	[ -x "$tool" ] || fail "$tool is not there; make builds it"
done

# core FIXTURE...: joins fixtures (files of tests/fixtures, or "KEY = VALUE" lines)
# and makes the core file $work/core of them.
core()
{
	: > "$work/fixture"
	for part in "$@"; do
		if [ -f "$fixtures/$part.core" ]; then
			cat "$fixtures/$part.core" >> "$work/fixture"
		else
			printf '%s\n' "$part" >> "$work/fixture"
		fi
	done
	"$MKCORE" "$work/fixture" "$work/core"
}

# lacks_log_only STATUS STDERR: it went well, but for the log, which not every core here has
lacks_log_only()
{
	[ "$1" = 0 ] || { [ "$1" = 2 ] && grep -q "but without the log" "$2"; }
}

# capture LEVEL [OPTION...]: a dump of $work/core in $work/out; it must succeed, be
# whole, and hold exactly the bytes of the core.
capture()
{
	level=$1
	shift
	rm -rf "$work/out"
	mkdir "$work/out"
	rc=0
	"$AGENT" capture --level "$level" "$@" "$work/core" "$work/out" \
		> "$work/stdout" 2> "$work/stderr" || rc=$?
	lacks_log_only $rc "$work/stderr" ||
		fail "capture --level $level $*: exit $rc: $(tail -n 5 "$work/stderr")"
	"$READDUMP" compare "$work/out/vmcore" --core "$work/core" > "$work/compare" ||
		fail "level $level: bytes differ from the core: $(head -n 5 "$work/compare")"
	"$AGENT" check "$work/out/vmcore" > "$work/check" 2>&1 ||
		fail "level $level: check: exit $?: $(tail -n 3 "$work/check")"
}

# dropped LEVEL...: for each level a line with the level, then what is left out.
dropped()
{
	for level in "$@"; do
		capture "$level"
		echo "level $level"
		"$READDUMP" dropped "$work/out/vmcore" | sed 's/^/  /'
	done
}

# manifest KEY...: value of a key of manifest.json, inner keys one after the other.
manifest()
{
	/usr/bin/python3 - "$work/out/manifest.json" "$@" <<'PYTHON'
import json, sys
value = json.load(open(sys.argv[1]))
for key in sys.argv[2:]:
    value = value[int(key)] if isinstance(value, list) else value[key]
print(json.dumps(value) if not isinstance(value, str) else value)
PYTHON
}

# What the case printed to $work/got equals NAME.expect beside it.
expect()
{
	diff -u "$here/$name.expect" "$work/got" || fail "not as expected (- wanted, + got)"
}

# equals WHAT WANTED GOT
equals()
{
	[ "$2" = "$3" ] || fail "$1: wanted '$2', got '$3'"
}

# check_says EXIT WORDS FILE...: check ends so, and says that
check_says()
{
	wanted=$1 words=$2 rc=0
	shift 2
	"$AGENT" check "$@" > "$work/check" 2>&1 || rc=$?
	equals "check $*" "$wanted" "$rc"
	grep -q -- "$words" "$work/check" || fail "check $*: no '$words': $(cat "$work/check")"
}

# dmesg_of FIXTURE...: the log of a core, which must be the same from the core, from
# the text beside the dump and from the dump.
dmesg_of()
{
	core "$@"
	"$AGENT" dmesg "$work/core" 2> "$work/stderr" ||
		fail "dmesg: exit $?: $(tail -n 3 "$work/stderr")"
	"$AGENT" dmesg "$work/core" > "$work/dmesg.core" 2> "$work/stderr"
	capture 31
	"$AGENT" dmesg "$work/out/vmcore" > "$work/dmesg.dump" 2> "$work/stderr" ||
		fail "dmesg of the dump: exit $?: $(tail -n 3 "$work/stderr")"
	cmp "$work/dmesg.core" "$work/dmesg.dump" || fail "the dump has another log"
	cmp "$work/dmesg.core" "$work/out/vmcore-dmesg.txt" || fail "the file has another log"
}
