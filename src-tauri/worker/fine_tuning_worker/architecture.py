"""Fits a training to the class of its model: what LoRA can change, and what the class lacks."""

from .events import Events

ALL_LINEAR = "all-linear"

MAMBA = ("falcon_h1", "mamba", "mamba2", "falcon_mamba", "nemotron_h")
"""Architectures in which PEFT refuses the projection behind the scan, which a fused kernel reads."""

OTHER_LINEAR = ("Router", "GroupedLinear")
"""Parts of the names of classes that derive from torch's ``Linear`` and are no plain product."""


def fit(model, lora, config, events: Events):
    """Changes training arguments that the model's class can't be trained with, and the settings of the
    LoRA that is to be laid over it, if one is."""
    if lora is not None:
        choose_targets(lora, model.config.model_type, events)
        keep_out(lora, model)
        drop_no_parameters(lora, model, events)
    if not model.supports_gradient_checkpointing and config.gradient_checkpointing:
        config.gradient_checkpointing = config.activation_checkpointing = False
        events.message(
            f"{type(model).__name__} can't recompute its activations: they are kept in memory."
        )
    fit_routers(model, config)


def choose_targets(lora, model_type: str, events: Events):
    """Targets all linear layers where the settings name none and PEFT has no choice of its own for the
    architecture, which it would refuse."""
    from peft.utils.constants import TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING as known

    named = lora.target_modules is not None or lora.target_parameters
    if named or model_type in known:
        return
    lora.target_modules = ALL_LINEAR
    events.message("The LoRA settings name no target_modules: all linear layers are trained.")


def keep_out(lora, model):
    """Excludes the linear layers that LoRA can't change from those that "all-linear" stands for."""
    if str(lora.target_modules).lower() != ALL_LINEAR or isinstance(lora.exclude_modules, str):
        return
    kept = sorted({*(lora.exclude_modules or ()), *unchangeable(model)})
    lora.exclude_modules = kept or None


def unchangeable(model) -> set[str]:
    """The names of linear layers that compute something else than a product, such as routers that
    also choose experts: LoRA adds to their result as if it were one tensor of the usual shape."""
    from torch.nn import Linear

    found = {
        name
        for name, module in model.named_modules()
        if isinstance(module, Linear)
        and any(kind in type(module).__name__ for kind in OTHER_LINEAR)
    }
    if model.config.model_type in MAMBA:
        found |= {
            name for name, _ in model.named_modules() if name.rsplit(".", 1)[-1] == "out_proj"
        }
    return found


def drop_no_parameters(lora, model, events: Events):
    """Turns dropout off where PEFT trains fused experts as parameters: it refuses the two together."""
    import copy

    from peft.utils.transformers_weight_conversion import convert_peft_config_for_transformers

    if not lora.lora_dropout:
        return
    converted = copy.deepcopy(lora)
    convert_peft_config_for_transformers(converted, model=model, conversions=None)
    if converted.target_parameters:
        lora.lora_dropout = 0.0
        events.message(
            "The experts of this model are fused, and PEFT trains them without dropout: "
            "lora_dropout is 0."
        )


def fit_routers(model, config):
    """Lets TRL compute the loss that balances experts, or leaves it out where there are no experts."""
    if not hasattr(config, "router_aux_loss_coef"):
        # The method has no such loss.
        return
    text = model.config.get_text_config()
    if getattr(text, "is_moe", True) is False:
        config.router_aux_loss_coef = 0.0
    elif not hasattr(text, "num_experts") and hasattr(text, "num_local_experts"):
        # TRL asks for one of the two names that architectures have for it.
        text.num_experts = text.num_local_experts
