//! The values of a `config.json` that describe the model of the text, wherever they are nested.

use serde_json::{Map, Value};

type Object = Map<String, Value>;

/// The keys of sub-configurations in which Transformers looks for the text model before it looks at the
/// values beside them: `get_text_config` and its overrides in transformers 5.23.0. `tests/configs/write.py`
/// lists them from the classes of the library.
const TEXT: &[&str] = &["text_config", "decoder", "generator", "thinker_config", "vlm_config"];

/// Keys of sub-configurations whose values count where there are none beside them. `decoder_config` is
/// the text model of some classes of transformers 5.23.0 and an inner part of others; `llm_config` and
/// `language_config` are what two of its classes, and many with code of their own, call `text_config`.
const OTHERS: &[&str] = &["llm_config", "language_config", "decoder_config"];

/// What the keys of sub-configurations contain that are not of text, although some have a vocabulary.
const NOT_TEXT: &[&str] =
    &["vision", "image", "video", "audio", "speech", "talker", "codec", "encoder", "code2wav"];

/// How deep sub-configurations are looked at; `thinker_config.text_config` is the deepest in use.
const DEPTH: u32 = 4;

/// A model's configuration.
#[derive(Debug)]
pub(crate) struct Config<'a> {
    own: &'a Object,
    /// Where values of the text model are looked for, in this order.
    places: Vec<&'a Object>,
}

impl<'a> Config<'a> {
    /// The configuration in a `config.json`.
    pub(crate) fn new(own: &'a Object) -> Self {
        let mut places = Vec::new();
        collect(own, DEPTH, &mut places);
        Self { own, places }
    }

    /// The object of the file itself.
    pub(crate) fn own(&self) -> &'a Object {
        self.own
    }

    /// The first value that `read` finds in the places where values of the text model are.
    pub(crate) fn find<T>(&self, read: impl Fn(&'a Object) -> Option<T>) -> Option<T> {
        self.places.iter().find_map(|place| read(place))
    }

    /// The first whole number of one of these names.
    pub(crate) fn number(&self, names: &[&str]) -> Option<u64> {
        self.find(|place| names.iter().find_map(|name| place.get(*name)?.as_u64()))
    }

    /// The number of layers: given as such, or by the kind of each.
    pub(crate) fn layers(&self) -> Option<u64> {
        self.number(LAYERS).or_else(|| {
            self.find(|place| {
                let kinds = place.get("layers_block_type").and_then(Value::as_array).map(Vec::len);
                let pattern = place.get("hybrid_override_pattern").and_then(Value::as_str).map(str::len);
                Some(kinds.or(pattern)? as u64)
            })
        })
    }

    /// The number of tokens in the vocabulary.
    pub(crate) fn vocabulary(&self) -> Option<u64> {
        self.number(&["vocab_size", "tgt_vocab_size"])
    }

    /// The width of a layer.
    pub(crate) fn hidden_size(&self) -> Option<u64> {
        self.number(&["hidden_size", "n_embd", "d_model", "dim", "emb_dim", "embed_dim"])
    }

    /// The inner width of a layer's feed-forward part.
    pub(crate) fn intermediate_size(&self) -> Option<u64> {
        self.number(&["intermediate_size", "ffn_hidden_size", "n_inner", "ffn_dim", "d_ff", "d_inner"])
    }

    /// The width of the queries of all heads together.
    pub(crate) fn attention_size(&self) -> Option<u64> {
        self.heads()?.checked_mul(self.head_size()?)
    }

    /// The width of the keys of all heads together.
    pub(crate) fn key_value_size(&self) -> Option<u64> {
        let groups = self.number(&["num_key_value_heads", "num_kv_heads"]);
        groups.or_else(|| self.heads())?.checked_mul(self.head_size()?)
    }

    fn heads(&self) -> Option<u64> {
        self.number(&["num_attention_heads", "n_head", "n_heads", "num_heads"])
    }

    fn head_size(&self) -> Option<u64> {
        self.number(&["head_dim"]).or_else(|| self.hidden_size()?.checked_div(self.heads()?))
    }

    /// The largest number of tokens in the context.
    pub(crate) fn context_length(&self) -> Option<u64> {
        self.number(CONTEXT)
    }

    /// How the context was extended, such as "yarn, factor 4": the type and factor of `rope_scaling`, or
    /// of `rope_parameters` as transformers 5 writes it.
    pub(crate) fn rope_scaling(&self) -> Option<String> {
        self.find(|place| {
            let value = ["rope_scaling", "rope_parameters"]
                .into_iter()
                .find_map(|name| place.get(name)?.as_object())?;
            // transformers 5 has parameters for each kind of layer in some families.
            let kinds = value.values().filter_map(Value::as_object);
            std::iter::once(value).chain(kinds).find_map(scaling)
        })
    }
}

fn scaling(rope: &Object) -> Option<String> {
    let kind = ["rope_type", "type"].into_iter().find_map(|name| rope.get(name)?.as_str())?;
    let factor = rope.get("factor").and_then(Value::as_f64);
    match factor {
        Some(factor) => Some(format!("{kind}, factor {factor}")),
        None => (!matches!(kind, "default" | "axial")).then(|| kind.to_owned()),
    }
}

/// Names of the number of layers in the classes of transformers 5.23.0, those of text first.
const LAYERS: &[&str] = &[
    "num_hidden_layers",
    "n_layer",
    "num_layers",
    "n_layers",
    "decoder_layers",
    "layers",
    "decoder_num_hidden_layers",
    "encoder_layers",
];

/// Names of the context length.
const CONTEXT: &[&str] = &[
    "max_position_embeddings",
    "n_positions",
    "max_sequence_length",
    "max_seq_len",
    "seq_length",
    "n_ctx",
    "model_max_length",
    "context_length",
];

/// Adds the places where values of the text model are looked for.
fn collect<'a>(config: &'a Object, depth: u32, places: &mut Vec<&'a Object>) {
    if depth == 0 {
        return;
    }
    let nested = |keys: &[&str]| -> Vec<&'a Object> {
        keys.iter().filter_map(|key| config.get(*key)?.as_object()).collect()
    };
    let first = nested(TEXT);
    for part in &first {
        collect(part, depth - 1, places);
    }
    places.push(config);
    let mut others = nested(OTHERS);
    if first.is_empty() && others.is_empty() && !config.contains_key("vocab_size") {
        others = config
            .iter()
            .filter(|(key, _)| !NOT_TEXT.iter().any(|part| key.contains(part)))
            .filter_map(|(_, value)| value.as_object())
            .filter(|part| part.contains_key("vocab_size"))
            .collect();
    }
    for part in others {
        collect(part, depth - 1, places);
    }
}
