//! Adapters: what is shown of them, what is wrong with them, and whether they fit a model.

use std::fs;

use safetensors::Dtype;
use weights::{AdapterFacts, ModelFacts, misfits};

use crate::folders::{Content, Files, LLAMA, POINTER, folder};
use Content::{Bytes, PyTorch, Tensors, TensorsOf, Text};

const LORA: Content<'_> = Tensors(&[
    ("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight", &[2, 8]),
    ("base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight", &[8, 2]),
]);

fn read(config: &str, weights: Files<'_>) -> AdapterFacts {
    let folder = folder(weights);
    fs::write(folder.path().join("adapter_config.json"), config).unwrap();
    AdapterFacts::read(folder.path()).unwrap()
}

#[test]
fn weights_that_are_not_there_are_problems() {
    let cases: &[(Files<'_>, &[&str])] = &[
        (&[("adapter_model.safetensors", LORA)], &[]),
        (&[("adapter_model.bin", PyTorch(4096))], &[]),
        (&[], &["There are no weights in the folder: adapter_model.safetensors is missing"]),
        (&[("training_args.bin", PyTorch(5000))], &["There are no weights in the folder"]),
        (&[("adapter_model.bin", PyTorch(443))], &["adapter_model.bin has only 443 bytes"]),
        (&[("adapter_model.bin", Text(POINTER))], &["Git LFS pointer"]),
        (&[("adapter_model.safetensors", Text(POINTER))], &["Git LFS pointer"]),
        (&[("adapter_model.safetensors", Bytes(b""))], &["cut short at 0 of 8 bytes"]),
        (&[("adapter_model.safetensors", Tensors(&[("q.lora_A.weight", &[0])]))], &["The weights are empty"]),
        (
            &[(
                "adapter_model.safetensors",
                Tensors(&[("q.lora_A.weight", &[2, 8]), ("embed_tokens.weight", &[0])]),
            )],
            &["1 of the 2 tensors are empty: embed_tokens.weight"],
        ),
        // The weights of a whole model beside the configuration of an adapter.
        (&[("model.safetensors", Tensors(&[("a", &[1])]))], &["the folder has model.safetensors"]),
    ];
    for (files, expected) in cases {
        let facts = read(r#"{"base_model_name_or_path":"acme/tiny"}"#, files);
        let names: Vec<_> = files.iter().map(|(name, _)| *name).collect();
        let reported = facts.problems.join(" ");
        assert_eq!(facts.problems.is_empty(), expected.is_empty(), "{names:?}: {reported}");
        assert!(expected.iter().all(|part| reported.contains(part)), "{names:?}: {reported}");
    }
}

#[test]
fn settings_that_change_what_is_trained_are_shown() {
    let facts = read(
        r#"{"peft_type":"LORA","r":8,"rank_pattern":{"q_proj":16},"use_dora":true,"modules_to_save":["lm_head"],
            "target_parameters":["mlp.experts.gate_up_proj"],"base_model_name_or_path":"acme/tiny"}"#,
        &[("adapter_model.safetensors", LORA)],
    );
    assert_eq!((facts.rank, facts.rank_pattern.get("q_proj"), facts.dora), (Some(8), Some(&16), true));
    assert_eq!(
        (facts.target_parameters, facts.modules_to_save),
        (vec!["mlp.experts.gate_up_proj".to_owned()], vec!["lm_head".to_owned()])
    );
    for (config, rank) in [
        (r#"{"peft_type":"OFT","r":0,"oft_block_size":32}"#, None),
        (r#"{"peft_type":"OFT","r":8}"#, None),
        (r#"{"peft_type":"LORA","r":0}"#, None),
        (r#"{"peft_type":"ADALORA","r":8,"target_r":4,"init_r":12}"#, Some(4)),
        (r#"{"peft_type":"VERA","r":256}"#, Some(256)),
        (r#"{"peft_type":"PROMPT_TUNING","num_virtual_tokens":8}"#, None),
        (r#"{"r":16}"#, Some(16)),
    ] {
        assert_eq!(read(config, &[]).rank, rank, "{config}");
    }
}

#[test]
fn targets_that_can_not_be_meant_are_noted() {
    let cases = [
        (r#""target_modules":["q_proj"]"#, None),
        (r#""target_modules":"all-linear""#, None),
        (r#""target_modules":".*\\.q_proj""#, None),
        (r#""target_modules":null"#, None),
        (r#""peft_type":"PROMPT_TUNING""#, None),
        (r#""target_modules":[],"target_parameters":["experts.w"]"#, None),
        (r#""target_modules":[]"#, Some("target_modules is empty")),
        (r#""target_modules":"[q_proj,v_proj]""#, Some(r#"Write it as a list: ["q_proj", "v_proj"]"#)),
        (r#""target_modules":"['q_proj', 'v_proj']""#, Some(r#"["q_proj", "v_proj"]"#)),
        (r#""target_modules":"q_proj, v_proj""#, Some(r#"["q_proj", "v_proj"]"#)),
    ];
    for (config, expected) in cases {
        let notes = read(&format!(r#"{{"base_model_name_or_path":"acme/tiny",{config}}}"#), &[]).notes;
        match expected {
            Some(part) => assert!(notes.len() == 1 && notes[0].contains(part), "{config}: {notes:?}"),
            None => assert!(notes.is_empty(), "{config}: {notes:?}"),
        }
    }
    for base in ["null", "\"\"", "\" \""] {
        let notes = read(&format!(r#"{{"base_model_name_or_path":{base}}}"#), &[]).notes;
        assert!(notes[0].contains("does not name the base model"), "{base}: {notes:?}");
    }
}

/// The tensors of the model that adapters are compared with: two layers, each eight wide.
const BASE: Content<'_> = Tensors(&[
    ("model.embed_tokens.weight", &[32, 8]),
    ("model.layers.0.mlp.experts.gate_up_proj", &[4, 8, 8]),
    ("model.layers.0.self_attn.q_proj.weight", &[8, 8]),
    ("model.layers.1.self_attn.q_proj.weight", &[8, 8]),
]);

/// A part of the configuration, a tensor of the adapter, and a part of what is said.
type Comparison<'a> = (&'a str, (&'a str, &'a [usize]), Option<&'a str>);

#[test]
fn what_does_not_fit_is_named() {
    let q = r#""target_modules":["q_proj"]"#;
    let [layer, vision] =
        ["layers.5.self_attn.q_proj.lora_A.weight", "vision_tower.layers.30.q_proj.lora_A.weight"];
    let (module, saved) = ("embed_tokens.weight", "embed_tokens.modules_to_save.weight");
    let (embedding, head) = ("embed_tokens.lora_embedding_A", "lm_head.lora_B.weight");
    let width = "layers.0.self_attn.q_proj.lora_A.weight";
    let cases: &[Comparison<'_>] = &[
        (q, (width, &[2, 8]), None),
        // Targets.
        (
            r#""target_modules":["o_proj","q_proj"]"#,
            (width, &[2, 8]),
            Some("the module o_proj, which the model doesn't have"),
        ),
        (r#""target_modules":["lm_head"]"#, (width, &[2, 8]), None),
        (r#""target_modules":".*\\.q_proj""#, (width, &[2, 8]), None),
        (
            r#""target_modules":"q_proj""#,
            (width, &[2, 8]),
            Some("pattern of modules, q_proj, matches no module"),
        ),
        (r#""target_modules":".*\\.(o|k)_proj""#, (width, &[2, 8]), Some("matches no module")),
        (r#""target_modules":"(?=.*q_proj).*""#, (width, &[2, 8]), None),
        (r#""target_modules":"all-linear""#, (width, &[2, 8]), None),
        (r#""target_parameters":["mlp.experts.gate_up_proj"]"#, (width, &[2, 8]), None),
        (
            r#""target_parameters":["mlp.experts.down_proj"]"#,
            (width, &[2, 8]),
            Some("the parameters mlp.experts.down_proj"),
        ),
        // Layers.
        (q, (layer, &[2, 8]), Some("at least 6 layers (model.layers); this one has 2")),
        (q, (vision, &[2, 8]), None),
        // Vocabulary.
        (q, (module, &[32, 8]), None),
        (
            q,
            (module, &[40, 8]),
            Some("a vocabulary of 40 tokens (model.embed_tokens), and this model's has 32"),
        ),
        (q, (saved, &[33, 8]), Some("a vocabulary of 33 tokens")),
        (q, (embedding, &[2, 33]), Some("a vocabulary of 33 tokens")),
        (q, (embedding, &[2, 32]), None),
        (q, (head, &[31, 2]), Some("a vocabulary of 31 tokens (model.lm_head)")),
        // Width.
        (q, (width, &[2, 16]), Some("layers that are 16 wide; this model's are 8")),
    ];
    let model = folder(&[("config.json", Text(LLAMA)), ("model.safetensors", BASE)]);
    let (model, weights) = ModelFacts::read_with_tensors(model.path()).unwrap();
    for (config, (name, shape), expected) in cases {
        let (config, name) = (format!("{{{config}}}"), format!("base_model.model.model.{name}"));
        let last = "base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight";
        let tensor = [(&*name, *shape), (last, &[2, 8])];
        let adapter = folder(&[
            ("adapter_config.json", Text(&config)),
            ("adapter_model.safetensors", Tensors(&tensor)),
        ]);
        let (facts, tensors) = AdapterFacts::read_with_tensors(adapter.path()).unwrap();
        let reported = misfits(&facts, &tensors, &model, &weights);
        match expected {
            Some(part) => {
                assert!(reported.len() == 1 && reported[0].contains(part), "{config}: {reported:?}")
            }
            None => assert!(reported.is_empty(), "{config}, {name}: {reported:?}"),
        }
    }
}

#[test]
fn an_adapter_of_fewer_layers_is_named() {
    let model = folder(&[("config.json", Text(LLAMA)), ("model.safetensors", BASE)]);
    let (model, weights) = ModelFacts::read_with_tensors(model.path()).unwrap();
    let first = [("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight", &[2, 8][..])];
    let deep = [("base_model.model.model.layers.0.mlp.experts.gate_up_proj.lora_A.weight", &[2, 8][..])];
    for (config, tensor, reported) in [
        (r#""target_modules":["q_proj"]"#, &first, true),
        (r#""target_modules":".*q_proj""#, &first, true),
        (r#""target_modules":"all-linear""#, &first, true),
        (r#""target_modules":["q_proj"],"layers_to_transform":null,"exclude_modules":[]"#, &first, true),
        // Settings that choose the first layer alone.
        (r#""target_modules":["q_proj"],"layers_to_transform":[0]"#, &first, false),
        (r#""target_modules":["q_proj"],"exclude_modules":["layers.1.self_attn.q_proj"]"#, &first, false),
        (r#""target_modules":["layers.0.self_attn.q_proj"]"#, &first, false),
        (r#""target_modules":".*\\.0\\..*q_proj""#, &first, false),
        (r#""target_modules":"(?=x)?.*q_proj""#, &first, false),
        // The layers behind have no such module.
        (r#""target_modules":["gate_up_proj"]"#, &deep, false),
    ] {
        let config = format!("{{{config}}}");
        let adapter =
            folder(&[("adapter_config.json", Text(&config)), ("adapter_model.safetensors", Tensors(tensor))]);
        let (facts, tensors) = AdapterFacts::read_with_tensors(adapter.path()).unwrap();
        let misfits = misfits(&facts, &tensors, &model, &weights).join(" ");
        assert_eq!(
            misfits.contains("weights for 1 layer (model.layers), and this model has 2"),
            reported,
            "{config}: {misfits}"
        );
    }
}

#[test]
fn packed_weights_are_compared_by_the_configuration() {
    let packed = TensorsOf(
        Dtype::U8,
        &[("model.embed_tokens.weight", &[128, 1]), ("model.layers.0.self_attn.q_proj.weight", &[32, 1])],
    );
    let model = folder(&[("config.json", Text(LLAMA)), ("model.safetensors", packed)]);
    let (model, weights) = ModelFacts::read_with_tensors(model.path()).unwrap();
    let compare = |rows| {
        let adapter = [("base_model.model.model.embed_tokens.weight", &[rows, 8][..])];
        let adapter =
            folder(&[("adapter_config.json", Text("{}")), ("adapter_model.safetensors", Tensors(&adapter))]);
        let (facts, tensors) = AdapterFacts::read_with_tensors(adapter.path()).unwrap();
        misfits(&facts, &tensors, &model, &weights).len()
    };
    assert_eq!([compare(32), compare(33)], [0, 1]);
}
