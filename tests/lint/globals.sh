#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No mutable data at file scope: what a function needs is in its signature. The list of
# exceptions is short and says why.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

# log.c keeps warnings for the manifest, from any thread;
# corereader.c has the place a SIGBUS handler returns to, which has no other way.
allowed="^(agent/base/log|agent/vmcore/corereader)$"
found=false
for object in $(find build/musl build/host -name "*.o" 2> /dev/null | sort); do
	unit=${object#build/*/}
	unit=${unit%.o}
	case $unit in agent/*) ;; *) unit=agent/$unit ;; esac
	case $unit in agent/deps/*) continue ;; esac
	[ -f "$unit.c" ] || continue	# left over from a file that is gone
	found=true
	case $object in build/host/*) continue ;; esac	# sanitizers add data of their own
	echo "$unit" | grep -qE "$allowed" && continue
	nm "$object" | awk -v unit="$unit" '$2 ~ /^[bBdDC]$/ { print unit ": mutable global " $3 }'
done > build/lint-globals
$found || [ -s build/lint-globals ] || complain "no objects under build/musl; run make first"
verdict < build/lint-globals
