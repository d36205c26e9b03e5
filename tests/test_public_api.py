"""The public face."""

import inspect
import re

import credcheck
from credcheck import errors


def test_all_is_sorted_and_complete() -> None:
    assert credcheck.__all__ == sorted(credcheck.__all__)
    public = {
        name
        for name, value in vars(credcheck).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    }
    assert public == set(credcheck.__all__)


def test_every_public_thing_is_documented() -> None:
    for name in credcheck.__all__:
        thing = getattr(credcheck, name)
        assert inspect.getdoc(thing), name
        if inspect.isclass(thing):
            for member, value in vars(thing).items():
                if inspect.isfunction(value) and not member.startswith("_"):
                    assert inspect.getdoc(value), f"{name}.{member}"


def test_error_tree_of_the_docstring_is_the_tree_of_the_classes() -> None:
    classes = {
        name: value
        for name, value in vars(errors).items()
        if inspect.isclass(value) and value.__module__ == errors.__name__
    }
    drawn = {}
    parents: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"^([│├└─ ]*)(\w+Error)\b", line)
        if found:
            depth = len(found.group(1)) // 4
            parents[depth:] = [found.group(2)]
            drawn[found.group(2)] = parents[depth - 1] if depth else "Exception"
    assert drawn == {name: value.__mro__[1].__name__ for name, value in classes.items()}


def test_every_error_is_exported() -> None:
    names = {
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and value.__module__ == errors.__name__
    }
    assert names <= set(credcheck.__all__)
