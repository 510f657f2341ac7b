//! Folders with models and adapters, read without loading them.

use std::fs;

use safetensors::Dtype;
use serde_json::json;
use studio::{
    ErrorCode,
    weights::{AdapterFacts, ModelFacts, Precision, Weights},
};

use crate::folders::{LLAMA, LLAMA_PARAMETERS, json_file, llama, llama_config, lora, safetensors};

fn precision(dtype: &str, parameters: u64) -> Precision {
    Precision { dtype: dtype.to_owned(), parameters }
}

#[test]
fn a_model_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    llama(folder.path());
    let Weights::Model(facts) = Weights::read(folder.path()).unwrap() else { panic!("it is a model") };
    assert_eq!(facts.architectures, ["LlamaForCausalLM"]);
    assert_eq!(facts.model_type.as_deref(), Some("llama"));
    assert_eq!(facts.parameters, Some(LLAMA_PARAMETERS));
    assert_eq!(facts.precisions, [precision("BF16", LLAMA_PARAMETERS)]);
    let sizes = (facts.context_length, facts.vocabulary, facts.layers, facts.hidden_size);
    assert_eq!(sizes, (Some(2048), Some(32), Some(2), Some(8)));
    assert!(facts.tokenizer && facts.chat_template);
    assert!(facts.missing.is_empty() && facts.problems.is_empty() && facts.unread.is_none());
    let bytes: u64 = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().metadata().unwrap().len()).sum();
    assert_eq!(facts.bytes, bytes);
}

#[test]
fn families_call_the_same_thing_differently() {
    let folder = tempfile::tempdir().unwrap();
    let read = |config| {
        json_file(&folder.path().join("config.json"), &config);
        ModelFacts::read(folder.path()).unwrap()
    };
    let gpt2 = read(json!({"n_positions": 1024, "n_layer": 12, "n_embd": 768, "vocab_size": 50257}));
    assert_eq!((gpt2.context_length, gpt2.layers, gpt2.hidden_size), (Some(1024), Some(12), Some(768)));
    let seeing = read(json!({
        "text_config": {"max_position_embeddings": 8192, "num_hidden_layers": 26, "vocab_size": 262_144},
        "quantization_config": {"quant_method": "gptq"},
    }));
    assert_eq!((seeing.context_length, seeing.layers), (Some(8192), Some(26)));
    assert_eq!((seeing.vocabulary, seeing.quantization.as_deref()), (Some(262_144), Some("gptq")));
    let odd = read(json!({"architectures": "One", "vocab_size": "many", "num_hidden_layers": -1}));
    assert_eq!((odd.architectures.len(), odd.vocabulary, odd.layers), (1, None, None));
}

#[test]
fn weights_in_parts_are_added_up_and_missing_parts_named() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    json_file(&at("config.json"), &llama_config());
    safetensors(&at("model-00001-of-00003.safetensors"), Dtype::BF16, &LLAMA[..2]);
    safetensors(&at("model-00003-of-00003.safetensors"), Dtype::F32, &LLAMA[5..]);
    let facts = ModelFacts::read(folder.path()).unwrap();
    assert_eq!(facts.missing, ["model-00002-of-00003.safetensors"], "by the names of the others");
    assert_eq!(facts.precisions, [precision("BF16", 320), precision("F32", 8)]);
    assert_eq!(facts.parameters, Some(328));

    let index = json!({"metadata": {}, "weight_map": {
        "a": "model-00001-of-00003.safetensors", "b": "other.safetensors", "c": "../../secret",
    }});
    json_file(&at("model.safetensors.index.json"), &index);
    let facts = ModelFacts::read(folder.path()).unwrap();
    assert_eq!(facts.missing, ["other.safetensors"], "the index decides");
    assert_eq!(facts.parameters, Some(320));
    assert!(facts.problems[0].contains("../../secret"), "{:?}", facts.problems);

    fs::write(at("model.safetensors.index.json"), "{").unwrap();
    let facts = ModelFacts::read(folder.path()).unwrap();
    assert_eq!(facts.missing, ["model-00002-of-00003.safetensors"]);
    assert!(facts.problems[0].contains("index.json can't be parsed"), "{:?}", facts.problems);
}

#[test]
fn an_adapter_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    lora(folder.path(), "acme/tiny", 8);
    // PEFT may leave the base model's configuration beside the adapter.
    json_file(&folder.path().join("config.json"), &llama_config());
    let Weights::Adapter(facts) = Weights::read(folder.path()).unwrap() else { panic!("it is an adapter") };
    assert_eq!((facts.peft_type.as_deref(), facts.task_type.as_deref()), (Some("LORA"), Some("CAUSAL_LM")));
    assert_eq!((facts.rank, facts.alpha, facts.dropout), (Some(2), Some(4.0), Some(0.05)));
    assert_eq!(facts.target_modules, ["q_proj", "v_proj"]);
    assert_eq!((facts.bias.as_deref(), facts.base_model.as_deref()), (Some("none"), Some("acme/tiny")));
    assert_eq!((facts.parameters, facts.precisions), (Some(64), vec![precision("F32", 64)]));

    let pattern = json!({"target_modules": "all-linear", "base_model_name_or_path": " "});
    json_file(&folder.path().join("adapter_config.json"), &pattern);
    let facts = AdapterFacts::read(folder.path()).unwrap();
    assert_eq!((facts.target_modules, facts.base_model), (vec!["all-linear".to_owned()], None));
}

#[test]
fn weights_of_other_formats_are_said_to_be_unread() {
    let folder = tempfile::tempdir().unwrap();
    json_file(&folder.path().join("config.json"), &llama_config());
    let facts = ModelFacts::read(folder.path()).unwrap();
    assert_eq!(facts.problems, ["There are no weights in the folder: model.safetensors is missing."]);
    // The start and the end of an archive of PyTorch's.
    let archive = [&b"PK\x03\x04"[..], &[0; 2_000], b"PK\x05\x06", &[0; 18]].concat();
    fs::write(folder.path().join("pytorch_model.bin"), archive).unwrap();
    let facts = ModelFacts::read(folder.path()).unwrap();
    assert!(facts.problems.is_empty() && facts.parameters.is_none());
    assert!(facts.unread.unwrap().contains("can't be counted without loading them"));
}

#[test]
fn hostile_headers_end_in_a_clear_problem() {
    let folder = tempfile::tempdir().unwrap();
    let weights = folder.path().join("model.safetensors");
    json_file(&folder.path().join("config.json"), &llama_config());
    let problem = |length: u64, header: &str, tail: usize| {
        let bytes = [&length.to_le_bytes(), header.as_bytes(), &vec![0; tail]].concat();
        fs::write(&weights, bytes).unwrap();
        let facts = ModelFacts::read(folder.path()).unwrap();
        assert_eq!(facts.parameters, None, "{header}");
        facts.problems.join(" ")
    };
    let sized = |header: &str| header.len() as u64;
    assert!(problem(u64::MAX, "", 0).contains("not a safetensors file"));
    assert!(problem(100_000_001, "{}", 0).contains("not a safetensors file"));
    assert!(problem(50, "{}", 0).contains("cut short at 10 of 58 bytes"));
    assert!(problem(2, "[]", 0).contains("can't be parsed"));
    let deep = "[".repeat(100_000);
    assert!(problem(sized(&deep), &deep, 0).contains("can't be parsed"));
    let wide = r#"{"w":{"dtype":"F32","shape":[4294967296,4294967296,16],"data_offsets":[0,8]}}"#;
    assert!(problem(sized(wide), wide, 8).contains("overflow"));
    let far = r#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551615]}}"#;
    assert!(problem(sized(far), far, 8).contains("can't be parsed"));
    let cut = r#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
    assert!(problem(sized(cut), cut, 3).contains("cut short"));
    let unknown = r#"{"w":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}}"#;
    assert!(problem(sized(unknown), unknown, 8).contains("F99"));
    fs::write(&weights, "abc").unwrap();
    assert!(ModelFacts::read(folder.path()).unwrap().problems[0].contains("cut short at 3 of 8 bytes"));
    fs::remove_file(&weights).unwrap();
    fs::create_dir(&weights).unwrap();
    assert!(ModelFacts::read(folder.path()).unwrap().problems[0].contains("it is not a file"));
}

#[test]
fn a_folder_that_holds_neither_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = Weights::read(folder.path()).unwrap_err();
    assert_eq!(error.code, ErrorCode::Invalid);
    assert!(error.message.contains("neither a model (config.json) nor an adapter"), "{error}");
    assert_eq!(Weights::read(&folder.path().join("gone")).unwrap_err().code, ErrorCode::NotFound);
    fs::write(folder.path().join("config.json"), "not json").unwrap();
    assert!(Weights::read(folder.path()).unwrap_err().message.contains("config.json can't be parsed"));
}
