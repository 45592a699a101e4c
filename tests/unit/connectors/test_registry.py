"""Drivers load on first use, and one connector a platform is made (architecture, decision on lazy drivers)."""

from __future__ import annotations

import asyncio
import subprocess
import sys

from bc_lib.connectors.registry import LazyRegistry
from bc_lib.domain.inventory import Platform
from bc_lib.integrations.secrets.resolver import Resolver


def test_no_driver_before_the_first_get() -> None:
    program = """
import sys
from bc_lib.connectors.registry import LazyRegistry
from bc_lib.integrations.secrets.resolver import Resolver
registry = LazyRegistry(Resolver({}))
drivers = {"psycopg", "httpx", "hvac", "requests"}
assert not drivers & set(sys.modules), drivers & set(sys.modules)
from bc_lib.domain.inventory import Platform
registry.get(Platform.POSTGRESQL)
assert drivers & set(sys.modules) == {"psycopg"}, drivers & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_same_each_time_until_closed() -> None:
    registry = LazyRegistry(Resolver({}))
    first = [registry.get(platform) for platform in Platform]
    assert [registry.get(platform) for platform in Platform] == first
    assert [connector.platform for connector in first] == list(Platform)
    asyncio.run(registry.close())
    assert registry.get(Platform.HTTP) is not first[1]
    asyncio.run(registry.close())
