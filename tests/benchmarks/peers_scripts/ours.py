"""The application's own backend, asked as its peers are.

Run as a process: MAIN DRAFT THREADS. Nothing but the number of threads is set here.
"""

from __future__ import annotations

import json
import sys

from peers_scripts.conversation import Clock

from engine.backends.openvino_backend import OpenVinoBackend
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.params import GenerationParams
from engine.placement import LoadSpec, Placement, Strategy
from engine.stop_token import StopToken


def _load(spec: LoadSpec) -> OpenVinoBackend:
    backend = OpenVinoBackend()
    backend.load(spec, on_phase=lambda _phase: None)
    return backend


def main() -> None:
    """Load plain and with a draft, then answer a JSON request per line."""
    main_path, draft_path, threads = sys.argv[1:]
    properties = (("INFERENCE_NUM_THREADS", int(threads)),)
    plain = _load(LoadSpec(main_path=main_path, main_properties=properties))
    spec = LoadSpec(
        main_path=main_path,
        draft_path=draft_path,
        main_properties=properties,
        strategy=Strategy.DRAFT,
        placement=Placement("CPU", "CPU"),
    )
    pair = _load(spec)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        length = request["length"]
        sample = _answer(pair if length else plain, request["prompt"], length, request)
        print(json.dumps(sample), flush=True)
    plain.close()
    pair.close()


def _answer(
    backend: OpenVinoBackend, prompt: str, length: int, request: dict[str, int]
) -> dict[str, object]:
    clock = Clock()
    params = GenerationParams(
        temperature=0.0,
        repetition_penalty=1.0,
        max_new_tokens=request["max_new_tokens"],
        num_assistant_tokens=length or None,
    )
    asked = GenerationRequest(messages=(ChatMessage(Role.USER, prompt),), params=params)
    outcome = backend.generate(
        asked, on_run=lambda run: clock.add(list(run.token_ids)), stop=StopToken()
    )
    return {"prompt_tokens": outcome.runtime.prompt_tokens, **clock.sample()}


if __name__ == "__main__":
    main()
