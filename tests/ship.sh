# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154,SC2119,SC2120 # by the cases, and from lib.sh
#
# For the cases that ship: crashes made up in $crashes, a store of tests/tools/s3server.py, which
# reckons signatures by itself, and `crashbox ship` below a root of the case's own. Each sources
# tests/lib.sh, or what that is sourced by, first.
command -v curl >/dev/null || skip "there is no curl"
unset AWS_SESSION_TOKEN AWS_REGION AWS_WEB_IDENTITY_TOKEN_FILE http_proxy HTTP_PROXY
export AWS_ACCESS_KEY_ID=AKIA:TEST AWS_SECRET_ACCESS_KEY='wJalr/XUtnFEMI+K7"MD\ENG'
trap stop_store EXIT
trap 'exit 1' HUP INT TERM
crashes=$work/crashes
root=$work/root
mkdir -p "$crashes" "$root/var/lib" "$work/s3"
server=

stop_store()
{
	[ -z "$server" ] || kill "$server" 2>/dev/null || :
	[ -z "$server" ] || wait "$server" 2>/dev/null || :
	server=
}

# crash NAME BYTES [WORD]: a folder of a crash, and a dump of so many bytes; WORD: no such dump
crash()
{
	mkdir -p "$crashes/$1"
	sum=null
	if [ "${3-}" != none ]; then
		head -c "$2" /dev/urandom >"$crashes/$1/vmcore"
		sum="\"$(sha256sum "$crashes/$1/vmcore" | cut -d' ' -f1)\""
	fi
	echo "[    1.0] the log of $1" >"$crashes/$1/vmcore-dmesg.txt"
	echo "a report" >"$crashes/$1/report.txt"
	printf '{"schema": 1, "signature": "8-%s", "title": "it crashed"}\n' "$1" \
		>"$crashes/$1/report.json"
	printf '{"schema": 1, "host": "h", "kernel": "6.1.0", "signature": "8-%s", %s}\n' "$1" \
		"\"title\": \"it crashed\", \"verified\": true, \"complete\": {\"value\": true},
		\"sha256\": $sum" >"$crashes/$1/manifest.json"
}

# store [VARIABLE=VALUE...]: starts one; $port, its folder $work/s3
store()
{
	stop_store
	rm -f "$work/s3/port" "$work/s3/fault"
	env "$@" "$top/tests/tools/s3server.py" "$work/s3" >"$work/s3/out" 2>&1 &
	server=$!
	for _ in $(seq 100); do
		[ ! -s "$work/s3/port" ] || break
		sleep 0.1
	done
	[ -s "$work/s3/port" ] || fail "no store: $(cat "$work/s3/out")"
	port=$(cat "$work/s3/port")
}

# conf LINE...: the configuration
conf()
{
	printf '%s\n' "target disk:LABEL=none:/" "$@" >"$work/conf"
}

# on_disk: the words of a target that is the folder $crashes, on the disk that it lies on;
# fails where that is no disk that can be read
on_disk()
{
	device=$(findmnt -n -o SOURCE --target "$crashes" | sed 's/\[.*//')
	case $device in
	/dev/*) ;;
	*) return 1 ;;
	esac
	part=$(findmnt -n -o FSROOT --target "$crashes")
	mounted=$(findmnt -n -o TARGET --target "$crashes")
	words="disk:$device:${part%/}/${crashes#"${mounted%/}"/}"
	echo "$words"
	"$AGENT" list "$words" >"$work/list" 2>&1
}

# there: what the store has, without its own notes
there()
{
	(cd "$work/s3/store/bucket" 2>/dev/null && find . -type f ! -name '*.meta' |
		LC_ALL=C sort | sed 's|^\./||')
}

# same CRASH...: the store has all that lies here, byte for byte
same()
{
	for one in "$@"; do
		for file in "$crashes/$one"/*; do
			cmp "$file" "$work/s3/store/bucket/pre/$one/${file##*/}" ||
				fail "$one/${file##*/} is not there as it is here"
		done
	done
}

# ship STATUS [OPTION...]: what it said is in $work/said
ship()
{
	wanted=$1 rc=0
	shift
	: >"$work/s3/log"
	timeout 150 "$AGENT" ship --config "$work/conf" --root "$root" "$@" >"$work/said" 2>&1 ||
		rc=$?
	[ "$rc" = "$wanted" ] || fail "ship $*: exit $rc, $wanted expected: $(cat "$work/said")"
}

# says TEXT...: one line of the last run has it
says()
{
	for text in "$@"; do
		grep -qF -- "$text" "$work/said" || fail "'$text' is not said: $(cat "$work/said")"
	done
}

# asked PATTERN: how often the store was asked so by the last run
asked()
{
	grep -c -- "$1" "$work/s3/log" || :
}
