"""Models whose head is their embedding, and adapters that change one of the two alone."""


def needed(peft) -> bool:
    """Whether LoRA changes the head or the embedding of a model in which both are one matrix. Merged
    there, the change of one would change the other."""
    from peft.tuners.lora import LoraLayer

    head, embedding = ends(peft)
    if head is None or weight(head) is not weight(embedding):
        return False
    return isinstance(head, LoraLayer) or isinstance(embedding, LoraLayer)


def embeddings(peft):
    """Gives the head a copy of the matrix."""
    from torch.nn import Parameter

    model = peft.get_base_model()
    head, _ = ends(peft)
    inner = head.get_base_layer() if hasattr(head, "get_base_layer") else head
    inner.weight = Parameter(inner.weight.detach().clone(), requires_grad=False)
    model.config.tie_word_embeddings = False
    model.config.get_text_config().tie_word_embeddings = False
    for module in model.modules():
        if hasattr(module, "all_tied_weights_keys"):
            module.all_tied_weights_keys = {}


def ends(peft):
    """The head and the embedding, with what the adapter puts around them."""
    model = peft.get_base_model()
    return model.get_output_embeddings(), model.get_input_embeddings()


def weight(module):
    """The base's weight of a module."""
    inner = module.get_base_layer() if hasattr(module, "get_base_layer") else module
    return getattr(inner, "weight", None)
