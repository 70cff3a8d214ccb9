#!/usr/bin/env bash
# The life of the .deb on this machine: checked, installed in a lower version, run by a plain user,
# upgraded with that user's data kept, run under hard conditions, removed without a trace.
# Usage: sudo packaging/check_deb.sh dist/slipstream_VERSION_amd64.deb
# Needs root, apt-get, lintian, appstreamcli, desktop-file-validate, Xvfb, python3.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
deb=$(realpath "$1")
user=slipstream-check
lower=0.0.1~check
work=$(mktemp -d)

say() { echo "check_deb: $*"; }
fail() { say "FAILED: $*"; exit 1; }
clean_up() {
  apt-get purge -y -q slipstream >/dev/null 2>&1 || true
  userdel --remove "$user" >/dev/null 2>&1 || true
  rm -rf "$work"
}

[ "$(id -u)" = 0 ] || fail "run it as root"
! dpkg-query --status slipstream >/dev/null 2>&1 || fail "slipstream is installed here already"
trap clean_up EXIT
chmod 755 "$work"

as_user() {
  runuser -u "$user" -- env -i HOME="/home/$user" PATH=/usr/bin:/bin LANG=C.UTF-8 \
    QT_QPA_PLATFORM=offscreen "$@"
}
ask() {
  as_user slipstream --ask "$1" --screenshot "/home/$user/$2" --quit --no-error-windows
}
installed_version() { dpkg-query --show --showformat '${Version}' slipstream; }
# Everything of the user's but logs, settings and chats in use, which every run writes anew.
own_files() { (cd "/home/$user" && find .config .local/share -type f -name 'kept*' -exec sha256sum {} + | sort); }

count_chats() {
  python3 -c 'import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM message").fetchone()[0])' \
    "$chats/chats/chats.sqlite3"
}

say "lintian"
lintian --fail-on error --tag-display-limit 0 "$deb"
say "desktop entry and metainfo"
dpkg-deb --extract "$deb" "$work/tree"
desktop-file-validate "$work/tree/usr/share/applications/slipstream.desktop"
appstreamcli validate --no-net "$work/tree/usr/share/metainfo/slipstream.metainfo.xml"

say "a package of the lower version $lower"
dpkg-deb --control "$deb" "$work/tree/DEBIAN"
version=$(dpkg-deb --field "$deb" Version)
sed -i "s/^Version: .*/Version: $lower/" "$work/tree/DEBIAN/control"
dpkg-deb --root-owner-group -Zgzip -z1 --build "$work/tree" "$work/lower.deb" >/dev/null
rm -rf "$work/tree"

say "installing it"
DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$work/lower.deb" >/dev/null
rm "$work/lower.deb"
[ "$(installed_version)" = "$lower" ] || fail "not installed"
useradd --create-home "$user"
ask "Tell me a story about a dog." before.png
as_user slipstream-engine chat --max-new-tokens 20 --prompt "Who are you?" >/dev/null
[ -s "/home/$user/before.png" ] || fail "no picture"
chats="/home/$user/.local/share/slipstream"
[ -d "$chats" ] || fail "no data folder"
as_user sh -c 'mkdir -p ~/.local/share/slipstream/models/kept && echo weights > ~/.local/share/slipstream/models/kept/kept.bin'
as_user sh -c 'echo settings > ~/.config/slipstream/kept.json'
kept=$(own_files)
stored=$(count_chats)
[ "$stored" -ge 1 ] || fail "the chat was not stored"

say "upgrading to $version"
DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$deb" >/dev/null
[ "$(installed_version)" = "$version" ] || fail "not upgraded"
[ "$(own_files)" = "$kept" ] || fail "the upgrade touched the user's data"
ask "Who are you?" after.png
[ -s "/home/$user/after.png" ] || fail "no picture after the upgrade"
[ "$(count_chats)" -gt "$stored" ] || fail "chats are gone"

say "the installed program under hard conditions"
python3 "$here/smoke.py" /opt/slipstream/slipstream

say "removing"
apt-get remove -y -q slipstream >/dev/null
for path in /opt/slipstream /usr/bin/slipstream /usr/bin/slipstream-engine \
  /usr/share/applications/slipstream.desktop /usr/share/doc/slipstream; do
  [ ! -e "$path" ] && [ ! -L "$path" ] || fail "$path was left behind"
done
[ "$(own_files)" = "$kept" ] || fail "the removal touched the user's data"
say "ok"
