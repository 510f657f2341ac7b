//! The files of a tokenizer and its chat template.

use std::{fs, path::Path};

use serde_json::{Map, Value};

use crate::{
    chat_template::{NAMED_TEMPLATES, PROCESSOR_TEMPLATE, SETTINGS, TEMPLATE},
    files::names,
    json::{damage, document, pointer_error},
    words::{and, sentences},
};

/// What a folder has of a tokenizer.
#[derive(Debug, Default)]
pub(crate) struct TokenizerFiles {
    /// Whether there is a vocabulary.
    pub(crate) present: bool,
    /// Whether there is a chat template that is used unless another is asked for.
    pub(crate) chat_template: bool,
    /// What is wrong, in sentences.
    pub(crate) problems: Vec<String>,
    /// What is unusual, in sentences.
    pub(crate) notes: Vec<String>,
}

/// The vocabulary in the form that this program counts tokens with.
const FAST: &str = "tokenizer.json";
/// Vocabularies that Transformers converts, or reads with a package of the model's family.
const SLOW: &[&str] = &[
    "tokenizer.model",
    "tokenizer.model.v3",
    "tiktoken.model",
    "tekken.json",
    "vocab.json",
    "vocab.txt",
    "spiece.model",
    "sentencepiece.bpe.model",
    "merges.txt",
];
/// JSON files of a tokenizer, each of which Transformers loads if it is there.
const JSON: &[&str] = &[FAST, "vocab.json", "special_tokens_map.json", "added_tokens.json"];
impl TokenizerFiles {
    /// Reads the files. `present` are the names in the folder.
    pub(crate) fn read(folder: &Path, present: &[String]) -> Self {
        let has = |name: &str| present.iter().any(|file| file == name);
        let mut files = Self::default();
        let slow = slow(present);
        files.present = has(FAST) || !slow.is_empty();
        if !has(FAST) && !slow.is_empty() {
            files.notes.push(format!(
                "The tokenizer is here only in its slow form ({}). A training converts it; \
                 until it is saved with {FAST}, numbers of tokens are estimates.",
                and(&slow)
            ));
        }
        for name in JSON.iter().filter(|name| has(name)) {
            files.problems.extend(damage(&folder.join(name)).map(sentences));
        }
        for name in slow.iter().filter(|name| !JSON.contains(&name.as_str())) {
            let path = folder.join(name);
            if starts_as_pointer(&path) {
                files.problems.push(sentences(pointer_error(&path)));
            }
        }
        files.read_templates(folder, &has);
        files
    }

    fn read_templates(&mut self, folder: &Path, has: &dyn Fn(&str) -> bool) {
        let settings = self.read_if(has(SETTINGS), &folder.join(SETTINGS));
        let processor = self.read_if(has(PROCESSOR_TEMPLATE), &folder.join(PROCESSOR_TEMPLATE));
        let written = |template: &str| !template.trim().is_empty();
        let file = fs::read_to_string(folder.join(TEMPLATE)).ok();
        let (mut default, mut names) = (file.as_deref().is_some_and(written), Vec::new());
        let mut empty = has(TEMPLATE) && !default;
        for value in [settings, processor].iter().flatten().filter_map(|object| object.get("chat_template")) {
            match value {
                Value::String(template) => {
                    default |= written(template);
                    empty |= !written(template);
                }
                // A list of templates with names, as transformers 4 wrote them.
                Value::Array(templates) => {
                    names.extend(templates.iter().filter_map(|t| t.get("name")?.as_str()).map(str::to_owned));
                }
                Value::Object(templates) => names.extend(templates.keys().cloned()),
                _ => {}
            }
        }
        let entries = fs::read_dir(folder.join(NAMED_TEMPLATES)).into_iter().flatten().flatten();
        let files = entries.filter_map(|entry| entry.file_name().into_string().ok());
        names.extend(files.filter_map(|name| Some(name.strip_suffix(".jinja")?.to_owned())));
        names.sort_unstable();
        names.dedup();
        self.chat_template = default || names.iter().any(|name| name == "default");
        if self.chat_template {
            return;
        }
        if !names.is_empty() {
            self.notes.push(format!(
                "There are chat templates only under names ({}), and none is the default. \
                 Save the one to train with as {TEMPLATE}.",
                and(&names)
            ));
        } else if empty {
            self.notes.push("The chat template is empty, which counts as none.".to_owned());
        }
    }

    fn read_if(&mut self, there: bool, path: &Path) -> Option<Map<String, Value>> {
        let read = there.then(|| document(path))?;
        let document = read.map_err(|error| self.problems.push(sentences(error))).ok()?;
        self.problems.extend(document.problem);
        Some(document.object)
    }
}

/// The vocabularies of a folder's tokenizer in its slow form, which Transformers converts.
pub fn slow_tokenizer(folder: &Path) -> Vec<String> {
    names(folder).map(|present| slow(&present)).unwrap_or_default()
}

fn slow(present: &[String]) -> Vec<String> {
    let slow = SLOW.iter().filter(|name| present.iter().any(|file| file == *name));
    slow.map(|name| (*name).to_owned()).collect()
}

/// Whether a file that is not JSON is a Git LFS pointer.
fn starts_as_pointer(path: &Path) -> bool {
    use std::io::Read as _;
    let mut start = Vec::new();
    let read = crate::files::open_regular(path).map(|file| file.take(64).read_to_end(&mut start));
    read.is_ok() && platform::is_lfs_pointer(&start)
}
