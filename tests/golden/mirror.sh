# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154 # work and top are tests/lib.sh's
#
# For tests of downloads: a mirror on this machine, $work/site, that lies as $work/lies
# says (tests/tools/liar.py), and an apt that knows nothing of this machine's own.

mirror_apt_config()
{
	cat >"$APT_CONFIG" <<-END
		Dir::Etc::Main "/dev/null";
		Dir::Etc::Parts "$work/no-parts";
	END
}

# mirror_start: sets $port
mirror_start()
{
	unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY \
		DEBIAN_MIRROR DEBIAN_SECURITY_MIRROR CRASHBOX_MIRROR
	APT_CONFIG=$work/apt.conf
	export APT_CONFIG
	mirror_apt_config
	mkdir -p "$work/site" "$work/no-parts"
	/usr/bin/python3 "$top/tests/tools/liar.py" "$work" >"$work/liar.log" 2>&1 &
	for _ in $(seq 100); do
		[ ! -s "$work/port" ] || break
		sleep 0.1
	done
	[ -s "$work/port" ] || fail "no server: $(cat "$work/liar.log")"
	port=$(cat "$work/port")
}
