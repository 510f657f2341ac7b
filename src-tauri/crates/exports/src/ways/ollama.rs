//! A folder for Ollama.

use std::{env, time::Duration};

use run_folder::export::OllamaSettings;
use serde::Deserialize;

use super::gguf;
use crate::draft::Draft;

/// How long an Ollama on this machine may take to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);

/// Where Ollama answers unless it is set otherwise.
const USUAL: &str = "127.0.0.1:11434";

/// Adds the size of the folder to a plan, what keeps it from being written, and the Ollama that answers. Completes
/// the settings by the name of the model, from `named` or the row, and the address of Ollama.
pub(super) async fn plan(draft: &mut Draft<'_>, named: Option<&str>, settings: &mut OllamaSettings) {
    gguf::model(draft, settings.r#type);
    if !settings.name.is_empty() && !is_name(&settings.name) {
        draft.refuse("ollama_name", "Use letters, digits, '-', '_' and '.', such as ticket-labels:v2.");
    }
    if settings.system.as_ref().is_some_and(|system| system.contains("\"\"\"")) {
        draft.refuse("system", "A Modelfile can't hold three quotation marks in a row. Use others.");
    }
    if settings.name.is_empty() {
        let row = draft.plan.adapter.as_ref().or(draft.plan.model.as_ref());
        let row = row.map(|source| source.name.as_str());
        settings.name =
            name_from(named.map(str::trim).filter(|name| !name.is_empty()).or(row).unwrap_or_default());
    }
    look_for(draft, settings).await;
    settings.host.clone_from(&draft.plan.ollama_host);
}

/// A name that Ollama takes, made of any name.
fn name_from(text: &str) -> String {
    let kept =
        |c: char| if c.is_ascii_alphanumeric() || "._".contains(c) { c.to_ascii_lowercase() } else { '-' };
    let name: String = text.chars().map(kept).collect();
    let parts: Vec<&str> = name.split('-').filter(|part| !part.is_empty()).collect();
    let name = parts.join("-").trim_matches(|c| "._-".contains(c)).to_owned();
    if name.is_empty() { "model".to_owned() } else { name }
}

/// Asks for the Ollama where the model would be created, and refuses to create it where none answers.
async fn look_for(draft: &mut Draft<'_>, settings: &OllamaSettings) {
    let host = address(settings.host.as_deref(), env::var("OLLAMA_HOST").ok().as_deref());
    draft.plan.ollama = version(&host).await;
    if settings.create && draft.plan.ollama.is_none() {
        draft.refuse(
            "create",
            format!("Ollama does not answer on {host}. Start it, or write the folder alone."),
        );
    }
    draft.plan.ollama_host = Some(host);
}

/// Whether Ollama takes it as a name: `name`, `someone/name`, `name:tag`.
fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphanumeric())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
    };
    let (path, tag) = name.split_once(':').map_or((name, None), |(path, tag)| (path, Some(tag)));
    path.split('/').all(part) && tag.is_none_or(part)
}

/// The address of the server, by the setting, the variable, or the usual one.
fn address(given: Option<&str>, variable: Option<&str>) -> String {
    let set = |text: &&str| !text.trim().is_empty();
    let text = given.filter(set).or(variable.filter(set)).unwrap_or(USUAL).trim();
    let text = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let Ok(mut url) = reqwest::Url::parse(&text) else { return text };
    // A server that listens on all addresses is reached on this machine's own.
    if matches!(url.host_str(), Some("0.0.0.0" | "[::]")) {
        let _ = url.set_host(Some("127.0.0.1"));
    }
    let written =
        text.trim_end_matches('/').rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    if url.scheme() == "http" && !written {
        let _ = url.set_port(Some(11434));
    }
    url.as_str().trim_end_matches('/').to_owned()
}

/// The version of the Ollama at an address; none if none answers.
async fn version(host: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Version {
        version: String,
    }
    let client = reqwest::Client::builder().no_proxy().timeout(ANSWER_TIMEOUT).build().ok()?;
    let answer = client.get(format!("{host}/api/version")).send().await.ok()?.error_for_status().ok()?;
    answer.json::<Version>().await.ok().map(|answer| answer.version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_ollama_takes() {
        for name in ["tiny", "lab/tiny", "tiny:v1", "Llama-3.2_1b:q4_k_m"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "two words", "-x", "a/", "a:b:c", "../x", "ä", ":v1", "a:"] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn every_name_becomes_one_that_ollama_takes() {
        for (text, name) in
            [("Ticket labels (v2)", "ticket-labels-v2"), ("lab/Tiny_1.5", "lab-tiny_1.5"), ("漢", "model")]
        {
            assert_eq!(name_from(text), name);
            assert!(is_name(name));
        }
    }

    #[test]
    fn the_address_is_the_setting_the_variable_or_the_usual_one() {
        assert_eq!(address(None, None), "http://127.0.0.1:11434");
        assert_eq!(address(Some(" "), Some("")), "http://127.0.0.1:11434");
        assert_eq!(address(Some("http://localhost:8080/"), Some("other")), "http://localhost:8080");
        assert_eq!(address(None, Some("0.0.0.0")), "http://127.0.0.1:11434");
        assert_eq!(address(None, Some("192.0.2.7:99")), "http://192.0.2.7:99");
        assert_eq!(address(None, Some("http://[::1]:80")), "http://[::1]");
        assert_eq!(address(None, Some("https://models.example")), "https://models.example");
    }
}
