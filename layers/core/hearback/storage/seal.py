"""Sealing of every stored body: AES-256-GCM under the person's key, bound to person, item and purpose.

Layout: one version byte, 12 bytes nonce, ciphertext with its 16-byte tag. A body moved to another person, item or
purpose does not open. Bodies are compressed before sealing where that pays.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import zlib
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hearback.model.errors import Permanent

_PLAIN: Final = b"\x01"
_DEFLATED: Final = b"\x02"
_WORTH_DEFLATING: Final = 400
_MAX_BODY: Final = 64 * 1024 * 1024


def seal(key: bytes, body: bytes, *, person: str, item: str, purpose: str) -> bytes:
    """`body` as it may be stored."""
    kind = _PLAIN
    if len(body) > _WORTH_DEFLATING:
        body, kind = zlib.compress(body, 1), _DEFLATED
    nonce = os.urandom(12)
    return kind + nonce + AESGCM(key).encrypt(nonce, body, _associated(kind, person, item, purpose))


def open_(key: bytes, sealed: bytes, *, person: str, item: str, purpose: str) -> bytes:
    """The body again. Permanent: it was sealed for another person, item or purpose, or was changed."""
    kind, nonce, body = sealed[:1], sealed[1:13], sealed[13:]
    try:
        opened = AESGCM(key).decrypt(nonce, body, _associated(kind, person, item, purpose))
    except (InvalidTag, ValueError) as error:
        raise Permanent("A stored item does not open with this person's key; it was moved or changed.") from error
    if kind == _DEFLATED:
        opened = zlib.decompressobj().decompress(opened, _MAX_BODY)
    return opened


def _associated(kind: bytes, person: str, item: str, purpose: str) -> bytes:
    return kind + f"{person}\x1f{item}\x1f{purpose}".encode()


def blind(key: bytes, text: str) -> str:
    """A keyed, irreversible stand-in for `text` in an item's key: 128 bits of HMAC-SHA-256, hex."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


def derived(key: bytes, purpose: str) -> bytes:
    """A key of its own for one purpose, as HKDF-Expand makes it (RFC 5869, one block): gone with the key it comes from."""
    return hmac.digest(key, f"hearback {purpose}".encode() + b"\x01", "sha256")
