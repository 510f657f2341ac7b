//! What stands in each column of a whole file, in numbers.

mod lengths;
mod report;
mod sketch;
mod spread;
mod tally;
mod values;

pub use self::report::{
    Bucket, ColumnProfile, CommonValue, Commonest, Distinct, Histogram, Lengths, Measure, Profile,
};
pub use self::tally::{Counted, Tally};
