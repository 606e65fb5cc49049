# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2119,SC2120 # used by the cases
#
# For the cases of tests/sftp: OpenSSH's own sshd on the loopback, with a configuration and
# keys of its own and its log in $work/sshd.log, the client that ships, and captures that
# go there. Each case sources this file first. The server runs as whoever runs the test.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

SSH=${SSH:-$top/build/ssh}
SSHD=/usr/sbin/sshd
SFTP_SERVER=/usr/lib/openssh/sftp-server
relay="$top/tests/tools/relay.py --pids $work/pids"
remote=$work/remote	# the folder on the server
sshd_pid=

for tool in "$SSH" "$SSHD" "$SFTP_SERVER"; do
	[ -x "$tool" ] || fail "$tool is not there; make ssh and tests/setup bring it"
done

stop_server()
{
	if [ -f "$work/pids" ]; then
		# shellcheck disable=SC2046 # a list of process ids
		kill -KILL $(cat "$work/pids") 2> /dev/null || :
		rm -f "$work/pids"
	fi
	[ -z "$sshd_pid" ] || kill "$sshd_pid" 2> /dev/null || :
	[ -z "$sshd_pid" ] || wait "$sshd_pid" 2> /dev/null || :
	sshd_pid=
}
trap stop_server EXIT
trap 'exit 1' HUP INT TERM

# wait_until COMMAND...: half a minute at most
wait_until()
{
	tries=0
	until "$@" 2> /dev/null || [ "$tries" -ge 300 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
}

# in_the_middle: a MB has arrived on the server
in_the_middle()
{
	[ "$(wc -c < "$remote/vmcore-incomplete" || echo 0)" -gt 1000000 ]
}

free_port()
{
	/usr/bin/python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

# server [SFTP-COMMAND [LINE...]]: starts sshd with that SFTP server and lines for its
# configuration; sets $port. What was there is stopped.
server()
{
	stop_server
	rm -f "$work/sshd.log"
	command=${1:-$SFTP_SERVER}
	[ $# = 0 ] || shift
	port=$(free_port)
	[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
	{
		printf '%s\n' "Port $port" "ListenAddress 127.0.0.1" "ListenAddress ::1" \
			"HostKey $work/host_key" "AuthorizedKeysFile $work/authorized" \
			"StrictModes no" "PasswordAuthentication no" "UsePAM no" \
			"KbdInteractiveAuthentication no" "PidFile none" "LogLevel DEBUG1" \
			"PermitRootLogin prohibit-password" "Subsystem sftp $command" "$@"
	} > "$work/sshd_config"
	"$SSHD" -D -f "$work/sshd_config" -E "$work/sshd.log" &
	sshd_pid=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		! grep -q "Server listening on 127.0.0.1" "$work/sshd.log" 2> /dev/null ||
			return 0
		kill -0 "$sshd_pid" 2> /dev/null || break
		sleep 0.3
	done
	fail "sshd does not start: $(tail -n 3 "$work/sshd.log")"
}

# settings [HOST-KEY-FILE [KEY-FILE]]: the configuration that captures use
settings()
{
	printf 'ssh_key %s\nssh_host_key %s\nstall %s\n' "${2:-$work/id}" \
		"$(cat "${1:-$work/host_key.pub}")" "${stall:-20}" > "$work/conf"
}

# send FOLDER [OPTION...]: captures $work/core into a folder of the server; $status, and
# what it said in $work/stderr, $took whole seconds.
send()
{
	folder=$1
	shift
	began=$(date +%s)
	status=0
	timeout 120 "$AGENT" capture --ssh "$SSH" --config "$work/conf" "$@" "$work/core" \
		"sftp:$(id -un)@${host:-127.0.0.1}:$port:$folder" \
		> "$work/stdout" 2> "$work/stderr" || status=$?
	took=$(($(date +%s) - began))
	[ "$status" != 99 ] || fail "a sanitizer found something: $(tail -n 20 "$work/stderr")"
	[ "$status" != 124 ] || fail "it hangs: $(tail -n 5 "$work/stderr")"
	# Nothing of it may stay.
	! pgrep -f "UserKnownHostsFile=.* -p $port " > /dev/null || fail "the client still runs"
	for left in /run/crashbox-ssh-* /tmp/crashbox-ssh-*; do
		[ -z "$(find "$left" -user "$(id -u)" -newer "$work/sshd_config" -prune \
			2> /dev/null)" ] || fail "$left is left"
	done
}

# says TEXT...: each is in what the last capture said
says()
{
	for text in "$@"; do
		grep -qF -- "$text" "$work/stderr" ||
			fail "'$text' is not said: $(tail -n 4 "$work/stderr")"
	done
}

succeeds()
{
	lacks_log_only "$status" "$work/stderr" || fail "$*: exit $status: $(tail -n 4 "$work/stderr")"
}

fails()
{
	[ "$status" = 1 ] || fail "$1: exit $status, 1 expected: $(tail -n 4 "$work/stderr")"
	shift
	says "$@"
}

# not_finished: no vmcore on the server, and what there is does not look whole
not_finished()
{
	[ ! -e "$remote/vmcore" ] || fail "there is a vmcore"
	if [ -s "$remote/vmcore-incomplete" ]; then
		rc=0
		"$AGENT" check "$remote/vmcore-incomplete" > "$work/check" 2>&1 || rc=$?
		[ "$rc" != 0 ] || fail "what is incomplete looks whole"
	fi
}

# same_as_disk: what is on the server equals what the same capture writes to a disk
same_as_disk()
{
	rm -rf "$work/disk"
	"$AGENT" capture "$@" "$work/core" "$work/disk" > "$work/disk.log" 2>&1 ||
		lacks_log_only $? "$work/disk.log" ||
		fail "capture to a disk: $(tail -n 3 "$work/disk.log")"
	for file in vmcore vmcore-dmesg.txt; do
		[ ! -e "$work/disk/$file" ] || cmp "$work/disk/$file" "$remote/$file" ||
			fail "$file differs from the one on a disk"
	done
	"$AGENT" check "$remote/vmcore" > "$work/check" 2>&1 ||
		fail "check: $(tail -n 3 "$work/check")"
}

# bulk MIB: a core of that much random memory, which nothing can shrink
bulk()
{
	"$top/tests/tools/bulkcore.py" "$1" "$work/core"
}

ssh-keygen -q -t ed25519 -N '' -C '' -f "$work/host_key"
ssh-keygen -q -t ed25519 -N '' -C '' -f "$work/other_key"
ssh-keygen -q -t ed25519 -N '' -C '' -f "$work/id"
cp "$work/id.pub" "$work/authorized"
settings
