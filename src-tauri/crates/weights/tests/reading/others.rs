//! Folders that are neither a model nor an adapter: each is named for what it is.

use std::fs;

use weights::{AdapterFacts, ModelFacts, Weights, snapshot_of};

use crate::folders::{Content, Files, LLAMA, folder};
use Content::{Bytes, Text};

const ADAPTER: Content<'_> = Text("{}");
const REVISION: &str = "models--acme--x/snapshots/0123abc";

#[test]
fn a_folder_of_another_kind_says_which_to_choose() {
    let snapshot = format!("{REVISION}/config.json");
    // Files, the folder that is chosen, and parts of the message with its hint.
    let cases: &[(Files<'_>, &str, &[&str])] = &[
        (&[], "", &["neither a model (config.json) nor an adapter (adapter_config.json)"]),
        (&[("notes.txt", Text("x"))], "", &["neither a model"]),
        (
            &[("model.gguf", Bytes(b"GGUF"))],
            "",
            &["has no config.json", "GGUF format of llama.cpp (model.gguf)", "can't be fine-tuned"],
        ),
        (
            &[("params.json", Text("{}")), ("consolidated.safetensors", Text("")), ("tekken.json", Text(""))],
            "",
            &["Mistral's own form"],
        ),
        (&[("params.json", Text("{}")), ("consolidated.00.pth", Text(""))], "", &["Meta's own form"]),
        (&[("model.onnx", Text(""))], "", &["another framework"]),
        (&[("model_index.json", Text("{}")), ("unet/config.txt", Text(""))], "", &["Diffusers"]),
        (
            &[
                ("checkpoint-500/adapter_config.json", ADAPTER),
                ("checkpoint-60/adapter_config.json", ADAPTER),
                ("runs/log", Text("")),
            ],
            "",
            &[
                "contains neither a model nor an adapter itself, but the checkpoints of a training",
                "checkpoint-500.",
            ],
        ),
        (
            &[
                ("output/checkpoints/checkpoint-20/log", Text("")),
                ("output/adapter/adapter_config.json", ADAPTER),
            ],
            "",
            &["a folder of weights", "output/adapter."],
        ),
        (&[("final/config.json", Text(LLAMA))], "", &["a folder of weights", "final."]),
        (&[("b/config.json", Text(LLAMA)), ("a/config.json", Text(LLAMA))], "", &["/a."]),
        (
            &[(&snapshot, Text(LLAMA)), ("models--acme--x/refs/main", Text("0123abc"))],
            "models--acme--x",
            &["a repository's folder in the Hub's local cache", REVISION],
        ),
        (
            &[("models--acme--x/refs/main", Text("0123abc")), ("models--acme--x/snapshots/.x", Text(""))],
            "models--acme--x",
            &["Download it again"],
        ),
        (&[("model.gguf", Bytes(b"GGUF"))], "model.gguf", &["is a file", "Choose the folder"]),
    ];
    for (files, chosen, expected) in cases {
        let folder = folder(files);
        let error = Weights::read(&folder.path().join(chosen)).unwrap_err();
        let reported = format!("{} {}", error.message, error.hint.unwrap_or_default()).replace('\\', "/");
        let names: Vec<_> = files.iter().map(|(name, _)| *name).collect();
        assert!(expected.iter().all(|part| reported.contains(part)), "{names:?}: {reported}");
    }
}

#[test]
fn what_is_needed_decides_what_is_said() {
    let model = folder(&[("config.json", Text(LLAMA))]);
    let error = AdapterFacts::read(model.path()).unwrap_err();
    assert!(error.message.contains("contains a model, not an adapter"), "{error}");
    let adapter = folder(&[("adapter_config.json", ADAPTER)]);
    let error = ModelFacts::read(adapter.path()).unwrap_err();
    assert!(error.message.contains("contains an adapter, not a model"), "{error}");
    let checkpoints =
        folder(&[("checkpoint-5/adapter_config.json", ADAPTER), ("merged/config.json", Text(LLAMA))]);
    let hint = |error: schema::Error| error.hint.unwrap();
    assert!(hint(ModelFacts::read(checkpoints.path()).unwrap_err()).ends_with("merged."));
    assert!(hint(AdapterFacts::read(checkpoints.path()).unwrap_err()).ends_with("checkpoint-5."));
    let gguf = folder(&[("model.gguf", Bytes(b"GGUF"))]);
    assert!(ModelFacts::read(gguf.path()).unwrap_err().message.contains("GGUF"));
}

#[test]
fn a_repository_has_the_files_of_main_or_else_of_the_latest_download() {
    let folder =
        folder(&[("a/snapshots/1/config.json", Text("{}")), ("a/snapshots/2/config.json", Text("{}"))]);
    let repository = folder.path().join("a");
    assert!(snapshot_of(&repository).is_some());
    fs::create_dir(repository.join("refs")).unwrap();
    for commit in ["1", "2"] {
        fs::write(repository.join("refs/main"), format!("{commit}\n")).unwrap();
        assert_eq!(snapshot_of(&repository).unwrap(), repository.join("snapshots").join(commit));
    }
    fs::write(repository.join("refs/main"), "../..").unwrap();
    assert!(snapshot_of(&repository).unwrap().starts_with(repository.join("snapshots")));
    assert_eq!(snapshot_of(&folder.path().join("gone")), None);
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_are_named() {
    let folder = folder(&[("model.safetensors", Content::Tensors(&[("a", &[1])]))]);
    std::os::unix::fs::symlink("../../blobs/gone", folder.path().join("config.json")).unwrap();
    let error = ModelFacts::read(folder.path()).unwrap_err();
    assert!(error.message.contains("it is a link to a file that does not exist"), "{error}");
}
