"""Answers for a served model: a base model of the Hub with an adapter, loaded once.

The request has a ``prompt`` and may have settings of generation; those that it lacks come from the
deployment's generation settings, then from the values here.
"""

import json
import os

DEFAULTS = {
    "temperature": 0.5,
    "max_new_tokens": 50,
    "top_p": 1.0,
    "top_k": 0,
    "repetition_penalty": 1.0,
    "num_beams": 1,
}
WHOLE = ("max_new_tokens", "top_k", "num_beams")
# What the generation settings may have beyond those.
FURTHER = ("do_sample", "min_p", "typical_p", "no_repeat_ngram_size", "length_penalty", "seed")


def deployed():
    """The generation settings of the deployment."""
    text = os.environ.get("FINE_TUNING_STUDIO_GEN_CONFIG_STRING", "")
    for attempt in (text, text.replace("'", '"')):
        try:
            found = json.loads(attempt)
        except ValueError:
            continue
        if isinstance(found, dict):
            return {key: value for key, value in found.items() if value is not None}
    return {}


def settings(request):
    """The settings of an answer: of the request, of the deployment, of this file."""
    of_deployment = deployed()
    chosen = {}
    for key in [*DEFAULTS, *FURTHER]:
        for source in (request, of_deployment, DEFAULTS):
            if source.get(key) is not None:
                chosen[key] = source[key]
                break
    for key in WHOLE:
        chosen[key] = int(chosen[key])
    chosen.pop("seed", None)
    if "do_sample" not in chosen:
        chosen["do_sample"] = chosen["temperature"] > 0 and chosen["num_beams"] == 1
    if not chosen["do_sample"]:
        for key in ("temperature", "top_p", "top_k", "min_p", "typical_p"):
            chosen.pop(key, None)
    return chosen


def load():
    """The tokenizer and the model with its adapter, in 4 bits on the GPU, or whole on the processor."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    base = os.environ["FINE_TUNING_STUDIO_BASE_MODEL_HF_NAME"]
    adapter = os.environ["FINE_TUNING_STUDIO_ADAPTER_LOCATION"]
    options = {}
    if torch.cuda.is_available():
        from transformers import BitsAndBytesConfig

        options["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
        )
        options["device_map"] = "auto"
    has_tokenizer = os.path.exists(os.path.join(adapter, "tokenizer_config.json"))
    tokenizer = AutoTokenizer.from_pretrained(adapter if has_tokenizer else base)
    model = AutoModelForCausalLM.from_pretrained(base, **options)
    if len(tokenizer) > model.get_input_embeddings().weight.shape[0]:
        model.resize_token_embeddings(len(tokenizer))
    return tokenizer, PeftModel.from_pretrained(model, adapter).eval()


TOKENIZER, MODEL = load()


def api_wrapper(args):
    """The answer to a request."""
    import torch

    prompt = args.get("prompt")
    if not isinstance(prompt, str) or not prompt:
        raise ValueError("The request has no prompt.")
    asked = TOKENIZER(prompt, return_tensors="pt").to(MODEL.device)
    with torch.inference_mode():
        made = MODEL.generate(
            **asked,
            **settings(args),
            pad_token_id=TOKENIZER.pad_token_id or TOKENIZER.eos_token_id,
        )
    # By tokens: what decodes the prompt need not give the prompt again.
    return TOKENIZER.decode(made[0][asked["input_ids"].shape[1] :], skip_special_tokens=True)
