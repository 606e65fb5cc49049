#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A line of a fragment that Kconfig did not take is an error that names it, what was asked
# for and what came; profiles name fragments that exist.
set -eu

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

cat >"$out/config" <<-END
	CONFIG_EXT4_FS=y
	CONFIG_NR_CPUS=8
	# CONFIG_XFS_FS is not set
	CONFIG_MODULES=y
END
printf 'CONFIG_EXT4_FS=y\nCONFIG_NR_CPUS=2\n' >"$out/first"
printf '# CONFIG_LOST=y is only a remark\nCONFIG_NR_CPUS=8\n' >"$out/good"
kernel-config/survived "$out/config" "$out/first" "$out/good" || {
	echo "FAIL: lines that are there are said to be lost"
	exit 1
}

# lost LINE WHAT: must be refused with these words
lost() {
	echo "$1" >"$out/bad"
	if kernel-config/survived "$out/config" "$out/first" "$out/good" "$out/bad" \
		2>"$out/said"; then
		echo "FAIL: $1 is not missed"
		exit 1
	fi
	grep -qF "$2" "$out/said" || {
		echo "FAIL: $1: no '$2' in: $(cat "$out/said")"
		exit 1
	}
}
lost CONFIG_XFS_FS=y "CONFIG_XFS_FS: asked for y, got n"
lost CONFIG_NR_CPUS=16 "CONFIG_NR_CPUS: asked for 16, got 8"
lost CONFIG_NO_SUCH=y "CONFIG_NO_SUCH: asked for y, got nothing"
lost "# CONFIG_MODULES is not set" "CONFIG_MODULES: asked for n, got y"

awk '!/^#/ { for (i = 2; i <= NF; i++) print $i }' kernel-config/profiles | sort -u |
	while read -r name; do
		set -- "kernel-config/$name".config "kernel-config/$name"-*.config
		[ -f "$1" ] || [ -f "$2" ] || {
			echo "FAIL: profiles: there is no fragment $name"
			exit 1
		}
	done
