"""Order among things that depend on each other: who goes first, what may go together, and cycles by name.

Edges are a mapping from a name to the names it comes after. Names that only stand on the right
count as nodes without edges. Everything is deterministic: the order of the mapping decides ties.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from bc_lib.domain.inventory import Group, Inventory

Edges = Mapping[str, Collection[str]]


class DependencyCycle(ValueError):
    """Some names depend on themselves; the message shows one such path."""

    def __init__(self, cycle: tuple[str, ...]) -> None:
        super().__init__(show(cycle))
        self.cycle = cycle


def show(cycle: Iterable[str]) -> str:
    """A cycle as people read it: "billing-db -> orders-db -> billing-db"."""
    return " -> ".join(cycle)


def waves(edges: Edges) -> tuple[tuple[str, ...], ...]:
    """Names in steps: each after everything it depends on, all of one step together. Raises DependencyCycle."""
    waiting = _complete(edges)
    done: set[str] = set()
    found: list[tuple[str, ...]] = []
    while waiting:
        ready = tuple(name for name, after in waiting.items() if after <= done)
        if not ready:
            raise DependencyCycle(find_cycle(edges) or tuple(waiting))
        found.append(ready)
        done.update(ready)
        waiting = {name: after for name, after in waiting.items() if name not in done}
    return tuple(found)


def order(edges: Edges) -> tuple[str, ...]:
    """Every name after those it depends on. Raises DependencyCycle."""
    return tuple(name for wave in waves(edges) for name in wave)


def find_cycle(edges: Edges) -> tuple[str, ...] | None:
    """One cycle, beginning and ending with its least name; None where there is none.

    Walks without recursion: a chain may be longer than Python's stack.
    """
    graph = {name: sorted(after) for name, after in _complete(edges).items()}
    finished: set[str] = set()
    for start in sorted(graph):
        path, on_path, branches = [start], {start}, [iter(graph[start])]
        while path and start not in finished:
            following = next((name for name in branches[-1] if name not in finished), None)
            if following is None:
                finished.add(path[-1])
                on_path.discard(path.pop())
                branches.pop()
            elif following in on_path:
                return _rotated(path[path.index(following) :])
            else:
                path.append(following)
                on_path.add(following)
                branches.append(iter(graph[following]))
    return None


def group_edges(group: Group) -> dict[str, tuple[str, ...]]:
    """A group's members and what they move after."""
    return {member.resource: member.after for member in group.members}


def inventory_edges(inventory: Inventory) -> dict[str, set[str]]:
    """All edges of an inventory: what resources depend on, groups' members, and their order."""
    edges: dict[str, set[str]] = {}
    for resource in inventory.resources:
        edges.setdefault(resource.name, set()).update(resource.depends_on)
    for group in inventory.groups:
        edges.setdefault(group.name, set()).update(member.resource for member in group.members)
        for member in group.members:
            edges.setdefault(member.resource, set()).update(member.after)
    return edges


def _complete(edges: Edges) -> dict[str, set[str]]:
    graph = {name: set(after) for name, after in edges.items()}
    for after in edges.values():
        for name in after:
            graph.setdefault(name, set())
    return graph


def _rotated(cycle: list[str]) -> tuple[str, ...]:
    first = cycle.index(min(cycle))
    return (*cycle[first:], *cycle[:first], cycle[first])
