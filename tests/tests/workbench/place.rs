//! A studio with a workbench as its target.

use fake_workbench::{FakeWorkbench, KEY};
use serde_json::Value;
use stories::Fts;

/// The arguments that add the target `bench`, without its runtime.
pub(crate) fn add(there: &FakeWorkbench, options: &[String]) -> Vec<String> {
    let mut arguments =
        ["target", "add", "bench", "--kind", "cloudera", "--host"].map(str::to_owned).to_vec();
    arguments.extend([
        there.address().to_owned(),
        "--option".to_owned(),
        format!("project={}", there.project()),
    ]);
    arguments.extend(options.iter().flat_map(|option| ["--option".to_owned(), option.clone()]));
    arguments
}

/// The image of the runtime there that fits.
pub(crate) fn runtime(there: &FakeWorkbench) -> String {
    there.list("runtimes")[2]["image_identifier"].as_str().expect("an image").to_owned()
}

/// A studio that has the key.
pub(crate) fn studio() -> Fts {
    Fts::new().with_variable("CDSW_APIV2_KEY", KEY)
}

pub(crate) fn run(fts: &Fts, arguments: &[String]) -> Value {
    fts.json(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}
