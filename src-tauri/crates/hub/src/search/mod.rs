//! Searching the hub. Where it is not asked or does not answer, the local cache is searched instead.

mod cached;
mod listed;
mod query;

use schema::{Error, ErrorCode, Result, text_enum};
use serde::{Deserialize, Serialize};
use weights::Precision;

use crate::{CachedKind, Hub, HubAnswer, HubKind, Standing, client::HubClient};
use query::{Query, cursor};

/// The most repositories in one page of results.
const LARGEST_PAGE: u32 = 100;

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
    /// The form of a repository's weights or rows, as the hub's tags name it.
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

    /// The tag with which the hub marks it.
    fn tag(self) -> String {
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

    fn check(&self) -> Result<()> {
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

    fn is_small_enough(&self, parameters: Option<u64>) -> bool {
        self.parameters_max.is_none_or(|most| parameters.is_some_and(|parameters| parameters <= most))
    }
}

/// A repository as a search found it. What the hub does not say is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct FoundRepository {
    /// The kind.
    pub kind: CachedKind,
    /// The name on the hub.
    pub name: String,
    /// The task, such as `text-generation`.
    pub task: Option<String>,
    /// The license.
    pub license: Option<String>,
    /// The number of parameters of a model.
    pub parameters: Option<u64>,
    /// The number formats of its weights, the most common first.
    pub precisions: Vec<Precision>,
    /// Bytes: of a model's weights as safetensors, of all files of a dataset.
    pub bytes: Option<u64>,
    /// The number of rows of a dataset as a range, such as `1K<n<10K`.
    pub rows: Option<String>,
    /// The forms of its weights or rows.
    pub formats: Vec<RepositoryFormat>,
    /// The model from which a model or an adapter was made.
    pub base_model: Option<String>,
    /// The downloads of the last month.
    pub downloads: Option<u64>,
    /// How many users marked it.
    pub likes: Option<u64>,
    /// The time of the last change, in UTC.
    pub updated_at: Option<String>,
    /// Access to its files must be requested.
    pub gated: bool,
    /// Only its owners can see it.
    pub private: bool,
}

/// Where results come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum SearchSource {
    /// The hub.
    Hub,
    /// The local cache of the hub.
    Cache,
}

/// A page of results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct SearchPage {
    /// Where the results come from.
    pub source: SearchSource,
    /// Why the hub gave no results, and what to do, where they come from the cache.
    pub answer: Option<HubAnswer>,
    /// The results in the asked order. A page may be shorter than asked for, and not the last.
    pub repositories: Vec<FoundRepository>,
    /// Where the next page begins; none after the last.
    pub next: Option<String>,
}

impl Hub {
    /// Searches the hub, or the local cache if the hub is not asked or does not answer.
    ///
    /// # Errors
    ///
    /// If the request makes no sense, the cache can't be read, or the hub does not answer with a page that is
    /// not the first.
    pub async fn search(&self, request: &SearchRequest) -> Result<SearchPage> {
        request.check()?;
        let answer = match self.client().await? {
            Some(client) => match client.search(request).await {
                Ok(page) => return Ok(page),
                Err(answer) => answer,
            },
            None => HubAnswer::new(
                Standing::Offline,
                "The hub was not asked: the program is set to work offline.",
            )
            .hint("Turn off Offline in the settings, and unset HF_HUB_OFFLINE if it is set."),
        };
        if request.after.is_some() {
            return Err(answer.into_error());
        }
        let (hub, request) = (self.clone(), request.clone());
        platform::blocking("searching the cache of the hub", move || cached::search(&hub, &request, answer))
            .await
    }
}

impl HubClient {
    async fn search(&self, request: &SearchRequest) -> Result<SearchPage, HubAnswer> {
        let address = Query(request).address(&self.endpoint);
        let page = self.page(&address, "the search").await.map_err(refusal)?;
        let Some(entries) = page.value.as_array() else {
            return Err(HubAnswer::new(
                Standing::Unreachable,
                "The hub sent an answer that can't be parsed.",
            ));
        };
        let found = entries.iter().filter_map(|entry| listed::found(request.kind, entry.as_object()?));
        Ok(SearchPage {
            source: SearchSource::Hub,
            answer: None,
            repositories: found.filter(|found| request.is_small_enough(found.parameters)).collect(),
            next: page.link.as_deref().and_then(cursor),
        })
    }
}

/// The refusal of a search. The client words refusals for one repository.
fn refusal(answer: HubAnswer) -> HubAnswer {
    match answer.standing {
        Standing::NeedsToken | Standing::Gated => {
            HubAnswer::new(answer.standing, "The hub does not accept the token.")
                .hint("Set a valid token in the settings, or remove it: a search needs none.")
        }
        Standing::NotFound => HubAnswer::new(Standing::Unreachable, "This hub has no search.")
            .hint("If the address of the hub is that of a mirror, use another."),
        _ => answer,
    }
}
