"""The rules about the code. Who may import whom is in pyproject.toml and checked by lint-imports."""

import ast
import inspect
import pkgutil
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, get_resolver
from factory.django import DjangoModelFactory

import tests.factories
from api.endpoints import BY_TOKEN
from cities.access import SIGNED_IN, SITE_ADMIN
from cities.roles import Permission

ROOT = Path(__file__).parent.parent
PACKAGES = (
    "kla",
    "public",
    "actionsheets",
    "monitoring",
    "actionplan",
    "nomenclature",
    "api",
    "imports",
    "plans",
    "territories",
    "facilities",
    "childdata",
    "registers",
    "regulations",
    "meetings",
    "taskforce",
    "assessments",
    "clusters",
    "cities",
    "figures",
    "trail",
    "outbox",
    "jobs",
    "workbooks",
    "texts",
    "backups",
)

# The health page says nothing of anybody; the instrument is a public document, as is what became
# of its questions, and the login middleware asks for an account there. An invitation is open to
# whoever holds its link.
NAMELESS_VIEWS = {
    "api:openapi",
    "accessibility",
    "account_login",
    "sso_callback",
    "sso_login",
    "glossary",
    "health",
    "health_live",
    "health_ready",
    "metrics",
    "cities:invitation_accept",
    "public:child_page",
    "public:city_page",
    "public:data_catalogue",
    "public:data_file",
    "public:data_page",
    "public:document_file",
    "public:index",
    "public:message_send",
    "public:message_sent",
    "public:nation_catalogue",
    "public:nation_file",
    "public:picture",
    "public:poster",
    "meetings:attendance_sign",  # open to whoever holds its signed address
    "clusters:instrument_detail",
    "clusters:instrument_download",
    "clusters:instrument_list",
    "clusters:mapping_csv",
    "clusters:mapping_list",
    "clusters:mapping_report",
    "clusters:mapping_xlsx",
}

# These come into being by the deeds of a year, and tests make them that way.
MADE_BY_SERVICES = {
    "Activity",
    "Answer",
    "Assessment",
    "Assignment",
    "CityActivity",
    "ClusterDeadline",
    "ClusterScore",
    "Delivery",
    "CityRatingRules",
    "Comment",
    "DocumentCount",
    "IndicatorScore",
    "InstrumentImport",
    "EmailChange",
    "Job",
    "KeptAnswer",
    "Letter",
    "Mention",
    "Notification",
    "NotificationPreference",
    "OfficialIndicatorScore",
    "PointsRecord",
    "QuestionSource",
    "RescueWindow",
    "SensitiveKind",
    "SentForm",
    "SheetImport",
    "Snapshot",
    "StageScore",
    "TotalScore",
    "ProducedFile",
    "Rendition",
    "Upload",
    "UserSession",
    "Waiver",
    "WhatsappConsent",
}


def own_modules():
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield pytest.param(path, id=str(path.relative_to(ROOT)))


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def own_views(resolver=None, namespace=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if not isinstance(pattern, URLPattern):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from own_views(pattern, inner)
        elif pattern.callback.__module__.partition(".")[0] in PACKAGES:
            yield f"{namespace}{pattern.name}", pattern


# --- Views ------------------------------------------------------------------------------------


def test_every_view_names_the_permission_it_needs():
    nameless = {name for name, one in own_views() if not hasattr(one.callback, "permission")}

    assert nameless == NAMELESS_VIEWS


def test_every_page_of_a_city_names_a_permission_of_the_table():
    known = {*Permission, SIGNED_IN, SITE_ADMIN, BY_TOKEN}
    of_city = {
        name: one.callback.permission
        for name, one in own_views()
        if "member" in inspect.signature(inspect.unwrap(one.callback)).parameters
    }

    assert [name for name, asked in of_city.items() if asked not in set(Permission)] == []
    asked = {getattr(one.callback, "permission", SIGNED_IN) for _name, one in own_views()}
    assert asked - known == set()


def test_every_endpoint_of_a_city_names_a_permission_of_the_table():
    endpoints = {
        (name, method): endpoint
        for name, one in own_views()
        if "city_slug" in one.pattern.converters
        for method, endpoint in getattr(one.callback, "endpoints", {}).items()
    }

    assert endpoints
    assert [name for name, one in endpoints.items() if one.permission is None] == []


def test_every_permission_is_asked_by_some_page():
    asked = {getattr(one.callback, "permission", None) for _name, one in own_views()}

    # Asked of single documents, in the one gate that every page of them passes.
    of_documents = {Permission.READ_SENSITIVE, Permission.REVIEW_SENSITIVE}
    assert set(Permission) - asked == of_documents


def test_every_view_says_which_methods_it_takes():
    assert [name for name, one in own_views() if not names_methods(one.callback)] == []


def names_methods(view):
    """Whether one of Django's `require_…` decorators stands before the view, or its endpoints do."""
    if hasattr(view, "endpoints"):
        return True
    while view is not None:
        if "request_method_list" in view.__code__.co_freevars:
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def test_views_are_functions():
    assert [name for name, one in own_views() if hasattr(one.callback, "view_class")] == []


# --- Packages ---------------------------------------------------------------------------------


def test_every_package_has_its_floor_and_its_inner_order():
    """What `lint-imports` does not know of, it does not hold to anything."""
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    there = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    floors = {
        name.strip() for floor in rules["contracts"][0]["layers"] for name in floor.split("|")
    }
    inside = {
        name
        for contract in rules["contracts"]
        if contract.get("exhaustive")
        for name in contract["containers"]
    }

    assert set(PACKAGES) == set(rules["root_packages"]) == floors == inside == there


def test_every_package_goes_into_the_image():
    """The image is built from what `.dockerignore` lets in, and compiled as the Dockerfile says."""
    let_in = (ROOT / ".dockerignore").read_text().split()
    compiled = (ROOT / "Dockerfile").read_text().partition("compileall -q ")[2].partition("\\")[0]

    assert [name for name in PACKAGES if f"!{name}" not in let_in] == []
    assert sorted(compiled.split()) == sorted(PACKAGES)


# --- Modules ----------------------------------------------------------------------------------


@pytest.mark.parametrize("module", ["assessments.scoring", "clusters.spec", "plans.pathway"])
def test_the_arithmetic_runs_without_django(module):
    code = (
        f"import {module}, sys; "
        "sys.exit(any(name.partition('.')[0] == 'django' for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("path", own_modules())
def test_imports_stand_at_the_top(path):
    functions = (
        node
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    )
    hidden = [
        inner.lineno
        for function in functions
        for inner in ast.walk(function)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]

    assert hidden == []


@pytest.mark.parametrize("path", own_modules())
def test_nothing_happens_behind_a_deed(path):
    """No signals, and no model that does more than save when it is saved."""
    tree = tree_of(path)
    modules = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    named = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    overrides = [
        f"{node.name}.{inner.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and "models" in {*path.parts, path.stem}
        for inner in node.body
        if isinstance(inner, ast.FunctionDef) and inner.name in {"save", "delete"}
    ]

    used = {module for module in [*modules, *named] if module}
    assert used & {"django.db.models.signals", "django.dispatch", "django.core.signals"} == set()
    assert overrides == []


@pytest.mark.parametrize("path", own_modules())
def test_no_module_is_named_for_nothing(path):
    assert path.stem not in {"utils", "util", "helpers", "helper", "common", "misc", "managers"}


def test_every_model_has_a_factory_or_is_made_by_a_service():
    for module in pkgutil.iter_modules(tests.factories.__path__):
        import_module(f"tests.factories.{module.name}")
    factories = [DjangoModelFactory]
    for factory in factories:
        factories += factory.__subclasses__()
    made = {one._meta.model.__name__ for one in factories if one._meta.model is not None}
    models = {
        model.__name__
        for package in PACKAGES
        if apps.is_installed(package)
        for model in apps.get_app_config(package).get_models()
    }

    assert models - made == MADE_BY_SERVICES
