"""A test must be able to fail: where nothing was there to check, its assertions were never reached and it must not pass.

Reached for sure is an assertion (`pytest.raises`, `pytest.fail`, or a helper of tests that surely asserts) that stands
below no condition, no early end and no loop over what may be empty. A test that asserts has one such at least.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef
CHECKS = {"pytest.raises", "pytest.warns", "pytest.fail"}
SAME_LENGTH = {"enumerate", "sorted", "reversed", "list", "tuple", "set", "dict", "zip", "product"}
VIEWS = {"items", "keys", "values"}


@dataclass
class File:
    """`constants`: what names of the module are bound to; `helpers`: functions that surely assert."""

    tree: ast.Module
    constants: dict[str, ast.expr] = field(default_factory=dict)
    helpers: set[str] = field(default_factory=set)


def own(node: ast.AST) -> list[ast.AST]:
    """Everything in it but what stands in functions and classes of its own."""
    found: list[ast.AST] = []
    left = [] if isinstance(node, Function | ast.ClassDef) else [node]
    while left:
        one = left.pop()
        found.append(one)
        left += [
            child for child in ast.iter_child_nodes(one) if not isinstance(child, Function | ast.ClassDef | ast.Lambda)
        ]
    return found


def is_check(node: ast.AST, file: File) -> bool:
    """Whether it asserts, in itself."""
    if isinstance(node, ast.Assert):
        return True
    return isinstance(node, ast.Call) and (ast.unparse(node.func) in CHECKS or ast.unparse(node.func) in file.helpers)


def filled(node: ast.expr, file: File) -> bool:  # noqa: PLR0911 - one line a kind of expression
    """Whether going through it surely meets something, as far as its text says."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return any(not isinstance(item, ast.Starred) or filled(item.value, file) for item in node.elts)
    if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        return all(not part.ifs and filled(part.iter, file) for part in node.generators)
    if isinstance(node, ast.Dict):
        return bool(node.keys)
    if isinstance(node, ast.Constant):
        return bool(node.value)
    if isinstance(node, ast.Name):
        known = file.constants.get(node.id)
        # A class can be gone through only where it is an enumeration, and those here have members.
        return filled(known, file) if known is not None else node.id[0].isupper() and not node.id.isupper()
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add | ast.BitOr) and (filled(node.left, file) or filled(node.right, file))
    if isinstance(node, ast.Call):
        called = node.func
        if isinstance(called, ast.Attribute) and called.attr in VIEWS and not node.args:
            return filled(called.value, file)
        if isinstance(called, ast.Name) and called.id == "range":
            return all(_number(item, file) for item in node.args)
        return isinstance(called, ast.Name) and called.id in SAME_LENGTH and all(filled(a, file) for a in node.args)
    return False


def _number(node: ast.expr, file: File) -> bool:
    """A literal, or a name that the module binds to one."""
    if isinstance(node, ast.Name):
        return isinstance(file.constants.get(node.id), ast.Constant)
    return isinstance(node, ast.Constant)


def ends(node: ast.stmt, file: File, *, looped: bool = False) -> bool:
    """Whether the function, or the round of the loop it stands in, may end within it before anything was asserted."""
    if isinstance(node, Function | ast.ClassDef):
        return False
    if isinstance(node, ast.Return):
        return True
    if isinstance(node, ast.Continue | ast.Break):
        return not looped
    inside = looped or isinstance(node, ast.For | ast.AsyncFor | ast.While)
    return any(
        not surely(part, file, looped=inside) and any(ends(one, file, looped=inside) for one in part)
        for part in blocks(node)
    )


def blocks(node: ast.stmt) -> list[list[ast.stmt]]:
    """The lists of statements below it."""
    parts = [getattr(node, name, []) for name in ("body", "orelse", "finalbody")]
    more = [one.body for one in (*getattr(node, "handlers", []), *getattr(node, "cases", []))]
    return [part for part in (*parts, *more) if part]


def surely(statements: Sequence[ast.stmt], file: File, *, looped: bool = False) -> bool:
    """Whether going through them surely asserts."""
    fails_at_last = bool(statements) and (
        isinstance(statements[-1], ast.Raise) or _called(statements[-1]) == "pytest.fail"
    )
    if fails_at_last:
        return True
    for one in statements:
        if _surely(one, file):
            return True
        if ends(one, file, looped=looped):
            return False
    return False


def _called(node: ast.stmt) -> str:
    call = node.value if isinstance(node, ast.Expr) else None
    return ast.unparse(call.func) if isinstance(call, ast.Call) else ""


def _surely(one: ast.stmt, file: File) -> bool:  # noqa: PLR0911 - one line a kind of statement
    match one:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return False
        case ast.If():
            return surely(one.body, file) and surely(one.orelse, file)
        case ast.For() | ast.AsyncFor():
            return (filled(one.iter, file) and surely(one.body, file)) or surely(one.orelse, file)
        case ast.While():
            return surely(one.orelse, file)
        case ast.Try():
            return surely(one.body + one.orelse, file) or surely(one.finalbody, file)
        case ast.Match():
            return False
        case ast.With() | ast.AsyncWith():
            heads = [part for item in one.items for part in own(item.context_expr)]
            return any(is_check(part, file) for part in heads) or surely(one.body, file)
        case _:
            return any(is_check(part, file) for part in own(one))


def binding(node: ast.AST) -> dict[str, ast.expr]:
    """The name that it binds to a value."""
    target = (
        node.targets[0] if isinstance(node, ast.Assign) else node.target if isinstance(node, ast.AnnAssign) else None
    )
    value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    return {target.id: value} if isinstance(target, ast.Name) and value is not None else {}


def read(path: Path, text: str | None = None) -> File:
    """A file, its constants, and its own helpers."""
    file = File(ast.parse(text if text is not None else path.read_text(encoding="utf-8")))
    for node in file.tree.body:
        file.constants |= binding(node)
    before = -1
    while before != len(file.helpers):  # helpers call helpers
        before = len(file.helpers)
        file.helpers |= {
            node.name for node in ast.walk(file.tree) if isinstance(node, Function) and surely(node.body, file)
        }
    return file


def imports(file: File, files: dict[str, File]) -> None:
    """Helpers that it has from other files of tests."""
    for node in file.tree.body:
        if isinstance(node, ast.ImportFrom) and node.module in files:
            theirs = files[node.module]
            for alias in node.names:
                name = alias.asname or alias.name
                if alias.name in theirs.helpers:
                    file.helpers.add(name)
                if alias.name in theirs.constants:
                    file.constants.setdefault(name, theirs.constants[alias.name])


def vacuous(file: File) -> list[str]:
    """Tests that assert somewhere and may pass without having done it."""
    found = []
    for node in ast.walk(file.tree):
        if not isinstance(node, Function) or not node.name.startswith("test_"):
            continue
        asserts = any(is_check(part, file) for one in node.body for part in own(one))
        local = File(file.tree, dict(file.constants), file.helpers)
        for part in (part for one in node.body for part in own(one)):
            local.constants |= binding(part)
        if asserts and not surely(node.body, local):
            found.append(f"{node.lineno} {node.name}")
    return found


def test_no_test_passes_without_having_checked_anything() -> None:
    files = {
        ".".join(path.relative_to(PROJECT).with_suffix("").parts): read(path)
        for path in sorted((PROJECT / "tests").rglob("*.py"))
    }
    assert len(files) > 100
    for file in files.values():
        imports(file, files)
    assert {name: bad for name, file in files.items() if (bad := vacuous(file))} == {}


HIDES = [
    "if found: assert found.good",
    "for one in found: assert one.good",
    "for one in [*found]: assert one.good",
    "for one in (1, 2):\n    if found: assert one",
    "for one in sorted(found.items()): assert one",
    "if not found: return\nassert found.good",
    "while found: assert found.pop()",
    "for number in range(len(found)): assert number",
    "with place():\n    if found: assert found.good",
    "try:\n    assert_nothing()\nexcept ValueError as error:\n    assert error",
    "def inside(): assert False\nif found: assert found",
]
SAYS = [
    "assert found",
    "assert found\nfor one in found: assert one.good",
    "for one in (1, 2): assert one",
    "for one in KNOWN.items(): assert one",
    "for one in range(3): assert one",
    "if found: assert found.good\nelse: assert other",
    "with pytest.raises(ValueError): find()",
    "checked(found)\nif found: assert found.good",
    "for one in found:\n    if one.good: return\npytest.fail('none is good')",
    "if found:\n    assert found.good\n    return\nassert other",
    "for one in found:\n    if one: continue\nassert other",
]
MODULE = "import pytest\nKNOWN = {'a': 1}\ndef checked(one):\n    assert one\n\ndef test_it(found, other):\n"


@pytest.mark.parametrize(("body", "hides"), [(each, True) for each in HIDES] + [(each, False) for each in SAYS])
def test_the_check_tells_them_apart(body: str, hides: bool) -> None:
    file = read(PROJECT, MODULE + "\n".join(f"    {line}" for line in body.splitlines()))
    assert bool(vacuous(file)) is hides, body
