//! Searching a hub, and the local cache where the Hub does not answer.
#![allow(clippy::unwrap_used, reason = "a test says what it found by panicking")]

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use fake_hub::{FakeHub, Fault, Repository};
use hub::{
    CachedKind, Environment, Hub, HubKind, Keyring, RepositoryFormat, SearchPage, SearchRequest, SearchSort,
    SearchSource, Standing,
};
use platform::{Settings, SettingsFile};
use schema::ErrorCode;
use serde_json::json;
use tempfile::TempDir;

const MILLION: u64 = 1_000_000;

/// A model with this number of million parameters in 16 bits.
fn model(name: &str, millions: u64, downloads: u64) -> Repository {
    let parameters = millions * MILLION;
    Repository::model(name).listed(&json!({
        "downloads": downloads, "likes": 1_000 - downloads, "createdAt": millions,
        "lastModified": "2026-03-01T10:00:00.000Z", "pipeline_tag": "text-generation",
        "library_name": "transformers",
        "safetensors": {"parameters": {"BF16": parameters}, "total": parameters},
        "tags": ["safetensors", "license:apache-2.0", "base_model:acme/base", "base_model:finetune:acme/base"],
    }))
}

fn repositories() -> Vec<Repository> {
    let mut all: Vec<Repository> =
        (1..=23_u64).map(|at| model(&format!("acme/Tiny-{at}"), at * 100, at)).collect();
    all.push(model("acme/gated", 500, 90).gated());
    all.push(model("acme/secret", 500, 91).private("hf_secret"));
    all.push(Repository::model("acme/tiny-gguf").listed(&json!({
        "downloads": 5, "gguf": {"total": 135 * MILLION}, "tags": ["gguf", "license:mit"],
    })));
    all.push(Repository::model("acme/tiny-lora").listed(&json!({
        "downloads": 4, "library_name": "peft", "tags": ["peft", "base_model:adapter:acme/tiny-1"],
    })));
    all.push(Repository::dataset("acme/rows").listed(&json!({
        "downloads": 7, "mainSize": 4_096,
        "tags": ["task_categories:question-answering", "format:json", "size_categories:1K<n<10K", "license:mit"],
    })));
    all.push(
        Repository::dataset("acme/more-rows").listed(&json!({"downloads": 3, "tags": ["format:parquet"]})),
    );
    all
}

struct World {
    server: FakeHub,
    hub: Hub,
    folder: TempDir,
}

impl World {
    fn new() -> Self {
        Self::with_variables(&[])
    }

    fn with_variables(variables: &[(&str, &str)]) -> Self {
        let server = FakeHub::new(repositories());
        let folder = tempfile::tempdir().unwrap();
        let hub = hub_at(server.address(), folder.path(), variables);
        Self { server, hub, folder }
    }

    async fn search(&self, request: &SearchRequest) -> SearchPage {
        self.hub.search(request).await.unwrap()
    }

    /// Names and the number of pages, of all pages.
    async fn all(&self, request: &SearchRequest) -> (Vec<String>, usize) {
        let (mut names, mut pages, mut request) = (Vec::new(), 0, request.clone());
        loop {
            let page = self.search(&request).await;
            names.extend(names_of(&page));
            pages += 1;
            match page.next {
                Some(next) => request.after = Some(next),
                None => return (names, pages),
            }
        }
    }

    fn snapshot(&self, repository: &str) -> std::path::PathBuf {
        let folder = self.folder.path().join("huggingface/hub").join(repository).join("snapshots/0123abc");
        fs::create_dir_all(&folder).unwrap();
        folder
    }
}

fn hub_at(address: &str, folder: &Path, variables: &[(&str, &str)]) -> Hub {
    let home = folder.join("huggingface").display().to_string();
    let own = [("HF_HOME", home.as_str()), ("HF_ENDPOINT", address)];
    let all = own.iter().chain(variables).map(|(name, value)| (*name, (*value).to_owned()));
    let settings = SettingsFile::from_path(folder.join("settings.json"));
    Hub::new(Environment::from_variables(all), settings, Keyring::new("fine-tuning-studio tests"))
        .with_answer_timeout(Duration::from_millis(500))
}

fn names_of(page: &SearchPage) -> Vec<String> {
    page.repositories.iter().map(|found| found.name.clone()).collect()
}

fn models(text: &str) -> SearchRequest {
    SearchRequest::new(HubKind::Model, text)
}

#[tokio::test]
async fn all_pages_together_are_the_whole_whatever_their_size() {
    let world = World::new();
    let (whole, pages) = world.all(&SearchRequest { limit: 100, ..models("tiny") }).await;
    assert_eq!((whole.len(), pages), (25, 1));
    assert_eq!(whole[0], "acme/Tiny-23", "the most downloaded come first");
    for limit in [1, 2, 7, 24, 25, 26] {
        let (names, pages) = world.all(&SearchRequest { limit, ..models("tiny") }).await;
        assert_eq!(names, whole, "pages of {limit}");
        assert_eq!(pages, 25_usize.div_ceil(limit as usize));
    }
}

#[tokio::test]
async fn what_a_filter_leaves_is_what_fits_it() {
    let world = World::new();
    let all = world.search(&SearchRequest { limit: 100, ..models("") }).await.repositories;
    // 250 million is no whole number of the Hub's units above 1 B, so the exact number must be compared here.
    for most in [50 * MILLION, 100 * MILLION, 250 * MILLION, 1_250 * MILLION, 9_000 * MILLION] {
        let request = SearchRequest { parameters_max: Some(most), limit: 3, ..models("") };
        let (names, _) = world.all(&request).await;
        // The Hub compares the parameters of safetensors.
        let fits = all.iter().filter(|found| {
            found.formats.contains(&RepositoryFormat::Safetensors)
                && found.parameters.is_some_and(|parameters| parameters <= most)
        });
        let wanted: BTreeSet<String> = fits.map(|found| found.name.clone()).collect();
        assert_eq!(names.into_iter().collect::<BTreeSet<_>>(), wanted, "{most}");
    }
    let formats = [
        (RepositoryFormat::Gguf, "acme/tiny-gguf"),
        (RepositoryFormat::Peft, "acme/tiny-lora"),
        (RepositoryFormat::Json, "acme/rows"),
        (RepositoryFormat::Parquet, "acme/more-rows"),
    ];
    for (format, name) in formats {
        let request = SearchRequest { format: Some(format), ..SearchRequest::new(format.kind(), "") };
        assert_eq!(names_of(&world.search(&request).await), [name]);
    }
    let by_license = SearchRequest { license: Some("mit".to_owned()), ..models("") };
    assert_eq!(names_of(&world.search(&by_license).await), ["acme/tiny-gguf"]);
    let task = Some("question-answering".to_owned());
    let by_task = SearchRequest { task: task.clone(), ..SearchRequest::new(HubKind::Dataset, "") };
    assert_eq!(names_of(&world.search(&by_task).await), ["acme/rows"]);
    assert_eq!(names_of(&world.search(&SearchRequest { task, ..models("") }).await), [""; 0]);
    let liked = SearchRequest { sort: SearchSort::Likes, limit: 1, ..models("tiny") };
    assert_eq!(names_of(&world.search(&liked).await), ["acme/Tiny-1"]);
    let newest = SearchRequest { sort: SearchSort::Newest, limit: 1, ..models("tiny") };
    assert_eq!(names_of(&world.search(&newest).await), ["acme/Tiny-23"]);
}

#[tokio::test]
async fn a_result_says_what_the_hub_says() {
    let world = World::new();
    let page = world.search(&models("tiny-9")).await;
    let found = &page.repositories[0];
    assert_eq!((page.source, &page.answer), (SearchSource::Hub, &None));
    assert_eq!((found.kind, found.name.as_str()), (CachedKind::Model, "acme/Tiny-9"));
    assert_eq!((found.parameters, found.bytes), (Some(900 * MILLION), Some(1_800 * MILLION)));
    assert_eq!(found.license.as_deref(), Some("apache-2.0"));
    assert_eq!(found.base_model.as_deref(), Some("acme/base"));
    assert_eq!((found.downloads, found.gated, found.private), (Some(9), false, false));
    assert!(world.search(&models("gated")).await.repositories[0].gated);
    let lora = &world.search(&models("tiny-lora")).await.repositories[0];
    assert_eq!((lora.kind, lora.base_model.as_deref()), (CachedKind::Adapter, Some("acme/tiny-1")));
    let gguf = &world.search(&models("gguf")).await.repositories[0];
    assert_eq!((gguf.parameters, gguf.bytes), (Some(135 * MILLION), None));
    let rows = &world.search(&SearchRequest::new(HubKind::Dataset, "acme/rows")).await.repositories[0];
    assert_eq!((rows.bytes, rows.rows.as_deref()), (Some(4_096), Some("1K<n<10K")));
    assert_eq!(rows.task.as_deref(), Some("question-answering"));
}

#[tokio::test]
async fn private_repositories_are_found_with_the_token_that_may_see_them() {
    assert_eq!(names_of(&World::new().search(&models("secret")).await), [""; 0]);
    let world = World::with_variables(&[("HF_TOKEN", "hf_secret")]);
    assert!(world.search(&models("secret")).await.repositories[0].private);
}

#[tokio::test]
async fn where_the_hub_does_not_answer_the_cache_is_searched_and_said_why() {
    let world = World::new();
    fs::write(world.snapshot("models--acme--Tiny-3").join("config.json"), r#"{"model_type": "llama"}"#)
        .unwrap();
    fs::write(world.snapshot("models--acme--tiny-lora").join("adapter_config.json"), "{}").unwrap();
    fs::write(world.snapshot("models--other--big").join("model.gguf"), "GGUF").unwrap();
    fs::write(world.snapshot("datasets--acme--tiny-rows").join("a.jsonl"), "{}\n").unwrap();
    let faults = [
        (Fault::Status(429, None), "The Hub received too many requests."),
        (Fault::Status(500, None), "The Hub could not answer (HTTP status 500)."),
        (Fault::Status(401, None), "The Hub does not accept the token."),
        (Fault::Status(404, None), "This hub has no search."),
        (Fault::StopAfter(0), "The Hub did not answer in time."),
        (Fault::OtherBytes, "The Hub sent an answer that can't be parsed."),
    ];
    for (fault, sentence) in faults {
        world.server.fail("search", [fault]);
        let page = world.search(&models("tiny ACME")).await;
        assert_eq!(page.source, SearchSource::Cache);
        let names: BTreeSet<String> = names_of(&page).into_iter().collect();
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["acme/Tiny-3", "acme/tiny-lora"]);
        let message = page.answer.unwrap().message;
        assert_eq!(message, format!("{sentence} These are the repositories on this machine."));
    }
    world.server.fail("search", [Fault::Status(503, None)]);
    let request = SearchRequest { after: Some("at=30".to_owned()), ..models("tiny") };
    let error = world.hub.search(&request).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Unreachable, "the cache does not go on where the Hub ended");
}

#[tokio::test]
async fn offline_the_cache_is_searched_without_a_request() {
    let world = World::new();
    let settings = Settings { offline: true, ..Settings::default() };
    world.hub.set_settings(&settings).unwrap();
    fs::write(world.snapshot("models--other--big").join("model.gguf"), "GGUF").unwrap();
    fs::write(world.snapshot("datasets--acme--rows").join("a.jsonl"), "{}\n").unwrap();
    let request =
        SearchRequest { format: Some(RepositoryFormat::Json), ..SearchRequest::new(HubKind::Dataset, "") };
    let page = world.search(&request).await;
    assert_eq!(names_of(&page), ["acme/rows"]);
    assert_eq!(page.answer.unwrap().standing, Standing::Offline);
    let request = SearchRequest { license: Some("mit".to_owned()), ..models("") };
    let page = world.search(&request).await;
    assert_eq!(names_of(&page), ["other/big"]);
    assert!(page.answer.unwrap().message.contains("those filters do not apply"));
    assert_eq!(world.server.searches(), []);
    drop(world.folder);
}

#[tokio::test]
async fn a_search_that_makes_no_sense_is_refused() {
    let world = World::new();
    let request = SearchRequest { format: Some(RepositoryFormat::Parquet), ..models("") };
    assert_eq!(world.hub.search(&request).await.unwrap_err().message, "No model has the format parquet.");
    let request = SearchRequest { parameters_max: Some(1), ..SearchRequest::new(HubKind::Dataset, "") };
    assert_eq!(world.hub.search(&request).await.unwrap_err().code, ErrorCode::Invalid);
    assert_eq!(world.server.searches(), []);
}
