#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# keep_user: the pages that chosen tasks map, and no others, stay at any level; pages that
# are free, poisoned or ballooned do not come back. What is not found is said, and costs
# nothing else.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

core keep-user
capture 31
"$READDUMP" dropped "$work/out/vmcore" 0xc00 0x1000 > "$work/without"
sed 's/^/without: /' "$work/without" > "$work/got"

# chosen WHAT [-l LEVEL] CHOICE... [-- FIXTURE...]: what is kept of the above, what is said
chosen()
{
	echo "$1"
	shift
	level=31
	if [ "$1" = -l ]; then
		level=$2
		shift 2
	fi
	choices=
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		choices="$choices --keep-user $1"
		shift
	done
	[ $# -eq 0 ] || shift
	core keep-user "$@"
	# shellcheck disable=SC2086 # words
	capture "$level" $choices
	"$READDUMP" kept "$work/out/vmcore" 0xc00 0x1000 > "$work/kept"
	/usr/bin/python3 - "$work/without" "$work/kept" << 'PYTHON'
import sys
def frames(path):
    for line in open(path):
        first, _, last = line.strip().partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)
back = sorted(set(frames(sys.argv[1])) & set(frames(sys.argv[2])))
start = None
for i, pfn in enumerate(back):
    start = pfn if start is None else start
    if i + 1 == len(back) or back[i + 1] != pfn + 1:
        print(f"  {start:#x}" + (f"-{pfn:#x}" if pfn != start else ""))
        start = None
PYTHON
	echo "  $(manifest pages kept_chosen) kept_chosen"
	sed -n 's/^crashbox: \(warning: \)\{0,1\}\(keep_user.*\)/  \1\2/p' "$work/stderr"
}

{
	chosen "by name" comm=database
	chosen "a thread's name is its process" comm=writer
	chosen "by number" pid=200
	chosen "a thread's number is its process" pid=102
	chosen "several" comm=shell pid=1
	chosen "who is chosen twice" comm=database pid=100 pid=101
	chosen "level 2" -l 2 comm=database
	chosen "level 8" -l 8 comm=database
	chosen "level 17 leaves no users out" -l 17 comm=database
	chosen "who paniced" panic -- "panic_cpu = 0"
	chosen "a thread paniced" panic -- "panic_cpu = 1"
	chosen "nobody paniced" panic comm=shell
	chosen "an idle CPU paniced" panic comm=shell -- "panic_cpu = 0" \
		"poke 4 percpu:0+52 = 0"
	chosen "the CPU left no note" panic -- "panic_cpu = 0" "poke 4 percpu:0 = 0"
	chosen "a task paniced that is gone" panic -- "panic_cpu = 0" "poke 4 percpu:0+52 = 77"
	chosen "no such name" comm=nobody comm=shell
	chosen "no such number" pid=99 comm=shell
	chosen "the start of a name" comm=data
	chosen "no memory" comm=kworker comm=shell
	chosen "a leader that has exited" pid=100 -- "poke 8 task:100+160 = 0"
	chosen "a leader's name that has exited" comm=database -- "poke 8 task:100+160 = 0"
	chosen "a process without memory" pid=200 -- "poke 8 mm:200+40 = 0x1234"
	chosen "a list that leads to nowhere" comm=shell comm=init -- "poke 8 task:50+88 = 0x99"
	chosen "a list broken at both ends" comm=database comm=init -- \
		"poke 8 task:100+88 = 0x99" "poke 8 task:300+96 = 0x99"
	chosen "out of reach" comm=shell -- "poke 8 task:100+88 = 0x99" \
		"poke 8 task:300+96 = 0x99"
	chosen "a list in a circle" comm=shell comm=init -- \
		"poke 8 task:200+88 = ^task:100+88"
	chosen "a list in a circle, both ways" comm=shell comm=database -- \
		"poke 8 task:200+88 = ^task:100+88" "poke 8 task:300+96 = ^task:300+88"
	chosen "threads in a circle" pid=102 -- "poke 8 task:102+120 = ^task:101+120"
	chosen "threads that lead to nowhere" comm=database -- "poke 8 task:101+120 = 0x99"
	chosen "no types" comm=database -- "poke 2 btf = 0"
	chosen "no symbols" comm=database -- "unset SYMBOL(kallsyms_names)"
} >> "$work/got"
expect
