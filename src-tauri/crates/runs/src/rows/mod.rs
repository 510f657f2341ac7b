//! The rows of a run: which of a dataset's rows it uses, rendered as its worker reads them.

mod counts;
mod render;
mod shuffle;
mod split;
mod splits;
mod spool;

pub(crate) use counts::RowCountCache;
pub(crate) use render::prepare;
pub(crate) use split::Shares;
pub(crate) use splits::Splits;
