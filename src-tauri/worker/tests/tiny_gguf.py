"""A tiny chat model that llama.cpp's converter takes, and adapters of it: ``tiny_gguf.py OUT``.

The converter distinguishes byte-level tokenizers by a hash and refuses those it does not know, so this
one splits into pieces as SentencePiece does, with bytes for what it has no piece for.
"""

import json
import sys
from pathlib import Path

import tiny_model

TEXTS = (
    "Where is my parcel? It left on Monday and did not arrive.",
    "I was charged twice for one order. Please pay one of them back.",
    "How do I change the password of my account?",
    "Label the ticket: billing, delivery or account.",
)

TEMPLATE = """{% for message in messages %}<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}"""

SPECIAL = ("<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>")


def make_tokenizer():
    from tokenizers import Tokenizer, decoders, models, normalizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    made.normalizer = normalizers.Sequence(
        [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
    )
    made.decoder = decoders.Sequence(
        [
            decoders.Replace("▁", " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            decoders.Strip(" ", 1, 0),
        ]
    )
    pieces = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(
        vocab_size=600,
        special_tokens=[*SPECIAL, *pieces],
        initial_alphabet=["▁", *(chr(code) for code in range(33, 127))],
        show_progress=False,
    )
    made.train_from_iterator(TEXTS * 10, trainer)
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A $B", special_tokens=[("<s>", 1)]
    )
    # The bytes are no special tokens: they stand for text.
    state = json.loads(made.to_str())
    state["added_tokens"] = [one for one in state["added_tokens"] if one["content"] in SPECIAL]
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(json.dumps(state)),
        unk_token="<unk>",
        bos_token="<s>",
        eos_token="</s>",
        pad_token="</s>",
        additional_special_tokens=["<|im_start|>", "<|im_end|>"],
        clean_up_tokenization_spaces=False,
        chat_template=TEMPLATE,
    )


def make(out: Path) -> Path:
    """Saves a Llama of two layers that has read the texts, and its tokenizer."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = make_tokenizer()
    torch.manual_seed(0)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            # K-quants divide rows into blocks of 256.
            hidden_size=256,
            intermediate_size=512,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=4,
            max_position_embeddings=256,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
        )
    )
    # It shall be sure of its answers: those of an untrained model are a toss-up of many tokens.
    tiny_model.teach(model, tokenizer, list(TEXTS), steps=80, batch=8)
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    return out


def adapter(model: Path, out: Path, **settings) -> Path:
    """Saves a LoRA adapter for the model whose effect can be seen."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    config = {"r": 4, "lora_alpha": 8, "target_modules": "all-linear", "task_type": "CAUSAL_LM"}
    peft = get_peft_model(
        AutoModelForCausalLM.from_pretrained(model), LoraConfig(**{**config, **settings})
    )
    torch.manual_seed(1)
    for name, weights in peft.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weights, std=0.05)
    peft.save_pretrained(out)
    return out


def main():
    """Writes ``model``, ``adapter``, and ``scaled``, an adapter that a GGUF file can't hold alone."""
    out = Path(sys.argv[1])
    model = make(out / "model")
    adapter(model, out / "adapter")
    adapter(model, out / "scaled", use_rslora=True)


if __name__ == "__main__":
    main()
