#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Of a dump that is cut short the task that a CPU ran is left, with what its process shares:
# it is slab like that of all other tasks, which are written with the rest.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

# left NAME WORD: pages with that text in the first fifth of a dump's pages
left()
{
	"$top/tests/interop/cut.py" "$work/out/vmcore" "$work/part" 0.2 > "$work/cut" ||
		fail "$1: it cannot be cut"
	"$READDUMP" stream "$work/part" > "$work/pages" || fail "$1: it cannot be read"
	grep -aoc "$2" "$work/pages" || :
}

# a_dump [LINE...]: of a machine with two tasks, between many pages of the kernel's
a_dump()
{
	core "layout = 6.12" "types = 1" "cpus = 2" "task 100 database" "task 101 shell" "$@"
	capture 31 --codec none
}

a_dump
equals "nobody ran: a task" 0 "$(left "nobody ran" database)"
a_dump "runs 1 100"
equals "a task ran" 1 "$(left "a task ran" database)"

# What a CPU says may be anything.
a_dump "poke 8 percpu:0+448 = 0xdead000000000100" "poke 8 percpu:1+448 = &task:100"
equals "they ran what is nowhere" 0 "$(left "nowhere" database)"
a_dump "runs 0 101" "runs 1 100" "poke 8 task:100+160 = -1" "poke 8 task:100+184 = 1"
equals "a task whose pointers are nowhere" 1 "$(left "no pointers" database)"
