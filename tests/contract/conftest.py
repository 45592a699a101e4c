"""One real pair for all contract tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fixtures.pgcluster import Cluster, cluster


@pytest.fixture(scope="session")
def pair() -> Iterator[Cluster]:
    with cluster(ams={}) as made:
        yield made
