//! The tensors of a folder's weights, and what is wrong with them.

use std::{collections::BTreeMap, path::Path};

use safetensors::{Dtype, tensor::Metadata};
use schema::Result;
use serde::{Deserialize, Serialize};

use crate::{
    files::names,
    header::header,
    other_formats,
    parts::{Format, Parts, WeightFiles},
    pytorch,
    words::{and, sentences},
};

/// The number of parameters in one number format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Precision {
    /// The format's name in safetensors: `BF16`, `F32`.
    pub dtype: String,
    /// The number of parameters in this format.
    pub parameters: u64,
}

impl Precision {
    /// The bytes of these parameters; `None` for a format that safetensors does not have.
    pub fn bytes(&self) -> Option<u64> {
        let dtype: Dtype = serde_json::from_value(self.dtype.as_str().into()).ok()?;
        self.parameters.checked_mul(dtype.bitsize() as u64).map(|bits| bits / 8)
    }
}

/// The tensors of a folder, by the headers of its files.
#[derive(Debug, Clone, Default)]
pub struct Tensors {
    /// Number format and shape of each tensor.
    pub(crate) shapes: BTreeMap<String, (Dtype, Vec<usize>)>,
    /// The number of parameters; `None` if no header could be read.
    pub(crate) parameters: Option<u64>,
    /// The number for each format, the most common first.
    pub(crate) precisions: Vec<Precision>,
    /// Missing files.
    pub(crate) missing: Vec<String>,
    /// What is wrong with the files that are there, in sentences.
    pub(crate) problems: Vec<String>,
    /// Why nothing is known although there is no problem.
    pub(crate) unread: Option<String>,
}

impl Tensors {
    /// Reads the headers of all files that the weights consist of.
    pub(crate) fn read(folder: &Path, files: WeightFiles) -> Result<Self> {
        let present = names(folder)?;
        let mut tensors = Self::default();
        match files.find(folder, &present) {
            Some(Parts { format, present, missing, problems }) => {
                tensors.missing = missing;
                tensors.problems = problems;
                match format {
                    Format::Safetensors => tensors.read_headers(folder, &present),
                    Format::PyTorch => tensors.judge_pickles(folder, &present),
                }
            }
            None => {
                tensors.read_headers(folder, &files.others(&present));
                let single = files.single();
                tensors.problems.push(match other_formats::described(&present, &single) {
                    Some(problem) => problem,
                    None => format!("There are no weights in the folder: {single} is missing."),
                });
            }
        }
        Ok(tensors)
    }

    fn read_headers(&mut self, folder: &Path, files: &[String]) {
        let mut sums = BTreeMap::<String, u64>::new();
        for name in files {
            match header(&folder.join(name)) {
                Ok(header) => self.add(&header, &mut sums),
                Err(error) => self.problems.push(sentences(error)),
            }
        }
        if !sums.is_empty() {
            self.parameters = Some(sums.values().fold(0, |sum, n| sum.saturating_add(*n)));
        }
        self.precisions =
            sums.into_iter().map(|(dtype, parameters)| Precision { dtype, parameters }).collect();
        self.precisions.sort_by_key(|precision| std::cmp::Reverse(precision.parameters));
        self.problems.extend(self.emptiness());
    }

    fn add(&mut self, header: &Metadata, sums: &mut BTreeMap<String, u64>) {
        for (name, info) in header.tensors() {
            let numbers: usize = info.shape.iter().product();
            let sum = sums.entry(format!("{:?}", info.dtype)).or_default();
            *sum = sum.saturating_add(numbers as u64);
            self.shapes.insert(name, (info.dtype, info.shape.clone()));
        }
    }

    /// Tensors without a number, which a training in parts (DeepSpeed's ZeRO-3) saves if it does not
    /// gather them first.
    fn emptiness(&self) -> Option<String> {
        let empty: Vec<String> = self
            .shapes
            .iter()
            .filter(|(_, (_, shape))| shape.contains(&0))
            .map(|(name, _)| name.clone())
            .collect();
        let all = self.shapes.len();
        let what = "A training that was split over devices saves them so if it does not gather them first \
                    (stage3_gather_16bit_weights_on_model_save in DeepSpeed). Save the weights again.";
        match empty.len() {
            0 => None,
            n if n == all => {
                Some(format!("The weights are empty: none of the {all} tensors has a number. {what}"))
            }
            n => Some(format!("{n} of the {all} tensors are empty: {}. {what}", and(&empty))),
        }
    }

    fn judge_pickles(&mut self, folder: &Path, files: &[String]) {
        self.problems.extend(files.iter().filter_map(|name| pytorch::problem(&folder.join(name))));
        if self.missing.is_empty() && self.problems.is_empty() {
            self.unread = Some(
                "The weights are in PyTorch's own format. Their parameters can't be counted without loading them."
                    .to_owned(),
            );
        }
    }

    /// Whether the weights could be compared with others: some are known, and none are missing.
    pub(crate) fn are_known(&self) -> bool {
        !self.shapes.is_empty() && self.missing.is_empty() && self.problems.is_empty()
    }
}
