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
    for (uncounted, why) in [
        (json!({"bias": "all"}), "bias"),
        (
            json!({"trainable_token_indices": [1], "use_qalora": true}),
            "trainable_token_indices and use_qalora",
        ),
        (json!({"rank_pattern": {"(?=q)q_proj": 2}}), "'(?=q)q_proj' of rank_pattern is not read"),
        (json!({"rank_pattern": {"q_proj": 0}}), "'q_proj' of rank_pattern is no rank"),
        (json!({"modules_to_save": ["score"]}), "the size of score"),
        (json!({"r": -1}), "r is no rank"),
    ] {
        let mut lora = uncounted;
        lora["target_modules"] = "all-linear".into();
        let trained = trained(&llama(), lora.clone());
        assert_eq!(trained.parameters, None, "{lora}");
        assert!(trained.uncounted.as_ref().is_some_and(|said| said.contains(why)), "{lora}: {trained:?}");
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
            Architecture::find(model_type).map(|known| known.refused.as_ref()),
            Some(None),
            "{model_type}"
        );
    }
}

#[test]
fn ranks_are_those_of_the_first_pattern_that_matches() {
    let count = |lora: Value| trained(&llama(), lora).parameters;
    let lora = |patterns: Value| json!({"target_modules": "all-linear", "r": 4, "rank_pattern": patterns, "alpha_pattern": {"q_proj": 1}});
    // Twice 16 inputs and outputs, and once 32.
    assert_eq!(count(lora(json!({"q_proj": 2}))), Some(2 * 32 + 4 * 32));
    assert_eq!(count(lora(json!({"layers.1.self_attn.q_proj": 1}))), Some(4 * 16 + 16 + 4 * 32));
    assert_eq!(count(lora(json!({"q_proj": 2, ".*": 1}))), Some(2 * 32 + 32));
    assert_eq!(count(lora(json!({".*": 1, "q_proj": 2}))), Some(64));
    // A part of a name is no name.
    assert_eq!(count(lora(json!({"proj": 2, "^self_attn.q_proj": 2}))), Some(4 * 64));
    assert_eq!(count(lora(json!({}))), Some(4 * 64));
}

#[test]
fn layers_are_chosen_among_those_of_a_list() {
    let of = |lora: Value| {
        let trained = trained(&llama(), lora);
        (trained.layers, trained.parameters)
    };
    let names = json!(["q_proj", "down_proj"]);
    let lora = |layers: Value| json!({"target_modules": names, "r": 1, "layers_to_transform": layers});
    assert_eq!(of(lora(json!([1]))), (1, Some(16)));
    assert_eq!(of(lora(json!(0))), (2, Some(48)));
    assert_eq!(of(lora(json!([]))), (3, Some(64)));
    let whole =
        json!({"target_modules": ["model.layers.0.mlp.down_proj", "q_proj"], "layers_to_transform": [1]});
    assert_eq!(of(whole).0, 2);
    let pattern =
        |name: &str| json!({"target_modules": names, "layers_to_transform": [1], "layers_pattern": name});
    assert_eq!((of(pattern("layers")).0, of(pattern("h")).0), (1, 0));
    for (lora, words) in [
        (lora(json!([7])), "among those of layers_to_transform"),
        (json!({"target_modules": "all-linear", "layers_to_transform": [0]}), "a list of names"),
        (
            json!({"target_modules": names, "layers_pattern": "layers"}),
            "only together with layers_to_transform",
        ),
    ] {
        let problems = trained(&llama(), lora.clone()).problems;
        assert!(problems.len() == 1 && problems[0].contains(words), "{lora}: {problems:?}");
    }
}

#[test]
fn parameters_are_named_by_the_end_of_their_names() {
    let fused: &[(&str, &[usize])] = &[
        ("model.layers.0.mlp.experts.gate_up_proj", &[4, 8, 6]),
        ("model.layers.0.mlp.experts.down_proj", &[4, 3, 8]),
        ("model.layers.0.self_attn.q_proj.weight", &[8, 8]),
        ("model.norm.weight", &[8]),
    ];
    let separate: &[(&str, &[usize])] = &[
        ("model.layers.0.mlp.experts.0.gate_proj.weight", &[3, 8]),
        ("model.layers.0.mlp.experts.0.up_proj.weight", &[3, 8]),
        ("model.layers.0.mlp.experts.0.down_proj.weight", &[8, 3]),
        ("model.layers.0.mlp.experts.1.gate_proj.weight", &[3, 8]),
        ("model.layers.0.mlp.experts.1.up_proj.weight", &[3, 8]),
        ("model.layers.0.mlp.experts.1.down_proj.weight", &[8, 3]),
        ("model.layers.0.self_attn.q_proj.weight", &[8, 8]),
    ];
    let up = json!({"target_parameters": ["mlp.experts.gate_up_proj"], "r": 2});
    let both = json!({"target_parameters": ["experts.gate_up_proj", "experts.down_proj"], "r": 2,
        "rank_pattern": {"down_proj": 1}});
    for (shapes, experts) in [(fused, 4), (separate, 2)] {
        let model = model("qwen3_moe", shapes);
        let of = |lora: &Value| {
            let trained = trained(&model, lora.clone());
            assert!(trained.problems.is_empty(), "{trained:?}");
            (trained.layers, trained.parameters)
        };
        assert_eq!(of(&up), (1, Some(2 * experts * 14)));
        assert_eq!(of(&both), (2, Some(2 * experts * 14 + experts * 11)));
        let weight = json!({"target_modules": [], "target_parameters": ["q_proj.weight"], "r": 3});
        assert_eq!(of(&weight), (1, Some(3 * 16)));
        let dora = json!({"target_parameters": ["experts.down_proj"], "use_dora": true});
        let nowhere = json!({"target_parameters": ["experts.w4"]});
        let twice = json!({"target_modules": ["q_proj"], "target_parameters": ["q_proj.weight"]});
        for (lora, words) in [(dora, "use_dora"), (nowhere, "names experts.w4"), (twice, "both name")] {
            let problems = trained(&model, lora.clone()).problems;
            assert!(problems.len() == 1 && problems[0].contains(words), "{lora}: {problems:?}");
        }
    }
}

/// A module of each way of quantizing, of 16 inputs and 8 outputs.
#[test]
fn the_shape_of_packed_weights_is_known_where_it_is_written() {
    use Dtype::{F8_E4M3, F16, I8, I32, U8};
    type Part<'a> = (&'a str, Dtype, &'a [usize]);
    let cases: &[(&str, &[Part<'_>], Option<u64>)] = &[
        ("8 bits", &[("weight", I8, &[8, 16]), ("SCB", F16, &[8])], Some(24)),
        ("fp8", &[("weight", F8_E4M3, &[8, 16])], Some(24)),
        ("4 bits", &[("weight", U8, &[64, 1]), ("weight.absmax", U8, &[2])], Some(24)),
        ("gptq", &[("qweight", I32, &[2, 8]), ("scales", F16, &[1, 8]), ("g_idx", I32, &[16])], Some(24)),
        ("gptq of old", &[("qweight", I32, &[2, 8]), ("scales", F16, &[1, 8])], None),
        ("awq", &[("qweight", I32, &[16, 1]), ("scales", F16, &[1, 8])], Some(24)),
        ("nvfp4", &[("weight_packed", U8, &[8, 8]), ("weight_scale", F8_E4M3, &[8, 1])], Some(24)),
        ("words", &[("weight_packed", I32, &[8, 2]), ("weight_scale", F16, &[8, 1])], None),
        ("hqq", &[("W_q", U8, &[8, 8])], None),
    ];
    for (name, parts, expected) in cases {
        let mut tensors = Tensors::default();
        for (part, dtype, shape) in *parts {
            let tensor = format!("model.layers.0.self_attn.q_proj.{part}");
            tensors.shapes.insert(tensor, (*dtype, shape.to_vec()));
        }
        let facts = ModelFacts {
            model_type: Some("llama".to_owned()),
            hidden_size: Some(16),
            ..ModelFacts::default()
        };
        let trained = trained(&Modules::new(&facts, &tensors), json!({"target_modules": ["q_proj"], "r": 1}));
        assert_eq!((trained.layers, trained.parameters), (1, *expected), "{name}");
        assert_eq!(trained.uncounted.is_some(), expected.is_none(), "{name}: {trained:?}");
    }
}
