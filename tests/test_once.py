"""Rules that stood in several places once, and stand in one now."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = sorted(
    path.parent.name
    for path in ROOT.glob("*/__init__.py")
    if path.parent.name not in {"tests", "benchmarks"}
)


def trees() -> dict[str, ast.Module]:
    """Every module of the packages but migrations, by its path."""
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text())
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    }


TREES = trees()


def words_of(node: ast.AST) -> set[str]:
    """The names, attributes and texts in a piece of code."""
    found = set()
    for part in ast.walk(node):
        match part:
            case ast.Name(id=word) | ast.Attribute(attr=word) | ast.keyword(arg=str(word)):
                found.add(word)
            case ast.Constant(value=str(word)):
                found.add(word)
    return found


def functions(tree: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def test_nought_points_have_one_name():
    assigned = [
        path
        for path, tree in TREES.items()
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and "ZERO" in words_of(node)
        and "Decimal" in words_of(node)
    ]
    assert assigned == ["assessments/scoring.py"]


@pytest.mark.parametrize(
    "text", ["Content-Disposition", "openxmlformats-officedocument.spreadsheetml.sheet"]
)
def test_how_a_file_is_sent_is_written_once(text):
    said = [
        path
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.endswith(text)
    ]
    assert set(said) == {"workbooks/downloads.py"}


def test_whether_granted_points_count_is_decided_once():
    """A choice between them by `is_proven`; a frozen year writes both down, side by side."""
    choices = (ast.IfExp, ast.BoolOp, ast.comprehension, ast.If)
    decided = {
        path
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, choices) and {"is_proven", "granted_points"} <= words_of(node)
    }
    assert decided == set()
    homes = {
        path
        for path, tree in TREES.items()
        for node in functions(tree)
        if node.name in {"proven", "proven_points"}
    }
    assert homes == {"assessments/models/answer.py", "assessments/scoring.py"}


def test_what_an_opd_has_handed_in_is_said_once():
    said = [
        path
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Tuple | ast.List | ast.Set)
        and sorted(ast.unparse(part) for part in node.elts)
        == ["AnswerState.ACCEPTED", "AnswerState.WAITING"]
    ]
    assert said == ["assessments/choices.py"]


def test_whose_a_document_is_is_decided_once():
    """Who uploaded it is compared with who offered it, in Python and in SQL, beside each other."""
    ids = {"uploaded_by_id", "document__uploaded_by"}
    decided = {
        path
        for path, tree in TREES.items()
        for node in functions(tree)
        if words_of(node) & ids and words_of(node) & {"offered_by_id", "offered_by"}
    }
    assert decided == {"assessments/models/evidence.py"}


def test_trails_have_one_writer():
    """Whoever gives an entry its position or its hash is the writer."""
    writers = {
        path
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and any(
            isinstance(target, ast.Attribute) and target.attr in {"previous_hash", "hash"}
            for target in node.targets
        )
    }
    assert writers == {"trail/writing.py"}


def test_hashes_of_trails_are_made_once():
    makers = {path for path, tree in TREES.items() if "hash_chain" in words_of(tree)}
    assert makers == {"trail/models.py", "trail/verifying.py", "trail/writing.py"}


def test_letters_are_composed_and_sent_once():
    composed = {path for path, tree in TREES.items() if "Auto-Submitted" in words_of(tree)}
    connected = {path for path, tree in TREES.items() if "get_connection" in words_of(tree)}
    assert (composed, connected) == ({"outbox/composing.py"}, {"outbox/sending.py"})


def test_pages_of_the_administration_refuse_changes_in_one_class():
    refusing = [
        path
        for path, tree in TREES.items()
        for node in functions(tree)
        if node.name == "has_change_permission"
    ]
    assert refusing == ["trail/admin.py"]
