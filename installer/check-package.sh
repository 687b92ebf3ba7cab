#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Checks the installed package: its metadata, and that it starts and plays the tour.
# `./dev package` runs this on a fresh Debian 13 on which apt has installed the package.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

dpkg-query -W -f '${Package} ${Version}: ${db:Status-Status}\n' voidrun-desktop
desktop-file-validate /usr/share/applications/voidrun-desktop.desktop
appstreamcli validate --no-net --explain /usr/share/metainfo/io.voidrun.Desktop.metainfo.xml
voidrun-desktop --version -platform offscreen
export HOME=$work
xvfb-run -a -s "-screen 0 1600x1000x24 -nolisten tcp" dbus-run-session -- bash -c '
  openbox >/dev/null 2>&1 & wm=$!
  voidrun-desktop --tour "$1" </dev/null; code=$?
  kill $wm 2>/dev/null
  exit $code' tour "$work/tour"
echo "The package installs and starts."
