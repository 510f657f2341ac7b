//! Headers of safetensors files: the names, shapes and number formats of the tensors
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

use crate::files::{ADAPTER_STEM, MODEL_STEM, names, object, open_regular, parse_error};

/// The limit of the format's reference implementation, in bytes.
const LARGEST_HEADER: u64 = 100_000_000;

/// The number of parameters in one number format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Precision {
    /// The format's name in safetensors: `BF16`, `F32`.
    pub dtype: String,
    /// The number of parameters in this format.
    pub parameters: u64,
}

/// The tensors of a folder, by the headers of its files.
#[derive(Debug, Clone, Default)]
pub struct Tensors {
    /// Number format and shape of each tensor.
    pub(crate) shapes: BTreeMap<String, (Dtype, Vec<usize>)>,
    /// The number of parameters; `None` if no header could be read.
    pub(super) parameters: Option<u64>,
    /// The number for each format, the most common first.
    pub(super) precisions: Vec<Precision>,
    /// Missing files.
    pub(super) missing: Vec<String>,
    /// Why other files could not be read.
    pub(super) problems: Vec<String>,
    /// Why nothing is known although there is no problem.
    pub(super) unread: Option<String>,
}

impl Tensors {
    /// Reads the headers of `stem.safetensors`, or of all parts that its index or the file names list.
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

    /// The files that the index lists; `None` without an index. An index that can't be read is a problem,
    /// and the file names are used.
    fn indexed(&mut self, folder: &Path, stem: &str) -> Option<BTreeSet<String>> {
        let path = folder.join(format!("{stem}.safetensors.index.json"));
        if !path.exists() {
            return None;
        }
        match object(&path) {
            Ok(index) => {
                let files = index.get("weight_map").and_then(Value::as_object)?;
                let named = files.values().filter_map(Value::as_str).map(str::to_owned);
                // A name with a path could refer to a file outside the folder.
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

/// Reads the header of one file. An error if its shapes and offsets contradict each other, or the file
/// is shorter than the header requires.
fn header(path: &Path) -> Result<Metadata> {
    let failed = |error| Error::file("read", path, &error);
    let mut file = open_regular(path)?;
    let bytes = file.metadata().map_err(failed)?.len();
    let mut length = [0; 8];
    let cut = |needed: u64| parse_error(path, &format_args!("it is cut short at {bytes} of {needed} bytes"));
    if bytes < 8 {
        return Err(cut(8));
    }
    file.read_exact(&mut length).map_err(failed)?;
    let length = u64::from_le_bytes(length);
    if length > LARGEST_HEADER {
        return Err(parse_error(path, &"it is not a safetensors file, or damaged at its start"));
    }
    if length + 8 > bytes {
        return Err(cut(length + 8));
    }
    let mut text = Vec::new();
    file.take(length).read_to_end(&mut text).map_err(failed)?;
    let header: Metadata = serde_json::from_slice(&text).map_err(|error| parse_error(path, &error))?;
    let needed = header.data_len() as u64 + length + 8;
    if needed > bytes { Err(cut(needed)) } else { Ok(header) }
}

/// The files with the weights in a folder without an index: all parts that the name of one part implies
/// (`model-00001-of-00003.safetensors`), else the single file, else every safetensors file.
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
    if stem != MODEL_STEM {
        return BTreeSet::new();
    }
    let weights = |name: &&String| name.ends_with(".safetensors") && !name.starts_with(ADAPTER_STEM);
    present.iter().filter(weights).cloned().collect()
}

/// Why existing weights have no header to read.
fn unread(present: &[String]) -> Option<String> {
    let ends_in = |endings: &[&str]| present.iter().any(|name| endings.iter().any(|e| name.ends_with(e)));
    if ends_in(&[".bin", ".pt", ".pth"]) {
        return Some(
            "The weights are in PyTorch's own format. Their parameters can't be counted without loading them."
                .to_owned(),
        );
    }
    ends_in(&[".gguf", ".onnx", ".h5"])
        .then(|| "The weights are in a format whose parameters the program can't count.".to_owned())
}
