//! What a workbench has from its start.

use serde_json::{Value, json};

use crate::{State, calls::create_project};

/// Fills an empty workbench. Returns the id of its project.
pub(crate) fn fill(state: &State) -> String {
    let project = create_project(state, &json!({"name": "Fine Tuning"}));
    let project = project.unwrap_or_else(|refusal| panic!("{}", refusal.message));
    let mut world = state.world();
    for runtime in [
        runtime("3.10", "JupyterLab", "Nvidia GPU", "ENABLED"),
        runtime("3.11", "Workbench", "Standard", "ENABLED"),
        runtime("3.11", "JupyterLab", "Nvidia GPU", "ENABLED"),
        runtime("3.12", "JupyterLab", "Nvidia GPU", "DISABLED"),
    ] {
        world.add("runtimes", runtime);
    }
    for (id, component, status) in [(1, "Spark", "AVAILABLE"), (2, "HadoopCLI", "DISABLED")] {
        let identifier = format!("{}-717", component.to_lowercase());
        world.add(
            "runtimeaddons",
            json!({"id": id, "identifier": identifier, "component": component, "display_name": component, "status": status}),
        );
    }
    world.add("nodelabels", label(1, "NVIDIA-L4", 1));
    project["id"].as_str().unwrap_or_default().to_owned()
}

/// A runtime as the API shows it.
pub(crate) fn runtime(python: &str, editor: &str, edition: &str, status: &str) -> Value {
    let (editor_word, edition_word) =
        (editor.to_lowercase(), edition.to_lowercase().replace("nvidia gpu", "cuda"));
    json!({
        "image_identifier": format!("docker.example.com/ml-runtime-{editor_word}-python{python}-{edition_word}:2024.05.1-b8"),
        "editor": editor, "kernel": format!("Python {python}"), "edition": edition, "full_version": "2024.05.1-b8",
        "description": format!("{edition} edition {editor} Python runtime"), "status": status, "register_user_id": 0,
    })
}

/// A label of GPUs as the API shows it.
pub(crate) fn label(id: u32, name: &str, gpus: u32) -> Value {
    json!({
        "id": id.to_string(), "label_key": "nvidia.com/gpu.product", "label_value": name, "availability": true,
        "max_gpu_count": gpus.to_string(), "current_gpu_count": gpus.to_string(),
        "max_gpu_per_workload": gpus.to_string(),
    })
}
