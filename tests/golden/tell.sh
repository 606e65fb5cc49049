#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox ship tells of crashes: a record in the journal (of systemd's own journald, as root), a
# web server, mail, a file for Prometheus (which promtool finds good), the motd. Each crash once;
# who does not hear is told by the next run, and what somebody has planted is text.
if [ "$(id -u)" = 0 ] && [ "${1-}" != --inside ] && command -v journalctl >/dev/null &&
	[ -x /lib/systemd/systemd-journald ]; then
	exec unshare --mount --propagation private --pid --fork --kill-child --mount-proc "$0" --inside
fi
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/ship.sh
. "$top/tests/ship.sh"
# A socket's path must be short.
root=$(mktemp -d)
pids=
stop()
{
	# shellcheck disable=SC2086 # a list
	[ -z "$pids" ] || kill $pids 2>/dev/null || :
	rm -rf "$root"
}
trap stop EXIT
mkdir -p "$root/var/lib" "$root/sys/kernel" "$root/run/systemd" "$root/etc" "$work/bin"

# ---- who hears ------------------------------------------------------------------------

if [ "${1-}" = --inside ]; then
	mount -t tmpfs tmpfs /run
	mkdir -p /run/log/journal
	/lib/systemd/systemd-journald >"$work/journald" 2>&1 &
	pids="$pids $!"
	ln -s /run/systemd/journal "$root/run/systemd/journal"
	# journal: the records of ours, a line a field
	journal()
	{
		sleep 1
		journalctl -q -D /run/log/journal -o export SYSLOG_IDENTIFIER=crashbox | grep -a '^[A-Z]'
	}
else
	mkdir "$root/run/systemd/journal"
	/usr/bin/python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
while True:
    open(sys.argv[2], "ab").write(s.recv(65536))' "$root/run/systemd/journal/socket" \
		"$work/records" &
	pids="$pids $!"
	journal()
	{
		cat "$work/records"
	}
fi
/usr/bin/python3 -c 'import http.server, json, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = int(open(sys.argv[1] + "/status").read())
        if status == 200:
            open(sys.argv[1] + "/posted", "a").write(json.dumps(json.loads(body)) + "\n")
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *_):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
open(sys.argv[1] + "/port", "w").write(str(server.server_address[1]))
server.serve_forever()' "$work" &
pids="$pids $!"
echo 200 >"$work/status"
printf '#!/bin/sh\n[ "$*" = "-t -oi" ] && cat >>"%s"\n' "$work/mail" >"$work/bin/sendmail"
chmod +x "$work/bin/sendmail"
PATH=$work/bin:$PATH
for _ in $(seq 100); do
	if [ -s "$work/port" ] && [ -S "$root/run/systemd/journal/socket" ]; then
		break
	fi
	sleep 0.1
done

# ---- one crash, and another -----------------------------------------------------------

when()
{
	date -u -d "$1" +%Y-%m-%d-%H:%M:%S
}
one=web-1-$(when '3 hours ago') two=web-1-$(when '1 hour ago') old=web-1-2026-01-01-10:00:00
crash "$one" 1000
crash "$old" 1000
HOOK="http://127.0.0.1:$(cat "$work/port")/hook?token=secret"
export HOOK
conf "tell journal" "tell webhook:\$HOOK" "tell mail:ops@example.com" "tell motd:/etc/motd" \
	"tell textfile:/etc/crashbox.prom"
echo 1 >"$root/sys/kernel/kexec_crash_loaded"
ship 0 -n "$crashes"
says "would tell webhook of $one"
[ ! -e "$work/posted" ] || fail "a dry run tells"
ship 0 "$crashes"
says "told journal of $one" "told webhook of $one" "told mail of $one"
! grep -qE "$old|secret" "$work/said" || fail "said: $(cat "$work/said")"
field()
{
	journal | grep -a "^$1=" | tail -n 1 | cut -d= -f2-
}
equals "the journal's signature" "8-$one" "$(field CRASHBOX_SIGNATURE)"
equals "the journal's title" "it crashed" "$(field CRASHBOX_TITLE)"
equals "the journal's kernel" 6.1.0 "$(field CRASHBOX_KERNEL)"
equals "the journal's host" web-1 "$(field CRASHBOX_HOST)"
equals "the journal's path" "$crashes/$one" "$(field CRASHBOX_PATH)"
equals "the journal's message" "web-1 has crashed: it crashed ($crashes/$one)" "$(field MESSAGE)"
posted()
{
	/usr/bin/python3 -c 'import json, sys
for line in open(sys.argv[1]):
    one = json.loads(line)
    print(one["event"], one["host"], one["id"], one["title"], one["path"], one.get("signature"))' \
		"$work/posted"
}
equals "the web server's" "crash web-1 8-$one it crashed $crashes/$one 8-$one" "$(posted)"
grep -q "^To: ops@example.com\$" "$work/mail" || fail "mail: $(cat "$work/mail")"
grep -q "^Subject: web-1 has crashed: it crashed\$" "$work/mail" || fail "mail: $(cat "$work/mail")"
grep -q "^a report\$" "$work/mail" || fail "the mail has no report: $(cat "$work/mail")"

ship 0 "$crashes"
equals "told again" "" "$(cat "$work/said")"

# Who does not hear is told later, and alone; what is planted is text, and of the folder's owner.
echo 500 >"$work/status"
crash "$two" 1000
printf '{"signature": "8-x\\"}", "title": "a\\nPRIORITY=0\\u001b[2J\\\\", "host": "h"}\n' \
	>"$crashes/$two/manifest.json"
ship 1 "$crashes"
says "tell webhook: it answers 500" "told journal of $two"
equals "lines of error" 1 "$(grep -vc '^told' "$work/said")"
equals "what was planted" "a?PRIORITY=0?[2J\\" "$(field CRASHBOX_TITLE)"
equals "its priority" 2 "$(field PRIORITY)"
echo 200 >"$work/status"
ship 0 "$crashes"
equals "told later" "told webhook of $two" "$(cat "$work/said")"
equals "posted" 2 "$(posted | wc -l)"

# ---- how things stand -----------------------------------------------------------------

[ ! -e "$root/etc/motd" ] || fail "a motd of folders that were named by hand"
echo 1234567890 >"$root/var/lib/crashbox/last-test"
# A target that cannot be looked at is told as well.
ship 1
says "disk:LABEL=none:/"
grep -qx "crashbox_unread_targets 1" "$root/etc/crashbox.prom" || fail "an unread target"
rules=$top/initramfs/install/crashbox.rules.yml
# by_promtool WORD...: what Prometheus's own tool finds, where it is installed
by_promtool()
{
	! command -v promtool >/dev/null || promtool "$@" >"$work/promtool" 2>&1 ||
		fail "promtool $*: $(cat "$work/promtool")"
}
by_promtool check rules "$rules"
[ "$(id -u)" = 0 ] && target=$(on_disk) || exit 0
sed -i "s|^target .*|target $target|" "$work/conf"
ship 0
prom=$root/etc/crashbox.prom
equals "who may read it" 644 "$(stat -c %a "$prom")"
by_promtool check metrics <"$prom"
for line in "crashbox_armed 1" "crashbox_unread_targets 0" \
	"crashbox_last_test_success_timestamp_seconds 1234567890" \
	"crashbox_crashes{signature=\"8-$one\",title=\"it crashed\"} 1" \
	"crashbox_crashes{signature=\"8-x\\\\\"}\",title=\"a?PRIORITY=0?[2J\\\\\\\\\"} 1" \
	"crashbox_last_crash_timestamp_seconds $(date -u -d \
		"$(echo "${two#web-1-}" | sed 's/-\([0-9:]*\)$/ \1/')" +%s)"; do
	printf '%b\n' "$line" | grep -qxFf - "$prom" || fail "no '$line': $(cat "$prom")"
done
grep -q "^crashbox: 3 crashes saved, the last of 20.*: a?PRIORITY" "$root/etc/motd" ||
	fail "motd: $(cat "$root/etc/motd")"
