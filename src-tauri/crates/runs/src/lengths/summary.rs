//! Lengths at a limit: rows over it, tokens, padding.

use std::collections::BTreeMap;

use resources::Method;

use super::{
    counted::Counted,
    packing::packed,
    report::{LengthBin, LengthReport, PaddedBatches},
};

/// The most bars of a histogram, beside the one for the longest rows.
const BINS: u64 = 40;
/// The part of the rows that a suggested limit leaves whole.
const WHOLE: f64 = 0.99;
/// Suggested limits are multiples of this: matrices of such lengths are computed fastest.
const STEP: u64 = 64;
/// Rows of a batch where nothing else is asked for: the default of the training arguments.
const BATCH: u64 = 8;

/// What lengths are looked at with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    pub(super) method: Method,
    /// The largest number of tokens of a row.
    pub(super) tokens: Option<u64>,
    /// Rows of a batch.
    pub(super) batch: Option<u64>,
    /// The largest number of tokens that the model knows positions for.
    pub(super) context: Option<u64>,
}

impl Counted {
    /// The figures at a limit.
    pub(super) fn report(&self, limit: Limit) -> LengthReport {
        let Limit { method, tokens: limit_tokens, batch, context } = limit;
        let most = limit_tokens.unwrap_or(u64::MAX);
        let rows = self.row_count();
        let longest = self.rows.keys().next_back().copied().unwrap_or_default();
        let over = self.rows.range(above(most)..).map(|(_, same)| same.rows).sum();
        let dropped = self.needed.range(above(most)..).map(|(_, rows)| rows).sum::<u64>().min(rows);
        let kept = self.kept(most, dropped);
        let epoch_tokens = self.epoch_tokens(most, dropped, method);
        let batch = batch.unwrap_or(BATCH).max(1);
        let answers = if self.others.is_empty() { 1 } else { 2 };
        let wasted = padding(&kept, batch, answers, epoch_tokens);
        LengthReport {
            rows,
            left_out: self.left_out,
            left_out_first: self.left_out_first.as_ref().map(|(row, reason)| format!("Row {row}: {reason}")),
            estimated: self.estimated,
            tokens: self.rows.values().map(|same| same.tokens).sum(),
            shortest: self.rows.keys().next().copied().unwrap_or_default(),
            median: self.percentile(0.5),
            percentile_95: self.percentile(0.95),
            percentile_99: self.percentile(0.99),
            longest,
            histogram: self.histogram(),
            limit: limit_tokens,
            suggested: self.suggested(context),
            over,
            dropped,
            epoch_tokens,
            padding: PaddedBatches { batch, wasted },
            packing: limit_tokens.filter(|_| method == Method::Sft).map(|room| packed(&self.cut(room), room)),
        }
    }

    /// Rows by their length when they are cut.
    fn cut(&self, most: u64) -> BTreeMap<u64, u64> {
        let mut cut = BTreeMap::new();
        for (length, same) in &self.rows {
            *cut.entry((*length).min(most)).or_default() += same.rows;
        }
        cut
    }

    /// The same without rows that are dropped, each of which is longer than the limit.
    fn kept(&self, most: u64, dropped: u64) -> BTreeMap<u64, u64> {
        let mut kept = self.cut(most);
        if let Some(rows) = kept.get_mut(&most).filter(|_| dropped > 0) {
            *rows = rows.saturating_sub(dropped);
        }
        kept.retain(|_, rows| *rows > 0);
        kept
    }

    fn epoch_tokens(&self, most: u64, dropped: u64, method: Method) -> u64 {
        if method == Method::Reward {
            return self.rows.range(..=most).map(|(_, same)| same.tokens).sum();
        }
        let longest = self.rows.iter().map(|(length, same)| (*length).min(most) * same.rows);
        let others = self.others.iter().map(|(length, texts)| (*length).min(most) * texts);
        let answers = if self.others.is_empty() { 1 } else { 2 };
        // All texts of a dropped row reach the limit.
        let of_dropped = if dropped == 0 { 0 } else { dropped * most * answers };
        (longest.sum::<u64>() + others.sum::<u64>()).saturating_sub(of_dropped)
    }

    /// The least multiple of [`STEP`] that leaves [`WHOLE`] of the rows as they are; all of them where that takes
    /// no more than a quarter more.
    fn suggested(&self, context: Option<u64>) -> u64 {
        let longest = self.rows.keys().next_back().copied().unwrap_or_default();
        let [most, all] =
            [self.percentile(WHOLE), longest].map(|length| length.max(1).next_multiple_of(STEP));
        let suggested = if all <= most + most / 4 { all } else { most };
        context.map_or(suggested, |context| suggested.min(context.max(1)))
    }

    fn histogram(&self) -> Vec<LengthBin> {
        let (Some((shortest, _)), Some((longest, _))) =
            (self.rows.first_key_value(), self.rows.last_key_value())
        else {
            return Vec::new();
        };
        // The few longest rows get one bar, or they would leave no room for the others.
        let usual = self.percentile(WHOLE);
        let width = (usual - shortest).div_ceil(BINS).max(1).next_power_of_two();
        let count = |from: u64, to: u64| self.rows.range(from..=to).map(|(_, same)| same.rows).sum();
        let mut bins: Vec<LengthBin> = (shortest / width..=usual / width)
            .map(|at| (at * width, (at + 1) * width - 1))
            .map(|(from, to)| LengthBin { from, to, rows: count(from, to) })
            .collect();
        let from = bins.last().map_or(0, |last| last.to + 1);
        if *longest >= from {
            bins.push(LengthBin { from, to: *longest, rows: count(from, *longest) });
        }
        bins
    }
}

const fn above(most: u64) -> u64 {
    most.saturating_add(1)
}

/// The part of batches that is padding, for batches of rows that are drawn at random: the expected length of a
/// batch is that of its longest row.
fn padding(kept: &BTreeMap<u64, u64>, batch: u64, answers: u64, tokens: u64) -> f64 {
    let rows: u64 = kept.values().sum();
    if rows == 0 {
        return 0.0;
    }
    let drawn = batch.min(rows) as f64;
    let (mut seen, mut before, mut longest) = (0, 0.0, 0.0);
    for (length, count) in kept {
        seen += count;
        let up_to = (seen as f64 / rows as f64).powf(drawn);
        longest += *length as f64 * (up_to - before);
        before = up_to;
    }
    (1.0 - tokens as f64 / (longest * (rows * answers) as f64)).max(0.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::counted::{Counted, RowLengths},
        *,
    };

    fn counted(rows: &[RowLengths]) -> Counted {
        let mut counted = Counted::default();
        rows.iter().for_each(|row| counted.add(*row));
        counted
    }

    fn at(tokens: u64, batch: u64, method: Method) -> Limit {
        Limit { method, tokens: Some(tokens), batch: Some(batch), context: None }
    }

    fn one(length: u64) -> RowLengths {
        RowLengths { longest: length, other: None, needed: 1, exact: true }
    }

    /// Rows with one text or with two, of which so much is needed as there is before the answers.
    fn rows(two: bool) -> impl Strategy<Value = Vec<RowLengths>> {
        let row = (1..60_u64, 1..60_u64, 0..60_u64).prop_map(move |(one, other, prompt)| {
            let needed = prompt.min(one.min(other) - 1) + 1;
            let other_text = two.then_some(one.min(other));
            RowLengths { longest: one.max(other), other: other_text, needed, exact: true }
        });
        prop::collection::vec(row, 1..60)
    }

    proptest! {
        /// The figures equal those that are counted row by row.
        #[test]
        fn a_limit_does_to_all_rows_what_it_does_to_each(
            rows in any::<bool>().prop_flat_map(rows),
            limit in 1..80_u64,
        ) {
            let report = counted(&rows).report(at(limit, 4, Method::Dpo));
            let dropped = rows.iter().filter(|row| row.needed > limit).count() as u64;
            let tokens = |row: &RowLengths| row.longest.min(limit) + row.other.unwrap_or_default().min(limit);
            prop_assert_eq!(report.rows, rows.len() as u64);
            prop_assert_eq!(report.over, rows.iter().filter(|row| row.longest > limit).count() as u64);
            prop_assert_eq!(report.dropped, dropped);
            let kept = rows.iter().filter(|row| row.needed <= limit);
            prop_assert_eq!(report.epoch_tokens, kept.map(tokens).sum::<u64>());
            prop_assert_eq!(report.histogram.iter().map(|bin| bin.rows).sum::<u64>(), report.rows);
            let mut sorted: Vec<u64> = rows.iter().map(|row| row.longest).collect();
            sorted.sort_unstable();
            prop_assert_eq!(report.median, sorted[sorted.len().div_ceil(2) - 1]);
            prop_assert!((0.0..1.0).contains(&report.padding.wasted));
            prop_assert!(report.suggested >= report.percentile_99);
        }

        /// A reward model is not trained on an answer that would be cut.
        #[test]
        fn rows_of_a_reward_model_are_whole(rows in rows(true), limit in 1..80_u64) {
            let rows: Vec<RowLengths> =
                rows.into_iter().map(|row| RowLengths { needed: row.longest, ..row }).collect();
            let report = counted(&rows).report(at(limit, 4, Method::Reward));
            prop_assert_eq!(report.dropped, report.over);
            let whole = rows.iter().filter(|row| row.longest <= limit);
            let tokens: u64 = whole.map(|row| row.longest + row.other.unwrap_or_default()).sum();
            prop_assert_eq!(report.epoch_tokens, tokens);
        }
    }

    #[test]
    fn padding_fills_rows_up_to_the_longest_of_their_batch() {
        let rows: Vec<RowLengths> = [vec![one(10); 50], vec![one(30); 50]].concat();
        let wasted = |batch| counted(&rows).report(at(100, batch, Method::Sft)).padding.wasted;
        assert_eq!(wasted(1), 0.0);
        // Of four pairs one is short, so a batch is 25 long, and a row 20.
        assert!((wasted(2) - 0.2).abs() < 1e-9);
        assert!(wasted(4) > wasted(2) && wasted(64) < 1.0 - 20.0 / 30.0 + 1e-9);
        // Without room for the longer ones there is nothing to fill up.
        assert_eq!(counted(&rows).report(at(10, 8, Method::Sft)).padding.wasted, 0.0);
    }

    #[test]
    fn the_suggested_limit_leaves_nearly_all_rows_whole() {
        let suggested = |longest: u64, context| {
            let rows: Vec<RowLengths> = [vec![one(200); 990], vec![one(longest); 10]].concat();
            counted(&rows).report(Limit { context, ..at(1, 1, Method::Sft) }).suggested
        };
        assert_eq!(suggested(5_000, None), 256);
        assert_eq!(suggested(300, None), 320);
        assert_eq!(suggested(5_000, Some(128)), 128);
    }
}
