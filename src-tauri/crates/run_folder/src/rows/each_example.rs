//! All rows of a split as training examples, made on all cores.

use datasets::DatasetFile;
use platform::Work;
use schema::Result;

use super::{
    in_order::in_order,
    row_renderer::{RowRenderer, TakenRow},
};

/// Calls `make` with the rows of a split on all cores, and `take` with what it makes, in the order of the file.
/// The first row gets the number after `before`. Returns how many rows there are.
///
/// # Errors
/// The file can't be read, the work was cancelled, or what `take` refuses.
pub fn each_example<T: Send>(
    split: (&DatasetFile, &str),
    before: u64,
    renderer: &RowRenderer<'_>,
    work: &Work,
    make: impl Fn(TakenRow) -> T + Sync,
    take: impl FnMut(T) -> Result<()>,
) -> Result<u64> {
    let (file, name) = split;
    in_order(
        |sink| {
            datasets::each_row(file.clone(), Some(name), before, work, |row| {
                let taken = renderer.take(row);
                let bytes = taken.bytes();
                sink(taken, bytes)
            })
        },
        make,
        take,
    )
}
