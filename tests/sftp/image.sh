#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What crashbox image puts together for a server is all that is needed to get there: its
# files, unpacked and nothing else, are the root of a capture as root with a strict umask.
# shellcheck disable=SC2119 # functions have defaults
# shellcheck source=tests/sftp/lib.sh
. "${0%/*}/lib.sh"

[ "$(id -u)" = 0 ] || skip "only root can change its root"
root=$work/root
binary=$top/build/crashbox

core dmesg-plain
server
settings
printf 'target sftp:root@127.0.0.1:%s:%s\nnet eth0 dhcp\n' "$port" "$remote" >> "$work/conf"
"$binary" image --no-modules --config "$work/conf" --output "$work/image" \
	--codec none --ssh "$SSH"
mkdir "$root"
(cd "$root" && cpio --quiet -id < "$work/image") || fail "the image does not unpack"
equals "mode of the key" 600 "$(stat -c %a "$root$work/id")"
[ -c "$root/dev/null" ] || skip "device nodes cannot be made here"
cp "$work/core" "$root/core"
# The image's own program knows no verbs: it does all of this as PID 1.
cp "$binary" "$root/crashbox"
(umask 077 && chroot "$root" /crashbox capture --config /etc/crashbox.conf /core \
	"sftp:root@127.0.0.1:$port:$remote") > "$work/stdout" 2> "$work/stderr" ||
	fail "exit $?: $(tail -n 4 "$work/stderr")"
same_as_disk
for left in run tmp; do
	[ ! -e "$root/$left" ] || fail "/$left is left"
done

printf 'target disk:LABEL=crash:/\n' > "$work/disk.conf"
"$binary" image --no-modules --config "$work/disk.conf" --output "$work/image" \
	--codec none
! cpio --quiet -it < "$work/image" | grep -E "ssh|passwd" || fail "a client without need"

chmod 640 "$work/id"
! "$binary" image --no-modules --config "$work/conf" --output "$work/image" \
	--codec none --ssh "$SSH" \
	2> "$work/stderr" || fail "a key that others may read goes in"
says "chmod 600"
