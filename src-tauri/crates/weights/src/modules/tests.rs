use safetensors::Dtype;
use serde_json::{Value, json};

use super::*;
use crate::{ModelFacts, Tensors};

fn model(model_type: &str, shapes: &[(&str, &[usize])]) -> Modules {
    let mut tensors = Tensors::default();
    for (name, shape) in shapes {
        tensors.shapes.insert((*name).to_owned(), (Dtype::BF16, shape.to_vec()));
    }
    let facts = ModelFacts { model_type: Some(model_type.to_owned()), ..ModelFacts::default() };
    Modules::new(&facts, &tensors)
}

fn llama() -> Modules {
    model(
        "llama",
        &[
            ("model.embed_tokens.weight", &[100, 8]),
            ("model.layers.0.self_attn.q_proj.weight", &[8, 8]),
            ("model.layers.0.mlp.down_proj.weight", &[8, 24]),
            ("model.layers.0.input_layernorm.weight", &[8]),
            ("model.layers.1.self_attn.q_proj.weight", &[8, 8]),
            ("model.norm.weight", &[8]),
            ("lm_head.weight", &[100, 8]),
        ],
    )
}

fn trained(modules: &Modules, lora: Value) -> Trained {
    modules.trained(lora.as_object().unwrap())
}

#[test]
fn the_layers_are_chosen_by_pefts_rules() {
    let cases = [
        (json!({"target_modules": "all-linear"}), 3),
        (json!({"target_modules": "All-Linear", "exclude_modules": ["q_proj"]}), 1),
        (json!({"target_modules": ["q_proj"]}), 2),
        (json!({"target_modules": ["layers.1.self_attn.q_proj", "down_proj"]}), 2),
        (json!({"target_modules": ["embed_tokens"]}), 1),
        // A pattern matches whole names.
        (json!({"target_modules": r".*\.0\..*_proj"}), 2),
        (json!({"target_modules": r".*_proj", "exclude_modules": r".*\.1\..*"}), 2),
        // PEFT's own choice for this architecture: q_proj and v_proj.
        (json!({}), 2),
        (json!({"target_modules": ["q_proj", "down_proj"], "modules_to_save": ["mlp"]}), 2),
    ];
    for (lora, layers) in cases {
        let trained = trained(&llama(), lora.clone());
        assert_eq!((trained.layers, trained.problems), (layers, vec![]), "{lora}");
    }
}

#[test]
fn what_matches_nothing_or_can_not_be_changed_is_named() {
    for (targets, named) in [
        (json!(["query", "q_proj"]), "query"),
        // A part of a name is no name.
        (json!(["proj"]), "proj"),
        (json!("q_proj"), "matches no layer"),
        (json!(["lm_head"]), "the output layer"),
    ] {
        let problems = trained(&llama(), json!({"target_modules": targets})).problems;
        assert!(problems.iter().any(|problem| problem.contains(named)), "{targets}: {problems:?}");
    }
}

#[test]
fn parameters_are_ranks_of_inputs_and_outputs() {
    let count = |lora: Value| trained(&llama(), lora).parameters;
    assert_eq!(count(json!({"target_modules": "all-linear", "r": 4})), Some(4 * (16 + 16 + 32)));
    // PEFT's rank where none is given.
    assert_eq!(count(json!({"target_modules": ["down_proj"]})), Some(8 * 32));
    assert_eq!(count(json!({"target_modules": ["down_proj"], "r": 2, "use_dora": true})), Some(2 * 32 + 8));
    let saved = json!({"target_modules": ["down_proj"], "r": 2, "modules_to_save": ["lm_head"]});
    assert_eq!(count(saved), Some(2 * 32 + 800));
    for uncounted in [json!({"bias": "all"}), json!({"rank_pattern": {"q_proj": 2}}), json!({"r": -1})] {
        let mut lora = uncounted;
        lora["target_modules"] = "all-linear".into();
        assert_eq!(count(lora.clone()), None, "{lora}");
    }
    let huge = json!({"target_modules": "all-linear", "r": u64::MAX});
    assert_eq!(count(huge), None);
}

#[test]
fn an_output_layer_that_is_not_in_the_files_is_the_embeddings() {
    let tied = model(
        "llama",
        &[("model.embed_tokens.weight", &[100, 8]), ("model.layers.0.self_attn.q_proj.weight", &[8, 8])],
    );
    let saved = trained(&tied, json!({"target_modules": ["q_proj"], "r": 2, "modules_to_save": ["lm_head"]}));
    assert_eq!((saved.parameters, saved.unties), (Some(2 * 16 + 800), true));
    assert!(!trained(&tied, json!({"target_modules": "all-linear"})).unties);
}

#[test]
fn names_in_files_with_other_prefixes_are_the_same_modules() {
    let nested = model(
        "qwen3_5",
        &[
            ("model.language_model.layers.0.mlp.up_proj.weight", &[8, 8]),
            // Of the part for images, which the class for texts leaves out.
            ("model.visual.blocks.0.mlp.up_proj.weight", &[8, 8]),
        ],
    );
    assert_eq!(nested.choices(), ["up_proj"]);
    assert_eq!(trained(&nested, json!({"target_modules": "all-linear", "r": 1})).parameters, Some(16));
}

#[test]
fn packed_weights_and_unread_files_leave_the_count_open() {
    let mut tensors = Tensors::default();
    tensors.shapes.insert("model.layers.0.self_attn.q_proj.weight".to_owned(), (Dtype::U8, vec![32, 1]));
    let facts = ModelFacts { model_type: Some("llama".to_owned()), ..ModelFacts::default() };
    let packed = trained(&Modules::new(&facts, &tensors), json!({"target_modules": "all-linear"}));
    assert_eq!((packed.layers, packed.parameters), (1, None));
    let elsewhere = Modules::from_model_type("llama");
    assert_eq!(elsewhere.choices().len(), 7);
    assert_eq!(trained(&elsewhere, json!({"target_modules": ["q_proj"]})).parameters, None);
    assert_eq!(trained(&elsewhere, json!({"target_modules": ["query"]})).problems.len(), 1);
}

#[test]
fn an_architecture_of_its_own_is_guessed() {
    let own = model(
        "of_mine",
        &[
            ("embed.weight", &[100, 8]),
            ("blocks.0.mix.weight", &[8, 8]),
            ("blocks.0.experts.0.up.weight", &[8, 8]),
            ("lm_head.weight", &[100, 8]),
        ],
    );
    assert_eq!(own.choices(), ["mix"]);
    assert!(!Modules::from_model_type("of_mine").are_known());
}

#[test]
fn the_table_can_be_read() {
    let fused = Modules::from_model_type("gpt_oss").fused();
    assert_eq!(fused, ["mlp.experts.down_proj", "mlp.experts.gate_up_proj"]);
    for model_type in
        ["phi3", "smollm3", "granite", "olmo2", "qwen3_5", "gpt_oss", "gemma4", "ministral3", "gpt2"]
    {
        assert_eq!(
            Architecture::of(model_type).map(|known| known.refused.as_ref()),
            Some(None),
            "{model_type}"
        );
    }
}
