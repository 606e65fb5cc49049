#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tests/bench-signals.sh [N]: what `crashbox load --trace-signals` costs the running kernel:
# signals a second of CPU time to a process that ignores them, N each time (default 200000), without the
# event, with it of a signal that it is not for, and with it. Root; tracefs is mounted where
# nobody else sees it, and the ring is one of its own, armed as agent/kexec/trace_signals.c
# does it.
set -eu

n=${1:-200000}
[ -n "${BENCH_INSIDE:-}" ] || exec unshare --mount env BENCH_INSIDE=yes "$0" "$n"
source=${0%/*}/../agent/kexec/trace_signals.c
filter=$(sed -n 's/^#define FILTER "\(.*\)"$/\1/p' "$source")
kib=$(sed -n 's/^#define RING_KIB "\([0-9]*\)".*/\1/p' "$source")
mount -t tracefs tracefs /sys/kernel/tracing
ring=/sys/kernel/tracing/instances/crashbox-bench
event=$ring/events/signal/signal_generate
mkdir "$ring"
trap 'echo 0 >"$event/enable"; rmdir "$ring"' EXIT
trap 'exit 1' HUP INT TERM
echo "$kib" >"$ring/buffer_size_kb"
echo "$filter" >"$event/filter"

# rate SIGNAL: in thousands a second of CPU time, the best of five
rate()
{
	/usr/bin/python3 - "$n" "$1" <<'END'
import os, signal, sys, time
n, number = int(sys.argv[1]), int(sys.argv[2])
child = os.fork()
if not child:
	signal.signal(number, signal.SIG_IGN)
	signal.pause()
time.sleep(0.2)
best = 0.0
for _ in range(5):
	begun = time.process_time()
	for _ in range(n):
		os.kill(child, number)
	best = max(best, n / (time.process_time() - begun))
os.kill(child, signal.SIGKILL)
print(f"{best / 1000:.0f}")
END
}

printf '%-28s %s thousand signals a CPU second\n' "not armed, SIGUSR1" "$(rate 10)" \
	"not armed, SIGTERM" "$(rate 15)"
echo 1 >"$event/enable"
printf '%-28s %s thousand signals a CPU second\n' "armed, SIGUSR1 (left out)" "$(rate 10)" \
	"armed, SIGTERM (noted)" "$(rate 15)"
