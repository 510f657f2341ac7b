//! Endpoints: files, model, build and deployment, and the script that answers.

use std::{fs, process::Command, sync::Mutex};

use fake_workbench::Fault;
use serde_json::{Map, Value, json};
use workbench::{EndpointParts, EndpointRequest, EndpointStep, Failure, Fault as Why};

use crate::world::{World, passing_faults};

/// What has to be imported for the script: a model that answers with its settings.
const LIBRARIES: &str = r#"
import contextlib, sys, types

class Row(list):
    def __getitem__(self, at):
        found = list.__getitem__(self, at)
        return Row(found) if isinstance(at, slice) else found

class Tokens(dict):
    def to(self, device):
        return self

class Ids(Row):
    shape = (1, 3)

class Tokenizer:
    pad_token_id, eos_token_id = None, 2
    def __call__(self, prompt, return_tensors):
        return Tokens(input_ids=Ids([[5, 6, 7]]))
    def __len__(self):
        return 1
    def decode(self, tokens, skip_special_tokens):
        return repr((list(tokens), Model.asked))

class Model:
    device, asked = "cpu", None
    def generate(self, input_ids, **settings):
        Model.asked = {key: settings[key] for key in sorted(settings)}
        return [Row([5, 6, 7, 8, 9])]
    def get_input_embeddings(self):
        return types.SimpleNamespace(weight=types.SimpleNamespace(shape=(9, 9)))
    def eval(self):
        return self

def module(name, **has):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__dict__.update(has)

cuda = types.SimpleNamespace(is_available=lambda: False)
module("torch", cuda=cuda, inference_mode=contextlib.nullcontext)
of = lambda value: types.SimpleNamespace(from_pretrained=lambda *_, **__: value)
module("transformers", AutoModelForCausalLM=of(Model()), AutoTokenizer=of(Tokenizer()))
module("peft", PeftModel=of(Model()))
"#;

/// What the script that was sent answers to a request with these generation settings.
fn answered(world: &World, request: &EndpointRequest, generation: &str, asked: &Value) -> String {
    let script = fs::read_to_string(world.place().join(request.place()).join("predict.py")).unwrap();
    let asked = serde_json::to_string(&asked.to_string()).unwrap();
    let program = format!("{LIBRARIES}\n{script}\nprint(api_wrapper(json.loads({asked})), end='')");
    let run = Command::new("python3")
        .args(["-c", &program])
        .env("FINE_TUNING_STUDIO_BASE_MODEL_HF_NAME", "acme/base")
        .env("FINE_TUNING_STUDIO_ADAPTER_LOCATION", "/nowhere")
        .env("FINE_TUNING_STUDIO_GEN_CONFIG_STRING", generation)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

fn request(world: &World) -> EndpointRequest {
    let adapter = world.folder.path().join("adapter");
    fs::create_dir_all(adapter.join("checkpoint-5")).unwrap();
    for name in ["adapter_config.json", "adapter_model.safetensors", "training_args.bin", ".hidden"] {
        fs::write(adapter.join(name), name).unwrap();
    }
    EndpointRequest {
        mark: "run-1".to_owned(),
        name: "Tickets".to_owned(),
        description: "Names the intent.".to_owned(),
        base: "acme/base".to_owned(),
        adapter,
        generation: json!({"max_new_tokens": 20}).to_string(),
        folder: "studio".to_owned(),
        runtime: world.runtime(),
        cpu: 2.0,
        memory: 8.0,
        gpus: 1,
        authentication: true,
        ..EndpointRequest::default()
    }
}

/// Makes an endpoint; also what was reported.
async fn make(
    world: &World,
    request: &EndpointRequest,
    parts: &mut EndpointParts,
) -> (Result<(), Failure>, Vec<(EndpointStep, String)>) {
    let steps = Mutex::new(Vec::new());
    let report = |step, word, _parts| {
        steps.lock().unwrap().push((step, word));
        std::future::ready(Ok(()))
    };
    let made = world.workbench.make_endpoint(request, parts, report).await;
    (made, steps.into_inner().unwrap())
}

#[tokio::test]
async fn an_endpoint_is_made_once_whatever_is_lost_and_answers() {
    for fault in passing_faults() {
        let world = World::new();
        let request = request(&world);
        for operation in ["create_model", "create_model_build", "create_model_deployment", "upload_file"] {
            world.there.fail(operation, [fault.clone()]);
        }
        let mut parts = EndpointParts::default();
        let (made, steps) = make(&world, &request, &mut parts).await;
        made.unwrap();
        assert_eq!(steps.last().unwrap(), &(EndpointStep::Deploying, "Deployed".to_owned()), "{fault:?}");
        assert_eq!(world.list("models").len(), 1, "{fault:?}");
        let model = &world.list("models")[0];
        assert_eq!(model["auth_enabled"], true);
        assert!(model["description"].as_str().unwrap().starts_with("Names the intent. Made by"));
        let deployments = format!(
            "models/{}/builds/{}/deployments",
            parts.model.as_deref().unwrap(),
            parts.build.as_deref().unwrap()
        );
        let deployment = &world.list(&deployments)[0];
        let variables: Value = serde_json::from_str(deployment["environment"].as_str().unwrap()).unwrap();
        let expected = json!({
            "FINE_TUNING_STUDIO_BASE_MODEL_HF_NAME": "acme/base",
            "FINE_TUNING_STUDIO_ADAPTER_LOCATION": "studio/endpoints/run-1/adapter",
            "FINE_TUNING_STUDIO_GEN_CONFIG_STRING": "{\"max_new_tokens\":20}",
        });
        assert_eq!(variables, expected);
        let adapter = world.place().join("studio/endpoints/run-1/adapter");
        let mut sent: Vec<_> = fs::read_dir(adapter)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        sent.sort();
        assert_eq!(sent, ["adapter_config.json", "adapter_model.safetensors"]);

        let answer =
            world.workbench.ask_endpoint(parts.model.as_deref().unwrap(), "Where?", &Map::new()).await;
        assert!(answer.unwrap().contains("says: Where?"));

        // Another call goes on, and finds everything there.
        let before = world.there.count("upload_file");
        let (made, _) = make(&world, &request, &mut EndpointParts::default()).await;
        made.unwrap();
        assert_eq!((world.list("models").len(), world.list(&deployments).len()), (1, 1));
        assert_eq!(world.there.count("upload_file"), before + 1, "the script alone is sent again");
        world.workbench.remove_endpoint(&request, &EndpointParts::default()).await.unwrap();
        assert!(world.list("models").is_empty() && !world.place().join(request.place()).exists());
    }
}

#[tokio::test]
async fn what_fails_there_says_so_and_is_built_anew() {
    let world = World::new();
    let request = request(&world);
    let mut parts = EndpointParts::default();
    world.there.behave(|behavior| behavior.builds_fail = true);
    let (failed, _) = make(&world, &request, &mut parts).await;
    let failed = failed.unwrap_err();
    assert!(failed.fault == Why::Failed && failed.error.message.contains("'build failed'"), "{failed:?}");
    let model = parts.model.clone().unwrap();
    let not_served = world.workbench.ask_endpoint(&model, "Where?", &Map::new()).await.unwrap_err();
    assert!(not_served.error.message.contains("No deployment"), "{not_served:?}");
    world.there.behave(|behavior| (behavior.builds_fail, behavior.deployments_fail) = (false, true));
    let (failed, _) = make(&world, &request, &mut parts).await;
    assert!(failed.unwrap_err().error.message.contains("deployment of 'Tickets' there ended as 'failed'"));
    world.there.behave(|behavior| behavior.deployments_fail = false);
    let (made, _) = make(&world, &request, &mut parts).await;
    made.unwrap();
    assert_eq!((world.list("models").len(), parts.model), (1, Some(model)));
}

#[tokio::test]
async fn a_model_of_another_is_left_alone() {
    let world = World::new();
    let request = request(&world);
    let mut parts = EndpointParts::default();
    let other = EndpointRequest { mark: "run-2".to_owned(), ..request.clone() };
    make(&world, &request, &mut parts).await.0.unwrap();
    let refused = make(&world, &other, &mut EndpointParts::default()).await.0.unwrap_err();
    assert_eq!(refused.fault, Why::Conflict, "{refused:?}");
    world.workbench.remove_endpoint(&other, &EndpointParts::default()).await.unwrap();
    assert_eq!(world.list("models").len(), 1);
    world.there.fail("list_models", [Fault::Status(403, None)]);
    assert_eq!(make(&world, &other, &mut EndpointParts::default()).await.0.unwrap_err().fault, Why::Rights);
}

#[tokio::test]
async fn settings_are_those_of_the_request_then_of_the_deployment_then_of_the_script() {
    let world = World::new();
    let request = request(&world);
    make(&world, &request, &mut EndpointParts::default()).await.0.unwrap();
    let asked = json!({"prompt": "Where?", "temperature": 0.1, "max_new_tokens": 7.0});
    // With the quotes of another language, too.
    for generation in
        [r#"{"temperature": 0.9, "top_k": 4, "top_p": null}"#, "{'temperature': 0.9, 'top_k': 4}"]
    {
        let answer = answered(&world, &request, generation, &asked);
        let expected = "([8, 9], {'do_sample': True, 'max_new_tokens': 7, 'num_beams': 1, 'pad_token_id': 2, \
                        'repetition_penalty': 1.0, 'temperature': 0.1, 'top_k': 4, 'top_p': 1.0})";
        assert_eq!(answer, expected, "{generation}");
    }
    let greedy = answered(&world, &request, "no JSON", &json!({"prompt": "Where?", "do_sample": false}));
    assert!(greedy.contains("'max_new_tokens': 50") && !greedy.contains("temperature"), "{greedy}");
}
