"""Where a webhook may be sent: the public internet only, by the address its name was resolved to, once."""

from __future__ import annotations

import ipaddress
import socket
from typing import Final
from urllib.parse import urlsplit

from hearback.model.errors import Permanent

#: Of IPv6 only this is given out to the internet; all else (NAT64, IPv4-compatible and -translated, local) leads elsewhere.
_GIVEN_OUT: Final = ipaddress.IPv6Network("2000::/3")
#: Inside of it these carry an IPv4 address to whatever gateway the network has (6to4, Teredo), or are for examples.
_NOT_OUTSIDE: Final = tuple(
    ipaddress.IPv6Network(each) for each in ("2002::/16", "2001::/23", "2001:db8::/32", "3fff::/20")
)
_NOT_OUTSIDE_V4: Final = tuple(
    ipaddress.IPv4Network(each) for each in ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24")
)
#: Interface ids that carry an IPv4 address (ISATAP).
_ISATAP: Final = frozenset({0x0000_5EFE, 0x0200_5EFE})


def public(address: str) -> bool:
    """Whether an IP address is on the public internet; one that carries an IPv4 address in it is not, IPv4-mapped as its own."""
    parsed = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return public(str(parsed.ipv4_mapped))
        if parsed not in _GIVEN_OUT or any(parsed in each for each in _NOT_OUTSIDE):
            return False
        if (int(parsed) >> 32) & 0xFFFF_FFFF in _ISATAP:
            return False
    elif any(parsed in each for each in _NOT_OUTSIDE_V4):
        return False
    return parsed.is_global and not parsed.is_multicast


def checked(url: str, *, allow_loopback: bool) -> tuple[str, int, str, bool]:
    """(host, port, address to connect to, TLS). Permanent: the address may not be used, and why."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Permanent("That is no web address.") from error
    secure = parts.scheme == "https"
    if not host or not (secure or (allow_loopback and parts.scheme == "http")):
        raise Permanent("A webhook needs an https address.")
    if parts.username or parts.password:
        raise Permanent("A webhook's address may hold no user name.")
    port = port or (443 if secure else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise Permanent("The webhook's address cannot be resolved.") from error
    for *_, place in found:
        address = str(place[0])
        if public(address) or (allow_loopback and ipaddress.ip_address(address).is_loopback):
            return host, port, address, secure
    raise Permanent("The webhook's address leads into a private network.")
