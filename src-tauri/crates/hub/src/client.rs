//! Asking the hub (<https://huggingface.co/docs/hub/api>).

use std::time::Duration;

use reqwest::{Client, Response, StatusCode, header};
use serde_json::{Map, Value};

use super::{
    HubAnswer, HubKind, Standing,
    shapes::{dataset, dataset_info, model},
    token::Token,
};

/// Far above any real answer: the list of a large repository's files has a few megabytes.
const LARGEST: usize = 16 << 20;

/// Whom to ask, and as whom.
#[derive(Debug)]
pub(super) struct Asking {
    pub(super) endpoint: String,
    pub(super) datasets_server: String,
    pub(super) token: Option<Token>,
    /// How long one answer may take.
    pub(super) patience: Duration,
}

impl Asking {
    /// Asks what a name is. A dataset's columns come from its card or, where that is silent, from
    /// the service that has read the dataset itself.
    pub(super) async fn about(&self, kind: HubKind, name: &str) -> HubAnswer {
        let address = format!("{}/api/{kind}s/{name}", self.endpoint);
        let said = match self.get(&address, name).await {
            Ok(said) => said,
            Err(answer) => return answer,
        };
        let mut facts = match kind {
            HubKind::Model => model(&said, name),
            HubKind::Dataset => dataset(&said, name),
        };
        if kind == HubKind::Dataset && facts.columns.is_none() {
            let address = format!("{}/info?dataset={}", self.datasets_server, name.replace('/', "%2F"));
            match self.get(&address, name).await {
                Ok(said) => dataset_info(&mut facts, said.get("dataset_info")),
                // The dataset is there all the same.
                Err(answer) => tracing::info!("the columns of {name}: {}", answer.message),
            }
        }
        let mut answer = HubAnswer::new(Standing::Found, format!("{name} is on the hub."));
        if facts.gated && self.token.is_none() {
            answer.message = format!("{name} is on the hub; access to its files must be requested.");
            answer = answer.hint("Request access on its page on the hub, and set a token in the settings.");
        }
        HubAnswer { facts: Some(facts), ..answer }
    }

    /// One JSON object, or why there is none.
    async fn get(&self, address: &str, name: &str) -> Result<Map<String, Value>, HubAnswer> {
        let unreachable = |why: &str| HubAnswer::new(Standing::Unreachable, format!("The hub {why}."));
        let mut response = self.send(address).await.map_err(|error| {
            tracing::info!("asking the hub: {error:?}");
            unreachable(match () {
                () if error.is_timeout() => "did not answer in time",
                () if error.is_connect() => "can't be reached",
                () => "sent no proper answer",
            })
        })?;
        if !response.status().is_success() {
            return Err(self.refused(&response, name));
        }
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > LARGEST => {
                    return Err(unreachable("sent an answer that is far too large"));
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(error) if error.is_timeout() => return Err(unreachable("did not answer in time")),
                Err(_) => return Err(unreachable("broke off its answer")),
            }
        }
        serde_json::from_slice(&body).map_err(|_| unreachable("sent an answer that can't be parsed"))
    }

    /// Sends it a second time if no connection came about.
    async fn send(&self, address: &str) -> reqwest::Result<Response> {
        let client = Client::builder()
            .user_agent(concat!("fine-tuning-studio/", env!("CARGO_PKG_VERSION")))
            .timeout(self.patience)
            .build()?;
        let request = || {
            let request = client.get(address).header(header::ACCEPT, "application/json");
            match &self.token {
                Some(token) => request.bearer_auth(token.reveal()),
                None => request,
            }
        };
        match request().send().await {
            Err(error) if error.is_connect() && !error.is_timeout() => request().send().await,
            other => other,
        }
    }

    fn refused(&self, response: &Response, name: &str) -> HubAnswer {
        let code = response.headers().get("X-Error-Code").and_then(|code| code.to_str().ok());
        match (response.status(), code) {
            (StatusCode::NOT_FOUND, _) => {
                HubAnswer::new(Standing::NotFound, format!("The hub has no repository {name}."))
                    .hint("Check the spelling. A private repository needs a token with access to it.")
            }
            (StatusCode::FORBIDDEN, _) | (_, Some("GatedRepo")) => {
                HubAnswer::new(Standing::Gated, format!("Access to {name} must be requested."))
                    .hint("Request access on its page on the hub, and set a token in the settings.")
            }
            (StatusCode::UNAUTHORIZED, _) if self.token.is_some() => {
                HubAnswer::new(Standing::NeedsToken, format!("The hub does not accept the token for {name}."))
                    .hint("Check the spelling of the name, or set a valid token in the settings.")
            }
            // To those without a token the hub does not say whether a private one is there.
            (StatusCode::UNAUTHORIZED, _) => {
                HubAnswer::new(Standing::NeedsToken, format!("The hub has no public repository {name}."))
                    .hint("Check the spelling. If it is private, set a token in the settings.")
            }
            (StatusCode::TOO_MANY_REQUESTS, _) => {
                HubAnswer::new(Standing::Unreachable, "The hub received too many requests.")
                    .hint("Try again in a few minutes.")
            }
            (status, _) => HubAnswer::new(
                Standing::Unreachable,
                format!("The hub could not answer (it said {}).", status.as_u16()),
            ),
        }
    }
}
