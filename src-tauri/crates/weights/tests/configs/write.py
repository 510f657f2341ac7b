"""Writes the sizes in the configurations of Transformers' classes that have a vocabulary.

    pip install transformers==VERSION && python write.py > classes.jsonl

Each line has what the library reads from a configuration (`get_text_config(decoder=True)`), and
the keys of its `config.json` that such sizes are read from. Of classes with the same keys, the
first is written. The first line has the version of the library, and the number of classes.
"""

import json

import transformers
from transformers.configuration_utils import PreTrainedConfig
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

SIZES = {
    "vocabulary": "vocab_size",
    "hidden_size": "hidden_size",
    "layers": "num_hidden_layers",
    "context_length": "max_position_embeddings",
}
# Every name that a class maps to one of the sizes, and lists with an entry for each layer.
NAMES = set(SIZES.values()) | {"layers_block_type", "hybrid_override_pattern"}
BESIDES = {"model_type", "max_seq_len", "n_ctx", "d_model", "n_positions"}


def kept(config):
    """The part of a configuration with sizes, without sub-configurations that have none."""
    found = {}
    for key, value in config.items():
        if isinstance(value, dict):
            nested = kept(value)
            if set(nested) - {"model_type"}:
                found[key] = nested
        elif key in NAMES | BESIDES and (
            isinstance(value, int | str) or key == "layers_block_type"
        ):
            found[key] = value
    return found


def keys_of(config):
    """The names in a configuration, without the values."""
    if not isinstance(config, dict):
        return None
    return {key: keys_of(value) for key, value in sorted(config.items())}


def path_of(part, config, path=()):
    """The keys that lead to a sub-configuration."""
    if part is config:
        return path
    for key in config.sub_configs:
        nested = getattr(config, key, None)
        found = (
            path_of(part, nested, (*path, key)) if isinstance(nested, PreTrainedConfig) else None
        )
        if found is not None:
            return found
    return None


def main():
    transformers.logging.set_verbosity_error()
    configs = {}
    for model_type in sorted(CONFIG_MAPPING):
        try:
            configs[model_type] = CONFIG_MAPPING[model_type]()
        except Exception:  # A few have no defaults that fit together.
            continue
        for name, target in type(configs[model_type]).attribute_map.items():
            if name in SIZES.values():
                NAMES.add(target)
    lines = {}
    classes = 0
    for config in configs.values():
        text = config.get_text_config(decoder=True)
        sizes = {name: getattr(text, key, None) for name, key in SIZES.items()}
        if not isinstance(sizes["vocabulary"], int):
            continue
        sizes = {name: size for name, size in sizes.items() if isinstance(size, int)}
        nested = path_of(text, config)
        # Of encoders with decoders the library returns a copy, which is nowhere inside.
        line = {"path": ".".join(nested or ()), **sizes, "config": kept(config.to_diff_dict())}
        lines.setdefault((line["path"], json.dumps(keys_of(line["config"]))), line)
        classes += 1
    print(json.dumps({"transformers": transformers.__version__, "classes": classes}))
    for line in lines.values():
        print(json.dumps(line, separators=(",", ":")))


if __name__ == "__main__":
    main()
