# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154,SC2034 # work and top are tests/lib.sh's, apt is for tests
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

# archive_start: a mirror of Debian packages, signed with a key made for it
archive_start()
{
	for program in apt-get gpg dpkg-deb; do
		command -v $program >/dev/null || skip "there is no $program (tests/setup)"
	done
	mirror_start
	DEBIAN_MIRROR=http://127.0.0.1:$port/debian
	DEBIAN_SECURITY_MIRROR=http://127.0.0.1:$port/security
	DEBIAN_KEYRING=$work/keys.gpg
	GNUPGHOME=$work/gnupg
	export DEBIAN_MIRROR DEBIAN_SECURITY_MIRROR DEBIAN_KEYRING GNUPGHOME
	# A tree of its own, so that build/ is.
	mkdir -p "$work/tree"
	ln -s "$top/agent" "$top/qemu" "$top/kernel-config" "$work/tree/"
	apt=$work/tree/agent/deps/apt

	mkdir -m 700 "$GNUPGHOME"
	# Its agent would outlive the test.
	trap 'gpgconf --kill gpg-agent' EXIT
	for user in archive stranger; do
		gpg -q --batch --passphrase '' --quick-generate-key $user ed25519 sign never
	done
	gpg -q --export archive >"$DEBIAN_KEYRING"
}

# archive_fresh: nothing in it, and nothing known of it
archive_fresh() { rm -rf "$work/tree/build" "$work/site" "$work/lies"; }

# publish SUITE PACKAGE...: lists with these, "NAME VERSION PATH..." each, signed by $signer
publish()
{
	case $1 in
	*-security) at=$work/site/security ;;
	*) at=$work/site/debian ;;
	esac
	suite=$1
	shift
	printf '%s\n' "$@" | sed '/^$/d' | "$top/tests/tools/archive.py" "$at" "$suite"
	rm -f "$at/dists/$suite/InRelease"
	gpg -q --batch -u "${signer:-archive}" --clearsign -o "$at/dists/$suite/InRelease" \
		"$at/dists/$suite/Release"
}

# says WHAT PATTERN: that it was told in $work/said
says() { grep -q "$2" "$work/said" || fail "$1: not told: $2; but: $(cat "$work/said")"; }
