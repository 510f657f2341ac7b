//! Lengths that were counted before, in files beside the database: not in it, because they can be counted again at
//! any time, and belong to no row, no backup and no snapshot.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use platform::AtomicFile;
use prompts::chat::TemplateSource;
use schema::Result;
use serde::Serialize;

use super::counted::Counted;
use run_folder::spec::{ChatSpec, PromptSpec};

/// Part of every key: another number where the same rows are counted otherwise.
const VERSION: u32 = 1;
/// Files that are kept. Each has some hundred kilobytes at most.
const MOST_KEPT: usize = 100;

/// All that lengths depend on.
#[derive(Debug, Serialize)]
pub(super) struct LengthsKey<'a> {
    /// BLAKE3 of the dataset's files.
    pub(super) dataset: &'a str,
    /// How they are read, as JSON.
    pub(super) reading: String,
    /// BLAKE3 of the tokenizer's file.
    pub(super) tokenizer: &'a str,
    /// The method, the format of the rows and what rates them, as texts.
    pub(super) choices: [String; 3],
    pub(super) prompt: Option<[Option<&'a str>; 3]>,
    pub(super) chat: Option<ChatKey<'a>>,
    pub(super) end: Option<&'a str>,
    pub(super) completion_only: bool,
}

/// What of a chat template the lengths depend on.
#[derive(Debug, Serialize)]
pub(super) struct ChatKey<'a> {
    template: &'a str,
    special_tokens: Vec<(&'a str, &'a str)>,
    /// The day, where the template writes it.
    day: Option<&'a str>,
    train_on: Option<String>,
    system_prompt: Option<&'a str>,
}

impl<'a> ChatKey<'a> {
    pub(super) fn new(chat: &'a ChatSpec) -> Self {
        let TemplateSource { text, special_tokens, now, .. } = &chat.template;
        let day = now.split('T').next().filter(|_| text.contains("strftime_now"));
        Self {
            template: text,
            special_tokens: special_tokens.iter().map(|(name, token)| (&**name, &**token)).collect(),
            day,
            train_on: chat.train_on.map(|on| on.to_string()),
            system_prompt: chat.system_prompt.as_deref(),
        }
    }
}

/// What of a prompt the lengths depend on.
pub(super) fn prompt_key(prompt: &PromptSpec) -> [Option<&str>; 3] {
    [&prompt.input_template, &prompt.completion_template, &prompt.training_template].map(Option::as_deref)
}

/// The folder of the lengths that are kept.
#[derive(Debug, Clone)]
pub(super) struct KeptLengths(PathBuf);

impl KeptLengths {
    /// Those beside a database.
    pub(super) fn beside(database: &Path) -> Self {
        Self(database.with_file_name("token-lengths"))
    }

    /// The lengths for a key, if they are kept and can be read.
    pub(super) fn read(&self, key: &LengthsKey<'_>) -> Option<Counted> {
        serde_json::from_slice(&fs::read(self.file(key)).ok()?).ok()
    }

    /// Keeps lengths, and forgets the oldest where there are many.
    ///
    /// # Errors
    /// The file can't be written.
    pub(super) fn write(&self, key: &LengthsKey<'_>, counted: &Counted) -> Result<()> {
        fs::create_dir_all(&self.0).map_err(|error| schema::Error::file("create", &self.0, &error))?;
        let text = serde_json::to_vec(counted)
            .map_err(|error| schema::Error::internal("keeping token lengths", &error))?;
        AtomicFile::write_all(&self.file(key), &text)?;
        self.forget_oldest();
        Ok(())
    }

    fn file(&self, key: &LengthsKey<'_>) -> PathBuf {
        let text = serde_json::to_vec(&(VERSION, key)).unwrap_or_default();
        self.0.join(format!("{}.json", blake3::hash(&text).to_hex()))
    }

    fn forget_oldest(&self) {
        let files = fs::read_dir(&self.0).into_iter().flatten().flatten();
        let written = |file: &fs::DirEntry| file.metadata().and_then(|metadata| metadata.modified()).ok();
        let mut files: Vec<(Option<SystemTime>, PathBuf)> =
            files.map(|file| (written(&file), file.path())).collect();
        files.sort_unstable();
        let surplus = files.len().saturating_sub(MOST_KEPT);
        for (_, file) in files.into_iter().take(surplus) {
            // Another program may have removed it.
            _ = fs::remove_file(file);
        }
    }
}
