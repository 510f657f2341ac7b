//! Which rows of a dataset are trained on and which are evaluated on: split as Hugging Face
//! `datasets` does with the seed 42, and sampled as pandas does with the seed 420.

use resources::FineTuningJob;

use super::shuffle::{legacy_permutation, permutation_42};

/// The seed of the evaluation sample.
const SAMPLE_SEED: u32 = 420;

/// Indices of rows, counted from 0, in the order in which they are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    /// Those to train on.
    pub(crate) train: Vec<u32>,
    /// Those held back; empty where the dataset has a split of its own for that, or nothing is.
    pub(crate) eval: Vec<u32>,
}

/// How much of a dataset is used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shares {
    /// The part of the rows that is used at all; 1 is all of them.
    pub dataset_fraction: f64,
    /// The part of those that is trained on; 1 holds nothing back.
    pub train_test_split: f64,
}

impl Shares {
    /// The shares assumed for an adapter whose training is not recorded: those of a new job.
    pub const DEFAULT: Self = Self { dataset_fraction: 1.0, train_test_split: 0.9 };

    /// The shares of a fine-tuning job, by default [`Self::DEFAULT`].
    pub fn from_job(job: &FineTuningJob) -> Self {
        Self {
            dataset_fraction: job.dataset_fraction.unwrap_or(Self::DEFAULT.dataset_fraction),
            train_test_split: job.train_test_split.unwrap_or(Self::DEFAULT.train_test_split),
        }
    }

    /// A number that may have passed through a 32-bit float, rounded to six significant digits, so
    /// that 0.9 is 0.9 again.
    pub fn exact_number(share: f64) -> f64 {
        format!("{share:.5e}").parse().unwrap_or(share)
    }

    /// How many rows are trained on and how many held back. `held_back` says that the dataset has
    /// a split of its own for that.
    pub fn counts(self, rows: u32, held_back: bool) -> (u32, u32) {
        let used = rows - test_rows(rows, self.dataset_fraction);
        let eval = if held_back { 0 } else { test_rows(used, self.train_test_split) };
        (used - eval, eval)
    }

    /// The rows that are trained on and those that are held back.
    pub(crate) fn select(self, rows: u32, held_back: bool) -> Selection {
        let mut used = None;
        if self.dataset_fraction < 1.0 {
            let order = permutation_42(rows);
            used = Some(after(order, test_rows(rows, self.dataset_fraction)).1);
        }
        let count = used.as_ref().map_or(rows, |used| used.len() as u32);
        if held_back || self.train_test_split >= 1.0 {
            let train = used.unwrap_or_else(|| (0..rows).collect());
            return Selection { train, eval: Vec::new() };
        }
        let (eval, train) = after(permutation_42(count), test_rows(count, self.train_test_split));
        let at = |place: u32| match &used {
            Some(used) => used.get(place as usize).copied().unwrap_or_default(),
            None => place,
        };
        Selection { train: train.into_iter().map(at).collect(), eval: eval.into_iter().map(at).collect() }
    }
}

/// The part of `rows` places to evaluate on, in the order of the sample. A part between 0 and 1 of
/// at least one row gives at least one.
pub(crate) fn sample(rows: u32, fraction: f64) -> Vec<u32> {
    let wanted = (fraction * f64::from(rows)).round_ties_even() as u32;
    let mut places = legacy_permutation(SAMPLE_SEED, rows);
    places.truncate(wanted.max(1) as usize);
    places
}

/// How many of `rows` are kept back when `kept` of them are wanted.
fn test_rows(rows: u32, kept: f64) -> u32 {
    if kept >= 1.0 { 0 } else { ((1.0 - kept) * f64::from(rows)).ceil() as u32 }
}

/// The first `n` and the rest.
fn after(mut order: Vec<u32>, n: u32) -> (Vec<u32>, Vec<u32>) {
    let rest = order.split_off((n as usize).min(order.len()));
    (order, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(dataset_fraction: f64, train_test_split: f64) -> Shares {
        Shares { dataset_fraction, train_test_split }
    }

    #[test]
    fn test_rows_come_first_of_the_permutation() {
        let selection = shares(1.0, 0.9).select(10, false);
        assert_eq!(selection.eval, [5]);
        assert_eq!(selection.train, [6, 0, 7, 3, 2, 4, 9, 1, 8]);
    }

    #[test]
    fn a_fraction_is_taken_before_the_split() {
        // Half of ten: [2, 4, 9, 1, 8] stay, and their own permutation is [4, 2, 3, 1, 0].
        let selection = shares(0.5, 0.8).select(10, false);
        assert_eq!(selection.eval, [8]);
        assert_eq!(selection.train, [9, 1, 4, 2]);
        assert_eq!(shares(0.5, 0.8).counts(10, false), (4, 1));
    }

    #[test]
    fn nothing_is_held_back_from_a_dataset_that_does_so_itself_or_when_all_is_trained_on() {
        assert_eq!(shares(1.0, 1.0).select(3, false), Selection { train: vec![0, 1, 2], eval: vec![] });
        assert_eq!(shares(1.0, 0.5).select(3, true), Selection { train: vec![0, 1, 2], eval: vec![] });
        assert_eq!(shares(0.5, 0.5).counts(10, true), (5, 0));
    }

    #[test]
    fn a_share_from_a_32_bit_float_selects_the_same_rows() {
        let rounded = shares(f64::from(1.0_f32), f64::from(0.9_f32));
        assert_eq!(rounded.counts(10, false), (8, 2));
        let exact = shares(1.0, Shares::exact_number(rounded.train_test_split));
        assert_eq!(exact, Shares::DEFAULT);
        assert_eq!(exact.counts(10, false), (9, 1));
        assert_eq!(Shares::exact_number(f64::from(2e-4_f32)), 2e-4);
    }

    #[test]
    fn the_sample_is_pandas() {
        assert_eq!(sample(10, 1.0), [5, 7, 0, 4, 2, 9, 3, 6, 8, 1]);
        assert_eq!(sample(10, 0.25), [5, 7]);
        assert_eq!(sample(10, 0.001), [5]);
    }
}
