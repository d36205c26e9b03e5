"""The log of a run → a picture of its development scores."""

import json
from pathlib import Path


def plot_log(log: Path, picture: Path) -> None:
    """Draw accuracy and macro-F1 of each development set by epoch."""
    # Imported here: matplotlib builds a font cache on import, and only training draws.
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot
    from matplotlib.ticker import MaxNLocator

    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    figure, axes = pyplot.subplots(1, 2, figsize=(9, 3.5), sharey=True)
    for axis, measure in zip(axes, ("accuracy", "macro_f1"), strict=True):
        for name in sorted({key for line in lines for key in line if _is_set(line[key])}):
            points = [(line["epoch"], line[name][measure]) for line in lines if name in line]
            axis.plot(*zip(*points, strict=True), marker="o", label=name)
        axis.set(title=measure.replace("_f1", "-F1"), xlabel="epoch", ylim=(0, 1))
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.grid(alpha=0.3)
    axes[0].legend()
    figure.savefig(picture, format="svg", bbox_inches="tight")
    pyplot.close(figure)


def _is_set(value: object) -> bool:
    return isinstance(value, dict) and "accuracy" in value
