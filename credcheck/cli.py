"""The command line: parse, call, print, exit code."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from credcheck.commands.about import run_labels, run_model
from credcheck.commands.evaluate import run_evaluate, run_preannotate
from credcheck.commands.options import NOTHING_DONE, complain
from credcheck.commands.score import run_score
from credcheck.commands.show import run_show
from credcheck.errors import CredcheckError
from credcheck.version import __version__

app = typer.Typer(
    help="Give every sentence of news articles its attribution status, and each article a profile.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("score")(run_score)
app.command("show")(run_show)
app.command("evaluate")(run_evaluate)
app.command("preannotate")(run_preannotate)
app.command("labels")(run_labels)
app.command("model")(run_model)

_INTERRUPTED = 130
"""What a shell calls a program that was stopped by Ctrl-C."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    try:
        command = typer.main.get_command(app)
        code = command.main(
            args=list(argv) if argv is not None else None,
            prog_name="credcheck",
            standalone_mode=False,
        )
        if code == _INTERRUPTED:
            complain("stopped; no results were written")
        return int(code or 0)
    except typer.Exit as error:
        return int(error.exit_code)
    except CredcheckError as error:
        complain(str(error))
        return NOTHING_DONE
    except Exception as error:
        # Wrong usage comes as an error that prints itself; everything else is a bug of ours.
        show = getattr(error, "show", None)
        if show is None:
            raise
        show()
        return NOTHING_DONE


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        print(f"credcheck {__version__}")
        raise typer.Exit


if __name__ == "__main__":
    sys.exit(main())
