//! Compute targets travel with a studio, and are confirmed on the machine of the person who saw them alone.

use proptest::{
    collection::vec,
    option::of,
    prelude::{Just, Strategy, prop_oneof},
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use studio::{
    compute::{TargetKind, TargetOptions, TargetSettings},
    platform::Work,
    schema::TableName,
    snapshot::{ExportFormat, ImportPolicy, TablePlan},
    store::BackupReason,
};

use crate::{
    snapshots::{export, import, keep, plan, replace},
    world::World,
};

fn machine(host: &str) -> TargetSettings {
    TargetSettings {
        kind: TargetKind::Ssh,
        host: host.to_owned(),
        folder: "~/studio".to_owned(),
        python: Some("~/venv/bin/python".to_owned()),
        ssh_config: None,
        options: TargetOptions::default(),
    }
}

/// Any settings that are not refused.
fn settings() -> impl Strategy<Value = TargetSettings> {
    let kind = prop_oneof![Just(TargetKind::Ssh), Just(TargetKind::Slurm)];
    let word = || of("[a-z0-9:,]{1,9}");
    let text = "\\PC{0,30}(\n\\PC{0,9})?";
    let asked = (word(), word(), word(), of(1..9_u32), of(text), vec("--[b-d]{1,3}=\\PC{0,9}", 0..3));
    let place =
        (kind, "[a-z]{1,9}(@[a-z]{1,9})?", "(~|/x)/\\PC{1,20}", of("(/|~/)\\PC{1,20}"), of("/\\PC{1,20}"));
    (place, asked)
        .prop_map(
            |((kind, host, folder, python, ssh_config), (partition, time, gres, nodes, setup, sbatch))| {
                let options =
                    TargetOptions { partition, time, gres, nodes, setup, sbatch, ..TargetOptions::default() };
                TargetSettings { kind, host, folder, python, ssh_config, options }
            },
        )
        .prop_filter("no rule is broken", |settings| settings.check().is_ok())
}

/// A world with the targets of these names and hosts.
async fn with_targets(targets: &[(&str, &str)]) -> World {
    let world = World::new().await;
    for (name, host) in targets {
        world.studio.targets().add(name, machine(host)).await.unwrap();
    }
    world
}

/// The names and hosts of all targets, each with whether it is confirmed.
async fn shown(world: &World) -> Vec<(String, String, bool)> {
    let targets = world.studio.store().targets().await.unwrap();
    targets.into_iter().map(|target| (target.name, target.settings.host, target.confirmed)).collect()
}

async fn written(world: &World, name: &str, format: ExportFormat) -> std::path::PathBuf {
    let target = world.path(name);
    world.studio.snapshots().export(&target, format, None, &Work::unwatched()).await.unwrap();
    target
}

#[tokio::test]
async fn whatever_targets_a_studio_has_they_are_the_same_after_a_journey() {
    let mut runner = TestRunner::new(Config::default());
    let world = World::new().await;
    for number in 0..40 {
        let settings = settings().new_tree(&mut runner).unwrap().current();
        world.studio.targets().add(&format!("target {number} é"), settings).await.unwrap();
    }
    let exported = export(&world.studio).await;
    assert!(!exported.contains("confirmed\":"), "it says what is confirmed");
    for (name, format) in [("all.json", ExportFormat::Json), ("all.sqlite", ExportFormat::Sqlite)] {
        let source = written(&world, name, format).await;
        let other = World::new().await;
        let planned = plan(&other.studio, &source).await.unwrap();
        assert_eq!(planned.targets, TablePlan { new: 40, ..TablePlan::default() });
        assert_eq!(
            (planned.problem_count, planned.skipped.iter().any(|s| s.name.contains("targets"))),
            (0, false)
        );
        let report = import(&other.studio, &source, &ImportPolicy::default()).await.unwrap();
        assert_eq!((report.targets.added, report.targets.replaced), (40, 0));
        assert_eq!(export(&other.studio).await, exported);
        assert!(shown(&other).await.iter().all(|(_, _, confirmed)| !confirmed));
        let again = plan(&other.studio, &source).await.unwrap();
        assert_eq!(again.targets, TablePlan { same: 40, ..TablePlan::default() });
    }
}

#[tokio::test]
async fn a_target_that_came_is_refused_until_it_is_confirmed() {
    let first = with_targets(&[("box", "evil")]).await;
    let source = written(&first, "all.json", ExportFormat::Json).await;
    let world = World::new().await;
    import(&world.studio, &source, &ImportPolicy::default()).await.unwrap();
    let targets = world.studio.targets();
    let refused = targets.check("box", None).await.unwrap_err();
    assert!(refused.message.contains("is not confirmed"), "{refused:?}");
    let commands = targets.commands("box").await.unwrap();
    assert!(commands.iter().any(|command| command.text == "evil"));
    let seen = world.studio.store().target("box").await.unwrap();
    world.studio.store().confirm_target(&seen.id, &seen.settings).await.unwrap();
    assert_eq!(shown(&world).await, [("box".to_owned(), "evil".to_owned(), true)]);
}

#[tokio::test]
async fn a_database_that_is_opened_elsewhere_has_no_confirmed_target() {
    let world = with_targets(&[("box", "box")]).await;
    let copy = written(&world, "copy.sqlite", ExportFormat::Sqlite).await;
    let other = World::new().await;
    let hub = other.studio.hub().clone();
    let opened = studio::Studio::open_with(&copy, hub).await.unwrap();
    let targets = opened.store().targets().await.unwrap();
    assert_eq!((targets.len(), targets[0].confirmed), (1, false));
    opened.close().await;
}

#[tokio::test]
async fn a_conflict_is_solved_as_it_was_asked() {
    let here = with_targets(&[("box", "old"), ("other", "other")]).await;
    let there = World::new().await;
    let source = written(&here, "all.json", ExportFormat::Json).await;
    import(&there.studio, &source, &ImportPolicy::default()).await.unwrap();
    let id = here.studio.store().target("box").await.unwrap().id;
    there.studio.targets().update(&id, "box", machine("new")).await.unwrap();
    let source = written(&there, "all.json", ExportFormat::Json).await;

    let planned = plan(&here.studio, &source).await.unwrap();
    assert_eq!((planned.targets.conflicting, planned.targets.same), (1, 1));
    let refused = import(&here.studio, &source, &ImportPolicy::default()).await.unwrap_err();
    assert!(refused.message.contains("1 compute target"), "{refused:?}");
    import(&here.studio, &source, &keep()).await.unwrap();
    let other = ("other".to_owned(), "other".to_owned(), true);
    assert_eq!(shown(&here).await, [("box".to_owned(), "old".to_owned(), true), other.clone()]);
    let report = import(&here.studio, &source, &replace()).await.unwrap();
    assert_eq!(report.targets.replaced, 1);
    assert_eq!(shown(&here).await, [("box".to_owned(), "new".to_owned(), false), other]);
}

#[tokio::test]
async fn a_target_of_the_same_name_gets_another_one() {
    let here = with_targets(&[("Box", "here")]).await;
    let there = with_targets(&[("box", "there")]).await;
    let source = written(&there, "all.json", ExportFormat::Json).await;
    import(&here.studio, &source, &ImportPolicy::default()).await.unwrap();
    let expected =
        [("Box".to_owned(), "here".to_owned(), true), ("box-2".to_owned(), "there".to_owned(), false)];
    assert_eq!(shown(&here).await, expected);
    // One that was made twice is not added.
    let twin = with_targets(&[("BOX", "here")]).await;
    let source = written(&twin, "all.json", ExportFormat::Json).await;
    assert_eq!(plan(&here.studio, &source).await.unwrap().targets.same, 1);
}

#[tokio::test]
async fn what_is_no_target_is_left_out_and_the_rest_is_imported() {
    let world = World::new().await;
    let entry = |id: &str, name: &str, settings: Value| json!({"id": id, "name": name, "settings": settings.to_string(), "created_at": "2026-01-01T00:00:00Z"});
    let good = json!(machine("box"));
    let mut evil = good.clone();
    evil["host"] = json!("-oProxyCommand=x");
    let mut newer = good.clone();
    newer["options"]["later"] = json!(1);
    let mut forged = entry("5", "forged", good.clone());
    forged["confirmed"] = json!("x");
    let targets = json!([
        entry("1", "good", good.clone()),
        entry("2", "evil", evil),
        entry("3", "newer", newer),
        entry("4", "LOCAL", good),
        forged,
        {"id": "6"},
        7,
    ]);
    let text = json!({"models": {"data": [{"id": "m", "name": "m"}]}, "studio_targets": {"data": targets}});
    let source = world.file("odd.json", text.to_string());
    let planned = plan(&world.studio, &source).await.unwrap();
    assert_eq!((planned.problem_count, planned.targets.new), (0, 1), "{:?}", planned.problems);
    let notes: Vec<&str> = planned.skipped.iter().map(|skipped| skipped.reason.as_str()).collect();
    for expected in ["begins with a dash", "later", "is this machine", "confirmed", "left out"] {
        assert!(notes.iter().any(|note| note.contains(expected)), "{expected} is not in {notes:?}");
    }
    import(&world.studio, &source, &ImportPolicy::default()).await.unwrap();
    assert_eq!(shown(&world).await, [("good".to_owned(), "box".to_owned(), false)]);
    assert_eq!(world.studio.store().list(TableName::Models, &ten()).await.unwrap().total, 1);
}

fn ten() -> studio::store::ListQuery {
    studio::store::ListQuery { limit: 10, ..studio::store::ListQuery::default() }
}

#[tokio::test]
async fn only_the_whole_of_a_studio_has_its_targets() {
    let world = with_targets(&[("box", "box")]).await;
    let work = Work::unwatched();
    let snapshots = world.studio.snapshots();
    for (name, format) in [("part.json", ExportFormat::Json), ("part.sqlite", ExportFormat::Sqlite)] {
        let models = [TableName::Models];
        snapshots.export(&world.path(name), format, Some(&models), &work).await.unwrap();
        snapshots
            .export_without_metadata(&world.path(&format!("plain-{name}")), format, None, &work)
            .await
            .unwrap();
        for name in [name.to_owned(), format!("plain-{name}")] {
            let planned = plan(&World::new().await.studio, &world.path(&name)).await.unwrap();
            assert_eq!(planned.targets, TablePlan::default(), "{name}");
        }
    }
}

#[tokio::test]
async fn a_backup_brings_the_targets_back_confirmed() {
    let world = with_targets(&[("box", "box"), ("gone", "gone")]).await;
    let store = world.studio.store();
    let backup = store.back_up(BackupReason::Manual).await.unwrap();
    let targets = world.studio.targets();
    store.remove_target("gone").await.unwrap();
    let id = store.target("box").await.unwrap().id;
    targets.update(&id, "renamed", machine("elsewhere")).await.unwrap();
    let later = targets.add("later", machine("later")).await.unwrap();
    targets.add("idle", machine("idle")).await.unwrap();
    let mut stranger = world.stranger().await;
    let live = "INSERT INTO studio_runs (id, kind, name, state, place, attempt, created_at, target) \
                VALUES ('r', 'training', 'r', 'queued', 1, 1, '2026-01-01T00:00:00Z', ?)";
    sqlx::query(live).bind(&later.id).execute(&mut stranger).await.unwrap();
    store.restore(&backup.id, &Work::unwatched()).await.unwrap();
    let target = |name: &str| (name.to_owned(), name.to_owned(), true);
    assert_eq!(shown(&world).await, [target("box"), target("gone"), target("later")]);
}
