"""`models search`, `models download` and repairs: what needs a hub. Ctrl+C keeps what arrived."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TypeVar

from engine.cli.exit_codes import ExitCode, exit_code_of
from engine.cli.lines import remark, write_json, write_table
from engine.cli.models import megabytes
from engine.cli.output import event_to_json
from engine.cli.requests import find_folders
from engine.errors import EngineError, ErrorCode, ErrorInfo, ParameterError
from engine.hub.credentials import Credentials
from engine.hub.download_queue import DownloadQueue
from engine.hub.endpoints import endpoints_from, mirror_from
from engine.hub.events import (
    TransferEvent,
    TransferFailed,
    TransferFinished,
    TransferProgressed,
)
from engine.hub.hub_access import HubAccess
from engine.hub.references import parse_reference
from engine.models.catalog import Catalog, load_catalog
from engine.models.manifest import ModelManifest, SourceType
from engine.models.orders import HubChoice, complete_order, is_trusted, order_for
from engine.models.registry import InstalledModel
from engine.models.settings import SETTINGS_NAME, ModelSettings, read_model_settings

T = TypeVar("T")
_STEP_PERCENT = 5


def run_search(arguments: argparse.Namespace) -> ExitCode:
    """Search the chosen hub.

    Raises:
        TransferError: the hub cannot be asked.
    """
    choice = chosen_hub(arguments, window_settings(arguments))
    found = _with_hubs(
        lambda hubs: hubs.source(choice.type, endpoint=choice.endpoint).search(
            arguments.text, owner=arguments.owner or None, limit=arguments.limit
        )
    )
    if arguments.json:
        for model in found:
            write_json(
                {
                    "repository": model.repository, "downloads": model.downloads,
                    "likes": model.likes, "gated": model.gated,
                    "last_modified": model.last_modified, "tags": list(model.tags),
                }
            )  # fmt: skip
    else:
        gate = {True: "terms to accept", False: ""}
        write_table([[m.repository, str(m.downloads or "-"), gate[m.gated]] for m in found])
    return ExitCode.OK


def run_download(arguments: argparse.Namespace) -> ExitCode:
    """Fetch models one after the other; the last error decides the exit code.

    Raises:
        ParameterError: nothing to fetch, an unknown pack, an owner nobody agreed to.
        EngineError: the queue cannot begin.
    """
    catalog, settings = load_catalog(), window_settings(arguments)
    orders = tuple(_orders(arguments, catalog, settings))
    limit = arguments.limit_kb * 1000.0 if arguments.limit_kb else settings.speed_limit_bytes_per_s
    folder = find_folders(arguments.data_dir).models
    teller = _Teller(as_json=arguments.json)

    async def fetch(hubs: HubAccess) -> None:
        queue = DownloadQueue(
            folder, hubs=hubs, on_event=teller, complete=partial(complete_order, catalog=catalog)
        )
        if limit is not None:
            queue.set_speed_limit(limit)
        await queue.start()
        try:
            for order in orders:
                await queue.add(order)
            await queue.wait_idle()
        finally:
            await queue.close()

    _with_hubs(fetch)
    return exit_code_of(teller.error.code) if teller.error is not None else ExitCode.OK


def repair_model(model: InstalledModel, files: Iterable[str], *, root: Path) -> None:
    """Fetch single files of a model again.

    Raises:
        EngineError: it did not come from a hub, or the hub has other files now.
    """
    from engine.hub.repair import Repair

    folder = model.manifest_folder or model.path
    _with_hubs(lambda hubs: Repair(folder, models_folder=root, hubs=hubs).run(tuple(files)))


class _Teller:
    """Tells what happens to the downloads and remembers the last error."""

    def __init__(self, *, as_json: bool) -> None:
        self.error: ErrorInfo | None = None
        self._as_json = as_json
        self._told: tuple[str, int] | None = None

    def __call__(self, event: TransferEvent) -> None:
        if isinstance(event, TransferFailed):
            self.error = event.error
        if self._as_json:
            write_json(event_to_json(event))
        elif isinstance(event, TransferProgressed):
            self._progress(event)
        elif isinstance(event, TransferFinished):
            sys.stdout.write(f"{event.model_id}  {event.path}\n")
            sys.stdout.flush()
        elif isinstance(event, TransferFailed):
            remark(f"{event.model_id}: {event.error.message}")

    def _progress(self, event: TransferProgressed) -> None:
        done = event.bytes_done * 100 // max(1, event.bytes_total)
        step = (event.model_id, done // _STEP_PERCENT)
        if step != self._told and event.bytes_total:
            self._told = step
            speed = megabytes(round(event.speed_bytes_per_s))
            size = megabytes(event.bytes_total)
            remark(f"{event.model_id}: {done} % of {size}, {speed}/s")


def _orders(
    arguments: argparse.Namespace, catalog: Catalog, settings: ModelSettings
) -> Iterable[ModelManifest]:
    choice = chosen_hub(arguments, settings)
    names = list(arguments.repositories)
    if arguments.pack is not None:
        pack = catalog.pack(arguments.pack)
        if pack is None:
            raise _wrong("pack", f"There is no pair pack '{arguments.pack}'.")
        names += [name for name in (pack.main, pack.draft) if name is not None]
    if not names:
        raise _wrong("repositories", "Nothing to download was named.")
    for name in names:
        source = parse_reference(name, mirrors=[choice.endpoint] if choice.endpoint else [])
        if source is None:
            raise _wrong("repositories", f"'{name}' is no repository.")
        if source.type is SourceType.HUGGINGFACE and "://" not in name:
            source = choice.source_of(source.repository or "", revision=source.revision)
        order = order_for(source, catalog)
        agreed = arguments.yes or order.id in settings.agreed
        if not (agreed or is_trusted(order.id, catalog)):
            raise _wrong("yes", f"Nobody knows the owner of '{order.id}': say --yes to fetch it.")
        yield order


def window_settings(arguments: argparse.Namespace) -> ModelSettings:
    """What was chosen in the window; without that, a mirror of the environment."""
    file = find_folders(arguments.data_dir).config / SETTINGS_NAME
    return read_model_settings(file, mirror=mirror_from(os.environ))


def chosen_hub(arguments: argparse.Namespace, settings: ModelSettings) -> HubChoice:
    """The hub of the options, else the one of the settings.

    Raises:
        ParameterError: a mirror without an address, or with one that is none.
    """
    source = SourceType(arguments.source) if arguments.source else None
    if source is None and not arguments.mirror:
        source = settings.hub_choice.type
    if source in (SourceType.MODELSCOPE, SourceType.HUGGINGFACE):
        return HubChoice(type=source)
    mirror = arguments.mirror or settings.mirror or mirror_from(os.environ)
    if not mirror:
        raise _wrong("mirror", "Which mirror? Name it with --mirror.")
    from engine.hub.mirror import normal_endpoint

    return HubChoice(type=SourceType.MIRROR, endpoint=normal_endpoint(mirror))


def _with_hubs(work: Callable[[HubAccess], Awaitable[T]]) -> T:
    async def run() -> T:
        hubs = HubAccess(Credentials(), endpoints=endpoints_from(os.environ))
        try:
            return await work(hubs)
        finally:
            await hubs.close()

    return asyncio.run(run())


def _wrong(parameter: str, sentence: str) -> EngineError:
    return ParameterError(sentence, code=ErrorCode.INVALID_PARAMETER, parameter=parameter)
