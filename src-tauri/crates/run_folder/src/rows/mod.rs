//! The rows of a run: which of a dataset's rows it uses, rendered as its worker reads them.

mod counts;
mod each_example;
mod example;
mod example_reader;
mod in_order;
mod left_out;
mod render;
mod row_renderer;
mod row_settings;
mod shuffle;
mod split;
mod splits;
mod spool;
mod worker_renderer;

pub use counts::RowCountCache;
pub use each_example::each_example;
pub use example::{Example, ExampleText, NoExample};
pub use render::prepare;
pub use row_renderer::{RowRenderer, TakenRow};
pub use row_settings::RowSettings;
pub use split::Shares;
pub use splits::Splits;
pub use worker_renderer::WorkerRenderer;
