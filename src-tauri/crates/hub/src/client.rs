//! Requests to the Hub (<https://huggingface.co/docs/hub/api>).

use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response, StatusCode, header};
use serde_json::{Map, Value};

use super::{
    HubAnswer, HubKind, Standing,
    shapes::{dataset, dataset_info, model},
    token::Token,
};

/// The largest answer that is read, in bytes. The file list of a large repository has a few megabytes.
const ANSWER_LIMIT: usize = 16 << 20;

/// A client of one hub.
#[derive(Debug)]
pub(crate) struct HubClient {
    pub(crate) endpoint: String,
    pub(crate) datasets_server: String,
    pub(crate) token: Option<Token>,
    /// How long one answer may take.
    pub(crate) timeout: Duration,
    /// The connections, which are kept between requests. A redirect to another host does not carry the token.
    pub(crate) http: Client,
}

/// One answer to a request for JSON.
pub(crate) struct Page {
    pub(crate) value: Value,
    /// The address of the next part of a list.
    pub(crate) next: Option<String>,
    /// The same as the Hub gave it, which may lead to another host.
    pub(crate) link: Option<String>,
}

/// The settings of the connections to a hub. `silence` is how long an answer may pause.
///
/// # Errors
///
/// If the system's certificates or proxies can't be used.
pub(crate) fn connections(connect: Duration, silence: Duration) -> reqwest::Result<Client> {
    Client::builder()
        .user_agent(concat!("fine-tuning-studio/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(connect)
        .read_timeout(silence)
        .build()
}

impl HubClient {
    /// Looks up a repository. A dataset's columns come from its card, else from the dataset server,
    /// which has read the dataset itself.
    pub(crate) async fn look_up(&self, kind: HubKind, name: &str) -> HubAnswer {
        let address = format!("{}/api/{kind}s/{name}", self.endpoint);
        let repository = match self.get(&address, name).await {
            Ok(repository) => repository,
            Err(answer) => return answer,
        };
        let mut facts = match kind {
            HubKind::Model => model(&repository, name),
            HubKind::Dataset => dataset(&repository, name),
        };
        if kind == HubKind::Dataset && facts.columns.is_none() {
            let address = format!("{}/info?dataset={}", self.datasets_server, name.replace('/', "%2F"));
            match self.get(&address, name).await {
                Ok(dataset) => dataset_info(&mut facts, dataset.get("dataset_info")),
                // The dataset exists nevertheless.
                Err(answer) => tracing::info!("the columns of {name}: {}", answer.message),
            }
        }
        let mut answer = HubAnswer::new(Standing::Found, format!("{name} is on the Hub."));
        if facts.gated && self.token.is_none() {
            answer.message = format!("{name} is on the Hub; access to its files must be requested.");
            answer = answer.hint("Request access on its page on the Hub, and set a token in the settings.");
        }
        HubAnswer { facts: Some(facts), ..answer }
    }

    /// Requests one JSON object. `name` is for the messages about refusals.
    async fn get(&self, address: &str, name: &str) -> Result<Map<String, Value>, HubAnswer> {
        match self.page(address, name).await?.value {
            Value::Object(object) => Ok(object),
            _ => Err(HubAnswer::new(Standing::Unreachable, "The Hub sent an answer that can't be parsed.")),
        }
    }

    /// Requests JSON, or one part of a long list. `name` is for the messages about refusals.
    pub(crate) async fn page(&self, address: &str, name: &str) -> Result<Page, HubAnswer> {
        let unreachable = |why: &str| HubAnswer::new(Standing::Unreachable, format!("The Hub {why}."));
        let mut response = self.send(address).await.map_err(|error| {
            tracing::info!("request to the Hub: {error:?}");
            unreachable(match () {
                () if error.is_timeout() => "did not answer in time",
                () if error.is_connect() => "can't be reached",
                () => "sent an invalid answer",
            })
        })?;
        if !response.status().is_success() {
            return Err(self.refused(&response, name));
        }
        let link = next_link(&response);
        // The token goes to no other host, whatever the answer says.
        let next = link.clone().filter(|address| address.starts_with(&format!("{}/", self.endpoint)));
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > ANSWER_LIMIT => {
                    return Err(unreachable("sent an answer that is too large"));
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(error) if error.is_timeout() => return Err(unreachable("did not answer in time")),
                Err(_) => return Err(unreachable("did not complete its answer")),
            }
        }
        let value =
            serde_json::from_slice(&body).map_err(|_| unreachable("sent an answer that can't be parsed"))?;
        Ok(Page { value, next, link })
    }

    /// A request for the content of a file, which may take as long as its bytes take.
    pub(crate) fn download(&self, address: &str) -> RequestBuilder {
        self.with_token(self.http.get(address))
    }

    fn with_token(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.token {
            Some(token) => request.bearer_auth(token.reveal()),
            None => request,
        }
    }

    /// Sends a request, and once more if the connection failed.
    async fn send(&self, address: &str) -> reqwest::Result<Response> {
        let request = || {
            let request = self.http.get(address).timeout(self.timeout);
            self.with_token(request.header(header::ACCEPT, "application/json"))
        };
        match request().send().await {
            Err(error) if error.is_connect() && !error.is_timeout() => request().send().await,
            other => other,
        }
    }

    /// What a refusal of the Hub means.
    pub(crate) fn refused(&self, response: &Response, name: &str) -> HubAnswer {
        let code = response.headers().get("X-Error-Code").and_then(|code| code.to_str().ok());
        match (response.status(), code) {
            (StatusCode::NOT_FOUND, Some("RevisionNotFound")) => {
                HubAnswer::new(Standing::NotFound, format!("{name} has no such branch, tag or commit."))
                    .hint("Give a revision that its page on the Hub lists.")
            }
            (StatusCode::NOT_FOUND, Some("EntryNotFound")) => {
                HubAnswer::new(Standing::NotFound, format!("A file of {name} is no longer on the Hub."))
                    .hint("Fetch the newest revision.")
            }
            (StatusCode::NOT_FOUND, _) => {
                HubAnswer::new(Standing::NotFound, format!("The Hub has no repository {name}."))
                    .hint("Check the spelling. A private repository needs a token with access to it.")
            }
            (StatusCode::FORBIDDEN, _) | (_, Some("GatedRepo")) => {
                HubAnswer::new(Standing::Gated, format!("Access to {name} must be requested."))
                    .hint("Request access on its page on the Hub, and set a token in the settings.")
            }
            (StatusCode::UNAUTHORIZED, _) if self.token.is_some() => {
                HubAnswer::new(Standing::NeedsToken, format!("The Hub does not accept the token for {name}."))
                    .hint("Check the spelling of the name, or set a valid token in the settings.")
            }
            // Without a token, the Hub answers the same for missing and for private repositories.
            (StatusCode::UNAUTHORIZED, _) => {
                HubAnswer::new(Standing::NeedsToken, format!("The Hub has no public repository {name}."))
                    .hint("Check the spelling. If it is private, set a token in the settings.")
            }
            (StatusCode::TOO_MANY_REQUESTS, _) => {
                HubAnswer::new(Standing::Unreachable, "The Hub received too many requests.")
                    .hint("Try again in a few minutes.")
            }
            (status, _) => HubAnswer::new(
                Standing::Unreachable,
                format!("The Hub could not answer (HTTP status {}).", status.as_u16()),
            ),
        }
    }
}

/// The address of the next part of a list, from `Link: <address>; rel="next"`.
fn next_link(response: &Response) -> Option<String> {
    let link = response.headers().get(header::LINK)?.to_str().ok()?;
    let (address, relation) = link.split_once(';')?;
    let address = address.trim().strip_prefix('<')?.strip_suffix('>')?;
    relation.contains("rel=\"next\"").then(|| address.to_owned())
}
