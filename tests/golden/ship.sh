#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox ship to an S3 store that checks each signature: what goes first, that nothing goes
# twice and nothing of others is replaced, parts, keys from environment and roles, a command
# in place of it, removal.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/ship.sh
. "$top/tests/ship.sh"
# What is on a command line everybody can read.
mkdir "$work/bin"
printf '#!/bin/sh\necho "$*" >>"%s"\nexec %s "$@"\n' "$work/argv" "$(command -v curl)" \
	>"$work/bin/curl"
chmod +x "$work/bin/curl"
PATH=$work/bin:$PATH
a=h-2026-01-01-10:00:00 b=h-2026-01-02-10:00:00 c=h-2026-01-03-10:00:00

store
s3="ship s3:http://127.0.0.1:$port/bucket/pre"
conf "$s3" "ship_part 5"
crash $a 100000
crash $b 11000000
ship 0 --dry-run "$crashes"
says "would send $a/vmcore" "10 files to send"
equals "a dry run" "" "$(cat "$work/s3/log")"

# ---- all of it, in its order, once -----------------------------------------------

ship 0 "$crashes"
says "10 files sent"
same $a $b
small="report.json report.txt vmcore-dmesg.txt manifest.json"
equals "the order" "$small $small vmcore vmcore" \
	"$(sed -n 's|^sent [^/]*/\([^,]*\),.*|\1|p' "$work/said" | paste -sd ' ')"
equals "parts" 3 "$(asked 'PUT .*partNumber=')"
ship 0 "$crashes"
says "0 files sent"
equals "asked again" "" "$(cat "$work/s3/log")"

# Without the memory of it the store is asked, and nothing is sent.
rm -r "$root/var/lib/crashbox/crashes"
ship 0 "$crashes"
says "is there already: $a/vmcore"
equals "sent again" 0 "$(asked PUT)"

# Other bytes of that name stay, and so does what is not what its manifest says.
rm -r "$root/var/lib/crashbox/crashes"
echo "another log" >"$crashes/$a/vmcore-dmesg.txt"
ship 1 "$crashes"
says "other bytes at" "they were left alone" "is there already: $b/vmcore"
rm -r "$root/var/lib/crashbox/crashes" "$work/s3/store/bucket/pre/$a" "$work/s3/store/bucket/pre/$b"
echo more >>"$crashes/$a/vmcore"
ship 1 "$crashes"
says "$a/vmcore: is not what its manifest says"
equals "a broken dump" "" "$(there | grep "$a/vmcore\$" || :)"
same $b

# Nor one that was read back while it was copied, of which a manifest tells two sums.
d=h-2026-01-05-10:00:00
rm -rf "${crashes:?}/$a"
crash $d 9000
in_parts()
{
	sums="$(head -c 5000 "$crashes/$d/vmcore" | sha256sum | cut -d' ' -f1)"
	sums="\"sha256\": null, \"sha256_head\": \"$sums\", \"sha256_pages\": \"$(tail -c "+$1" \
		"$crashes/$d/vmcore" | sha256sum | cut -d' ' -f1)\", \"bytes\": {\"head\": 5000}"
	sed "s/\"sha256\": \"[^\"]*\"/$sums/" "$work/one" >"$crashes/$d/manifest.json"
}
cp "$crashes/$d/manifest.json" "$work/one"
in_parts 5002
ship 1 "$crashes"
says "$d/vmcore: is not what its manifest says"
in_parts 5001
printf x | dd of="$crashes/$d/vmcore" conv=notrunc bs=1 seek=4999 2>"$work/dd"
ship 1 "$crashes"
says "$d/vmcore: is not what its manifest says"
in_parts 5001
rm -r "$root/var/lib/crashbox/crashes" "$work/s3/store/bucket/pre/$d"
ship 0 "$crashes"
same $d
rm -r "${crashes:?}/$d"

# A clock that is not set: the name is there already, and it is another crash.
e=h-1970-01-01-00:00:09
crash $e 1000
rm -rf "${crashes:?}/$a"
ship 0 "$crashes"
same $e
mv "$crashes/$e" "$work/first"
crash $e 1000
echo "[    2.0] of another one" >"$crashes/$e/vmcore-dmesg.txt"
ship 1 "$crashes"
says "other bytes at" "they were left alone"
diff -r -x '*.meta' "$work/first" "$work/s3/store/bucket/pre/$e" || fail "the first one is gone"
rm -r "${crashes:?}/$e"

# Where any user may write, a folder of another user's, and links, are nobody's crash.
rm -r "${work:?}/s3/store/bucket" "$root/var/lib/crashbox/crashes"
crash $c 1000
echo secret >"$work/secret"
ln -sf "$work/secret" "$crashes/$c/kexec-dmesg.log"
if [ "$(id -u)" = 0 ]; then
	crash evil-2026-01-04-10:00:00 1000
	chown -R 12345 "$crashes/evil-2026-01-04-10:00:00"
fi
ship 1 "$crashes"
says "kexec-dmesg.log: cannot open"
equals "planted" "" "$(there | grep -E "evil|kexec" || :)"
rm -rf "$crashes/evil-2026-01-04-10:00:00" "$crashes/$c/kexec-dmesg.log"
same $b $c

rm -f "$crashes"/*/report.* "$crashes"/*/*.txt
# ---- keys --------------------------------------------------------------------------

# keys STATUS VARIABLE=VALUE...: another crash, and the keys of these
nr=0
keys()
{
	wanted_status=$1
	shift
	nr=$((nr + 1))
	when=10:00:$(printf %02d $nr)
	crash "k-2026-02-01-$when" 10
	(
		unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
		for word in "$@"; do
			export "${word?}"
		done
		ship "$wanted_status" "$crashes"
	) || exit 1
	rm -r "$crashes/k-2026-02-01-$when"
}
id=AWS_ACCESS_KEY_ID=$AWS_ACCESS_KEY_ID
secret=AWS_SECRET_ACCESS_KEY=$AWS_SECRET_ACCESS_KEY
keys 1 "$id" AWS_SECRET_ACCESS_KEY=wrong
says "answers 403 SignatureDoesNotMatch"
keys 1 "$id" "$secret" "AWS_REGION=mars-1"
says "AuthorizationHeaderMalformed"
keys 1 AWS_EC2_METADATA_DISABLED=true
says "AWS_ACCESS_KEY_ID is not set"
store S3_TOKEN=a+session/token== S3_REGION=mars-1
conf "ship s3:http://127.0.0.1:$port/bucket" "ship_region mars-1"
here=http://127.0.0.1:$port
keys 1 "$id" "$secret"
says "answers 403 InvalidToken"
keys 0 "$id" "$secret" "AWS_SESSION_TOKEN=a+session/token=="
keys 0 "AWS_CONTAINER_CREDENTIALS_FULL_URI=$here/role" AWS_CONTAINER_AUTHORIZATION_TOKEN=letmein
keys 0 "AWS_EC2_METADATA_SERVICE_ENDPOINT=$here"
# The node's role, from a container that sees this machine's root.
agent=$AGENT
# shellcheck disable=SC2016 # of the script that is written
printf '#!/bin/sh\nexec "%s" node --root / "$@"\n' "$agent" >"$work/node"
chmod +x "$work/node"
[ "$(id -u)" != 0 ] || AGENT=$work/node keys 0 "AWS_EC2_METADATA_SERVICE_ENDPOINT=$here"
AGENT=$agent
echo jwt >"$work/jwt"
keys 0 "AWS_WEB_IDENTITY_TOKEN_FILE=$work/jwt" AWS_ROLE_ARN=arn:aws:iam::1:role/x \
	"AWS_ENDPOINT_URL_STS=$here"
keys 1 "AWS_CONTAINER_CREDENTIALS_FULL_URI=$here/role" AWS_CONTAINER_AUTHORIZATION_TOKEN=wrong
says "$here/role"

# TLS: by who is known, and nobody else. The keys of before are refused by another store.
if openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
	-addext subjectAltName=DNS:localhost -keyout "$work/key.pem" -out "$work/cert.pem" \
	>"$work/openssl" 2>&1; then
	cat "$work/cert.pem" "$work/key.pem" >"$work/both.pem"
	store S3_CERT="$work/both.pem"
	conf "ship s3:https://localhost:$port/tls"
	keys 1 "$id" "$secret"
	says "certificate"
	equals "asked before it was known" "" "$(cat "$work/s3/log")"
	keys 0 "$id" "$secret" "CURL_CA_BUNDLE=$work/cert.pem"
fi
stop_store
crash $a 10
conf "ship s3:http://127.0.0.1:$port/bucket"
ship 1 "$crashes"
says "curl" "127.0.0.1"
conf "ship s3:http://192.0.2.1/bucket"
ship 1 "$crashes"
says "use https"

equals "curl's command lines" "-q -K -" "$(sort -u "$work/argv")"

# ---- a command, and what is removed --------------------------------------------------

rm -r "$root/var/lib/crashbox/crashes"
mkdir "$work/up"
cat >"$work/upload" <<END
#!/bin/sh
[ ! -e "$work/refuse" ] || { echo "the door is shut" >&2; exit 3; }
mkdir -p "$work/up/\$CRASHBOX_FOLDER"
cat >"$work/up/\$CRASHBOX_FOLDER/\$CRASHBOX_FILE"
echo "\$CRASHBOX_SHA256  $work/up/\$CRASHBOX_FOLDER/\$CRASHBOX_FILE" | sha256sum -c --quiet
END
chmod +x "$work/upload"
conf "ship_command $work/upload" "ship_remove yes"
# What was not confirmed is nothing to prune.
prune()
{
	"$AGENT" prune --config "$work/conf" --root "$root" --keep 0 -n "$@" "$crashes" \
		>"$work/said" 2>&1 || fail "prune: $(cat "$work/said")"
}
prune
says "0 dumps" "3 not sent to where"
prune --unsent
says "3 dumps"
cp "$work/conf" "$work/one-way"
echo "ship s3:http://127.0.0.1:$port/bucket" >>"$work/conf"
rc=0
"$AGENT" prune --config "$work/conf" --root "$root" --keep 0 "$crashes" >"$work/said" 2>&1 || rc=$?
equals "prune where the way is not clear" 1 "$rc"
says "where to is said twice" "--unsent"
prune --unsent
says "3 dumps"
mv "$work/one-way" "$work/conf"
touch "$work/refuse"
ship 1 "$crashes"
says "ship_command" "status 3: the door is shut"
[ -s "$crashes/$b/vmcore" ] || fail "removed before it was confirmed"
rm "$work/refuse"
cp -r "$crashes" "$work/before"
ship 0 "$crashes"
says "3 dumps removed here"
prune
says "0 dumps, 0 B would be freed"
equals "what prune keeps" 0 "$(grep -c 'not sent' "$work/said" || :)"
diff -r "$work/before" "$work/up" || fail "not all has come"
equals "what stays" "manifest.json report.json report.txt vmcore-dmesg.txt" \
	"$(cd "$crashes/$a" && echo *)"
# What fits into a pipe was taken by nobody for all that.
conf "ship_command true"
ship 1 "$crashes"
says "has ended without reading all"
# Killed in the middle: nobody takes that for the end.
crash h-2026-01-09-10:00:00 7000
cat >"$work/upload" <<END
#!/bin/sh
to="$work/named-\$CRASHBOX_FILE"
sh -c 'cat >"\$0.part" && mv "\$0.part" "\$0"' "\$to"
END
for signal in HUP TERM KILL; do
	conf "ship_command $work/upload" "ship_rate 1"
	"$AGENT" ship --config "$work/conf" --root "$root" "$crashes" >"$work/said" 2>&1 &
	for _ in $(seq 100); do
		[ ! -e "$work/named-vmcore.part" ] || break
		sleep 0.1
	done
	[ -e "$work/named-vmcore.part" ] || fail "the dump has not begun: $(cat "$work/said")"
	kill -$signal $!
	wait $! || :
	sleep 1
	[ ! -e "$work/named-vmcore" ] || fail "killed by $signal, a part has the name of the whole"
	rm "$work/named-vmcore.part"
done
conf "ship_command cat >/dev/null" "ship_rate 2"
began=$(date +%s)
ship 0 "$crashes"
[ $(($(date +%s) - began)) -ge 3 ] || fail "faster than 2 KiB a second"
mkdir -p "$root/etc"
echo AWS_ACCESS_KEY_ID=x >"$root/etc/crashbox-ship.env"
chmod 640 "$root/etc/crashbox-ship.env"
ship 0 "$crashes"
says "crashbox-ship.env: others than root may read"
chmod 600 "$root/etc/crashbox-ship.env"
ship 0 "$crashes"
equals "for root alone" 0 "$(grep -c 'others than root' "$work/said" || :)"
conf "level 31"
ship 0 --if-configured "$crashes"
ship 1 "$crashes"
says "no line 'ship WHERE'"
