"""No deed without its question of permission, whoever calls it.

A deed is a public function of a `services` module that takes `by` and only keyword arguments. A
function that takes `by` beside something positional is a part of a deed: what it is handed is held
already, and only other services may call it.
"""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = (
    "cities",
    "clusters",
    "assessments",
    "regulations",
    "meetings",
    "taskforce",
    "registers",
    "territories",
    "public",
    "actionsheets",
    "monitoring",
    "actionplan",
    "nomenclature",
    "api",
    "imports",
    "facilities",
    "childdata",
    "plans",
)
QUESTIONS = {
    "cities.permissions.require_permission",
    "cities.permissions.require_site_admin",
    "clusters.permissions.require_site_admin",
}
# Deeds on what is the person's own alone. Nobody can be let in or kept out by a role.
OWN = {
    "cities.services.email_changes.order_email_change",  # one's own address
    "cities.services.email_changes.confirm_email_change",  # the link is for whoever asked
    "cities.services.sessions.end_all_sessions",  # where one is signed in oneself
    "cities.services.sessions.end_session",
    "cities.services.members.close_guide",  # what one's own first page says
    "api.services.tokens.create_token",  # one's own key, which opens no more than oneself
    "api.services.tokens.revoke_token",
    "assessments.services.consent.agree_to_whatsapp",  # one's own number
    "assessments.services.consent.withdraw_from_whatsapp",
    "assessments.services.inbox.mark_all_read",  # one's own notices
    "assessments.services.inbox.set_preferences",  # how one wants to hear of things
    "assessments.services.produced_files.discard_file",  # of whoever asked for it alone
    "assessments.services.sheet_imports.discard_import",  # found among one's own imports only
    "imports.services.staged.discard",
    "cities.services.sent_forms.claim",  # one's own form, before its deed asks
}


@dataclass(frozen=True)
class Function:
    name: str  # with its module
    node: ast.FunctionDef
    calls: frozenset[str]  # names with their modules, as far as they are imported or beside it

    @property
    def takes_by(self) -> bool:
        return any(arg.arg == "by" for arg in (*self.node.args.args, *self.node.args.kwonlyargs))

    @property
    def is_public(self) -> bool:
        return not self.node.name.startswith("_")

    @property
    def takes_what_is_held(self) -> bool:
        return bool(self.node.args.args or self.node.args.vararg)

    @property
    def is_deed(self) -> bool:
        return self.is_public and self.takes_by and not self.takes_what_is_held

    @property
    def is_part(self) -> bool:
        return self.is_public and self.takes_by and self.takes_what_is_held


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imported(tree: ast.Module) -> dict[str, str]:
    """What a name stands for in a module, with the module that it comes from."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def functions_of(path: Path) -> list[Function]:
    tree, module = ast.parse(path.read_text()), module_name(path)
    beside = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    known = imported(tree) | {name: f"{module}.{name}" for name in beside}
    return [
        Function(
            f"{module}.{node.name}",
            node,
            frozenset(
                known[call.func.id]
                for call in ast.walk(node)
                if isinstance(call, ast.Call)
                and isinstance(call.func, ast.Name)
                and call.func.id in known
            ),
        )
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    ]


@cache
def services() -> dict[str, Function]:
    """Every function of the services, and of the modules in which the questions stand."""
    paths = [path for name in PACKAGES for path in sorted((ROOT / name / "services").glob("*.py"))]
    paths += [ROOT / "cities" / "permissions.py", ROOT / "clusters" / "permissions.py"]
    return {function.name: function for path in paths for function in functions_of(path)}


def asks(name: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether the function, or one that it calls, reaches a question of permission."""
    if name in QUESTIONS:
        return True
    function = services().get(name)
    if function is None or name in seen:
        return False
    return any(asks(call, seen | {name}) for call in function.calls)


DEEDS = sorted(name for name, one in services().items() if one.is_deed and name not in QUESTIONS)


def test_there_are_deeds_to_look_at():
    assert len(DEEDS) > 60
    assert set(DEEDS) >= OWN


@pytest.mark.parametrize("name", DEEDS)
def test_every_deed_asks_whether_the_person_may(name):
    assert asks(name) != (name in OWN)


def test_a_part_of_a_deed_is_called_by_services_only():
    parts = {name for name, one in services().items() if one.is_part} - QUESTIONS
    parts = {name for name in parts if ".services." in name}
    strangers = {
        module_name(path): sorted(parts & set(imported(ast.parse(path.read_text())).values()))
        for package in (*PACKAGES, "kla")
        for path in sorted((ROOT / package).rglob("*.py"))
        if "services" not in path.relative_to(ROOT).parts
    }

    assert {module: names for module, names in strangers.items() if names} == {}


def test_the_question_stands_before_the_lock():
    """A stranger must not make others wait: no deed takes a lock first."""
    locks = {"assessments.services.years.hold", "assessments.services.years.lock"}
    locks |= {"cities.permissions.lock_city", "clusters.services.life.hold_draft"}
    early = []
    for name in set(DEEDS) - OWN:
        for call in ordered_calls(services()[name]):
            if asks(call):
                break
            if call in locks:
                early.append(name)
    assert early == []


def ordered_calls(function: Function) -> list[str]:
    """What a function calls by name, in the order of its lines."""
    path = ROOT / Path(*function.name.split(".")[:-1]).with_suffix(".py")
    tree = ast.parse(path.read_text())
    known = imported(tree) | {
        node.name: f"{module_name(path)}.{node.name}"
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    calls = [
        (call.lineno, call.col_offset, known[call.func.id])
        for call in ast.walk(function.node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in known
    ]
    return [name for _line, _column, name in sorted(calls)]
