"""Steps of a run → a bar on a terminal, a line now and then in a log."""

import logging
import time
from types import TracebackType

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

_log = logging.getLogger(__name__)
_STEPS_A_LINE = 50
_LOSSES_SHOWN = 50


class StepBar:
    """Shows how far a training is, its loss, and the time left."""

    def __init__(self, n_steps: int, done: int) -> None:
        self._console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        self._progress = Progress(*columns, console=self._console)
        self._task = self._progress.add_task("training", total=n_steps, completed=done)
        self._n_steps, self._done, self._step = n_steps, done, done
        self._started = time.monotonic()

    def __enter__(self) -> "StepBar":
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def advance(self, losses: list[float]) -> None:
        """One step more; losses are those of the epoch so far."""
        self._step += 1
        loss = float(np.mean(losses[-_LOSSES_SHOWN:]))
        self._progress.update(self._task, advance=1, description=f"training, loss {loss:.3f}")
        if self._step % _STEPS_A_LINE == 0 and not self._console.is_terminal:
            rate = (self._step - self._done) / (time.monotonic() - self._started)
            minutes = (self._n_steps - self._step) / rate / 60
            _log.info(
                "step %d of %d, loss %.3f, %.0f minutes left",
                self._step,
                self._n_steps,
                loss,
                minutes,
            )
