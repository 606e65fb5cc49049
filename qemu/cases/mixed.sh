#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels: 6.12 7.2
#
# Page cache of ext4 and xfs, clean, written and dirty, tmpfs, all kinds of shared and
# private memory, huge pages, KSM, swap on zram: nothing of it is in the dump. Slab, pipes
# and what zram holds are there to the last page.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
workload_case mixed

grep -q '^made xfsclean.* head=' "$dir/made" || [ "$series" = 5.10 ] ||
	lost "xfs has no large folios"
