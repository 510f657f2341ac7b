//! What is fetched from the Hub, as the Hugging Face libraries see it.

use std::process::Command;

use fake_hub::{FakeHub, Repository};
use stories::Fts;

use crate::recipe::{PYTHON, RECIPE, text};

/// Fetches by `huggingface_hub`, with and without requests, and prints the folders.
const ASK_THE_LIBRARY: &str = "
from huggingface_hub import snapshot_download
import json, transformers
files = ['*.json', '*.safetensors']
local = snapshot_download('acme/tiny', local_files_only=True)
online = snapshot_download('acme/tiny', allow_patterns=files)
tokenizer = transformers.AutoTokenizer.from_pretrained('acme/tiny', local_files_only=True)
model = transformers.AutoModelForCausalLM.from_pretrained('acme/tiny', local_files_only=True)
print(json.dumps([local, online, type(model).__name__]))
";

#[test]
fn the_libraries_find_what_is_fetched_and_fetch_nothing_again() {
    let mut tiny = Repository::model("acme/tiny");
    for entry in std::fs::read_dir(RECIPE.join("model")).unwrap() {
        let path = entry.unwrap().path();
        let (name, content) = (text(path.file_name().unwrap().as_ref()), std::fs::read(&path).unwrap());
        let is_large = name.ends_with(".safetensors");
        tiny = if is_large { tiny.large_file(&name, content) } else { tiny.file(&name, content) };
    }
    let hub = FakeHub::new([tiny]);
    let fts = Fts::new().with_variable("HF_ENDPOINT", hub.address()).with_variable("HF_HUB_OFFLINE", "0");
    let fetched = fts.json(&["hub", "fetch", "model", "acme/tiny"]);

    let before = hub.requests().len();
    let mut python = Command::new(&*PYTHON);
    python.args(["-c", ASK_THE_LIBRARY]).env("HF_HOME", fts.path("huggingface"));
    python
        .env("HF_ENDPOINT", hub.address())
        .env("HF_HUB_DISABLE_TELEMETRY", "1")
        .env("HF_HUB_DISABLE_XET", "1");
    let output = python.output().expect("Python starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let said: Vec<String> = serde_json::from_slice(&output.stdout).expect("JSON");
    let folder = fetched["folder"].as_str().expect("a folder");
    assert_eq!(said, [folder, folder, "LlamaForCausalLM"]);
    let asked = hub.requests().split_off(before);
    let is_content = |path: &str| path.contains("/resolve/");
    let got: Vec<_> = asked.iter().filter(|asked| asked.method == "GET" && is_content(&asked.path)).collect();
    assert!(got.is_empty(), "{got:?}");
}
