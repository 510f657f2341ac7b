//! Searching the Hub. Where it is not asked or does not answer, the local cache is searched instead.

mod cached;
mod listed;
mod query;
mod request;

use schema::Result;
use serde::Serialize;
use weights::Precision;

use crate::{CachedKind, Hub, HubAnswer, Standing, client::HubClient};
use query::{Query, cursor};
pub use request::{RepositoryFormat, SearchRequest, SearchSort};

/// A repository as a search found it. What the Hub does not say is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct FoundRepository {
    /// The kind.
    pub kind: CachedKind,
    /// The name on the Hub.
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
    /// The Hub.
    Hub,
    /// The local cache of the Hub.
    Cache,
}

/// A page of results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct SearchPage {
    /// Where the results come from.
    pub source: SearchSource,
    /// Why the Hub gave no results, and what to do, where they come from the cache.
    pub answer: Option<HubAnswer>,
    /// The results in the asked order. A page may be shorter than asked for, and not the last.
    pub repositories: Vec<FoundRepository>,
    /// Where the next page begins; none after the last.
    pub next: Option<String>,
}

impl Hub {
    /// Searches the Hub, or the local cache if the Hub is not asked or does not answer.
    ///
    /// # Errors
    ///
    /// If the request makes no sense, the cache can't be read, or the Hub does not answer with a page that is
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
                "The Hub was not asked: the program is set to work offline.",
            )
            .hint("Turn off Offline in the settings, and unset HF_HUB_OFFLINE if it is set."),
        };
        if request.after.is_some() {
            return Err(answer.into_error());
        }
        let (hub, request) = (self.clone(), request.clone());
        platform::blocking("searching the Hub's local cache", move || cached::search(&hub, &request, answer))
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
                "The Hub sent an answer that can't be parsed.",
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
            HubAnswer::new(answer.standing, "The Hub does not accept the token.")
                .hint("Set a valid token in the settings, or remove it: a search needs none.")
        }
        Standing::NotFound => HubAnswer::new(Standing::Unreachable, "This hub has no search.")
            .hint("If the address of the Hub is that of a mirror, use another."),
        _ => answer,
    }
}
