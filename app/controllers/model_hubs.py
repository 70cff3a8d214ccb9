"""The hub the user chose, its token and its address. Opens nothing before a hub is asked."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.controllers.model_tasks import ModelTasks
from engine.errors import EngineError
from engine.hub.blocking import run_blocking
from engine.models.manifest import SourceType
from engine.models.orders import HubChoice
from engine.models.settings import ModelSettings, read_model_settings, write_model_settings

if TYPE_CHECKING:
    from engine.hub.credentials import TokenStorage
    from engine.hub.hub_access import HubAccess
    from engine.hub.mirror import MirrorReport
    from engine.hub.sources import HubSource


class ModelHubs(QObject):
    """Settings about models, and the hubs they lead to.

    Signals: `settings_changed(ModelSettings)`; `save_failed(ErrorInfo)`.
    """

    settings_changed = Signal(object)
    save_failed = Signal(object)

    def __init__(
        self,
        file: Path,
        tasks: ModelTasks,
        *,
        environment: Mapping[str, str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._file = file
        self._tasks = tasks
        self._environment = environment
        self._access: HubAccess | None = None
        self._settings: ModelSettings | None = None
        self._is_saved = True
        self._saving = asyncio.Lock()

    @property
    def settings(self) -> ModelSettings:
        """The settings in force."""
        if self._settings is None:
            from engine.hub.endpoints import mirror_from

            mirror = mirror_from(self._environment)
            self._settings = read_model_settings(self._file, mirror=mirror)
        return self._settings

    @property
    def choice(self) -> HubChoice:
        """The hub to ask."""
        return self.settings.hub_choice

    @property
    def access(self) -> HubAccess:
        """All hubs."""
        if self._access is None:
            from engine.hub.credentials import Credentials
            from engine.hub.endpoints import endpoints_from
            from engine.hub.hub_access import HubAccess

            self._access = HubAccess(Credentials(), endpoints=endpoints_from(self._environment))
        return self._access

    @property
    def source(self) -> HubSource:
        """The hub the user chose."""
        return self.access.source(self.choice.type, endpoint=self.choice.endpoint)

    def change(self, settings: ModelSettings) -> None:
        """Take other settings and keep them."""
        if settings == self._settings:
            return
        self._settings, self._is_saved = settings, False
        self._tasks.start(self._save(), on_error=self.save_failed.emit)
        self.settings_changed.emit(settings)

    async def use_mirror(self, url: str) -> MirrorReport:
        """Try out a mirror and, when it works, use it.

        Raises:
            EngineError: what does not work.
        """
        report = await self.access.verify_mirror(url)
        self.change(replace(self.settings, hub=SourceType.MIRROR, mirror=report.endpoint))
        return report

    async def store_token(self, token: str) -> TokenStorage:
        """Keep the token of the chosen hub.

        Raises:
            ParameterError: this is no token.
        """
        return await self.access.credentials.store(self._token_hub(), token)

    async def forget_token(self) -> None:
        """Delete the token of the chosen hub."""
        await self.access.credentials.forget(self._token_hub())

    async def has_token(self) -> bool:
        """Whether a token of the chosen hub is known."""
        return await self.access.credentials.token(self._token_hub()) is not None

    async def close(self) -> None:
        """Keep what was changed last and close the connections."""
        with contextlib.suppress(EngineError):  # the window is gone: nobody is there to be told
            await self._save()
        if self._access is not None:
            await self._access.close()

    async def _save(self) -> None:
        """Write the newest settings; one after the other, so that no older ones come last."""
        async with self._saving:
            if not self._is_saved:
                self._is_saved = True
                await run_blocking(write_model_settings, self._file, self.settings)

    def _token_hub(self) -> SourceType:
        modelscope = self.settings.hub is SourceType.MODELSCOPE
        return SourceType.MODELSCOPE if modelscope else SourceType.HUGGINGFACE
