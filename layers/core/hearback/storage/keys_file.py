"""Person keys of an embedded installation: wrapped under a master key, one file each, mode 0600, in a folder of their own.

A backup of the store without this folder is unreadable, and so is one with it once a person's key file is gone.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import threading
import time
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hearback.model.errors import NotFound, Permanent, Transient
from hearback.model.ids import PersonId

CACHE_SECONDS: Final = 60.0
_MASTER: Final = "master.key"


class FileKeys:
    """Keys under `home`/keys."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "keys"
        self._cache: dict[PersonId, tuple[float, bytes]] = {}
        self._lock = threading.Lock()
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._folder.chmod(0o700)
            self._master = _created_once(self._folder / _MASTER, os.urandom(32))
        except OSError as error:
            raise Permanent(f"The keys in {self._folder} cannot be used: {error.strerror}.") from error

    def create(self, person: PersonId) -> bytes:
        """Make, wrap and keep a key; the existing one if there is one."""
        nonce, key = os.urandom(12), os.urandom(32)
        wrapped = nonce + AESGCM(self._master).encrypt(nonce, key, person.encode())
        _created_once(self._file(person), wrapped)
        return self.get(person)

    def get(self, person: PersonId) -> bytes:
        """The key. NotFound after erasure; Transient: the folder refuses; Permanent: the file was changed."""
        with self._lock:
            cached = self._cache.get(person)
            if cached is not None and cached[0] > time.monotonic():
                return cached[1]
        try:
            wrapped = self._file(person).read_bytes()
        except FileNotFoundError:
            raise NotFound("This person is not here, or was erased.") from None
        except OSError as error:
            raise Transient(f"The keys in {self._folder} cannot be read: {error.strerror}.") from error
        try:
            key = AESGCM(self._master).decrypt(wrapped[:12], wrapped[12:], person.encode())
        except (InvalidTag, ValueError) as error:
            raise Permanent("A key file was changed; restore the keys folder from its backup.") from error
        with self._lock:
            self._cache[person] = (time.monotonic() + CACHE_SECONDS, key)
        return key

    def erase(self, person: PersonId) -> None:
        """Overwrite and remove the key."""
        with self._lock:
            self._cache.pop(person, None)
        file = self._file(person)
        if file.exists():
            with file.open("r+b") as handle:
                handle.write(os.urandom(file.stat().st_size))
                handle.flush()
                os.fsync(handle.fileno())
            file.unlink()

    def deployment_key(self) -> bytes:
        """The key of the Directory's HMACs."""
        return hmac.new(self._master, b"hearback deployment", hashlib.sha256).digest()

    def _file(self, person: PersonId) -> Path:
        return self._folder / f"{hashlib.sha256(person.encode()).hexdigest()[:32]}.key"


def _created_once(file: Path, content: bytes) -> bytes:
    """Write `content` unless the file exists, atomically, readable by its owner only; answers what it holds."""
    if not file.exists():
        draft = file.with_suffix(f".{os.getpid()}.{threading.get_ident()}.draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        try:
            os.link(draft, file)  # fails where another process was first: theirs stands
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_bytes()
