#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels: 6.12
#
# Pages of all kinds that the kernel was told are broken: none of them is touched.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
workload_case poison
