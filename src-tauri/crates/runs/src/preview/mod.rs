//! Rows as a training would see them, before one is started.

mod report;
mod rows;

pub use report::{
    PreviewRequest, PreviewedMessage, PreviewedRow, PreviewedText, PreviewedTurn, TrainingPreview,
};
