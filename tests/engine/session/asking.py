"""What the tests of the session load and ask."""

from __future__ import annotations

from engine.messages import ChatMessage, GenerationRequest, Role
from engine.placement import LoadSpec, Placement, Strategy

SPEC = LoadSpec(
    main_path="/models/main",
    draft_path="/models/draft",
    strategy=Strategy.DRAFT,
    placement=Placement("CPU", "CPU"),
)
OTHER = LoadSpec(main_path="/models/other")
REQUEST = GenerationRequest(messages=(ChatMessage(Role.USER, "Tell me a story."),))
