//! How a file is read best, for those who may choose.

use resources::DatasetType;
use schema::Result;
use serde::Serialize;

use super::{
    dataset_file::DatasetFile,
    form::Form,
    read_options::{DatasetPart, ReadOptions},
};

/// What a file is, and how it is read best.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Recognized {
    /// Its kind.
    pub r#type: DatasetType,
    /// How it is read best: what was chosen, else what was found.
    pub found: ReadOptions,
    /// What of it has to be chosen: without, the file is not read, or not so.
    pub needed: ReadOptions,
    /// The keys with lists of rows, where the file is one JSON object.
    pub lists: Vec<String>,
}

/// Looks at the first bytes of a file; of a folder nothing can be chosen.
///
/// # Errors
/// The file can't be read, or holds no rows whatever is chosen.
pub fn recognize(file: &DatasetFile) -> Result<Recognized> {
    let none = ReadOptions::default;
    if file.path.is_dir() {
        return Ok(Recognized {
            r#type: DatasetType::Project,
            found: ReadOptions { part: file.options.part.clone(), ..none() },
            needed: none(),
            lists: Vec::new(),
        });
    }
    let (form, object) = Form::look(file)?;
    let lists = object.as_ref().map(|object| object.lists.clone()).unwrap_or_default();
    let mut found = form.found();
    found.list = found.list.or_else(|| lists.first().cloned());
    let needed = ReadOptions {
        separator: file.options.separator,
        encoding: file.options.encoding.or(form.encodings.guessed),
        quote: file.options.quote.or(found.quote.filter(|quote| *quote != form.grammar().quote)),
        list: found.list.clone(),
        part: DatasetPart::default(),
    };
    Ok(Recognized { r#type: form.kind, found, needed, lists })
}
