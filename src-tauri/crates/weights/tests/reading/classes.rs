//! Configurations of the classes of Transformers. `tests/configs/write.py` writes them.

use serde::Deserialize;
use serde_json::{Map, Value};
use weights::ModelFacts;

const CLASSES: &str = include_str!("../configs/classes.jsonl");
const LOCK: &str = include_str!("../../../../worker/requirements.lock");

#[derive(Deserialize)]
struct Class {
    /// The keys that lead to the configuration of the text.
    path: String,
    vocabulary: Option<u64>,
    hidden_size: Option<u64>,
    layers: Option<u64>,
    /// -1 where there is no limit.
    context_length: Option<i64>,
    config: Map<String, Value>,
}

/// Families whose numbers the library computes or copies from elsewhere.
const COMPUTED: &[(&str, &str)] = &[
    // Two for each of the layers that are given.
    ("longcat_flash", "layers"),
    // An encoder, and a decoder that has another number.
    ("funnel", "layers"),
    // The encoder's; the decoder's are those of the text.
    ("pp_formulanet", "layers"),
];

#[test]
fn sizes_are_read_as_the_library_reads_them() {
    let mut lines = CLASSES.lines();
    let header: Value = serde_json::from_str(lines.next().unwrap()).unwrap();
    assert!(header["classes"].as_u64().unwrap() > 400);
    let mut nested = 0;
    for line in lines {
        let class: Class = serde_json::from_str(line).unwrap();
        let family = class.config.get("model_type").and_then(Value::as_str).unwrap();
        let facts = ModelFacts::from_config(&class.config);
        nested += usize::from(!class.path.is_empty());
        let sizes = [
            ("vocabulary", class.vocabulary, facts.vocabulary),
            ("hidden_size", class.hidden_size, facts.hidden_size),
            ("layers", class.layers, facts.layers),
            (
                "context_length",
                class.context_length.and_then(|n| u64::try_from(n).ok()),
                facts.context_length,
            ),
        ];
        for (name, expected, read) in sizes {
            // What the library has no name for may still be written.
            if expected.is_some() && !COMPUTED.contains(&(family, name)) {
                assert_eq!(read, expected, "{name} of {family}, in '{}'", class.path);
            }
        }
    }
    assert!(nested > 50, "{nested}");
}

#[test]
fn the_classes_are_those_of_the_version_that_trains() {
    let header: Value = serde_json::from_str(CLASSES.lines().next().unwrap()).unwrap();
    let version = header["transformers"].as_str().unwrap();
    assert!(
        LOCK.contains(&format!("\ntransformers=={version} ")),
        "run tests/configs/write.py of this crate with the version in requirements.lock"
    );
}

/// Configurations of models with code of their own, whose classes the library does not have.
#[test]
fn families_with_code_of_their_own_are_read_too() {
    let sizes = r#"{"vocab_size":32,"hidden_size":8,"num_hidden_layers":2,"max_position_embeddings":4096}"#;
    let vision = r#"{"hidden_size":99,"num_hidden_layers":98,"vocab_size":97}"#;
    for form in [
        format!(r#"{{"model_type":"internvl_chat","vision_config":{vision},"llm_config":{sizes}}}"#),
        format!(r#"{{"model_type":"deepseek_vl_v2","vision_config":{vision},"language_config":{sizes}}}"#),
        format!(
            r#"{{"model_type":"qwen2_5_omni","talker_config":{vision},"thinker_config":{{"audio_config":{vision},"text_config":{sizes}}}}}"#
        ),
        format!(r#"{{"model_type":"own","vision_cfg":{vision},"llm_cfg":{sizes}}}"#),
        format!(r#"{{"model_type":"own","audio_encoder":{vision},"language_model":{sizes}}}"#),
        format!(r#"{{"vlm_config":{{"text_config":{sizes},"vision_config":{vision}}}}}"#),
        format!(r#"{{"encoder":{vision},"decoder":{sizes}}}"#),
        format!(
            r#"{{"text_config":{{}},"vocab_size":32,"hidden_size":8,"num_hidden_layers":2,"max_position_embeddings":4096,"vision_config":{vision}}}"#
        ),
        format!(
            r#"{{"text_config":null,"llm_config":[],"vocab_size":32,"hidden_size":8,"n_layer":2,"n_ctx":4096,"x":{vision}}}"#
        ),
    ] {
        let facts = ModelFacts::from_config(&serde_json::from_str(&form).unwrap());
        let read = (facts.vocabulary, facts.hidden_size, facts.layers, facts.context_length);
        assert_eq!(read, (Some(32), Some(8), Some(2), Some(4096)), "{form}");
    }
}

#[test]
fn an_extended_context_is_shown() {
    let cases = [
        (r#"{"rope_scaling":{"type":"linear","factor":2.0}}"#, Some("linear, factor 2")),
        (r#"{"rope_scaling":{"rope_type":"yarn","factor":4.5}}"#, Some("yarn, factor 4.5")),
        (r#"{"text_config":{"rope_scaling":{"rope_type":"llama3","factor":8}}}"#, Some("llama3, factor 8")),
        (r#"{"rope_scaling":{"type":"longrope","long_factor":[1.0]}}"#, Some("longrope")),
        (
            r#"{"rope_parameters":{"full_attention":{"rope_type":"yarn","factor":2},"sliding_attention":{"rope_type":"default"}}}"#,
            Some("yarn, factor 2"),
        ),
        (r#"{"rope_parameters":{"rope_type":"default","rope_theta":10000.0}}"#, None),
        (r#"{"rope_scaling":null}"#, None),
        (r#"{"rope_scaling":"yarn"}"#, None),
    ];
    for (config, expected) in cases {
        let facts = ModelFacts::from_config(&serde_json::from_str(config).unwrap());
        assert_eq!(facts.rope_scaling.as_deref(), expected, "{config}");
    }
}
