# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034 # what is set here is read elsewhere
#
# What the parts of the image builder have in common: this machine's devices as sysfs
# shows them, and the hosts that a configuration names. SYSFS stands in for /sys.
set -eu
sysfs=${SYSFS:-/sys}
PATH=$PATH:/usr/sbin:/sbin

die()
{
	echo "initramfs/${0##*/}: $*" >&2
	exit 1
}

# drivers_above FOLDER: of the device there and of those it hangs on
drivers_above()
{
	at=$1
	while [ "$at" != / ] && [ "$at" != "$sysfs" ]; do
		if [ -e "$at/driver/module" ]; then
			basename "$(readlink -f "$at/driver/module")"
		fi
		at=${at%/*}
		[ -n "$at" ] || at=/
	done
}

# values KEY CONFIG: what stands behind a key, one line each
values()
{
	sed -n "s/^[[:blank:]]*$1[[:blank:]]\{1,\}\(.*[^[:blank:]]\)[[:blank:]]*$/\1/p" "$2"
}

is_address()
{
	case $1 in
	*:*) return 0 ;;
	*[!0-9.]*) return 1 ;;
	esac
}

# hosts CONFIG: of its targets, once each: nfs:HOST:/..., sftp:USER@HOST[:PORT]:/...
hosts()
{
	values target "$1" | while read -r target; do
		host=${target#*:}
		case $target in
		disk:*) continue ;;
		sftp:*) host=${host#*@} ;;
		esac
		case $host in
		\[*\]*) host=${host#\[} && host=${host%%\]*} ;;
		*) host=${host%%:*} ;;
		esac
		[ -z "$host" ] || echo "$host"
	done | awk '!seen[$0]++'
}
