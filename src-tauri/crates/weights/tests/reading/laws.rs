//! What holds for every folder.

use std::{collections::BTreeSet, fs};

use proptest::prelude::*;
use safetensors::Dtype;
use weights::{AdapterFacts, ModelFacts, Weights};

use crate::folders::{Content, folder, write};
use Content::{TensorsOf, Text};

/// Any JSON, with the keys that are looked for among its names.
fn any_json() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "text_config",
        "decoder",
        "thinker_config",
        "llm_config",
        "vocab_size",
        "hidden_size",
        "num_hidden_layers",
        "layers_block_type",
        "quantization_config",
        "quant_method",
        "load_in_4bit",
        "rope_scaling",
        "rope_type",
        "factor",
        "architectures",
        "weight_map",
        "chat_template",
        "target_modules",
        "rank_pattern",
        "r",
        "peft_type",
        "name",
    ]);
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("Infinity".to_owned()),
        Just("NaN".to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        Just("18446744073709551615".to_owned()),
        Just("1e400".to_owned()),
        "\"[a-z\\[\\],./_-]{0,8}\"",
    ];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|list| format!("[{}]", list.join(","))),
            prop::collection::vec((key.clone(), inner), 0..6).prop_map(|members| {
                let members: Vec<_> =
                    members.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_json_makes_the_reader_of_a_folder_panic(config in any_json(), index in any_json(), settings in any_json()) {
        for name in ["config.json", "adapter_config.json"] {
            let folder = folder(&[
                (name, Text(&config)),
                ("model.safetensors.index.json", Text(&index)),
                ("pytorch_model.bin.index.json", Text(&config)),
                ("tokenizer_config.json", Text(&settings)),
                ("quantize_config.json", Text(&settings)),
            ]);
            if let Err(error) = Weights::read(folder.path()) {
                prop_assert!(!error.message.contains("line 0") && !error.message.contains("expected"), "{}", error);
            }
        }
    }

    #[test]
    fn parameters_are_the_sum_of_the_products_of_the_shapes(
        parts in prop::collection::vec(prop::collection::vec(prop::collection::vec(1_usize..5, 0..4), 1..5), 1..4),
    ) {
        let folder = folder(&[("config.json", Text("{}"))]);
        let mut expected = 0;
        for (at, shapes) in parts.iter().enumerate() {
            let names: Vec<_> = (0..shapes.len()).map(|n| format!("layer.{at}.{n}")).collect();
            let tensors: Vec<_> = names.iter().map(String::as_str).zip(shapes.iter().map(Vec::as_slice)).collect();
            let name = format!("model-{:05}-of-{:05}.safetensors", at + 1, parts.len());
            write(&folder.path().join(name), TensorsOf(Dtype::BF16, &tensors));
            expected += shapes.iter().map(|shape| shape.iter().product::<usize>() as u64).sum::<u64>();
        }
        let facts = ModelFacts::read(folder.path()).unwrap();
        prop_assert_eq!(facts.parameters, Some(expected));
        prop_assert_eq!(facts.precisions.iter().map(|p| p.parameters).sum::<u64>(), expected);
        prop_assert!(facts.missing.is_empty());
    }

    #[test]
    fn parts_that_are_there_and_those_missing_are_the_parts_of_the_index(
        there in prop::collection::vec(any::<bool>(), 1..8),
        pytorch in any::<bool>(),
    ) {
        let (stem, extension) = if pytorch { ("pytorch_model", "bin") } else { ("model", "safetensors") };
        let of = there.len();
        let names: Vec<_> = (1..=of).map(|at| format!("{stem}-{at:05}-of-{of:05}.{extension}")).collect();
        let map: Vec<_> = names.iter().map(|name| format!("\"{name}\":\"{name}\"")).collect();
        let index = format!("{{\"weight_map\":{{{}}}}}", map.join(","));
        let folder = folder(&[("config.json", Text("{}"))]);
        fs::write(folder.path().join(format!("{stem}.{extension}.index.json")), index).unwrap();
        for (name, _) in names.iter().zip(&there).filter(|(_, there)| **there) {
            let content = if pytorch { Content::PyTorch(2000) } else { Content::Tensors(&[("a", &[1])]) };
            write(&folder.path().join(name), content);
        }
        let facts = ModelFacts::read(folder.path()).unwrap();
        let present = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let found: BTreeSet<_> = present.filter(|name| names.contains(name)).chain(facts.missing.clone()).collect();
        prop_assert_eq!(found, names.into_iter().collect::<BTreeSet<_>>());
        prop_assert_eq!(facts.missing.len(), there.iter().filter(|there| !**there).count());
    }

    #[test]
    fn an_adapter_of_any_json_is_read_or_refused(config in any_json()) {
        let folder = folder(&[("adapter_config.json", Text(&config))]);
        let _ = AdapterFacts::read(folder.path());
    }
}
