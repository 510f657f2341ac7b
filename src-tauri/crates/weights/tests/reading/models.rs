//! Models whose weights are missing, empty, or of another form.

use weights::{ModelFacts, missing_weights};

use crate::folders::{Content, Files, LLAMA, POINTER, folder};
use Content::{Bytes, PyTorch, Tensors, Text};

const MATRIX: Content<'_> = Tensors(&[("model.embed_tokens.weight", &[32, 8])]);
const INDEX: &str = r#"{"weight_map":{"a":"model-00001-of-00004.safetensors","b":"model-00002-of-00004.safetensors",
    "c":"model-00003-of-00004.safetensors","d":"model-00004-of-00004.safetensors"}}"#;
const BIN_INDEX: &str = r#"{"metadata":{"total_size":NaN},"weight_map":{"a":"pytorch_model-00001-of-00002.bin",
    "b":"pytorch_model-00002-of-00002.bin"}}"#;
const ONE_PART: &str =
    r#"{"metadata":{"total_size":Infinity},"weight_map":{"a":"model-00001-of-00001.safetensors"}}"#;

/// Files beside `config.json`, the files that are missing, the parameters, and parts of the sentences.
type Case<'a> = (Files<'a>, &'a [&'a str], Option<u64>, &'a [&'a str]);

#[test]
fn weights_are_named_for_what_they_are() {
    let cases: &[Case<'_>] = &[
        (&[("model.safetensors", MATRIX)], &[], Some(256), &[]),
        (&[("pytorch_model.bin", PyTorch(4096))], &[], None, &[]),
        (&[("model.safetensors", MATRIX), ("consolidated.safetensors", MATRIX)], &[], Some(256), &[]),
        // The library takes the single file, whatever else there is.
        (
            &[("model.safetensors", MATRIX), ("model.safetensors.index.json", Text(INDEX))],
            &[],
            Some(256),
            &[],
        ),
        (&[("model.safetensors", MATRIX), ("pytorch_model.bin", Text(POINTER))], &[], Some(256), &[]),
        (
            &[("model-00001-of-00001.safetensors", MATRIX), ("model.safetensors.index.json", Text(ONE_PART))],
            &[],
            Some(256),
            &[],
        ),
        // Parts.
        (
            &[
                ("model.safetensors.index.json", Text(INDEX)),
                ("model-00001-of-00002.safetensors", MATRIX),
                ("model-00002-of-00002.safetensors", Tensors(&[("b", &[8])])),
            ],
            &[
                "model-00001-of-00004.safetensors",
                "model-00002-of-00004.safetensors",
                "model-00003-of-00004.safetensors",
                "model-00004-of-00004.safetensors",
            ],
            Some(264),
            &[
                "does not name model-00001-of-00002.safetensors and model-00002-of-00002.safetensors, which the folder contains",
            ],
        ),
        (
            &[("model-00001-of-00002.safetensors", MATRIX)],
            &["model-00002-of-00002.safetensors"],
            Some(256),
            &["model.safetensors.index.json is missing"],
        ),
        (
            &[
                ("pytorch_model-00001-of-00002.bin", PyTorch(4096)),
                ("pytorch_model.bin.index.json", Text(BIN_INDEX)),
            ],
            &["pytorch_model-00002-of-00002.bin"],
            None,
            &[],
        ),
        (
            &[("pytorch_model.bin.index.json", Text(BIN_INDEX))],
            &["pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin"],
            None,
            &[],
        ),
        (
            &[("pytorch_model-00002-of-00002.bin", PyTorch(4096))],
            &["pytorch_model-00001-of-00002.bin"],
            None,
            &["pytorch_model.bin.index.json is missing"],
        ),
        // Empty.
        (
            &[("model.safetensors", Tensors(&[("a", &[0]), ("b", &[0, 8])]))],
            &[],
            Some(0),
            &["The weights are empty: none of the 2 tensors has a number"],
        ),
        (
            &[("model.safetensors", Tensors(&[("a", &[0]), ("b", &[2, 8])]))],
            &[],
            Some(16),
            &["1 of the 2 tensors are empty: a."],
        ),
        (
            &[("pytorch_model.bin", PyTorch(443))],
            &[],
            None,
            &["pytorch_model.bin has only 443 bytes and contains no weights"],
        ),
        (&[("training_args.bin", PyTorch(5000))], &[], None, &["There are no weights in the folder"]),
        (
            &[
                ("training_args.bin", PyTorch(5000)),
                ("optimizer.pt", PyTorch(9000)),
                ("rng_state.pth", PyTorch(9000)),
            ],
            &[],
            None,
            &["There are no weights in the folder"],
        ),
        (&[], &[], None, &["There are no weights in the folder: model.safetensors is missing"]),
        // Pointers and damage.
        (&[("model.safetensors", Text(POINTER))], &[], None, &["Git LFS pointer", "git lfs pull"]),
        (&[("pytorch_model.bin", Text(POINTER))], &[], None, &["Git LFS pointer"]),
        (
            &[("model.safetensors", MATRIX), ("tokenizer.model", Text(POINTER))],
            &[],
            Some(256),
            &["tokenizer.model is a Git LFS pointer"],
        ),
        (
            &[("model.safetensors.index.json", Text(POINTER)), ("model-00001-of-00001.safetensors", MATRIX)],
            &[],
            Some(256),
            &["Git LFS pointer"],
        ),
        (&[("pytorch_model.bin", Bytes(b"PK\x03\x04 and no end"))], &[], None, &["cut short"]),
        (
            &[("pytorch_model.bin", Text("<html>Access denied</html>"))],
            &[],
            None,
            &["not in PyTorch's format"],
        ),
        (
            &[("model.safetensors", Text("<!doctype html><html></html>"))],
            &[],
            None,
            &["not a safetensors file"],
        ),
        // Other forms.
        (
            &[("consolidated.safetensors", MATRIX)],
            &[],
            Some(256),
            &["Mistral's own form (consolidated.safetensors)", "model.safetensors"],
        ),
        (&[("consolidated.00.pth", PyTorch(4096))], &[], None, &["Meta's own form"]),
        (&[("model-Q4_K_M.gguf", Bytes(b"GGUF"))], &[], None, &["GGUF", "can't be fine-tuned"]),
        (
            &[("tf_model.h5", Bytes(b"\x89HDF")), ("model.onnx", Bytes(b""))],
            &[],
            None,
            &["another framework (model.onnx and tf_model.h5)"],
        ),
        (&[("model.fp16.safetensors", MATRIX)], &[], Some(256), &["the folder has model.fp16.safetensors"]),
        (&[("weights.pt", PyTorch(4096))], &[], None, &["the folder has weights.pt"]),
    ];
    for (files, missing, parameters, sentences) in cases {
        let folder = folder(files);
        std::fs::write(folder.path().join("config.json"), LLAMA).unwrap();
        let facts = ModelFacts::read(folder.path()).unwrap();
        let names: Vec<_> = files.iter().map(|(name, _)| *name).collect();
        assert_eq!(facts.missing, *missing, "{names:?}");
        assert_eq!(facts.parameters, *parameters, "{names:?}");
        let reported = facts.problems.join(" ");
        assert!(sentences.iter().all(|part| reported.contains(part)), "{names:?}: {reported}");
        assert_eq!(facts.problems.is_empty(), sentences.is_empty(), "{names:?}: {reported}");
        for library in ["expected value", "EOF", "untagged", "trailing characters", "at line", "invalid type"]
        {
            assert!(!reported.contains(library), "{reported}");
        }
    }
}

#[test]
fn a_download_lacks_what_the_index_names_and_is_not_there() {
    let cases: &[(Files<'_>, &[&str])] = &[
        (&[("config.json", Text(LLAMA))], &["model.safetensors"]),
        (&[("adapter_config.json", Text("{}"))], &["adapter_model.safetensors"]),
        (&[("config.json", Text(LLAMA)), ("model.safetensors", MATRIX)], &[]),
        (&[("config.json", Text(LLAMA)), ("model.gguf", MATRIX)], &[]),
        (&[("tokenizer.json", Text("{}"))], &[]),
        (
            &[
                ("config.json", Text(LLAMA)),
                ("pytorch_model.bin.index.json", Text(BIN_INDEX)),
                ("pytorch_model-00001-of-00002.bin", PyTorch(443)),
            ],
            &["pytorch_model-00002-of-00002.bin"],
        ),
    ];
    for (files, missing) in cases {
        assert_eq!(missing_weights(folder(files).path()), *missing);
    }
}

#[test]
fn configurations_are_read_as_python_writes_them() {
    let read = |config: &[u8]| {
        let folder = folder(&[("config.json", Bytes(config)), ("model.safetensors", MATRIX)]);
        ModelFacts::read(folder.path()).map_err(|error| error.message)
    };
    let nemotron = read(b"{\n\"model_type\": \"nemotron_h\",\n\"time_step_limit\": [0.0, Infinity],\n\"x\": -Infinity, \"vocab_size\": 32}");
    let nemotron = nemotron.unwrap();
    assert_eq!((nemotron.vocabulary, nemotron.problems), (Some(32), Vec::new()));
    assert_eq!(read(b"{\"vocab_size\": NaN, \"n_layer\": 2}").unwrap().layers, Some(2));
    // Transformers refuses the mark; the rest of the file can be shown.
    let marked = read(b"\xef\xbb\xbf{\"vocab_size\": 32}").unwrap();
    assert_eq!(marked.vocabulary, Some(32));
    assert!(marked.problems[0].contains("begins with a byte-order mark"), "{:?}", marked.problems);
    for (config, expected) in [
        (&b""[..], "it is empty"),
        (b"[]", "it is JSON, but not an object"),
        (b"{\"a\":", "it ends in the middle, in line 1"),
        (b"{\"a\": 1,\n}", "line 2 is not JSON"),
        (b"\xff\xfe{\0}\0", "it is UTF-16 text; save it as UTF-8"),
        (b"<html>", "it is a web page or XML, not JSON"),
        (POINTER.as_bytes(), "is a Git LFS pointer"),
    ] {
        let reported = read(config).unwrap_err();
        assert!(reported.contains(expected) && !reported.contains("expected"), "{reported}");
    }
}
