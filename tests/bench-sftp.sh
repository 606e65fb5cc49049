#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tests/bench-sftp.sh: a capture of 256 MiB to a real sshd on the loopback, beside the same
# client and cipher sending the same bytes with `ssh HOST 'cat >file'`, in turns in one
# run, from memory to memory. The memory is random and nothing is packed, so that the way
# is what is measured. The capture's time is that of its copy and sync stages: choosing
# pages before and reading back after are no sending. Prints; never fails on timing.
#   ROUNDS  of each, the best counts; default 5
set -eu

top=$(cd "${0%/*}/.." && pwd)
AGENT=${AGENT:-$top/build/crashbox}
SSH=${SSH:-$top/build/ssh}
ROUNDS=${ROUNDS:-5}
sshd=/usr/sbin/sshd

for tool in "$AGENT" "$SSH" "$sshd" /usr/bin/time; do
	[ -x "$tool" ] || { echo "$tool is not there" >&2; exit 1; }
done
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd

dir=$(mktemp -d /dev/shm/crashbox-bench.XXXXXX)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
"$top/tests/tools/bulkcore.py" 256 "$dir/core"

port=$(/usr/bin/python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
ssh-keygen -q -t ed25519 -N '' -C '' -f "$dir/host_key"
ssh-keygen -q -t ed25519 -N '' -C '' -f "$dir/id"
cp "$dir/id.pub" "$dir/authorized"
cat > "$dir/sshd_config" << END
Port $port
ListenAddress 127.0.0.1
HostKey $dir/host_key
AuthorizedKeysFile $dir/authorized
StrictModes no
UsePAM no
PidFile none
Subsystem sftp /usr/lib/openssh/sftp-server
END
"$sshd" -D -f "$dir/sshd_config" -E "$dir/sshd.log" &
server=$!
printf 'ssh_key %s\nssh_host_key %s\n' "$dir/id" "$(cat "$dir/host_key.pub")" > "$dir/conf"
printf 'bench %s\n' "$(cat "$dir/host_key.pub")" > "$dir/known_hosts"
sleep 1

# one NAME COMMAND...: a row "seconds CPU" in $dir/NAME
one()
{
	label=$1
	shift
	/usr/bin/time -f '%e %U %S' -o "$dir/time" "$@" > "$dir/log" 2>&1 < "$dir/input" ||
		grep -q "but without the log" "$dir/log" ||
		{ cat "$dir/log" >&2; echo "$label failed" >&2; exit 1; }
	awk 'END { print $1, $2 + $3 }' "$dir/time" >> "$dir/$label"
}

: > "$dir/input"
i=0
while [ "$i" -lt "$ROUNDS" ]; do
	rm -rf "$dir/to"
	one capture "$AGENT" capture --level 0 --codec none --workers 1 --config "$dir/conf" \
		--ssh "$SSH" "$dir/core" "sftp:$(id -un)@127.0.0.1:$port:$dir/to"
	/usr/bin/python3 -c 'import json, sys
s = json.load(open(sys.argv[1]))["seconds"]
print(s["copy"] + s["sync"], s["verify"])' "$dir/to/manifest.json" >> "$dir/sent"
	[ -f "$dir/vmcore" ] || cp "$dir/to/vmcore" "$dir/vmcore"
	rm -rf "$dir/to" "$dir/input"
	ln -s vmcore "$dir/input"
	one cat "$SSH" -F none -oUserKnownHostsFile="$dir/known_hosts" -oHostKeyAlias=bench \
		-oStrictHostKeyChecking=yes -oIdentitiesOnly=yes -i "$dir/id" -p "$port" \
		"$(id -un)@127.0.0.1" "cat > $dir/copy"
	cmp "$dir/copy" "$dir/vmcore"
	rm -f "$dir/copy" "$dir/input"
	: > "$dir/input"
	i=$((i + 1))
done

bytes=$(wc -c < "$dir/vmcore")
echo "$bytes bytes to sshd on the loopback, $(nproc) CPUs, load $(cut -d' ' -f1-3 /proc/loadavg)," \
	"best of $ROUNDS"
sent=$(sort -n "$dir/sent" | head -n 1 | cut -d' ' -f1)
verified=$(sort -n -k 2 "$dir/sent" | head -n 1 | cut -d' ' -f2)
cat_s=$(sort -n "$dir/cat" | head -n 1 | cut -d' ' -f1)
awk -v bytes="$bytes" -v sent="$sent" -v cat="$cat_s" -v verified="$verified" 'BEGIN {
	printf "%-40s %7.2f s %7.1f MB/s\n", "ssh HOST cat >file", cat, bytes / cat / 1e6
	printf "%-40s %7.2f s %7.1f MB/s\n", "crashbox, copy and sync", sent, bytes / sent / 1e6
	printf "%-40s %7.2f s %7.1f MB/s\n", "crashbox, reading back", verified,
		bytes / verified / 1e6
	printf "%-52s %6.3f   wanted 1.15 or less\n", "time to send, crashbox to cat", sent / cat
}'
