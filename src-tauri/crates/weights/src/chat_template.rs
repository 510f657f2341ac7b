//! The chat template of a model's folder and the special tokens it names, found as Transformers finds them.

use std::{collections::BTreeMap, io::Read as _, path::Path};

use schema::{Error, ErrorCode, Result};
use serde_json::{Map, Value};

use crate::{
    files::{names, open_regular, parse_error},
    json::document,
    words::and,
};

/// The settings of a tokenizer, with the chat template of models until 2025.
pub(crate) const SETTINGS: &str = "tokenizer_config.json";
/// The folder of templates that are asked for by name, and the files of the one that is not.
pub(crate) const NAMED_TEMPLATES: &str = "additional_chat_templates";
pub(crate) const TEMPLATE: &str = "chat_template.jinja";
pub(crate) const PROCESSOR_TEMPLATE: &str = "chat_template.json";
/// Special tokens of models until 2023, which Transformers reads if the settings list no added tokens.
const SPECIAL_TOKENS: &str = "special_tokens_map.json";
/// What lists them.
const ADDED_TOKENS: &str = "added_tokens_decoder";
/// The special tokens that Transformers gives to templates by these names.
const NAMES: &[&str] =
    &["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];
/// The largest template that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// A chat template as it lies in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundTemplate {
    /// Its text, in Jinja.
    pub text: String,
    /// The file it is in, and its name if it has one there: `tokenizer_config.json (tool_use)`.
    pub name: String,
    /// The tokenizer's special tokens: `bos_token`, `eos_token`, ….
    pub special_tokens: BTreeMap<String, String>,
}

/// The template that Transformers uses for a conversation, with tools or without; `None` if the folder has
/// none. An empty one counts as none.
///
/// # Errors
/// A file can't be read, or there are templates under names only and none of them is the default.
pub fn chat_template(folder: &Path, with_tools: bool) -> Result<Option<FoundTemplate>> {
    let present = names(folder)?;
    let has = |name: &str| present.iter().any(|file| file == name);
    let settings = if has(SETTINGS) { document(&folder.join(SETTINGS))?.object } else { Map::new() };
    let mut templates = in_files(folder, &present)?;
    if templates.is_empty() {
        templates = in_json(&settings, SETTINGS);
    }
    if templates.is_empty() && has(PROCESSOR_TEMPLATE) {
        let processor = document(&folder.join(PROCESSOR_TEMPLATE))?.object;
        templates = in_json(&processor, PROCESSOR_TEMPLATE);
    }
    templates.retain(|_, (_, text)| !text.trim().is_empty());
    if templates.is_empty() {
        return Ok(None);
    }
    let tool_use = with_tools.then(|| templates.remove("tool_use")).flatten();
    let Some((name, text)) = tool_use.or_else(|| templates.remove("default")) else {
        let names: Vec<_> = templates.into_keys().collect();
        let message = format!(
            "{} has chat templates only under names ({}), and none is the default.",
            folder.display(),
            and(&names)
        );
        return Err(
            Error::new(ErrorCode::File, message).hint(format!("Save the one to train with as {TEMPLATE}."))
        );
    };
    Ok(Some(FoundTemplate { text, name, special_tokens: special_tokens_in(folder, &settings, &present)? }))
}

/// The special tokens of a folder's tokenizer, by the names that templates use.
///
/// # Errors
/// A file can't be read.
pub fn special_tokens(folder: &Path) -> Result<BTreeMap<String, String>> {
    let present = names(folder)?;
    let has_settings = present.iter().any(|file| file == SETTINGS);
    let settings = if has_settings { document(&folder.join(SETTINGS))?.object } else { Map::new() };
    special_tokens_in(folder, &settings, &present)
}

fn special_tokens_in(
    folder: &Path,
    settings: &Map<String, Value>,
    present: &[String],
) -> Result<BTreeMap<String, String>> {
    let mut tokens = named_tokens(settings);
    let has_map = present.iter().any(|file| file == SPECIAL_TOKENS);
    if has_map && settings.get(ADDED_TOKENS).is_none_or(Value::is_null) {
        tokens.extend(named_tokens(&document(&folder.join(SPECIAL_TOKENS))?.object));
    }
    Ok(tokens)
}

/// A token is a text, or an object with its text and how it is matched.
fn named_tokens(object: &Map<String, Value>) -> BTreeMap<String, String> {
    let token = |name: &&str| {
        let token = object.get(*name)?;
        let text = token.as_str().or_else(|| token.get("content")?.as_str())?;
        Some(((*name).to_owned(), text.to_owned()))
    };
    NAMES.iter().filter_map(token).collect()
}

/// Templates by their names, with where they lie.
type Templates = BTreeMap<String, (String, String)>;

fn in_files(folder: &Path, present: &[String]) -> Result<Templates> {
    let mut templates = Templates::new();
    if present.iter().any(|file| file == TEMPLATE) {
        templates.insert("default".to_owned(), (TEMPLATE.to_owned(), text(&folder.join(TEMPLATE))?));
    }
    let named = folder.join(NAMED_TEMPLATES);
    if named.is_dir() {
        for file in names(&named)? {
            if let Some(name) = file.strip_suffix(".jinja") {
                let place = format!("{NAMED_TEMPLATES}/{file}");
                templates.insert(name.to_owned(), (place, text(&named.join(&file))?));
            }
        }
    }
    Ok(templates)
}

/// A template, a list of templates with names, or an object of them.
fn in_json(object: &Map<String, Value>, file: &str) -> Templates {
    let named = |name: &str, text: &str| (name.to_owned(), (format!("{file} ({name})"), text.to_owned()));
    match object.get("chat_template") {
        Some(Value::String(text)) => [("default".to_owned(), (file.to_owned(), text.clone()))].into(),
        Some(Value::Array(templates)) => {
            let templates = templates.iter();
            templates
                .filter_map(|one| Some(named(one.get("name")?.as_str()?, one.get("template")?.as_str()?)))
                .collect()
        }
        Some(Value::Object(templates)) => {
            templates.iter().filter_map(|(name, text)| Some(named(name, text.as_str()?))).collect()
        }
        _ => Templates::new(),
    }
}

fn text(path: &Path) -> Result<String> {
    let mut bytes = Vec::new();
    let read = open_regular(path)?.take(LARGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| Error::file("read", path, &error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(parse_error(path, &format_args!("it has more than {} MiB", LARGEST >> 20)));
    }
    String::from_utf8(bytes).map_err(|_| parse_error(path, &"it is not UTF-8"))
}
