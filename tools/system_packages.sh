#!/bin/sh
# Install the system packages that gisapp needs where apt is there and they are missing.
# Usage: tools/system_packages.sh run|test
#
# Libraries are looked for by the name of their file, because packages are renamed between releases.
set -eu

purpose=${1:?run or test}

drawing="libEGL.so.1:libegl1 libGL.so.1:libgl1 libxkbcommon.so.0:libxkbcommon0
  libdbus-1.so.3:libdbus-1-3 libfontconfig.so.1:libfontconfig1 libfreetype.so.6:libfreetype6
  libglib-2.0.so.0:libglib2.0-0 libX11.so.6:libx11-6"
window="libxcb-cursor.so.0:libxcb-cursor0 libxcb-icccm.so.4:libxcb-icccm4
  libxcb-keysyms.so.1:libxcb-keysyms1 libxcb-image.so.0:libxcb-image0
  libxcb-render-util.so.0:libxcb-render-util0 libxcb-shape.so.0:libxcb-shape0
  libxcb-randr.so.0:libxcb-randr0 libxcb-xkb.so.1:libxcb-xkb1
  libxkbcommon-x11.so.0:libxkbcommon-x11-0 libX11-xcb.so.1:libx11-xcb1"
commands="pdftotext:poppler-utils ogrinfo:gdal-bin"

[ "$(uname -s)" = Linux ] || exit 0

# ldconfig is not on the path of ordinary users on Debian.
PATH="$PATH:/usr/sbin:/sbin"
known=$(ldconfig -p 2>/dev/null || true)
missing=""
for pair in $drawing $window; do
  case "$known" in
    *"${pair%%:*} "*) ;;
    *) missing="$missing ${pair#*:}" ;;
  esac
done
if ! find /usr/share/fonts /usr/local/share/fonts -name '*.[to]tf' 2>/dev/null | grep -q .; then
  missing="$missing fonts-dejavu-core"
fi
if [ "$purpose" = test ]; then
  for pair in $commands; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair#*:}"
  done
fi
[ -n "$missing" ] || exit 0

exec "$(dirname "$0")/apt_install.sh" "gisapp needs system packages that are missing:" $missing
