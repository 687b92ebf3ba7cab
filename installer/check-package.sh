#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Checks a built package: its metadata, that it unpacks and that what it holds starts and plays the
# tour. Usage: check-package.sh PACKAGE.deb   (on Debian 13, in the build environment)
set -euo pipefail
package=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "Package:"
dpkg-deb --info "$package" | sed -n '/Package:/,$p'
here=$(dirname "$(readlink -f "$0")")
desktop-file-validate "$here/voidrun-desktop.desktop"
appstreamcli validate --no-net --explain "$here/io.voidrun.Desktop.metainfo.xml"

missing=
for name in $(dpkg-deb -f "$package" Depends | sed -e 's/([^)]*)//g' -e 's/|[^,]*//g' -e 's/,/ /g'); do
  dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || missing+=" $name"
done
[ -z "$missing" ] || { echo "check-package: not installed here:$missing" >&2; exit 1; }

# Installed under a root of its own, and started from there.
dpkg-deb -x "$package" "$work/root"
"$work/root/usr/bin/voidrun-desktop" --version -platform offscreen
xvfb-run -a -s "-screen 0 1600x1000x24 -nolisten tcp" \
  dbus-run-session -- "$work/root/usr/bin/voidrun-desktop" --tour "$work/tour"
echo "The package installs and starts."
