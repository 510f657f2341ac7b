//! The rows of a run: which of a dataset's rows it uses, rendered as its worker reads them.

mod counts;
mod each_example;
mod example;
mod example_reader;
mod in_order;
mod left_out;
mod render;
mod row_renderer;
mod shuffle;
mod split;
mod splits;
mod spool;
mod worker_renderer;

pub(crate) use counts::RowCountCache;
pub(crate) use each_example::each_example;
pub(crate) use example::{Example, ExampleText, NoExample};
pub(crate) use render::prepare;
pub(crate) use row_renderer::{RowRenderer, RowSettings, TakenRow};
pub(crate) use split::Shares;
pub(crate) use splits::Splits;
pub(crate) use worker_renderer::WorkerRenderer;
