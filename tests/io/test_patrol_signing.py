"""The key that packages are signed with: made once, readable by nobody else, known by its print."""

from __future__ import annotations

import hashlib
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from gisapp.errors import DataError, ExportError
from gisapp.io.patrol import signing
from gisapp.io.patrol.signing import SigningKey
from tests.io.packages import contents, package


def test_a_key_is_made_at_first_use_in_the_users_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    key = signing.own_key()
    path = tmp_path / "config" / "gisapp" / "signing-key.pem"
    assert [one.name for one in path.parent.iterdir()] == ["signing-key.pem"]
    assert signing.own_key().fingerprint == key.fingerprint
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        path.chmod(0o644)
        signing.own_key()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_folder_of_a_user_is_that_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", "not/absolute")
    monkeypatch.setenv("APPDATA", str(tmp_path / "roaming"))
    folders = {
        "linux": tmp_path / ".config" / "gisapp",
        "darwin": tmp_path / "Library" / "Application Support" / "gisapp",
        "win32": tmp_path / "roaming" / "gisapp",
    }
    for system, folder in folders.items():
        monkeypatch.setattr(sys, "platform", system)
        assert signing.config_folder() == folder


def test_a_key_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    first = signing.own_key(path)
    signing._keep(signing.new_key(), path)
    assert signing.own_key(path).fingerprint == first.fingerprint
    path.write_text("damaged")
    with pytest.raises(ExportError, match="holds no key") as caught:
        signing.own_key(path)
    assert "receivers must be told" in caught.value.hint
    assert path.read_text() == "damaged"


def test_where_no_key_can_be_kept_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match="cannot be kept"):
        signing.own_key(tmp_path / "file" / "key.pem")
    with pytest.raises(ExportError, match="cannot be read"):
        signing.read_key(tmp_path / "none.pem")


def test_only_a_key_of_the_right_kind_signs(tmp_path: Path) -> None:
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = tmp_path / "key.pem"
    path.write_bytes(X25519PrivateKey.generate().private_bytes(*form))
    with pytest.raises(ExportError, match="another kind"):
        signing.read_key(path)
    with pytest.raises(DataError, match="no Ed25519 key"):
        signing.fingerprint_of_file(path)
    path.write_bytes(Ed25519PrivateKey.generate().private_bytes(*form))
    assert signing.fingerprint_of_file(path) == signing.read_key(path).fingerprint


def test_a_key_has_no_text_that_could_get_into_a_log() -> None:
    key = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))
    assert "SigningKey object" in repr(key)
    assert key.sign(b"x") == key.sign(b"x")
    assert len(key.sign(b"x")) == 64


def test_a_fingerprint_may_be_typed_in_groups() -> None:
    print_ = signing.new_key().fingerprint
    assert signing.plain_fingerprint(signing.in_groups(print_).upper()) == print_
    assert signing.plain_fingerprint("SHA256:" + ":".join(print_)) == print_
    for wrong in ("", "abc", print_[:-1], print_ + "0", "z" * 64):
        with pytest.raises(DataError, match="is not a fingerprint"):
            signing.plain_fingerprint(wrong)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_checks_a_package_as_its_readme_says(tmp_path: Path) -> None:
    files = contents(package(tmp_path / "z.zip"))
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    check = "openssl pkeyutl -verify -pubin -inkey public_key.pem -rawin "
    check += "-in manifest.json -sigfile manifest.sig"
    shown = "openssl pkey -pubin -in public_key.pem -outform DER"
    readme = files["README.txt"].decode().replace("\\\n      ", "")
    assert check in readme
    assert shown in readme

    def run(command: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False)

    assert run(check).returncode == 0
    der = run(shown).stdout
    assert hashlib.sha256(der).hexdigest() == signing.fingerprint(files["public_key.pem"])
    (tmp_path / "manifest.json").write_bytes(files["manifest.json"] + b" ")
    assert run(check).returncode != 0
