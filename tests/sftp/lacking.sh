#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Servers that can do less than OpenSSH's: what can be done without is done without, and
# the manifest says so; what cannot is a clear error.
# shellcheck disable=SC2119 # functions have defaults
# shellcheck source=tests/sftp/lib.sh
. "${0%/*}/lib.sh"

core classes
server "$SFTP_SERVER -P fsync,statvfs,posix-rename"
send "$remote"
succeeds "no extensions"
says "lacks fsync@openssh.com" "lacks statvfs@openssh.com"
same_as_disk
out=$work/out
mkdir -p "$out"
cp "$remote/manifest.json" "$out/"
equals "not durable, so not valid" false "$(manifest valid value)"
case $(manifest valid reasons 0) in
*fsync@openssh.com*) ;;
*) fail "the manifest does not say why" ;;
esac
equals "complete all the same" true "$(manifest complete value)"

remote=$work/setstat
server "$SFTP_SERVER -P fsetstat"
send "$remote"
succeeds "lengths cannot be set"
same_as_disk

remote=$work/read
server "$SFTP_SERVER -P read"
send "$remote"
fails "reading is refused" "permission denied"
not_finished

remote=$work/write
server "$SFTP_SERVER -R"
send "$remote"
fails "a server for reading only" "cannot make the folder"
[ ! -e "$remote" ] || fail "for reading only: something was written"

remote=$work/rename
server "$SFTP_SERVER -P posix-rename,rename"
send "$remote"
fails "names cannot be changed" "cannot rename"
[ ! -e "$remote/vmcore" ] || fail "names cannot be changed: there is a vmcore"

touch "$work/file"
server
send "$work/file/below"
fails "a file where a folder should be" "$work/file is not a folder"
