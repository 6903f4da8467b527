#!/bin/sh
# Install packages with apt, or say what to do. Usage: tools/apt_install.sh REASON PACKAGE...
set -eu

reason=$1
shift
echo "$reason $*"

if ! command -v apt-get >/dev/null 2>&1; then
  echo "There is no apt-get here. Install what corresponds to them with your package manager."
  echo "Going on without; a message about a missing library means one of these."
  exit 0
fi

if [ "$(id -u)" = 0 ]; then
  sudo=""
elif command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
  sudo=sudo
else
  echo "Run this as an administrator, then try again:"
  echo "    apt-get update && apt-get install --no-install-recommends $*"
  exit 1
fi

echo "Installing them with apt-get."
export DEBIAN_FRONTEND=noninteractive
# Lists of packages may be older than the packages, or not there at all on a fresh machine.
$sudo apt-get update -qq || echo "The lists of packages could not be renewed; trying with those there are."
if ! $sudo apt-get install -y -qq --no-install-recommends "$@" >/dev/null; then
  echo "apt-get could not install them. Try it by hand:"
  echo "    apt-get install --no-install-recommends $*"
  exit 1
fi
