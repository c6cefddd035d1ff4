"""The capacity model: it reads the reports, adds up, and says what it misses."""

from math import isclose

import pytest

from benchmarks import capacity, tables
from benchmarks.capacity import KINDS, Cost, FigureMissing, Figures

ONE_EACH = Figures(costs={kind.figure: Cost(10.0, 2.0) for kind in KINDS}, message=Cost(8.0, 3.0))


@pytest.fixture
def results(tmp_path):
    """Reports as the benchmarks write them: each request takes 12 ms, 2 of them the database's."""
    web = tables.table(["Request", "100", "1,000"], [[kind.figure, "", "5/s, 9 ms (12.0, 2.0)"] for kind in KINDS])
    tables.save(tmp_path / "web.rst", web)
    photos = tables.table(["Picture", "kB each", "Milliseconds"], [["small", "10", "1.0"], ["large", "100", "5.0"]])
    tables.save(tmp_path / "photos.rst", photos)
    delivery = tables.table(
        ["What", "Broker", "Workers", "Rows a second", "Work"],
        [["outbox", "Redis", "1", "90", "(7.0, 1.0)"], ["outbox", "RabbitMQ", "1", "80", "(11.0, 3.0)"]],
    )
    tables.save(tmp_path / "delivery.rst", delivery)
    return tmp_path


def test_what_is_written_is_read_again(tmp_path):
    rows = [["Name", "Number"], ["one", "1"], ["none", ""]]
    assert tables.read("\n".join(["Title", *tables.table(rows[0], rows[1:]), "", "text"])) == [rows]


def test_figures_come_from_the_reports(results):
    found = capacity.figures(results)
    assert found.costs["start (7)"] == Cost(10.0, 2.0)
    assert found.costs["photos"] == Cost(10.0, 0.0)
    assert found.message == Cost(8.0, 3.0)


@pytest.mark.parametrize(("name", "target"), [("web", "bench"), ("photos", "bench-photos"), ("delivery", "bench-deli")])
def test_a_missing_report_is_named_with_its_target(results, name, target):
    (results / f"{name}.rst").unlink()
    with pytest.raises(FigureMissing, match=rf"There is no {name}\.rst: make {target}"):
        capacity.figures(results)


def test_a_missing_row_is_named(results):
    report = results / "web.rst"
    report.write_text(report.read_text().replace("submit (7)", "something else"))
    with pytest.raises(FigureMissing, match=r"submit \(7\)"):
        capacity.figures(results)


def test_load_grows_with_learners_and_in_a_rush():
    calm, more = capacity.load(ONE_EACH, 100), capacity.load(ONE_EACH, 300)
    rush = capacity.load(ONE_EACH, 100, rush=1)
    assert isclose(more.site, 3 * calm.site)
    assert isclose(more.requests, 3 * calm.requests)
    assert isclose(calm.site, calm.requests * 10 / 1000)
    assert rush.site > calm.site
    assert rush.messages > calm.messages


def test_cores_carry_what_they_are_said_to_carry():
    learners = capacity.most_learners(ONE_EACH, cores=2)
    busy = capacity.load(ONE_EACH, learners)
    assert busy.site + busy.database + busy.workers == pytest.approx(2 * capacity.BUSY, rel=0.01)


def test_the_report_is_written_anew(results, capsys):
    assert capacity.main(["--results", str(results)]) == 0
    kinds, sizes = tables.read((results / "capacity.rst").read_text())
    assert len(kinds) == 1 + len(KINDS)
    assert [row[0] for row in sizes[1:]] == ["1,000", "100,000", "1,000,000"]
    cores = [int(row[2].replace(",", "")) for row in sizes[1:]]
    assert cores == sorted(cores)
    assert "learners at once" in capsys.readouterr().out


def test_without_figures_there_is_no_report(tmp_path, capsys):
    assert capacity.main(["--results", str(tmp_path)]) == 1
    assert "make bench" in capsys.readouterr().err
