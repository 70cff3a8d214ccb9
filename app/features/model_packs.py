"""The packs in the order they are shown, each with how far its models are here. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.viewmodels.model_cards import LibraryView
from app.views.models.pack_card import PackState, PackView
from engine.events import DeviceInfo
from engine.models.fit import FitLabel
from engine.models.recommendation import PackOffer, Recommendation

_ORDER = (FitLabel.FITS, FitLabel.MAY_BE_SLOW, FitLabel.UNKNOWN, FitLabel.WILL_NOT_FIT)


def pack_views(
    recommendation: Recommendation,
    library: LibraryView,
    *,
    is_wanted: Callable[[str], bool],
    devices: Sequence[DeviceInfo] = (),
) -> tuple[PackView, ...]:
    """The recommended pack, then what fits, then the rest; emulated devices are named as such."""
    best = recommendation.best
    views = [
        _view(offer, library, is_wanted, recommended=offer == best)
        for offer in recommendation.offers
    ]
    emulated = tuple(device.name for device in devices if device.emulated)
    views = [replace(view, emulated=emulated) for view in views]
    return tuple(
        sorted(views, key=lambda view: (not view.recommended, _ORDER.index(view.offer.label)))
    )


def _view(
    offer: PackOffer, library: LibraryView, is_wanted: Callable[[str], bool], *, recommended: bool
) -> PackView:
    models = [model for model in (offer.main, offer.draft) if model is not None]
    missing = [model for model in models if not library.has(model.id)]
    if not missing:
        state = PackState.INSTALLED
    elif all(is_wanted(model.id) for model in missing):
        state = PackState.COMING
    else:
        state = PackState.PARTLY if len(missing) < len(models) else PackState.MISSING
    return PackView(
        offer=offer,
        state=state,
        missing_bytes=sum(model.size_bytes or 0 for model in missing),
        recommended=recommended,
    )
