"""The shares of the control's rate as bars, a group a request, a bar a size; a line where each has to reach."""

from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure as Picture

from benchmarks.web.figures import Results

# The same figures make the same file.
FIXED = {"svg.hashsalt": "bench", "svg.fonttype": "none"}
COLOURS = ["#b8c8e6", "#7d9fd6", "#4274c2", "#1d478a"]


def write(results: Results, path: Path) -> None:
    """An SVG file."""
    cases, sizes = results.cases, results.sizes
    height = 0.8 / len(sizes)
    with mpl.rc_context(FIXED):
        picture = Picture(figsize=(9, 0.5 * len(cases) + 1.2), layout="constrained")
        axes = picture.subplots()
        for number, size in enumerate(sizes):
            found = [(place, results.of(case.name).get(size)) for place, case in enumerate(cases)]
            bars = [(place + number * height - 0.4 + height / 2, one.ratio) for place, one in found if one]
            colour = COLOURS[number % len(COLOURS)]
            axes.barh([at for at, _ in bars], [ratio for _, ratio in bars], height, label=f"{size:,}", color=colour)
        wanted = [(place, case.target) for place, case in enumerate(cases) if case.target]
        for place, target in wanted:
            axes.plot([target, target], [place - 0.45, place + 0.45], color="#b02020", linewidth=2)
        axes.set_yticks(range(len(cases)), [case.name for case in cases])
        axes.invert_yaxis()
        axes.set_xlabel("share of the control's rate; the red line is what is wanted")
        axes.legend(title="attempts in the course")
        picture.savefig(path, metadata={"Date": None})
