"""The English sentence of every reason of the pair checker, marked for translation. A table."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.translation import QT_TRANSLATE_NOOP
from engine.models.reasons import ReasonCode

_INFO: Mapping[ReasonCode, str] = {
    ReasonCode.SAME_TOKENIZER: QT_TRANSLATE_NOOP(
        "ModelReason", "Both split text the same way ({tokens} {tokens:token|tokens})."
    ),
    ReasonCode.DECLARED_PAIR: QT_TRANSLATE_NOOP("ModelReason", "The two are made for each other."),
    ReasonCode.GREEDY_ONLY: QT_TRANSLATE_NOOP(
        "ModelReason", "Always takes the likeliest token; temperature has no effect."
    ),
    ReasonCode.NO_PREFIX_CACHING: QT_TRANSLATE_NOOP(
        "ModelReason", "Earlier turns are read anew for every answer."
    ),
    ReasonCode.NO_EXTRA_MEMORY: QT_TRANSLATE_NOOP("ModelReason", "Needs no further memory."),
    ReasonCode.NOT_INSTALLED: QT_TRANSLATE_NOOP("ModelReason", "Not installed yet."),
    ReasonCode.MAIN_IS_MOE: QT_TRANSLATE_NOOP(
        "ModelReason",
        "The main model has {experts} {experts:expert|experts}; checking several tokens at once "
        "saves it less.",
    ),
}

_REMARKS: Mapping[ReasonCode, str] = {
    ReasonCode.TOKENIZER_UNKNOWN: QT_TRANSLATE_NOOP(
        "ModelReason", "The tokenizers cannot be compared; the two may not fit."
    ),
    ReasonCode.SPECIAL_TOKENS_DIFFER: QT_TRANSLATE_NOOP(
        "ModelReason", "Special tokens differ; ordinary text is split the same way."
    ),
    ReasonCode.STOP_TOKENS_DIFFER: QT_TRANSLATE_NOOP(
        "ModelReason", "The end tokens differ (main {main}, draft {draft})."
    ),
    ReasonCode.LOGITS_WIDTH_DIFFERS: QT_TRANSLATE_NOOP(
        "ModelReason", "The draft knows fewer output tokens ({draft}) than the main ({main})."
    ),
    ReasonCode.LOGITS_WIDTH_UNKNOWN: QT_TRANSLATE_NOOP(
        "ModelReason", "The number of output tokens could not be read."
    ),
    ReasonCode.FAMILY_DIFFERS: QT_TRANSLATE_NOOP(
        "ModelReason", "Different families ({main} and {draft}): fewer tokens will be accepted."
    ),
    ReasonCode.DRAFT_LARGE: QT_TRANSLATE_NOOP(
        "ModelReason",
        "The draft is large ({draft_parameters}; at most {largest_useful} pays off here).",
    ),
    ReasonCode.DRAFT_NOT_SMALLER: QT_TRANSLATE_NOOP(
        "ModelReason", "The draft is not smaller than the main model, so it saves no time."
    ),
    ReasonCode.OWN_DRAFT: QT_TRANSLATE_NOOP(
        "ModelReason", "The model drafts for itself: every token is accepted, no time is saved."
    ),
    ReasonCode.TARGET_UNKNOWN: QT_TRANSLATE_NOOP(
        "ModelReason", "The head does not say which model it was trained for."
    ),
    ReasonCode.UNVERIFIED_UNTIL_INSTALLED: QT_TRANSLATE_NOOP(
        "ModelReason", "Same family and size of vocabulary; its files will tell for certain."
    ),
    ReasonCode.NPU_INT8_UNTESTED: QT_TRANSLATE_NOOP(
        "ModelReason", "{precision} weights are not tested on an NPU."
    ),
    ReasonCode.NPU_PRECISION_UNTESTED: QT_TRANSLATE_NOOP(
        "ModelReason", "Weights of this kind ({precision}) are not tested on an NPU."
    ),
    ReasonCode.NPU_KIND_UNTESTED: QT_TRANSLATE_NOOP(
        "ModelReason", "This kind of model is not tested on an NPU."
    ),
    ReasonCode.HEAD_UNTESTED: QT_TRANSLATE_NOOP(
        "ModelReason", "Untested: drafting with a head of this kind was never tried here."
    ),
}

_BLOCKS: Mapping[ReasonCode, str] = {
    ReasonCode.TOKENIZER_DIFFERS: QT_TRANSLATE_NOOP(
        "ModelReason",
        "They split text differently (vocabularies of {main_tokens} and {draft_tokens} "
        "{draft_tokens:token|tokens}).",
    ),
    ReasonCode.SPECIAL_IDS_DIFFER: QT_TRANSLATE_NOOP(
        "ModelReason", "The {token} token has another number (main {main}, draft {draft})."
    ),
    ReasonCode.NOT_A_DRAFT: QT_TRANSLATE_NOOP(
        "ModelReason", "This kind of model cannot propose text."
    ),
    ReasonCode.MAIN_TAKES_NO_DRAFT: QT_TRANSLATE_NOOP(
        "ModelReason", "The main model is of a kind that uses no draft."
    ),
    ReasonCode.MAIN_NOT_RUN_HERE: QT_TRANSLATE_NOOP(
        "ModelReason", "Models that see images cannot be used for chats here."
    ),
    ReasonCode.MTP_NOT_RUN_HERE: QT_TRANSLATE_NOOP(
        "ModelReason", "MTP heads cannot be used here: theirs are main models that see images."
    ),
    ReasonCode.MODEL_DAMAGED: QT_TRANSLATE_NOOP("ModelReason", "Files are missing or damaged."),
    ReasonCode.DRAFT_LOGITS_LARGER: QT_TRANSLATE_NOOP(
        "ModelReason",
        "The draft has more output tokens ({draft}) than the main ({main}); none is accepted.",
    ),
    ReasonCode.HEAD_VOCABULARY_DIFFERS: QT_TRANSLATE_NOOP(
        "ModelReason", "The head was made for another vocabulary ({draft}, the main has {main})."
    ),
    ReasonCode.HIDDEN_SIZE_DIFFERS: QT_TRANSLATE_NOOP(
        "ModelReason", "The head was made for another model (hidden size {draft}, here {main})."
    ),
    ReasonCode.TOO_FEW_LAYERS: QT_TRANSLATE_NOOP(
        "ModelReason",
        "The main model has {layers} {layers:layer|layers}; such a head needs at least {least}.",
    ),
    ReasonCode.MAIN_CONFIG_MISSING: QT_TRANSLATE_NOOP(
        "ModelReason", "The main model has no configuration to build this on."
    ),
    ReasonCode.EAGLE3_NPU_NEEDS_BOTH: QT_TRANSLATE_NOOP(
        "ModelReason", "With an EAGLE-3 head either both run on the NPU or none."
    ),
    ReasonCode.HEAD_NOT_ON_NPU: QT_TRANSLATE_NOOP(
        "ModelReason", "A head of this kind does not run with an NPU."
    ),
    ReasonCode.NPU_LOGITS_WIDTH: QT_TRANSLATE_NOOP(
        "ModelReason", "On an NPU both need the same number of output tokens ({main}, {draft})."
    ),
    ReasonCode.NPU_ASYMMETRIC: QT_TRANSLATE_NOOP(
        "ModelReason", "The NPU cannot take weights with zero points ({precision})."
    ),
    ReasonCode.NPU_GROUP_SIZE: QT_TRANSLATE_NOOP(
        "ModelReason", "The NPU needs groups of 128 or whole channels; here groups of {group_size}."
    ),
    ReasonCode.NPU_INT8_ASYMMETRIC: QT_TRANSLATE_NOOP(
        "ModelReason", "The NPU cannot take these weights ({precision})."
    ),
    ReasonCode.GPU_WITHOUT_NF4: QT_TRANSLATE_NOOP(
        "ModelReason", "The GPU cannot take nf4 weights."
    ),
    ReasonCode.NPU_IGNORES_PROMPT_LOOKUP: QT_TRANSLATE_NOOP(
        "ModelReason", "An NPU does no prompt lookup."
    ),
    ReasonCode.OTHER_FAMILY: QT_TRANSLATE_NOOP(
        "ModelReason", "Made for another family ({draft}; the main is {main})."
    ),
    ReasonCode.OTHER_VOCABULARY: QT_TRANSLATE_NOOP(
        "ModelReason",
        "Made for another vocabulary ({draft} {draft:token|tokens}; the main has {main}).",
    ),
}

REASON_SENTENCES: Mapping[ReasonCode, str] = {**_INFO, **_REMARKS, **_BLOCKS}
