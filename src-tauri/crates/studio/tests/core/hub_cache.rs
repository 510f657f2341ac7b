//! The Hub's local cache, and what of it rows mean.

use std::fs;

use serde_json::json;
use studio::{
    WeightsSource,
    hub::{Cached, CachedKind, CachedState, Environment, Hub, Keyring},
    platform::SettingsFile,
    schema::TableName,
    weights::PlaceState,
};

use crate::{
    folders::{COMMIT, LLAMA_PARAMETERS, fetched, llama, lora},
    world::{World, id},
};

fn environment(variables: &[(&'static str, &str)]) -> Environment {
    Environment::from_variables(variables.iter().map(|(name, value)| (*name, (*value).to_owned())))
}

#[test]
fn the_cache_is_where_the_libraries_have_it() {
    let cases: [(&[(&str, &str)], &str); 6] = [
        (&[("HOME", "/h")], "/h/.cache/huggingface/hub"),
        (&[("HOME", "/h"), ("XDG_CACHE_HOME", "/x")], "/x/huggingface/hub"),
        (&[("HOME", "/h"), ("XDG_CACHE_HOME", " ")], "/h/.cache/huggingface/hub"),
        (&[("XDG_CACHE_HOME", "/x"), ("HF_HOME", "/hf")], "/hf/hub"),
        (&[("HF_HOME", "/hf"), ("HF_HUB_CACHE", "/c")], "/c"),
        (&[("HF_HOME", ""), ("HOME", "/h"), ("HF_HUB_CACHE", "")], "/h/.cache/huggingface/hub"),
    ];
    for (variables, expected) in cases {
        let settings = SettingsFile::from_path("none.json".into());
        let cache = Hub::new(environment(variables), settings, Keyring::new("none")).cache_folder();
        assert_eq!(cache.to_str(), Some(expected), "{variables:?}");
    }
}

#[tokio::test]
async fn the_cache_is_listed_by_what_it_holds() {
    let world = World::new().await;
    assert!(
        world.studio.hub_rows().cache().await.unwrap().repositories.is_empty(),
        "a cache that isn't there is empty"
    );
    llama(&fetched(&world.cache(), "models--acme--tiny"));
    lora(&fetched(&world.cache(), "models--acme--tiny-lora"), "acme/tiny", 8);
    fs::write(fetched(&world.cache(), "datasets--acme--rows").join("rows.csv"), "a\n1\n").unwrap();
    // What is no repository, was never fetched, or points elsewhere is passed over.
    for other in ["models--acme--never", "spaces--acme--demo", "models--..--etc", ".locks", "version.txt"] {
        fs::create_dir_all(world.cache().join(other)).unwrap();
    }
    let outside = world.cache().join("models--acme--outside");
    fs::create_dir_all(outside.join("refs")).unwrap();
    fs::write(outside.join("refs/main"), "../../models--acme--tiny/snapshots").unwrap();

    let model = world.model().await;
    let cache = world.studio.hub_rows().cache().await.unwrap();
    let mut found: Vec<_> = cache.repositories.iter().map(|r| (r.name.as_str(), r.kind)).collect();
    found.sort_unstable();
    let expected = [
        ("acme/rows", CachedKind::Dataset),
        ("acme/tiny", CachedKind::Model),
        ("acme/tiny-lora", CachedKind::Adapter),
    ];
    assert_eq!(found, expected);
    let rows = cache.repositories.iter().find(|r| r.kind == CachedKind::Dataset).unwrap();
    assert_eq!((rows.revision.as_str(), rows.bytes), (COMMIT, 4));
    assert!(rows.last_used.as_ref().unwrap().ends_with('Z'));
    assert!(cache.registered.is_empty(), "lab/tiny is another model than acme/tiny");

    let fields = json!({"type": "huggingface", "huggingface_model_name": "acme/tiny"});
    let tiny = id(&world.create(TableName::Models, fields).await.unwrap());
    let registered = world.studio.hub_rows().cache().await.unwrap().registered;
    assert_eq!(registered.values().collect::<Vec<_>>(), [&tiny]);

    // A row by Hub name is read from the cache if it is there.
    let report = world.studio.inspector().model(&WeightsSource::Id(tiny.clone())).await.unwrap();
    assert_eq!((report.place.state, report.place.cached), (PlaceState::There, true));
    assert_eq!(report.facts.unwrap().parameters, Some(LLAMA_PARAMETERS));
    let report = world.studio.inspector().model(&WeightsSource::Id(model.clone())).await.unwrap();
    assert_eq!((report.place.state, report.place.folder, report.facts), (PlaceState::Hub, None, None));
}

#[cfg(unix)]
#[tokio::test]
async fn files_shared_by_revisions_count_once() {
    let world = World::new().await;
    let snapshot = fetched(&world.cache(), "datasets--acme--rows");
    let repository = world.cache().join("datasets--acme--rows");
    fs::create_dir(repository.join("blobs")).unwrap();
    fs::write(repository.join("blobs/abc"), "0123456789").unwrap();
    fs::create_dir(repository.join("snapshots/older")).unwrap();
    for folder in [snapshot, repository.join("snapshots/older")] {
        std::os::unix::fs::symlink("../../blobs/abc", folder.join("rows.csv")).unwrap();
    }
    let cache = world.studio.hub_rows().cache().await.unwrap();
    assert_eq!((cache.repositories[0].bytes, cache.repositories[0].revision.as_str()), (10, COMMIT));
}

/// The repository in the cache with what the check says of a row by its name.
async fn cached_and_checked(world: &World) -> (Cached, Vec<String>) {
    let cache = world.studio.hub_rows().cache().await.unwrap();
    let findings = world.studio.check().await.unwrap().into_iter();
    let of_models = findings.filter(|finding| finding.table == Some(TableName::Models));
    let reported = of_models.map(|finding| format!("{}: {}", finding.column.unwrap(), finding.message));
    (cache.repositories.into_iter().next().unwrap(), reported.collect())
}

async fn with_row(name: &str) -> World {
    let world = World::new().await;
    let fields = json!({"type": "huggingface", "huggingface_model_name": name});
    world.create(TableName::Models, fields).await.unwrap();
    world
}

#[cfg(unix)]
#[tokio::test]
async fn links_whose_contents_are_gone_are_broken() {
    let world = with_row("acme/tiny").await;
    let snapshot = fetched(&world.cache(), "models--acme--tiny");
    for name in ["config.json", "model.safetensors"] {
        std::os::unix::fs::symlink("../../blobs/gone", snapshot.join(name)).unwrap();
    }
    let (cached, reported) = cached_and_checked(&world).await;
    assert_eq!((cached.state, cached.bytes), (CachedState::Broken, 0));
    assert!(cached.problem.unwrap().starts_with("2 of its 2 files lead nowhere"));
    assert!(
        reported.len() == 1 && reported[0].starts_with("huggingface_model_name: 'acme/tiny': 2 of its 2"),
        "{reported:?}"
    );
}

#[tokio::test]
async fn an_unfinished_download_is_marked() {
    let world = with_row("acme/tiny").await;
    let snapshot = fetched(&world.cache(), "models--acme--tiny");
    fs::write(snapshot.join("config.json"), "{}").unwrap();
    let (cached, reported) = cached_and_checked(&world).await;
    assert_eq!(cached.state, CachedState::Unfinished);
    assert!(cached.problem.unwrap().contains("model.safetensors is missing"));
    assert!(reported.len() == 1 && reported[0].contains("download is not finished"), "{reported:?}");

    llama(&snapshot);
    let (cached, reported) = cached_and_checked(&world).await;
    assert_eq!((cached.state, cached.problem, reported), (CachedState::Complete, None, Vec::new()));

    let blobs = world.cache().join("models--acme--tiny/blobs");
    fs::create_dir(&blobs).unwrap();
    fs::write(blobs.join("abc.incomplete"), "12345").unwrap();
    let (cached, _) = cached_and_checked(&world).await;
    assert!(cached.problem.unwrap().contains("one file is incomplete"));

    fs::remove_dir_all(world.cache().join("models--acme--tiny/snapshots")).unwrap();
    let (cached, reported) = cached_and_checked(&world).await;
    assert_eq!((cached.state, cached.revision.as_str(), cached.bytes), (CachedState::Unfinished, "", 5));
    assert!(reported[0].contains("none of its files is complete"), "{reported:?}");
}

#[tokio::test]
async fn a_copied_cache_counts_the_files_of_its_revisions() {
    let world = with_row("acme/tiny").await;
    let snapshot = fetched(&world.cache(), "models--acme--tiny");
    llama(&snapshot);
    fs::create_dir(world.cache().join("models--acme--tiny/blobs")).unwrap();
    let bytes: u64 =
        fs::read_dir(&snapshot).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
    let (cached, reported) = cached_and_checked(&world).await;
    assert_eq!((cached.bytes, cached.state, reported), (bytes, CachedState::Complete, Vec::new()));
}
