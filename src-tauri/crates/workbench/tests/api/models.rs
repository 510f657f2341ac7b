//! Models, their builds and deployments, and the registry.

use fake_workbench::Fault;
use workbench::{BuildRequest, DeploymentRequest, Fault as Why, ModelRequest, Progress, VersionRequest};

use crate::world::{World, eventually, passing_faults};

#[tokio::test]
async fn a_model_is_made_built_and_deployed_once_each() {
    for fault in passing_faults() {
        let world = World::new();
        for operation in ["create_model", "create_model_build", "create_model_deployment"] {
            world.there.fail(operation, [fault.clone()]);
        }
        let workbench = &world.workbench;
        let request = ModelRequest { name: "m".to_owned(), authentication: true, ..ModelRequest::default() };
        let model = workbench.make_model(&request).await.unwrap();
        assert!(model.auth_enabled && !format!("{model:?}").contains(&model.access_key));
        let request = BuildRequest {
            script: "predict.py".to_owned(),
            function: "answer".to_owned(),
            runtime: world.runtime(),
            ..BuildRequest::default()
        };
        let build = workbench.make_build(&model.id, &request).await.unwrap();
        eventually(async || {
            let build = workbench.build(&model.id, &build.id).await.unwrap();
            (build.progress() == Progress::Ready).then_some(())
        })
        .await;
        let mut request =
            DeploymentRequest { cpu: 2.0, memory: 8.0, gpus: 1, ..DeploymentRequest::default() };
        request.environment.insert("A".to_owned(), "b".to_owned());
        let deployment = workbench.deploy(&model.id, &build.id, &request).await.unwrap();
        assert_eq!((deployment.environment["A"].as_str(), deployment.nvidia_gpu), ("b", 1));
        eventually(async || {
            let deployment = workbench.deployment(&model.id, &build.id, &deployment.id).await.unwrap();
            (deployment.progress() == Progress::Ready).then_some(())
        })
        .await;
        let place = format!("models/{}/builds", model.id);
        let counts = [
            world.list("models").len(),
            world.list(&place).len(),
            world.list(&format!("{place}/{}/deployments", build.id)).len(),
        ];
        assert_eq!(counts, [1, 1, 1], "{fault:?}");
        let stopped = workbench.stop_deployment(&model.id, &build.id, &deployment.id).await.unwrap();
        assert_eq!(stopped.progress(), Progress::Ended);
        workbench.delete_model(&model.id).await.unwrap();
        workbench.delete_model(&model.id).await.unwrap();
        assert!(workbench.models().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_build_or_deployment_that_fails_has_ended() {
    let world = World::new();
    world.there.behave(|behavior| behavior.builds_fail = true);
    let request = ModelRequest { name: "m".to_owned(), ..ModelRequest::default() };
    let model = world.workbench.make_model(&request).await.unwrap();
    let request =
        BuildRequest { script: "p.py".to_owned(), function: "f".to_owned(), ..BuildRequest::default() };
    let build = world.workbench.make_build(&model.id, &request).await.unwrap();
    let failure =
        world.workbench.deploy(&model.id, &build.id, &DeploymentRequest::default()).await.unwrap_err();
    assert_eq!(failure.fault, Why::Refused);
    eventually(async || {
        let build = world.workbench.build(&model.id, &build.id).await.unwrap();
        (build.progress() == Progress::Ended).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_version_is_registered_once_and_found_with_its_run() {
    for fault in passing_faults() {
        let world = World::new();
        let mut request = VersionRequest {
            name: "Answers".to_owned(),
            experiment: "e-1".to_owned(),
            run: "r-1".to_owned(),
            path: "model".to_owned(),
            ..VersionRequest::default()
        };
        world.there.fail("create_registered_model", [fault.clone()]);
        let (model, version) = world.workbench.register_version(&request).await.unwrap();
        assert_eq!((model.versions, version.number), (1, 1), "{fault:?}");
        assert_eq!(version.mlflow_run().unwrap().run_id, "r-1");
        // Another version of the same name, and another model with a longer one.
        request.run = "r-2".to_owned();
        assert_eq!(world.workbench.register_version(&request).await.unwrap().1.number, 2);
        request.name = "Answers again".to_owned();
        world.workbench.register_version(&request).await.unwrap();
        assert_eq!(world.workbench.registered_models("Answers").await.unwrap().len(), 2);
        assert_eq!(world.workbench.registered_models("again").await.unwrap().len(), 1);
        world.there.fail("delete_registered_model", [Fault::DoneBut(504)]);
        world.workbench.delete_registered_model(&model.model_id).await.unwrap();
        assert_eq!(world.workbench.registered_model(&model.model_id).await.unwrap_err().fault, Why::NotFound);
    }
}
