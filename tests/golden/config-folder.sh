#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The files of crashbox.conf.d: in the order of their names behind crashbox.conf, a later line
# wins, mistakes are named by file and line, an image holds all of them, and status compares
# all of them. And the machine's id for names of clones.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/machine.sh
. "$top/tests/machine.sh"

cd "$work"
printf 'target disk:LABEL=crash:/\nlevel 16' >conf	# no newline behind it
mkdir conf.d
printf 'level 31\ndeadline 500\n' >conf.d/20-late.conf
printf 'level 17\nstall 40\n' >conf.d/10-early.conf
echo 'level nonsense' >conf.d/30-backup.conf.bak
echo 'level nonsense' >conf.d/.hidden.conf
"$AGENT" config conf >got || fail "not taken: $(cat got)"
for line in 'target disk:LABEL=crash:/' 'level 31' 'stall 40' 'deadline 500'; do
	grep -qx "$line" got || fail "no '$line' in: $(cat got)"
done

# says WORDS: the configuration is refused with them
says()
{
	if "$AGENT" config conf >got 2>&1; then
		fail "was taken: wanted '$1'"
	fi
	grep -q "$1" got || fail "wanted '$1': $(cat got)"
}

printf '# one\n\nlevle 3\n' >conf.d/15-wrong.conf
says '^crashbox: conf.d/15-wrong.conf line 3: unknown key .levle'
rm conf.d/15-wrong.conf
mkdir conf.d/40-folder.conf
says 'conf.d/40-folder.conf: it is a folder'
rmdir conf.d/40-folder.conf
head -c 9000 /dev/zero | tr '\0' '#' >conf.d/50-long.conf
cp conf.d/50-long.conf conf.d/51-long.conf
says 'conf.d/51-long.conf: with what is before it longer than 16381 bytes'
rm conf.d/5*
# Whatever stands at the byte where it would be cut.
for at in $(seq 16370 16383); do
	{
		head -c $((at - $(cat conf conf.d/*.conf | wc -c) - 120)) /dev/zero | tr '\0' '#'
		echo
		for i in $(seq 40); do echo 'level 0'; done
	} >conf.d/50-long.conf
	says 'conf.d/50-long.conf: with what is before it longer than 16381 bytes'
done
rm conf.d/5*
long=$(printf '%0100d.conf' 1)
touch "conf.d/$long"
says 'too long a name'
rm "conf.d/$long"
for i in $(seq 70); do touch "conf.d/many-$i.conf"; done
says 'conf.d: more than 64 files'
rm conf.d/many-*

# An image has them all, each with its name.
"$AGENT" image --agent "$top/build/crashbox" --config conf --config-only --print-config >got
cat >want <<END
target disk:LABEL=crash:/
level 16
#from conf.d/10-early.conf
level 17
stall 40
#from conf.d/20-late.conf
level 31
deadline 500
END
diff -u want got || fail "the image's configuration is another one"
"$AGENT" config got >again || fail "what an image holds is no configuration: $(cat again)"
"$AGENT" config conf | cmp - again || fail "an image holds another configuration"

# The folder alone will do; neither of them will not.
mv conf conf.d/05-first.conf
"$AGENT" config conf | cmp - again || fail "the folder alone is another configuration"
rm -r conf.d
says 'cannot open conf: No such file'

# status reads what load reads.
another
mkdir -p "$at/etc/crashbox.conf.d"
put etc/crashbox.conf.d/10-fleet.conf 'stall 40'
status 1
row warn inside 'has another configuration than .*/crashbox.conf'
printf '#from /etc/crashbox.conf.d/10-fleet.conf\nstall 40\n' >>"$tree/etc/crashbox.conf"
sed -i "s|^#from .*|#from $at/etc/crashbox.conf.d/10-fleet.conf|" "$tree/etc/crashbox.conf"
(cd "$tree" && find etc | cpio --quiet -o -H newc) >>"$at/$image"
record
status 0
row ok inside 'has the configuration'
put etc/crashbox.conf.d/10-fleet.conf 'levle 17'
status 2
row fail config 'crashbox.conf.d/10-fleet.conf line 1: unknown key .levle'

# What a crash would not read is no configuration.
put etc/crashbox.conf.d/10-fleet.conf 'stall 40'
cp "$tree/etc/crashbox.conf" kept
head -c 17000 /dev/zero | tr '\0' '#' >>"$tree/etc/crashbox.conf"
(cd "$tree" && find etc | cpio --quiet -o -H newc) >>"$at/$image"
record
status 2
row fail inside 'is longer than 16381 bytes, and a crash would not read it'
cp kept "$tree/etc/crashbox.conf"
(cd "$tree" && find etc | cpio --quiet -o -H newc) >>"$at/$image"
record

# %m is what load found, and only asked for where the name wants it.
put etc/machine-id 0123456789abcdef0123456789abcdef
put etc/crashbox.conf.d/10-fleet.conf 'host %H-%m'
"$AGENT" show --root "$at" --command-line >got
grep -Eq ' crashbox.machine_id=0123456789abcdef0123456789abcdef( |$)' got || fail "$(cat got)"
for id in uninitialized '' 0123456789ABCDEF0123456789abcdef; do
	put etc/machine-id "$id"
	"$AGENT" show --root "$at" --command-line >got
	! grep -q machine_id got || fail "'$id' was taken for an id"
done
put etc/machine-id 0123456789abcdef0123456789abcdef
printf 'host %%H-%%m\nmachine_id 1123456789abcdef0123456789abcdef\n' \
	>"$at/etc/crashbox.conf.d/10-fleet.conf"
"$AGENT" show --root "$at" --command-line >got
! grep -q machine_id got || fail "load says another id than the configuration"
put etc/crashbox.conf.d/10-fleet.conf 'host web'
"$AGENT" show --root "$at" --command-line >got
! grep -q machine_id got || fail "an id that nothing asks for"
