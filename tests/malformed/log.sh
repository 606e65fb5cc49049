#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A kernel log that is no log: the dump is made all the same, and in time.
# shellcheck source=tests/malformed/lib.sh
. "${0%/*}/lib.sh"

ring="log 1.0 \"first\""
degraded "no prb" "unset SYMBOL(prb)"
degraded "prb in user space" "$ring" "poke 8 prb = 0x1000"
degraded "prb nowhere" "$ring" "set SYMBOL(prb) = 4141414141414141"
degraded "a ring of 2^200 records" "$ring" "poke 4 printk_rb = 200"
degraded "a ring of 2^31 records" "$ring" "poke 4 printk_rb = 31"
degraded "a text ring of 2^63 bytes" "$ring" "poke 4 printk_rb+48 = 63"
degraded "descriptors nowhere" "$ring" "poke 8 printk_rb+8 = 0x4141414141414141"
degraded "text nowhere" "$ring" "poke 8 printk_rb+56 = 0x4141414141414141"
survives "the head far ahead of the tail" "$ring" "poke 8 printk_rb+24 = 0x3fffffffffffffff"
survives "the head behind the tail" "$ring" "poke 8 printk_rb+24 = 1"
survives "blocks longer than the ring" "$ring" "poke 8 log_descs+16 = 0x7fffffffffffffff"
survives "blocks that end before they begin" "$ring" "poke 8 log_descs+8 = 0x1000" \
	"poke 8 log_descs+16 = 8"
survives "a text longer than its block" "$ring" "poke 2 log_infos+16 = 0xffff"
survives "a time of 2^64 ns" "$ring" "poke 8 log_infos+8 = 0xffffffffffffffff"
degraded "records of 2^40 bytes" "$ring" "set SIZE(printk_info) = 1099511627776"
degraded "a text length outside of its record" "$ring" "set OFFSET(printk_info.text_len) = 87"
degraded "a state before its descriptor" "$ring" "set OFFSET(prb_desc.state_var) = -8"
old="layout = 4.19"
degraded "log_buf nowhere" "$old" "$ring" "poke 8 log_buf = 0x4141414141414141"
degraded "a buffer of no bytes" "$old" "$ring" "poke 4 log_buf_len = 0"
degraded "the first record past the end" "$old" "$ring" "poke 4 log_first_idx = 0xffffff00"
survives "a record of no bytes at 0" "$old" "$ring" "poke 2 log_text+8 = 0"
survives "a record of 8 bytes" "$old" "$ring" "poke 2 log_text+8 = 8"
survives "a record that leads back to itself" "$old" "$ring" "$ring" "poke 4 log_next_idx = 5"
survives "a text longer than its record" "$old" "$ring" "poke 2 log_text+10 = 0xffff"
finish
