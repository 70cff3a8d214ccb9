"""What can be done with each message, as the chat view offers it. It decides, and does nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.chat_view.message_actions import MessageAction
from app.core.conversation import MessageState
from app.core.load_choice import LoadChoice
from app.core.translation import QT_TRANSLATE_NOOP, Translate
from engine.events import FinishReason
from engine.messages import Role
from engine.metrics.report import GenerationReport
from engine.placement import Strategy
from engine.placement_rules import Effect, check_load

_CONTEXT = "MessageMenu"


class ActionId(StrEnum):
    """Ids of actions; a choice of another placement is `WITH` and a number."""

    COPY = "copy"
    COPY_TEXT = "copy_text"
    EDIT = "edit"
    REGENERATE = "regenerate"
    WITH = "with:"
    CONTINUE = "continue"
    COMPARE = "compare"
    DETAILS = "details"
    BRANCH = "branch"
    DELETE = "delete"


_STRATEGIES = {
    Strategy.DRAFT: QT_TRANSLATE_NOOP("MessageMenu", "Draft model"),
    Strategy.PROMPT_LOOKUP: QT_TRANSLATE_NOOP("MessageMenu", "Prompt lookup"),
    Strategy.NONE: QT_TRANSLATE_NOOP("MessageMenu", "No draft (plain decoding)"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFacts:
    """What decides about the actions of one message."""

    role: Role
    state: MessageState
    has_text: bool
    report: GenerationReport | None
    is_last: bool
    is_saved: bool
    version_count: int
    is_busy: bool
    """An answer is being made somewhere in this chat."""
    is_temporary: bool

    @property
    def can_continue(self) -> bool:
        """Whether the answer ends before its end, and is the last one."""
        cut = self.report is not None and self.report.finish_reason == FinishReason.LENGTH
        broken = self.state in (MessageState.INTERRUPTED, MessageState.STOPPED)
        return self.is_last and self.has_text and (cut or broken)


def message_actions(
    facts: MessageFacts,
    others: Sequence[LoadChoice],
    *,
    choice: LoadChoice,
    sampling: bool,
    translate: Translate,
) -> tuple[MessageAction, ...]:
    """The actions of one message, those with an icon as buttons too."""
    if facts.role is Role.USER:
        return tuple(_of_question(facts, translate))
    return tuple(_of_answer(facts, others, choice, sampling=sampling, translate=translate))


def _of_question(facts: MessageFacts, translate: Translate) -> Iterator[MessageAction]:
    free = facts.is_saved and not facts.is_busy
    yield _action(ActionId.COPY, translate(_CONTEXT, "Copy"), "copy")
    yield _action(
        ActionId.EDIT, translate(_CONTEXT, "Edit and send again"), "pencil", keys="E", on=free
    )
    yield from _common(facts, translate)


def _of_answer(
    facts: MessageFacts,
    others: Sequence[LoadChoice],
    choice: LoadChoice,
    *,
    sampling: bool,
    translate: Translate,
) -> Iterator[MessageAction]:
    free = facts.is_saved and not facts.is_busy
    copy = translate(_CONTEXT, "Copy as Markdown")
    yield _action(ActionId.COPY, copy, "copy", on=facts.has_text)
    plain = translate(_CONTEXT, "Copy as plain text")
    yield _action(ActionId.COPY_TEXT, plain, on=facts.has_text)
    if facts.can_continue:
        text = translate(_CONTEXT, "Continue this answer")
        yield _action(ActionId.CONTINUE, text, "play", keys="G", on=not facts.is_busy)
    again = translate(_CONTEXT, "Regenerate")
    yield _action(ActionId.REGENERATE, again, "refresh-cw", keys="R", on=free)
    yield MessageAction(
        id=ActionId.WITH,
        text=translate(_CONTEXT, "Regenerate with"),
        icon_name="split",
        enabled=free and bool(others),
        children=tuple(
            MessageAction(
                id=f"{ActionId.WITH}{number}",
                text=choice_text(other, choice, translate),
                enabled=_is_possible(other, sampling=sampling),
            )
            for number, other in enumerate(others)
        ),
    )
    if facts.version_count > 1:
        text = translate(_CONTEXT, "Compare versions")
        yield _action(ActionId.COMPARE, text, "scale", keys="V", on=free)
    if facts.report is not None:
        text = translate(_CONTEXT, "Figures of this answer")
        yield _action(ActionId.DETAILS, text, "chart-column", keys="I")
    yield from _common(facts, translate)


def _common(facts: MessageFacts, translate: Translate) -> Iterator[MessageAction]:
    free = facts.is_saved and not facts.is_busy
    text = translate(_CONTEXT, "Branch into a new chat")
    yield _action(ActionId.BRANCH, text, "git-branch", keys="B", on=free and not facts.is_temporary)
    delete = translate(_CONTEXT, "Delete message")
    yield _action(ActionId.DELETE, delete, "trash-2", keys="Del", on=free)


def _action(
    name: ActionId, text: str, icon_name: str = "", *, keys: str | None = None, on: bool = True
) -> MessageAction:
    return MessageAction(id=name, text=text, icon_name=icon_name, shortcut=keys, enabled=on)


def choice_text(other: LoadChoice, present: LoadChoice, translate: Translate) -> str:
    """What is different about another choice."""
    if other.strategy is not present.strategy:
        return translate(_CONTEXT, _STRATEGIES[other.strategy])
    if other.main_device != present.main_device:
        text = translate(_CONTEXT, "Main model on {device}")
        return text.format(device=other.main_device)
    return translate(_CONTEXT, "Draft model on {device}").format(device=other.draft_device)


def strategy_text(strategy: str, translate: Translate) -> str:
    """A strategy as reports name it, in words; one that is not known stays as it is."""
    known = {item.value: text for item, text in _STRATEGIES.items()}
    return translate(_CONTEXT, known[strategy]) if strategy in known else strategy


def _is_possible(choice: LoadChoice, *, sampling: bool) -> bool:
    findings = check_load(choice.to_spec(sampling=sampling))
    return not any(finding.effect is Effect.REFUSED for finding in findings)
