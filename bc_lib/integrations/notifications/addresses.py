"""A channel's address: an Apprise URL as it stands, or a secret reference to one."""

from __future__ import annotations

from bc_lib.domain.inventory import Channel
from bc_lib.ports.notices import DeliveryFailed
from bc_lib.ports.secrets import InvalidReference, SecretResolver, SecretUnavailable


def address(channel: Channel, secrets: SecretResolver) -> str:
    """The URL to send to. Raises DeliveryFailed; its text never shows the URL."""
    if "://" in channel.url:
        return channel.url
    try:
        return secrets.text(channel.url).strip()
    except (SecretUnavailable, InvalidReference) as trouble:
        raise DeliveryFailed(f"The address of {channel.name} is not available: {trouble}") from None


def scheme(url: str) -> str:
    """What stands before `://`, in lower case; the only part of an address that may be shown."""
    head, found, _ = url.partition("://")
    return head.lower() if found and head.replace("-", "").replace("+", "").isalnum() else "unknown"
