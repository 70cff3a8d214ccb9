"""Chooses what races: a prompt, and the cells that answered it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from app.core.lab_text import cell_name, set_name
from app.viewmodels.lab_board import LabResults, result_rows
from app.viewmodels.lab_race import RaceLane, race_lane, race_prompts
from app.views.lab.race_tab import MOST_LANES
from engine.lab.cells import Cell
from engine.lab.results import ALL_SETS

if TYPE_CHECKING:
    from app.features.lab_page import LabPageLink

translate = QCoreApplication.translate
_MOST_CHIPS = 6
_AT_FIRST = 2


class LabRaceLink(QObject):
    """The race tab."""

    def __init__(self, page: LabPageLink) -> None:
        super().__init__(page)
        self._tab = page.widget.race
        self._results: LabResults | None = None
        self._prompt = ("", 0)
        self._cells: list[Cell] = []
        self._offered: list[Cell] = []
        self._tab.prompt_chosen.connect(self._on_prompt)
        self._tab.lane_toggled.connect(self._on_lane)

    def show_results(self, results: LabResults) -> None:
        """Offer the answers of a run: at first the baseline against the fastest other cell."""
        self._results = results
        prompts = race_prompts(results.record)
        self._prompt = prompts[0] if prompts else ("", 0)
        rows = [row for row in result_rows(results, ALL_SETS) if row.rate is not None]
        baseline = [row.cell for row in rows if row.is_baseline]
        best = [row.cell for row in rows if not row.is_baseline]
        self._offered = (baseline + best)[:_MOST_CHIPS]
        self._cells = self._offered[:_AT_FIRST]
        texts = [(_key(prompt), self._question(*prompt)) for prompt in prompts]
        self._tab.show_prompts(texts, _key(self._prompt))
        self._show()

    def _show(self) -> None:
        results = self._results
        if results is None or not self._prompt[0]:
            self._tab.show_chips(())
            self._tab.show_lanes(())
            return
        chips = [
            (cell.key, self._name(cell, results), cell in self._cells) for cell in self._offered
        ]
        self._tab.show_chips(chips)
        lanes = [(self._name(cell, results), self._lane(cell)) for cell in self._cells]
        self._tab.show_lanes([(name, lane) for name, lane in lanes if lane is not None])

    def _name(self, cell: Cell, results: LabResults) -> str:
        return cell_name(cell, translate, emulated=results.record.header.emulated)

    def _lane(self, cell: Cell) -> RaceLane | None:
        if self._results is None:
            return None
        set_id, index = self._prompt
        return race_lane(self._results.record, cell, set_id=set_id, prompt_index=index)

    def _question(self, set_id: str, index: int) -> str:
        assert self._results is not None
        sets = self._results.record.header.plan.prompt_sets
        prompts = next(s.prompts for s in sets if s.set_id == set_id)
        text = " ".join(prompts[index].messages[-1].content.split())
        return f"{set_name(set_id, translate)}: {text}"

    def _on_prompt(self, key: str) -> None:
        set_id, _, index = key.rpartition("/")
        self._prompt = (set_id, int(index))
        self._show()

    def _on_lane(self, key: str, wanted: bool) -> None:
        cells = [cell for cell in self._cells if cell.key != key]
        if wanted:
            cells += [cell for cell in self._offered if cell.key == key]
        self._cells = [cell for cell in self._offered if cell in cells][:MOST_LANES]
        self._show()


def _key(prompt: tuple[str, int]) -> str:
    return f"{prompt[0]}/{prompt[1]}"
