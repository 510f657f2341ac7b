//! Rows as a training or an evaluation would see them, before one is started.

mod evaluation;
mod report;
mod rows;

pub use report::{
    PreviewRequest, PreviewedMessage, PreviewedRow, PreviewedText, PreviewedTurn, TrainingPreview,
};
