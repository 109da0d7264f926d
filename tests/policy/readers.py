"""Which values of a pack the program reads: the types in its own code, followed as far as that takes.

A name alone would not do, because ``by``, ``on`` or ``level`` are the names of many things. So the annotations of the
program are followed from where a pack comes in (``work.pack``, ``book.on(day)``) to where a value of it is read. What
cannot be followed is not counted as read.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from typing_extensions import override

from bot.policy.pack import Pack
from bot.policy.procedure import AppealLevel
from bot.policy.schema import PARTS
from bot.policy.values import Answer, Model

BOT = Path(__file__).parents[2] / "bot"
ABOUT_PACKS = frozenset(
    {"lint.py", "diff.py", "schema.py", "mistakes.py", "lines.py", "document.py", "policy_tables.py"}
    | {"policy_draft.py", "policy_new.py", "policy_check.py", "policy.py", "policy_files.py"}
)
"""Modules that check, print, compare or write packs: what they read serves nobody at the desk."""

FORMAT = frozenset({"pack.py", "procedure.py", "content.py", "values.py"})
"""The modules of the format: what their methods read counts, what they check of a file does not."""

PARTS_AND_BASES: tuple[type[Model], ...] = (*PARTS.values(), Pack, AppealLevel)
MODELS: dict[str, type[Model]] = {model.__name__: model for model in PARTS_AND_BASES}
PASSES = frozenset({"next", "min", "max", "sorted", "reversed", "list", "tuple", "set", "iter", "enumerate", "zip"})
"""Functions that give back what they were given."""

Types = frozenset[str]
NOTHING: Types = frozenset()


class Code:
    """The program's classes and functions, with the types their annotations name."""

    def __init__(self) -> None:
        self.trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(BOT.rglob("*.py"))}
        self.bases: dict[str, list[str]] = {}
        self.members: dict[str, dict[str, Types]] = defaultdict(dict)
        self.functions: dict[str, Types] = defaultdict(frozenset)
        classes = [n for tree in self.trees.values() for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]
        self.names = {node.name for node in classes}
        for node in classes:
            self.bases[node.name] = [base.id for base in node.bases if isinstance(base, ast.Name)]
            for one in node.body:
                if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                    self.members[node.name][one.target.id] = self.named(one.annotation)
                elif isinstance(one, ast.FunctionDef):
                    self.members[node.name][one.name] = self.named(one.returns, own=node.name)
        for tree in self.trees.values():
            for one in tree.body:
                if isinstance(one, ast.FunctionDef):
                    self.functions[one.name] |= self.named(one.returns)

    def named(self, annotation: ast.expr | None, *, own: str = "") -> Types:
        """The classes of the program that an annotation names."""
        if annotation is None:
            return NOTHING
        words = set(re.findall(r"\w+", ast.unparse(annotation)))
        return frozenset(words & self.names) | (frozenset({own}) if "Self" in words and own else NOTHING)

    def member(self, owner: str, name: str) -> Types | None:
        """What a class has under a name, or ``None`` where it has nothing of that name."""
        if name in self.members.get(owner, {}):
            return self.members[owner][name]
        for base in self.bases.get(owner, []):
            found = self.member(base, name)
            if found is not None:
                return found
        return None


class Follows(ast.NodeVisitor):
    """One function, read from top to bottom: what its names stand for, and what is read of a pack."""

    def __init__(self, code: Code, names: dict[str, Types], read: set[tuple[str, str]]) -> None:
        self.code, self.names, self.read = code, names, read

    def types(self, node: ast.AST | None) -> Types:
        """The classes an expression may be of; a list is of what is in it."""
        kinds: dict[type[ast.AST], Callable[[Any], Types]] = {
            ast.Name: lambda one: self.names.get(one.id, NOTHING),
            ast.Attribute: self._attribute,
            ast.Call: self._call,
            ast.Subscript: lambda one: self.types(one.value),
            ast.Starred: lambda one: self.types(one.value),
            ast.BoolOp: lambda one: self._all(one.values),
            ast.IfExp: lambda one: self._all([one.body, one.orelse]),
            ast.BinOp: lambda one: self._all([one.left, one.right]),
            ast.Tuple: lambda one: self._all(one.elts),
            ast.List: lambda one: self._all(one.elts),
            ast.Set: lambda one: self._all(one.elts),
            ast.Dict: lambda one: self._all(one.values),
            ast.ListComp: lambda one: self._each(one, [one.elt]),
            ast.SetComp: lambda one: self._each(one, [one.elt]),
            ast.GeneratorExp: lambda one: self._each(one, [one.elt]),
            ast.DictComp: lambda one: self._each(one, [one.key, one.value]),
            ast.NamedExpr: self._named,
        }
        kind = kinds.get(type(node)) if node is not None else None
        return kind(node) if kind else NOTHING

    def _each(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, what: list[ast.expr]) -> Types:
        for one in node.generators:
            self._bind(one.target, self.types(one.iter))
        return self._all(what)

    def _named(self, node: ast.NamedExpr) -> Types:
        self._bind(node.target, self.types(node.value))
        return self.types(node.value)

    def _all(self, nodes: list[ast.expr]) -> Types:
        return frozenset().union(*(self.types(one) for one in nodes)) if nodes else NOTHING

    def _attribute(self, node: ast.Attribute) -> Types:
        found: Types = NOTHING
        for owner in self.types(node.value):
            if owner in MODELS and node.attr in MODELS[owner].model_fields:
                self.read.add((owner, node.attr))
            found |= self.code.member(owner, node.attr) or NOTHING
        return found

    def _call(self, node: ast.Call) -> Types:
        func = node.func
        if isinstance(func, ast.Name):
            if func.id in PASSES:
                return self._all(list(node.args))
            return frozenset({func.id}) if func.id in self.code.names else self.code.functions.get(func.id, NOTHING)
        if isinstance(func, ast.Attribute):
            owners = self.types(func.value)
            known = [self.code.member(owner, func.attr) for owner in owners]
            if any(one is not None for one in known):
                return frozenset().union(*(one for one in known if one is not None))
            return owners or self.code.functions.get(func.attr, NOTHING)
        return NOTHING

    def _bind(self, target: ast.expr, types: Types) -> None:
        for one in ast.walk(target):
            if isinstance(one, ast.Name):
                self.names[one.id] = self.names.get(one.id, NOTHING) | types

    @override
    def visit_Assign(self, node: ast.Assign) -> None:
        if isinstance(node.value, ast.Tuple):
            for target in node.targets:
                pairs = zip(target.elts, node.value.elts, strict=False) if isinstance(target, ast.Tuple) else ()
                for one, value in pairs:
                    self._bind(one, self.types(value))
        for target in node.targets:
            if not (isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)):
                self._bind(target, self.types(node.value))
        self.generic_visit(node)

    @override
    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._bind(node.target, self.code.named(node.annotation))
        self.generic_visit(node)

    @override
    def visit_For(self, node: ast.For) -> None:
        self._bind(node.target, self.types(node.iter))
        self.generic_visit(node)

    @override
    def generic_visit(self, node: ast.AST) -> None:
        """What a comprehension goes through is bound before what it makes of it is read."""
        if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            for one in node.generators:
                self._bind(one.target, self.types(one.iter))
        super().generic_visit(node)

    @override
    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.types(node)
        self.generic_visit(node)

    @override
    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.types(node)
        self.generic_visit(node)

    def through(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Read a function, and what is inside of it."""
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
            if argument.annotation is not None:
                self.names[argument.arg] = self.code.named(argument.annotation)
        for one in node.body:
            self.visit(one)

    @override
    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.through(node)


def _functions(code: Code) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, str]]:
    """Every function that serves somebody, with the class it belongs to."""
    for path, tree in code.trees.items():
        if path.name in ABOUT_PACKS:
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and path.name not in FORMAT:
                yield node, ""
            if isinstance(node, ast.ClassDef):
                for one in node.body:
                    checks = any("validator" in ast.unparse(mark) for mark in getattr(one, "decorator_list", []))
                    if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and not checks:
                        yield one, node.name


def values_read() -> frozenset[str]:
    """Every value of a pack that the program reads to serve somebody, as ``AppealRule.late``."""
    code = Code()
    read: set[tuple[str, str]] = set()
    for node, owner in _functions(code):
        Follows(code, {"self": frozenset({owner})} if owner else {}, read).through(node)
    found = set()
    for owner, name in read:
        kin = (heir for heir, model in MODELS.items() if issubclass(model, MODELS[owner]))
        found |= {f"{heir}.{name}" for heir in (*kin, owner)}
        found |= {f"Answer.{name}"} if name in Answer.model_fields else set()
    return frozenset(found)


def values() -> frozenset[str]:
    """Every value of the format, where it is first said: what every answer has is not repeated for each of them."""
    return frozenset(
        f"{model.__name__}.{name}"
        for model in PARTS.values()
        for name in model.model_fields
        if name != "sha256" and not (model is not Answer and issubclass(model, Answer) and name in Answer.model_fields)
    )
