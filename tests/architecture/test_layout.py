"""Rules about packages that import-linter cannot express, and docstrings of public names."""

import ast

from tests.architecture.sources import ROOT, imports_of, name_of, sources, tree_of

LAYERS_WITH_PACKAGES = ("identity", "records", "sync")
# A module directly in a layer may be imported by every package. Of a package, others import the service and the
# schemas; its models only for joins in their own models and repositories.
PUBLIC_MODULES = frozenset({"service", "schemas"})
MODULES_THAT_JOIN = frozenset({"models", "repository"})


def package_of(module: str) -> tuple[str, str] | None:
    """Layer and package of `api.records.contacts.service.X`; None for a module directly in a layer."""
    parts = module.split(".")
    if len(parts) < 3 or parts[0] != "api" or parts[1] not in LAYERS_WITH_PACKAGES:
        return None
    return (parts[1], parts[2]) if (ROOT / "api" / parts[1] / parts[2]).is_dir() else None


def test_other_packages_import_only_service_and_schemas_of_a_package() -> None:
    violations = []
    for path in sources("api"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        own = package_of(module)
        if own is None:
            continue
        for imported in imports_of(path):
            other = package_of(imported)
            if other is None or other == own:
                continue
            part = "".join(imported.split(".")[3:4])
            may_join = part == "models" and path.stem in MODULES_THAT_JOIN
            if part not in PUBLIC_MODULES and not may_join:
                violations.append(f"{module} imports {imported}")
    assert not violations, "\n".join(violations)


def test_a_module_directly_in_a_layer_imports_no_package_of_its_layer() -> None:
    violations = [
        f"{name_of(path)} imports {imported}"
        for layer in LAYERS_WITH_PACKAGES
        for path in (ROOT / "api" / layer).glob("*.py")
        for imported in imports_of(path)
        if package_of(imported) is not None
    ]
    assert not violations, "\n".join(violations)


def test_every_module_and_every_public_class_and_function_of_api_has_a_docstring() -> None:
    missing = []
    for path in sources("api"):
        tree = tree_of(path)
        if not ast.get_docstring(tree):
            missing.append(name_of(path))
        for node in tree.body:
            if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if not (node.name.startswith("_") or ast.get_docstring(node) or has_title_or_remedy(node)):
                missing.append(f"{name_of(path)}: {node.name}")
    assert not missing, "\n".join(missing)


def has_title_or_remedy(node: ast.AST) -> bool:
    """Whether a class of errors explains itself by its title or remedy."""
    names = (name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store))
    return bool({"title", "remedy"} & set(names))
