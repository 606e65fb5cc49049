#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The notes: missing, cut, longer than their segment, without VMCOREINFO.
# shellcheck source=tests/malformed/lib.sh
. "${0%/*}/lib.sh"

# NAME TEXT PART...: notes that end in the middle lose VMCOREINFO, so no page is judged,
# and the manifest quotes what was wrong with them.
do_broken()
{
	text=$2
	name=$1
	shift 2
	do_unfiltered "$name" "$@" "@0x800 buddy=3"
	case $(manifest errors) in
	*PT_NOTE*"$text"*) ;;
	*) fail "$name: errors do not name the PT_NOTE and '$text': $(manifest errors)" ;;
	esac
}

broken() { in_case do_broken "$@"; }

# A note: 0 namesz, 4 descsz, 8 type; the first NT_PRSTATUS has 12 + 8 + 336 bytes.
unfiltered "no PT_NOTE" "notes = none"
degraded "a PT_NOTE of no bytes" "phdr 0 32 8 = 0"
broken "a PT_NOTE past the end of the file" "" "phdr 0 8 8 = 0x7ffffffff000"
survives "a PT_NOTE of 2^40 bytes" "phdr 0 32 8 = 0x10000000000"
broken "a name of 4 GiB" "left" "note 0 4 = 0xffffffff"
broken "a descriptor of 4 GiB" "left" "note 4 4 = 0xffffffff"
broken "a descriptor that ends one byte late" "left" "cpus = 0" "note 4 4 = 0x100000"
broken "more notes than 16 MiB" "more than 16777216 bytes" "cpus = 0" \
	"phdr 0 32 8 = 0x2000000" "note 4 4 = 0x1100000" "ram = 0x1000-0x9f000" \
	"ram = 0x100000-0x3000000"
degraded "notes cut in a header" "phdr 0 32 8 = 7"
broken "notes cut in VMCOREINFO" "left" "phdr 0 32 8 = 800"
degraded "VMCOREINFO under another name" "cpus = 0" "note 12 1 = 0x58"
survives "no CPU saved its registers" "cpus = 0"
survives "300 CPUs" "cpus = 300"
broken "a device dump of 4 GiB" "left" "coredd = driver 100" "note 4 4 = 0xffffff00"
degraded "a device dump shorter than its name" "coredd = driver 100" "note 4 4 = 4"
# Zeroes in front, as of a CPU that left no note: what follows is found all the same.
do_front()
{
	do_survives "$@"
	equals "$1: is the kernel known" true "$(manifest filter_trusted)"
}
in_case do_front "an empty note in front" "phdr 0 8 8 = 0xff4" \
	"phdr 0 32 8 = 0x1800"
in_case do_front "a CPU's place of zeroes in front" "phdr 0 8 8 = 0xe00" \
	"phdr 0 32 8 = 0x1800"
finish
