"""The key that packages are signed with (Ed25519, RFC 8032), and what a receiver checks it by.

Everything is in the usual forms, so that `openssl` can check a package too: PKCS 8 for the key,
SubjectPublicKeyInfo for what receivers get (RFC 8410), and the bare 64 bytes of the signature.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gisapp.errors import DataError, ExportError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

KEY_NAME = "signing-key.pem"
#: A key file is some hundred bytes; what is larger is none.
_MOST_BYTES = 10_000


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """A private key. It has no text form, so that it gets into no log."""

    _key: Ed25519PrivateKey

    def sign(self, data: bytes) -> bytes:
        """The signature, 64 bytes: the same for the same data."""
        return self._key.sign(data)

    @property
    def public_pem(self) -> bytes:
        """What receivers get: the public half as SubjectPublicKeyInfo in PEM."""
        return _pem(self._key.public_key())

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.public_pem)


def new_key() -> SigningKey:
    """A key made just now, kept nowhere."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return SigningKey(Ed25519PrivateKey.generate())


def config_folder() -> Path:
    """Where a program keeps what belongs to a user, as this system has it."""
    asked = os.environ.get("XDG_CONFIG_HOME", "")
    if Path(asked).is_absolute():
        return Path(asked) / "gisapp"
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "gisapp"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "gisapp"
    return Path.home() / ".config" / "gisapp"


def own_key(path: Path | None = None) -> SigningKey:
    """The key of this user, made at first use; only they can read its file.

    ExportError where it can neither be read nor made.
    """
    path = path or config_folder() / KEY_NAME
    try:
        if not path.exists():
            _keep(new_key(), path)
        _close_to_others(path)
    except OSError as error:
        raise ExportError(
            f"The key to sign packages with cannot be kept at {path}: "
            f"{(error.strerror or str(error)).lower()}.",
            "Make room there, or name another file with --key.",
        ) from error
    return read_key(path)


def read_key(path: Path) -> SigningKey:
    """A private key from a file; ExportError where there is none."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        with path.open("rb") as file:
            key = load_pem_private_key(file.read(_MOST_BYTES), None)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise ExportError(f"The key {path} cannot be read: {why}.", "Check its path.") from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ExportError(
            f"{path} holds no key to sign with.",
            "A private Ed25519 key in PEM without a password is needed. If this file is damaged, "
            "move it away: a new key is made, and receivers must be told its fingerprint.",
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ExportError(f"{path} holds a key of another kind.", "An Ed25519 key is needed.")
    return SigningKey(key)


def _keep(key: SigningKey, path: Path) -> None:
    """Write a key that nobody else can read, whole or not at all; one that is there stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".gisapp-{uuid.uuid4().hex[:12]}.pem")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(beside, flags, 0o600), "wb") as file:
            file.write(_private_pem(key))
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a move, never takes the place of a key that another run made meanwhile.
        with suppress(FileExistsError):
            try:
                os.link(beside, path)
            except (PermissionError, NotImplementedError, OSError) as error:
                if isinstance(error, FileExistsError):
                    raise
                beside.rename(path)  # a disk without links
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _close_to_others(path: Path) -> None:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        with suppress(OSError):  # some disks know no modes
            path.chmod(0o600)


def _private_pem(key: SigningKey) -> bytes:
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    return key._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _pem(key: Ed25519PublicKey) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


# What a receiver does


def public_key(pem: bytes) -> Ed25519PublicKey | None:
    """The Ed25519 key in a PEM text (public, or the public half of a private one), or None."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )
    from cryptography.hazmat.primitives.serialization import (
        load_pem_private_key,
        load_pem_public_key,
    )

    for load in (load_pem_public_key, lambda text: load_pem_private_key(text, None)):
        with suppress(ValueError, TypeError, UnsupportedAlgorithm):
            found = load(pem[:_MOST_BYTES])
            if isinstance(found, Ed25519PrivateKey):
                return found.public_key()
            if isinstance(found, Ed25519PublicKey):
                return found
    return None


def is_signed(pem: bytes, signature: bytes, data: bytes) -> bool:
    """Whether the signature is that of the key in a PEM text under just these data."""
    from cryptography.exceptions import InvalidSignature

    key = public_key(pem)
    if key is None:
        return False
    try:
        key.verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(pem: bytes) -> str:
    """SHA-256 of a public key (DER), 64 hexadecimal digits; empty where the text holds none."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = public_key(pem)
    if key is None:
        return ""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def in_groups(print_: str) -> str:
    """A fingerprint as people compare it: groups of four."""
    return " ".join(print_[start : start + 4] for start in range(0, len(print_), 4))


def plain_fingerprint(text: str) -> str:
    """A fingerprint that somebody typed, as 64 digits; DataError for anything else."""
    plain = re.sub(r"[\s:–-]", "", text).lower()
    plain = plain.removeprefix("sha256")
    if not re.fullmatch(r"[0-9a-f]{64}", plain):
        raise DataError(
            f"“{text[:80]}” is not a fingerprint.",
            "It has 64 hexadecimal digits; spaces and colons make no difference.",
        )
    return plain


def fingerprint_of_file(path: Path) -> str:
    """The fingerprint of the key in a file that a sender handed over; DataError without one."""
    try:
        with path.open("rb") as file:
            found = fingerprint(file.read(_MOST_BYTES))
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise DataError(f"The key {path} cannot be read: {why}.", "Check its path.") from error
    if not found:
        raise DataError(
            f"{path} holds no Ed25519 key.", "Use the public_key.pem of a package you trust."
        )
    return found
