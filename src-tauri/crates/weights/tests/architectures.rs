//! What is known of architectures, beside what a real Transformers and PEFT made of a tiny model of each.
//! `cargo xtask test --training` runs it with some, `--architectures` with all.

use std::{collections::BTreeMap, env, error::Error, fs, path::PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};
use weights::{Architecture, ModelFacts, Modules};

/// The folder that `worker/tests/train_architectures.py` wrote.
const FOLDER: &str = "ARCHITECTURES";

#[derive(Deserialize)]
struct Counted {
    lora: Map<String, Value>,
    /// What PEFT counts; none where it refuses the settings.
    trainable: Option<u64>,
}

fn folder() -> PathBuf {
    PathBuf::from(env::var_os(FOLDER).unwrap_or_default())
}

fn read<T: for<'de> Deserialize<'de>>(name: &str) -> Result<T, Box<dyn Error>> {
    Ok(serde_json::from_str(&fs::read_to_string(folder().join(name))?)?)
}

#[test]
#[ignore = "needs models of Transformers; cargo xtask test --training"]
fn what_is_known_is_what_transformers_has() {
    let made: BTreeMap<String, Architecture> = read("architectures.json").unwrap();
    assert!(!made.is_empty());
    for (model_type, made) in &made {
        assert_eq!(
            Architecture::find(model_type),
            Some(made),
            "{model_type}: cargo xtask test --architectures --update"
        );
    }
}

#[test]
#[ignore = "needs models of Transformers; cargo xtask test --training"]
fn parameters_are_counted_as_peft_counts_them() {
    let counts: BTreeMap<String, Vec<Counted>> = read("counts.json").unwrap();
    let mut wrong = Vec::new();
    let (mut right, mut unknown) = (0, Vec::new());
    for (model_type, counted) in &counts {
        let refused = Architecture::find(model_type).is_none_or(|known| known.refused.is_some());
        if counted.is_empty() || refused {
            continue;
        }
        let model = folder().join(model_type).join("model");
        let (facts, tensors) = match ModelFacts::read_with_tensors(&model) {
            Ok(read) => read,
            Err(error) => {
                wrong.push(format!("{model_type}: {}", error.message));
                continue;
            }
        };
        let modules = Modules::new(&facts, &tensors);
        for Counted { lora, trainable } in counted {
            let trained = modules.trained(lora);
            match (trained.parameters, trainable) {
                (Some(parameters), Some(trainable))
                    if parameters == *trainable && trained.problems.is_empty() =>
                {
                    right += 1
                }
                (None, Some(_)) if trained.problems.is_empty() => unknown.push(model_type),
                (_, None) => {}
                _ => wrong.push(format!(
                    "{model_type}: {trained:?}, PEFT: {trainable:?}, {}",
                    Value::Object(lora.clone())
                )),
            }
        }
    }
    unknown.dedup();
    println!("{right} counts agree; not counted: {unknown:?}");
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), wrong.len() + right, wrong.join("\n"));
}
