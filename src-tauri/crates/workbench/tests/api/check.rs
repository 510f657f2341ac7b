//! The check of a workbench: each thing that can be wrong, with a way out.

use compute::FindingLevel;
use serde_json::json;
use workbench::{Profile, WorkbenchCheck};

use crate::world::World;

fn profile(world: &World) -> Profile {
    Profile {
        runtime: Some(world.runtime()),
        addons: vec!["spark-717".to_owned()],
        cpu: 2.0,
        memory: 8.0,
        gpus: 1,
        gpu_label: Some("NVIDIA-L4".to_owned()),
    }
}

/// What stands in the way, or is less than it might be.
fn not_fine(check: &WorkbenchCheck, level: FindingLevel) -> Vec<String> {
    let found = check.findings.iter().filter(|finding| finding.level == level);
    found
        .map(|finding| {
            assert!(finding.hint.is_some(), "without a way out: {finding:?}");
            finding.text.clone()
        })
        .collect()
}

#[tokio::test]
async fn a_workbench_with_everything_can_run() {
    let world = World::new();
    let check = world.workbench.check(&profile(&world)).await;
    assert!(check.can_run && check.reachable, "{:#?}", check.findings);
    assert!(
        check.findings.iter().all(|finding| finding.level == FindingLevel::Fine),
        "{:#?}",
        check.findings
    );
    assert_eq!(check.project.as_deref(), Some("Fine Tuning"));
    assert_eq!((check.runtimes.len(), check.addons.len(), check.gpu_labels.len()), (2, 1, 1));
    // Older workbenches have fewer ways to be asked.
    world.there.behave(|behavior| {
        (behavior.validates_keys, behavior.lists_quotas, behavior.newer) = (false, false, true);
    });
    assert!(world.workbench.check(&profile(&world)).await.can_run);
    // Nothing is changed there.
    let changing = world.there.requests().into_iter().filter(|request| request.verb != "GET");
    let paths: Vec<String> = changing.map(|request| request.path).collect();
    assert!(paths.iter().all(|path| path.ends_with("/validate_key")), "{paths:?}");
}

#[tokio::test]
async fn each_thing_that_is_wrong_is_the_one_problem() {
    type Change = fn(&World, &mut Profile);
    let cases: [(&str, Change); 13] = [
        ("refuses the API key", |world, _| world.there.expire_key(true)),
        ("does not answer as a workbench", |world, _| {
            world.there.expire_key(true);
            world.there.behave(|behavior| behavior.login_page = true);
        }),
        ("No runtime is chosen", |_, profile| profile.runtime = None),
        ("no runtime 'docker.example.com/none'", |_, profile| {
            profile.runtime = Some("docker.example.com/none".to_owned());
        }),
        ("no runtime with Python 3.11", |world, profile| {
            world.there.clear("runtimes");
            profile.runtime = None;
        }),
        ("has no Python 3.11 or newer", |world, profile| {
            profile.runtime = world.there.list("runtimes")[0]["image_identifier"].as_str().map(str::to_owned);
        }),
        ("is not enabled", |world, profile| {
            profile.runtime = world.there.list("runtimes")[3]["image_identifier"].as_str().map(str::to_owned);
        }),
        ("not available: hadoopcli-717", |_, profile| profile.addons.push("hadoopcli-717".to_owned())),
        ("no GPUs 'NVIDIA-H200'", |_, profile| profile.gpu_label = Some("NVIDIA-H200".to_owned())),
        ("at most 1 of the GPUs", |_, profile| profile.gpus = 2),
        ("no GPUs", |world, _| world.there.clear("nodelabels")),
        ("no labels of GPUs", |world, _| world.there.behave(|behavior| behavior.has_labels = false)),
        ("The quota has 4 GB of memory", |world, _| {
            world.there.behave(|behavior| behavior.quota_memory = 4.0)
        }),
    ];
    for (expected, change) in cases {
        let world = World::new();
        let mut profile = profile(&world);
        change(&world, &mut profile);
        let check = world.workbench.check(&profile).await;
        assert!(!check.can_run);
        let problems = not_fine(&check, FindingLevel::Problem);
        assert!(problems.len() == 1 && problems[0].contains(expected), "{expected}: {problems:?}");
    }
}

#[tokio::test]
async fn projects_that_can_not_be_used_are_named() {
    let world = World::new();
    let projects = [
        ("r", "may not change", json!({"permissions": {"read": true}})),
        ("l", "legacy engines", json!({"default_engine_type": "legacy_engine"})),
    ];
    for (id, expected, more) in projects {
        let mut project = json!({"id": id, "name": id});
        project.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        world.there.add("projects", project);
        let check = world.of_project(id).check(&profile(&world)).await;
        let problems = not_fine(&check, FindingLevel::Problem);
        assert!(problems.len() == 1 && problems[0].contains(expected), "{problems:?}");
    }
    let check = world.of_project("gone").check(&profile(&world)).await;
    let problems = not_fine(&check, FindingLevel::Problem);
    assert!(check.reachable && problems.len() == 1 && problems[0].contains("'gone'"), "{problems:?}");
}

#[tokio::test]
async fn what_is_less_than_it_might_be_is_a_remark() {
    let world = World::new();
    let remarks = async |change: fn(&mut Profile)| {
        let mut profile = profile(&world);
        change(&mut profile);
        let check = world.workbench.check(&profile).await;
        assert!(check.can_run, "{:#?}", check.findings);
        not_fine(&check, FindingLevel::Remark)
    };
    assert!(remarks(|profile| profile.gpus = 0).await[0].contains("no GPU"));
    let standard = remarks(|profile| {
        profile.runtime =
            Some("docker.example.com/ml-runtime-workbench-python3.11-standard:2024.05.1-b8".to_owned());
    });
    assert!(standard.await[0].contains("not made for GPUs"));
    // Another run uses most of the quota.
    world.there.behave(|behavior| behavior.quota_cpu = 3.0);
    world.there.hold_runs(true);
    let job = world.workbench.make_job(&world.job("other", "")).await.unwrap().made;
    world.workbench.start_run(&job.id, "1", &std::collections::BTreeMap::new()).await.unwrap();
    assert!(remarks(|_| {}).await[0].contains("1 processors are free"));
}
