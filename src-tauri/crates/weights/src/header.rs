//! Headers of safetensors files: names, shapes and precisions of the weights without the weights
//! (<https://huggingface.co/docs/safetensors>).

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read as _,
    path::Path,
};

use safetensors::{Dtype, tensor::Metadata};
use schema::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    adapter,
    files::{names, object, regular, unreadable},
    model,
};

/// The bound that the reference implementation of the format sets.
const LARGEST_HEADER: u64 = 100_000_000;

/// How many parameters are stored in one number format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Precision {
    /// The format as safetensors writes it: `BF16`, `F32`.
    pub dtype: String,
    /// How many numbers are stored so.
    pub parameters: u64,
}

/// The weights of a folder as their headers tell them.
#[derive(Debug, Clone, Default)]
pub struct Tensors {
    /// Shape and format by name.
    pub(crate) shapes: BTreeMap<String, (Dtype, Vec<usize>)>,
    /// How many numbers there are in all; `None` where no header could be read.
    pub(super) parameters: Option<u64>,
    /// The same for each format, the commonest first.
    pub(super) precisions: Vec<Precision>,
    /// Files that the folder should hold and doesn't.
    pub(super) missing: Vec<String>,
    /// What keeps other files from being read.
    pub(super) problems: Vec<String>,
    /// Why nothing is known of the weights although nothing is wrong with them.
    pub(super) unread: Option<String>,
}

impl Tensors {
    /// Reads the headers of the weights called `stem`: `stem.safetensors`, or all the parts
    /// that its index or their own names speak of.
    pub(crate) fn read(folder: &Path, stem: &str) -> Result<Self> {
        let present = names(folder)?;
        let mut tensors = Self::default();
        let files = match tensors.indexed(folder, stem) {
            Some(files) => files,
            None => files_of(&present, stem),
        };
        let mut sums = BTreeMap::<String, u64>::new();
        for name in files {
            let path = folder.join(&name);
            if !path.exists() {
                tensors.missing.push(name);
                continue;
            }
            match header(&path) {
                Ok(header) => tensors.add(&header, &mut sums),
                Err(error) => tensors.problems.push(error.message),
            }
        }
        if !sums.is_empty() {
            tensors.parameters = Some(sums.values().fold(0, |sum, n| sum.saturating_add(*n)));
        }
        tensors.precisions =
            sums.into_iter().map(|(dtype, parameters)| Precision { dtype, parameters }).collect();
        tensors.precisions.sort_by_key(|precision| std::cmp::Reverse(precision.parameters));
        if tensors.parameters.is_none() && tensors.missing.is_empty() && tensors.problems.is_empty() {
            tensors.unread = unread(&present);
            if tensors.unread.is_none() {
                tensors.problems.push("There are no weights in the folder.".to_owned());
            }
        }
        Ok(tensors)
    }

    /// The files an index names; an index that can't be read is a problem, and names decide.
    fn indexed(&mut self, folder: &Path, stem: &str) -> Option<BTreeSet<String>> {
        let path = folder.join(format!("{stem}.safetensors.index.json"));
        if !path.exists() {
            return None;
        }
        match object(&path) {
            Ok(index) => {
                let files = index.get("weight_map").and_then(Value::as_object)?;
                let named = files.values().filter_map(Value::as_str).map(str::to_owned);
                // A name with a path in it could point anywhere.
                let (outside, inside): (BTreeSet<_>, _) = named.partition(|name| name.contains(['/', '\\']));
                if let Some(name) = outside.first() {
                    self.problems
                        .push(format!("The index of the weights names {name}, which is in another folder."));
                }
                Some(inside)
            }
            Err(error) => {
                self.problems.push(error.message);
                None
            }
        }
    }

    fn add(&mut self, header: &Metadata, sums: &mut BTreeMap<String, u64>) {
        for (name, info) in header.tensors() {
            let numbers: usize = info.shape.iter().product();
            let sum = sums.entry(format!("{:?}", info.dtype)).or_default();
            *sum = sum.saturating_add(numbers as u64);
            self.shapes.insert(name, (info.dtype, info.shape.clone()));
        }
    }
}

/// The header of one file, whose shapes and offsets belong together: reading it checks that. The
/// file must be as long as it says.
fn header(path: &Path) -> Result<Metadata> {
    let failed = |error| Error::file("read", path, &error);
    let mut file = regular(path)?;
    let bytes = file.metadata().map_err(failed)?.len();
    let mut length = [0; 8];
    let cut = |needed: u64| unreadable(path, &format_args!("it is cut short at {bytes} of {needed} bytes"));
    if bytes < 8 {
        return Err(cut(8));
    }
    file.read_exact(&mut length).map_err(failed)?;
    let length = u64::from_le_bytes(length);
    if length > LARGEST_HEADER {
        return Err(unreadable(path, &"it is not a safetensors file, or damaged at its start"));
    }
    if length + 8 > bytes {
        return Err(cut(length + 8));
    }
    let mut text = Vec::new();
    file.take(length).read_to_end(&mut text).map_err(failed)?;
    let header: Metadata = serde_json::from_slice(&text).map_err(|error| unreadable(path, &error))?;
    let needed = header.data_len() as u64 + length + 8;
    if needed > bytes { Err(cut(needed)) } else { Ok(header) }
}

/// Which files of a folder without an index hold the weights: all parts that the names of the
/// present ones promise (`model-00001-of-00003.safetensors`), else the single file of that name,
/// else whatever safetensors there are.
fn files_of(present: &[String], stem: &str) -> BTreeSet<String> {
    let single = format!("{stem}.safetensors");
    let part = |name: &String| {
        let (at, of) =
            name.strip_prefix(stem)?.strip_prefix('-')?.strip_suffix(".safetensors")?.split_once("-of-")?;
        (at.len() == 5 && of.len() == 5).then(|| of.parse::<u32>().ok())?
    };
    if let Some(parts) = present.iter().find_map(part) {
        return (1..=parts).map(|at| format!("{stem}-{at:05}-of-{parts:05}.safetensors")).collect();
    }
    if present.contains(&single) {
        return BTreeSet::from([single]);
    }
    if stem != model::STEM {
        return BTreeSet::new();
    }
    let weights = |name: &&String| name.ends_with(".safetensors") && !name.starts_with(adapter::STEM);
    present.iter().filter(weights).cloned().collect()
}

/// Why weights that are there can't be told by a header.
fn unread(present: &[String]) -> Option<String> {
    let ends_in = |endings: &[&str]| present.iter().any(|name| endings.iter().any(|e| name.ends_with(e)));
    if ends_in(&[".bin", ".pt", ".pth"]) {
        return Some(
            "The weights are in PyTorch's own format. Their parameters can't be read without loading them."
                .to_owned(),
        );
    }
    ends_in(&[".gguf", ".onnx", ".h5"])
        .then(|| "The weights are in a format whose parameters are not read here.".to_owned())
}
