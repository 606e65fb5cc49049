#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# PID 1 of the machine dies; the dump goes to xfs, whose modules the agent must load.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
target_disk xfs 600M
config <<END
target disk:LABEL=crash:/
END
boot fk.crash=initexit

expect_back 60
find_dump ''
expect_dmesg 'Attempted to kill init'
expect_whole_dump
