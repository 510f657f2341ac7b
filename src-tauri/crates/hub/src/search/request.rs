//! What is searched for.

use schema::{Error, ErrorCode, Result, text_enum};
use serde::{Deserialize, Serialize};

use crate::HubKind;

/// The most repositories in one page of results.
pub(super) const LARGEST_PAGE: u32 = 100;

text_enum! {
    /// The order of the results.
    pub enum SearchSort {
        /// By the downloads of the last month.
        Downloads = "downloads", "Most downloaded";
        /// By the number of users who marked them.
        Likes = "likes", "Most liked";
        /// By the attention of the last days.
        Trending = "trending", "Trending";
        /// By the time of creation.
        Newest = "newest", "Newest";
    }
}

text_enum! {
    /// The form of a repository's weights or rows, as the Hub's tags name it.
    pub enum RepositoryFormat {
        /// Weights as safetensors.
        Safetensors = "safetensors", "safetensors";
        /// A PEFT adapter.
        Peft = "peft", "PEFT adapter";
        /// Weights for llama.cpp, which can't be trained.
        Gguf = "gguf", "GGUF";
        /// Rows as Parquet.
        Parquet = "parquet", "Parquet";
        /// Rows as JSON or JSON Lines.
        Json = "json", "JSON";
        /// Rows as CSV.
        Csv = "csv", "CSV";
    }
}

impl RepositoryFormat {
    /// The kind of repository that has this format.
    pub const fn kind(self) -> HubKind {
        match self {
            Self::Safetensors | Self::Peft | Self::Gguf => HubKind::Model,
            Self::Parquet | Self::Json | Self::Csv => HubKind::Dataset,
        }
    }

    /// The tag with which the Hub marks it.
    pub(super) fn tag(self) -> String {
        match self.kind() {
            HubKind::Model => self.into_str().to_owned(),
            HubKind::Dataset => format!("format:{}", self.into_str()),
        }
    }
}

/// What to search for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct SearchRequest {
    /// Models, with adapters, or datasets.
    pub kind: HubKind,
    /// A part of the name. Empty for all repositories.
    pub text: String,
    /// The task, such as `text-generation`.
    pub task: Option<String>,
    /// The license, such as `apache-2.0`.
    pub license: Option<String>,
    /// The form of the weights or rows.
    pub format: Option<RepositoryFormat>,
    /// The largest number of parameters of a model. Models that do not say theirs are left out.
    pub parameters_max: Option<u64>,
    /// The order.
    pub sort: SearchSort,
    /// The number of repositories in a page, at most 100.
    pub limit: u32,
    /// Where the page begins: `next` of the page before. The first page if absent.
    pub after: Option<String>,
}

impl SearchRequest {
    /// A search for a text without filters, by downloads, in pages of 30.
    pub fn new(kind: HubKind, text: &str) -> Self {
        Self {
            kind,
            text: text.to_owned(),
            task: None,
            license: None,
            format: None,
            parameters_max: None,
            sort: SearchSort::Downloads,
            limit: 30,
            after: None,
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        let invalid =
            |message: String, hint: &str| Err(Error::new(ErrorCode::Invalid, message).hint(hint.to_owned()));
        if let Some(format) = self.format.filter(|format| format.kind() != self.kind) {
            return invalid(
                format!("No {} has the format {}.", self.kind.into_str(), format.into_str()),
                "Models have safetensors, peft or gguf, and datasets parquet, json or csv.",
            );
        }
        if self.kind == HubKind::Dataset && self.parameters_max.is_some() {
            return invalid(
                "A dataset has no parameters by which it could be chosen.".to_owned(),
                "Leave the size out, or search for models.",
            );
        }
        Ok(())
    }

    pub(super) fn is_small_enough(&self, parameters: Option<u64>) -> bool {
        self.parameters_max.is_none_or(|most| parameters.is_some_and(|parameters| parameters <= most))
    }
}
