#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Our own key: wrong, readable by others, missing, no key at all, locked by a password
# that nobody is asked for.
# shellcheck disable=SC2119 # functions have defaults
# shellcheck source=tests/sftp/lib.sh
. "${0%/*}/lib.sh"

core dmesg-plain
server
settings "$work/host_key.pub" "$work/other_key"
send "$remote"
fails "a key that the server does not know" "Permission denied"

chmod 644 "$work/id"
settings
: > "$work/sshd.log"
send "$remote"
fails "mode 0644" "$work/id: its mode is 0644" "chmod 600"
! grep -q "Connection from" "$work/sshd.log" || fail "mode 0644: called all the same"
chmod 600 "$work/id"

settings "$work/host_key.pub" "$work/nowhere"
send "$remote"
fails "no such file" "$work/nowhere: cannot open: No such file"

echo "not a key" > "$work/rubbish"
chmod 600 "$work/rubbish"
settings "$work/host_key.pub" "$work/rubbish"
send "$remote"
fails "rubbish" "Permission denied"

ssh-keygen -q -t ed25519 -N 'secret words' -C '' -f "$work/locked"
cat "$work/locked.pub" >> "$work/authorized"
settings "$work/host_key.pub" "$work/locked"
send "$remote"
fails "locked" "Permission denied"
[ ! -e "$remote" ] || fail "something was written"
