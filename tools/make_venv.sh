#!/bin/sh
# Make .venv with Python 3.11 or newer, unless it is there and works. Usage: tools/make_venv.sh FOLDER
set -eu

folder=${1:?folder}
new_enough='import sys; sys.exit(sys.version_info < (3, 11))'

if [ -x "$folder/bin/python" ] && "$folder/bin/python" -c "$new_enough" 2>/dev/null &&
  "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
  exit 0
fi

python=""
for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14; do
  if command -v "$name" >/dev/null 2>&1 && "$name" -c "$new_enough" 2>/dev/null; then
    python=$name
    break
  fi
done
if [ -z "$python" ]; then
  echo "gisapp needs Python 3.11 or newer, and none was found."
  if command -v python3 >/dev/null 2>&1; then
    echo "python3 here is $(python3 --version 2>&1)."
  fi
  echo "Install one, or name it: make PYTHON=/path/to/python3.11 run"
  exit 1
fi

# Debian ships the venv module without what it needs to make one.
if ! "$python" -c "import ensurepip, venv" 2>/dev/null; then
  version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  "$(dirname "$0")/apt_install.sh" "Making a virtual environment needs" "python$version-venv"
  if ! "$python" -c "import ensurepip, venv" 2>/dev/null; then
    echo "$python still cannot make a virtual environment: install its venv and ensurepip modules."
    exit 1
  fi
fi

echo "Making $folder with $("$python" --version 2>&1)."
"$python" -m venv --clear "$folder"
