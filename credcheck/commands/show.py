"""`credcheck show`: a file of articles → their sentences on the terminal."""

import json
from itertools import chain
from typing import Annotated

import typer
from rich.console import Console

from credcheck.batch import find_inputs, read_inputs
from credcheck.checker import Checker
from credcheck.commands.options import (
    ALL_DONE,
    NOTHING_DONE,
    SOME_FAILED,
    IdFieldOption,
    LanguageOption,
    ModelOption,
    TextFieldOption,
    ThreadsOption,
    complain,
    read_stdin,
)
from credcheck.records import Failure
from credcheck.structured import Fields
from credcheck.terminal import article_in_colour
from credcheck.writers import to_dict


def run_show(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file; - for standard input.")],
    language: LanguageOption = "",
    text_field: TextFieldOption = "",
    id_field: IdFieldOption = "",
    model: ModelOption = "",
    threads: ThreadsOption = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines instead.")] = False,
) -> int:
    """Print the article(s) of a file with the status of every sentence, in colour.

    Source words are underlined, cue words are italic; ? marks a sentence that stays undecided.
    """
    checker = Checker(model or None, threads=threads)
    console = Console(soft_wrap=True)
    inputs = find_inputs([file] if file != "-" else [])
    piped = [read_stdin(language)] if file == "-" else []
    fields = Fields(text_field, id_field)
    entries = chain(piped, read_inputs(inputs, language=language, fields=fields))
    n_scored = n_failed = 0
    for result in checker.check_many(entries):
        if isinstance(result, Failure):
            n_failed += 1
            complain(result.message)
        elif as_json:
            n_scored += 1
            print(json.dumps(to_dict(result), ensure_ascii=False))
        else:
            n_scored += 1
            console.print(article_in_colour(result))
    if not n_scored:
        return NOTHING_DONE
    return SOME_FAILED if n_failed else ALL_DONE
