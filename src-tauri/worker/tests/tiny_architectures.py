"""Tiny models of every class that ``AutoModelForCausalLM`` builds: their configurations shrunk by the
names of their fields, so that a model takes a second to make and to train."""

import copy

SIZES = {
    64: "hidden_size d_model n_embd emb_dim embedding_size word_embed_proj_dim "
    "embedding_dim lru_width backbone_hidden_size input_embedding_size "
    "output_embedding_size hidden_size_global out_hidden_size attention_hidden_size "
    "dim_model_base vision_output_dim projector_input_dim projector_output_dim "
    "cross_attention_hidden_size text_hidden_size multi_modal_hidden_size input_size "
    "adapter_out_dim",
    128: "intermediate_size ffn_dim decoder_ffn_dim encoder_ffn_dim d_ff dff dim_ff "
    "ffn_hidden_size moe_intermediate_size shared_expert_intermediate_size "
    "shared_experts_intermediate_size n_inner shared_intermediate_size "
    "intermediate_size_mlp expert_ffn_hidden_size dense_intermediate_size "
    "moe_shared_expert_intermediate_size feed_forward_size d_inner mlp_dim "
    "mamba_d_ssm max_position_embeddings n_positions n_ctx max_seq_len context_length "
    "max_target_positions model_max_length max_source_positions "
    "num_position_embeddings original_max_position_embeddings prompt_mid_dim",
    32: "kv_lora_rank q_lora_rank qk_head_dim o_lora_rank hc_lowrank router_hidden_size "
    "ple_embed_dim hidden_size_per_layer_input index_head_dim",
    16: "head_dim qk_nope_head_dim qk_rope_head_dim v_head_dim swa_head_dim "
    "global_head_dim d_kv kv_channels linear_key_head_dim linear_value_head_dim "
    "linear_head_dim dim_head d_head attention_head_size mamba_d_state ssm_state_size "
    "state_size d_rel mamba_d_head mamba_head_dim mamba_headdim rotary_dim "
    "laurel_rank gated_norm_rank mamba_dt_rank time_step_rank adapter_rank "
    "swa_v_head_dim swa_qk_head_dim index_topk",
    8: "sliding_window sliding_window_size attention_window_size local_attention "
    "mamba_chunk_size chunk_size block_size window_size prompt_length prompt_types "
    "segment_types",
    4: "num_attention_heads n_head n_heads num_heads encoder_attention_heads "
    "decoder_attention_heads attention_heads num_encoder_attention_heads "
    "num_decoder_attention_heads swa_num_attention_heads num_experts "
    "num_local_experts n_routed_experts moe_num_experts linear_num_value_heads "
    "linear_num_heads conf_num_attention_heads num_kv_heads num_query_groups",
    2: "num_hidden_layers n_layer n_layers num_layers encoder_layers decoder_layers "
    "num_encoder_layers num_decoder_layers depth conf_num_hidden_layers num_blocks "
    "num_experts_per_tok moe_topk moe_top_k num_experts_per_token moe_k "
    "num_global_layers num_layers_per_stack linear_num_key_heads index_n_heads "
    "o_groups hc_mult hc_count swa_num_key_value_heads",
    1: "n_group topk_group num_expert_group num_shared_experts n_shared_experts "
    "moe_num_shared_experts first_k_dense_replace num_dense_layers "
    "num_nextn_predict_layers moe_layer_start_index zero_expert_num "
    "interleave_moe_layer_step n_groups mamba_n_groups mamba_ngroups num_mem_blocks",
}
"""What a field becomes, by its name, where it is larger."""

SIZE_OF = {name: size for size, names in SIZES.items() for name in names.split()}

VOCABULARIES = (
    "vocab_size",
    "vocab_size_per_layer_input",
    "decoder_vocab_size",
    "unpadded_vocab_size",
)

TOKENS = ("bos_token_id", "eos_token_id", "pad_token_id", "decoder_start_token_id")

LAYERS = (
    "num_hidden_layers",
    "n_layer",
    "n_layers",
    "num_layers",
    "decoder_layers",
    "attention_layers",
)


def types() -> list[str]:
    """The model types, in the order of transformers."""
    from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

    return list(MODEL_FOR_CAUSAL_LM_MAPPING_NAMES)


def shrunk(settings: dict, vocabulary: int, tokens: dict) -> dict:
    """The settings of a configuration with small numbers in place of large ones."""
    small = copy.deepcopy(settings)
    layers = next((settings[name] for name in LAYERS if isinstance(settings.get(name), int)), None)
    kept = kept_layers(settings, layers) if layers else []
    for name, value in settings.items():
        if name == "per_layer_config" and isinstance(value, dict):
            small[name] = {
                str(new): shrunk(value[key], vocabulary, tokens)
                for new, old in enumerate(kept)
                for key in value
                if int(key) == old
            }
        elif isinstance(value, dict):
            if name.endswith("_config") or "model_type" in value:
                small[name] = shrunk(value, vocabulary, tokens)
        elif name in VOCABULARIES and value:
            small[name] = vocabulary
        elif name in TOKENS and value is not None:
            small[name] = tokens.get(name, 0)
        elif name in LAYERS and isinstance(value, int):
            small[name] = max(len(kept), 1) if value == layers else min(value, 2)
        elif isinstance(value, list) and layers and len(value) == layers:
            small[name] = [value[index] for index in kept]
        elif isinstance(value, int) and not isinstance(value, bool) and name in SIZE_OF:
            small[name] = min(value, SIZE_OF[name])
        elif name in ("num_key_value_heads", "kv_n_heads", "n_head_kv") and value:
            heads = settings.get("num_attention_heads") or settings.get("n_heads") or 4
            small[name] = 4 if value == heads else min(value, 2)
    return small


def kept_layers(settings: dict, layers: int) -> list[int]:
    """The first layer of each kind, and at least two."""
    lists = [
        value
        for name, value in settings.items()
        if isinstance(value, list)
        and len(value) == layers
        and name.endswith(("types", "block_type", "layers"))
    ]
    kinds = list(zip(*lists, strict=True)) if lists else [()] * layers
    kept = [index for index in range(layers) if kinds[index] not in kinds[:index]]
    return sorted({*kept, min(1, layers - 1), 0})


def configuration(model_type: str, vocabulary: int, tokens: dict):
    """The shrunk configuration of a model type."""
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    kind = CONFIG_MAPPING[model_type]
    special = SPECIAL.get(model_type, {})
    settings = kind(**special.get("first", {})).to_dict()
    small = shrunk(settings, vocabulary, tokens)
    for name in (
        "transformers_version",
        "architectures",
        "torch_dtype",
        "dtype",
        "quantization_config",
    ):
        small.pop(name, None)
    for name, value in special.get("then", {}).items():
        if isinstance(value, dict) and isinstance(small.get(name), dict):
            small[name].update(value)
        else:
            small[name] = value
    return kind(**small)


def model(model_type: str, vocabulary: int, tokens: dict, seed: int = 0):
    """A tiny model of that type, with random weights."""
    import torch
    from transformers import AutoModelForCausalLM

    torch.manual_seed(seed)
    return AutoModelForCausalLM.from_config(configuration(model_type, vocabulary, tokens))


MAMBA = {"mamba_n_heads": 8, "mamba_d_head": 16}
ROPE = {"rope_type": "default", "rope_theta": 10000.0}
DOTS3 = {"head_dim": 32}
INDEXER = {
    "indexer_n_heads": 2,
    "indexer_kv_heads": 1,
    "indexer_head_dim": 32,
    "indexer_budget": 16,
    "indexer_compress_ratio": 4,
}
HYBRID = ["linear_attention", "hybrid", "linear_attention", "hybrid"]

SPECIAL: dict[str, dict] = {
    "bamba": {"then": {**MAMBA, "attn_layer_indices": [1]}},
    "cohere_compass_text": {
        "then": {"rope_parameters": {"full_attention": ROPE, "sliding_attention": ROPE}}
    },
    "dbrx": {"then": {"attn_config": {"rope_theta": 10000.0, "clip_qkv": 8.0}}},
    "deepseek_v2": {"then": {"num_experts_per_tok": 2, "n_group": 1, "topk_group": 1}},
    "dots1": {
        "then": {
            "n_routed_experts": 4,
            "num_experts_per_tok": 2,
            "moe_intermediate_size": 32,
            "n_shared_experts": 1,
        }
    },
    "dots3_note_text": {"then": DOTS3},
    "falcon_h1": {"then": MAMBA},
    "gemma3n_text": {
        "then": {
            "num_hidden_layers": 4,
            "layer_types": ["sliding_attention", "full_attention"] * 2,
            "intermediate_size": [128] * 4,
            "activation_sparsity_pattern": [0.95, 0.0, 0.0, 0.0],
            "num_kv_shared_layers": 2,
        }
    },
    "gemma4": {"first": {"vision_config": {"model_type": "gemma4_vision"}}},
    "gemma4_assistant": {
        "first": {
            "text_config": {"hidden_size_per_layer_input": 0, "vocab_size_per_layer_input": 0}
        }
    },
    "granitemoehybrid": {
        "then": {
            **MAMBA,
            "num_hidden_layers": 2,
            "layer_types": ["linear_attention", "full_attention"],
        }
    },
    "hrm_text": {"then": {"num_layers_per_stack": 1, "num_hidden_layers": 8}},
    "hunyuan_v1_dense": {"then": {"head_dim": 16}},
    "hunyuan_v1_moe": {"then": {"head_dim": 16}},
    "jamba": {
        "then": {
            "attn_layer_period": 2,
            "attn_layer_offset": 1,
            "expert_layer_period": 2,
            "expert_layer_offset": 1,
        }
    },
    "lfm2_moe": {
        "then": {
            "num_hidden_layers": 3,
            "layer_types": ["conv", "full_attention", "full_attention"],
        }
    },
    "mamba2": {"then": {"num_heads": 8, "head_dim": 16}},
    "ministral": {"then": {"head_dim": 16}},
    "nemotron": {"then": {"num_key_value_heads": 2, "head_dim": 16}},
    "qwen4_exp": {"then": {"text_config": INDEXER}},
    "qwen4_exp_text": {"then": INDEXER},
    "recurrent_gemma": {"then": {"num_hidden_layers": 3}},
    "reformer": {
        "then": {"is_decoder": True, "axial_pos_shape": [8, 16], "axial_pos_embds_dim": [32, 32]}
    },
    "roc_bert": {
        "then": {
            "pronunciation_vocab_size": 300,
            "shape_vocab_size": 300,
            "pronunciation_embed_dim": 16,
            "shape_embed_dim": 16,
        }
    },
    "xmod": {"then": {"default_language": "en_XX"}},
    "zamba": {
        "then": {
            "num_hidden_layers": 4,
            "layers_block_type": HYBRID,
            "attention_hidden_size": 128,
            "attention_head_dim": 32,
        }
    },
    "zamba2": {
        "then": {
            "num_hidden_layers": 4,
            "layers_block_type": HYBRID,
            "hybrid_layer_ids": [1, 3],
            "attention_hidden_size": 128,
            "attention_head_dim": 32,
            "n_mamba_heads": 8,
            "mamba_headdim": 16,
        }
    },
}
"""What the names of fields do not say: settings to start from (``first``) and to end with."""
