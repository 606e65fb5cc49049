#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels: 6.12
#
# Two nodes, a balloon that took a quarter of the memory, and a DIMM that came after the
# capture kernel was loaded, which was then loaded again: all of it is in the dump.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
workload_case numa-hotplug
