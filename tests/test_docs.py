"""The documentation runs, is complete, and its links lead somewhere."""

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest
import typer
from jsonschema import Draft202012Validator

import credcheck.cli
from credcheck.commands import options
from credcheck.labels import STATUSES
from credcheck.readers import READERS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [page for page in (ROOT / "README.md", *sorted(DOCS.glob("*.md"))) if page.exists()]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)

COMMANDS = typer.main.get_command(credcheck.cli.app)
SUBCOMMANDS = getattr(COMMANDS, "commands", {})
OPTIONS = sorted(
    {
        option
        for command in (COMMANDS, *SUBCOMMANDS.values())
        for parameter in command.params
        if parameter.param_type_name == "option"
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
)
EXIT_CODES = (
    options.ALL_DONE,
    options.SOME_FAILED,
    options.NOTHING_DONE,
)


def blocks_of(page: Path, language: str) -> list[tuple[int, str]]:
    """The code blocks of a page: how many lines stand above each, and its code."""
    text = page.read_text(encoding="utf-8")
    found = re.finditer(rf"^```{language}\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)
    return [(text.count("\n", 0, block.start(1)), block.group(1)) for block in found]


def links_of(page: Path) -> list[str]:
    """The relative links and pictures of a page, without their fragments."""
    text = re.sub(
        r"^```.*?^```$|`[^`\n]+`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.M
    )
    links = re.findall(r"\]\(\s*<?([^)>\s]+)", text)
    links += re.findall(r"^\[[^\]]+\]:\s+(\S+)", text, flags=re.MULTILINE)
    links += re.findall(r"(?:src|href)=[\"']([^\"']+)", text)
    paths = [link.partition("#")[0] for link in links if not re.match(r"[a-z][a-z0-9+.-]*:", link)]
    return [path for path in paths if path]


def stands_in_docs(word: str) -> bool:
    """Whether a word stands in the documentation, and not only as part of a longer one."""
    return re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w-])", TEXT) is not None


def test_code_of_the_api_page_runs_top_to_bottom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = DOCS / "api.md"
    blocks = blocks_of(page, "python")
    assert blocks
    namespace: dict[str, object] = {"__name__": "api_page"}
    for n_lines_above, code in blocks:
        # Empty lines above the code: a traceback then names the line of the page.
        exec(compile("\n" * n_lines_above + code, str(page), "exec"), namespace)


def test_example_of_a_profile_is_one_by_the_schema() -> None:
    ((_, code),) = blocks_of(DOCS / "formats.md", "json")
    values = json.loads(code)
    schema = (files("credcheck") / "profile.schema.json").read_text(encoding="utf-8")
    Draft202012Validator(json.loads(schema)).validate(values)
    for sentence in values["sentences"]:
        for span in (sentence, *filter(None, sentence["evidence"].values())):
            assert values["text"][span["start"] : span["end"]] == span["text"]
        assert sum(sentence["probabilities"].values()) == pytest.approx(1)
    for status, expected in values["profile"]["expected_counts"].items():
        total = sum(sentence["probabilities"][status] for sentence in values["sentences"])
        assert total == pytest.approx(expected)


def test_there_are_commands_and_options() -> None:
    assert SUBCOMMANDS
    assert OPTIONS


@pytest.mark.parametrize("command", sorted(SUBCOMMANDS))
def test_every_command_is_documented(command: str) -> None:
    assert stands_in_docs(f"credcheck {command}")


@pytest.mark.parametrize("option", OPTIONS)
def test_every_option_is_documented(option: str) -> None:
    assert stands_in_docs(option)


@pytest.mark.parametrize("code", EXIT_CODES)
def test_every_exit_code_is_documented(code: int) -> None:
    assert re.search(rf"^\|\s*`?{code}`?\s*\|", TEXT, flags=re.MULTILINE)


def test_exit_codes_are_zero_one_two() -> None:
    assert EXIT_CODES == (0, 1, 2)


@pytest.mark.parametrize("status", list(map(str, STATUSES)))
def test_every_status_is_documented(status: str) -> None:
    assert stands_in_docs(status)


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_every_format_is_documented(suffix: str) -> None:
    assert re.search(rf"(?<!\w){re.escape(suffix)}(?!\w)", TEXT)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_relative_links_lead_to_files(page: Path) -> None:
    missing = [link for link in links_of(page) if not (page.parent / link).exists()]
    assert not missing
