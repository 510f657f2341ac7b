//! Lists are fetched to their end, whatever the size of their pages.

use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn every_list_is_fetched_to_its_end() {
    let world = World::new();
    let project = world.there.project().to_owned();
    let time = "2026-01-01T00:00:00Z";
    for number in 1..=23 {
        let id = number.to_string();
        let name = format!("n{number}");
        world.there.add("runtimes", json!({"image_identifier": id, "kernel": "R"}));
        world.there.add("runtimeaddons", json!({"identifier": id}));
        world.there.add("nodelabels", json!({"id": id, "label_value": name}));
        world.there.add("projects", json!({"id": id, "name": name}));
        world.there.add("registry/models", json!({"model_id": id, "name": name, "count": 23}));
        world.there.add("registry/models/1/versions", json!({"model_version_id": id, "number": number}));
        world
            .there
            .add(&format!("projects/{project}/jobs"), json!({"id": id, "name": name, "created_at": time}));
        world.there.add(&format!("projects/{project}/jobs/1/runs"), json!({"id": id, "created_at": time}));
        world.there.add(&format!("projects/{project}/models"), json!({"id": id, "name": name}));
        world.there.add(&format!("projects/{project}/models/1/builds"), json!({"id": id, "status": "built"}));
        let deployments = format!("projects/{project}/models/1/builds/1/deployments");
        world.there.add(&deployments, json!({"id": id, "status": "deployed"}));
    }
    let workbench = &world.workbench;
    for largest in [1, 5, 23, 24, 1_000] {
        world.there.behave(|behavior| {
            behavior.largest_page = largest;
            // Both ends of what newer workbenches send.
            behavior.newer = largest > 5;
        });
        assert_eq!(workbench.runtimes().await.unwrap().len(), 27, "{largest}");
        assert_eq!(workbench.runtime_addons().await.unwrap().len(), 25, "{largest}");
        assert_eq!(workbench.gpu_labels().await.unwrap().unwrap().len(), 24, "{largest}");
        assert_eq!(workbench.projects().await.unwrap().len(), 24, "{largest}");
        assert_eq!(workbench.jobs().await.unwrap().len(), 23, "{largest}");
        assert_eq!(workbench.job_runs("1").await.unwrap().len(), 23, "{largest}");
        assert_eq!(workbench.models().await.unwrap().len(), 23, "{largest}");
        assert_eq!(workbench.builds("1").await.unwrap().len(), 23, "{largest}");
        assert_eq!(workbench.deployments("1", "1").await.unwrap().len(), 23, "{largest}");
        assert_eq!(workbench.registered_models("").await.unwrap().len(), 23, "{largest}");
        let (model, versions) = workbench.registered_model("1").await.unwrap();
        assert_eq!((model.name.as_str(), model.versions, versions.len()), ("n1", 23, 23), "{largest}");
    }
}

#[tokio::test]
async fn a_name_is_compared_whole() {
    let world = World::new();
    let project = world.there.project().to_owned();
    for (id, name) in
        [("1", "Accel_Finetuning_Base_Job"), ("2", "Finetuning_Base_Job"), ("3", "finetuning_base_job")]
    {
        world.there.add(&format!("projects/{project}/jobs"), json!({"id": id, "name": name}));
    }
    for by_parts in [true, false] {
        world.there.behave(|behavior| behavior.filters_by_parts = by_parts);
        let found = world.workbench.jobs_named("Finetuning_Base_Job").await.unwrap();
        let ids: Vec<&str> = found.iter().map(|job| job.id.as_str()).collect();
        assert_eq!(ids, ["2"]);
    }
}
