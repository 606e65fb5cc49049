#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Somebody else answers at the server's address: his key is not the pinned one, and not one
# byte of ours reaches him, not even our name.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
kind=sftp
server_key=other-host
start_server
config <<END
$guest_net
target $target
$target_config
deadline 60
END
boot fk.crash=sysrq fk.cache=0

expect_back 45
expect_console 'target 1 has no dump, .*[Hh]ost key'
expect_console 'the crash is NOT saved'
grep -q 'Connection from' "$dir/ssh/log" || lost "nobody came to the server"
! grep -qiE 'userauth-request|Accepted|session opened|subsystem' "$dir/ssh/log" ||
	fail "the impostor was told more than that we are there, see ssh/log"
[ -z "$(find "$export_dir" -mindepth 1)" ] || fail "the impostor has something of ours"
note_time
