#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A head whose order is one too large takes its own pages and nothing of what follows:
# no slab, no folio of the kernel, no page with a type, no page that somebody holds.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

for layout in 4.19 5.10 6.1 6.4 6.7 6.11 6.12 7.2; do
	slab="type=slab"
	case $layout in 4* | 5* | 6.1 | 6.4 | 6.7) slab="flags=slab" ;; esac
	core "layout = $layout" too-far "@0xa00 order=3 $slab mapping=0x3 data=pfn" \
		"@0xa10 $slab mapping=0x1 data=pfn" \
		"@0xe18 order=3 $slab refcount=0 mapping=0x3 data=pfn" \
		"@0xe20 $slab refcount=1 data=pfn"
	dropped 8 16 31 > "$work/got"
	expect
	# Huge pages say it in another place, and some share their struct pages.
	for hugetlb in hugetlb "hugetlb hvo"; do
		core "layout = $layout" "@0x800 order=9 $hugetlb raw_order=10 data=pfn" \
			"@0xa00 order=3 $slab mapping=0x3 data=pfn" "@0xa08 type=table data=pfn" \
			"@0xa40 order=6 data=pfn"
		dropped 8 > "$work/huge"
		printf 'level 8\n  0x800-0x9ff\n' | diff -u - "$work/huge" ||
			fail "$layout: $hugetlb: not as expected"
	done
done
