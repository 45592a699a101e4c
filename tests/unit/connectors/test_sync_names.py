"""synchronous_standby_names as a value: what is printed is read back, and renaming one member touches no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bc_lib.connectors.postgresql.execution.settings import carried_over
from bc_lib.connectors.postgresql.sync_names import Method, NotSyncNames, SyncNames, parse, render, same

NAMES = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), min_size=0, max_size=12)
LIKE = st.sampled_from(
    ["s", "s1", "s10", "S", "any", "FIRST", '"', 'a"b', "*", "a,b", "(", "1", "ams", "ams-1", "ams2"]
)
VALUES = st.builds(
    lambda names, method, count: SyncNames(
        names=tuple(names), method=method, count=1 if method is Method.LIST else count
    ),
    st.lists(NAMES | LIKE, min_size=1, max_size=6),
    st.sampled_from(list(Method)),
    st.integers(1, 1000),
)


@given(VALUES)
def test_what_is_printed_is_read_back(value: SyncNames) -> None:
    assert parse(render(value)) == value


@given(VALUES, LIKE, NAMES)
def test_renaming_one_member_leaves_all_others(value: SyncNames, old: str, new: str) -> None:
    changed = value.renamed(old, new)
    assert (changed.method, changed.count, len(changed.names)) == (value.method, value.count, len(value.names))
    for before, after in zip(value.names, changed.names, strict=True):
        assert after == (new if same(before, old) and old != "*" else before)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_and_never_printed_differently(text: str) -> None:
    try:
        value = parse(text)
    except NotSyncNames as refused:
        assert not text.strip() or text.strip() not in str(refused)
        return
    assert parse(render(value)) == value


@pytest.mark.parametrize(
    ("text", "method", "count", "names"),
    [
        ("ams", Method.LIST, 1, ["ams"]),
        (" ams , b ", Method.LIST, 1, ["ams", "b"]),
        ("2 (a, b, c)", Method.FIRST, 2, ["a", "b", "c"]),
        ("first 1(a)", Method.FIRST, 1, ["a"]),
        ("Any 2 (a,*)", Method.ANY, 2, ["a", "*"]),
        ('"any", "FIRST"', Method.LIST, 1, ["any", "FIRST"]),
        ('ANY 1 ("say ""hi""", "a,b")', Method.ANY, 1, ['say "hi"', "a,b"]),
        ("1, 2", Method.LIST, 1, ["1", "2"]),
        ("*", Method.LIST, 1, ["*"]),
        ("größe$1", Method.LIST, 1, ["größe$1"]),
    ],
)
def test_forms_that_servers_take(text: str, method: Method, count: int, names: list[str]) -> None:
    assert parse(text) == SyncNames(names=tuple(names), method=method, count=count)


@pytest.mark.parametrize(
    "text", ["any", "FIRST", "0 (a)", "ANY (a)", "ANY 1 a", "a b", "a,", ",a", "a-b", "1 (a", "1 ()", '"a', " ", "a;b"]
)
def test_forms_that_servers_refuse(text: str) -> None:
    with pytest.raises(NotSyncNames):
        parse(text)


@pytest.mark.parametrize(
    ("names", "old", "new", "wanted"),
    [
        ("FIRST 1 (ams, ams2)", "ams", "fra", 'FIRST 1 ("fra", "ams2")'),
        ('ANY 1 ("ams-1","ams-10")', "ams-1", "fra", 'ANY 1 ("fra", "ams-10")'),
        ("ANY 1 (s1, s2)", "s", "fra", "ANY 1 (s1, s2)"),
        ("AMS, other", "ams", "fra", '"fra", "other"'),
        ("2 (ams, b)", "ams", "fra", 'FIRST 2 ("fra", "b")'),
        ("FIRST 1 (first1, ams)", "first", "fra", "FIRST 1 (first1, ams)"),
        ('"ANY", ams', "any", "fra", '"fra", "ams"'),
        ("*", "ams", "fra", "*"),
        ("", "ams", "fra", ""),
        ("ams", "", "fra", "ams"),
    ],
)
def test_carried_over(names: str, old: str, new: str, wanted: str) -> None:
    assert carried_over(names, old, new) == wanted


def test_commits_go_through_only_with_enough_of_them() -> None:
    value = SyncNames(names=("ams", "ham"), method=Method.FIRST, count=2)
    assert not value.fulfilled(["ams", "fra"])
    assert value.fulfilled(["AMS", "ham"])
    assert SyncNames(names=("*",)).fulfilled(["anybody"])
    assert not SyncNames(names=("*",)).fulfilled([])
