//! The fixed wire contract: the message of each resource, and the way there and back.

use prost_reflect::{DynamicMessage, Kind as Wire, prost::Message as _};
use serde_json::json;
use studio::{
    resources::{ConfigType, FineTuningJob, ModelExportType, ModelFrameworkType, TABLES},
    schema::{Affinity, MappedDict, Resource, TableName, TextEnum, for_each_resource},
    wire::{MappedProtobuf, message_descriptor},
};

use crate::world::row;

/// Columns that the contract has never carried.
const INVISIBLE: &[(&str, &[&str])] = &[
    ("models", &["description"]),
    ("adapters", &["description"]),
    ("prompts", &["description"]),
    (
        "fine_tuning_jobs",
        &["training_arguments_config_id", "model_bnb_config_id", "adapter_bnb_config_id", "lora_config_id"],
    ),
    ("evaluation_jobs", &["model_bnb_config_id", "adapter_bnb_config_id", "generation_config_id"]),
];

#[test]
fn every_column_fits_its_message() {
    for table in TABLES {
        let Some(name) = table.message else { continue };
        let message = message_descriptor(name).unwrap();
        let invisible =
            INVISIBLE.iter().find(|(name, _)| *name == table.name.into_str()).map_or(&[][..], |i| i.1);
        for column in table.columns {
            let field = message.get_field_by_name(column.name);
            assert_eq!(field.is_none(), invisible.contains(&column.name), "{}.{}", table.name, column.name);
            let Some(field) = field else { continue };
            let fits = match column.affinity() {
                Affinity::Text => field.kind() == Wire::String,
                Affinity::Integer => field.kind() == Wire::Int32,
                Affinity::Real => field.kind() == Wire::Float,
            };
            assert!(fits, "{}.{} is {:?} on the wire", table.name, column.name, field.kind());
        }
        for field in message.fields() {
            // The one field no column backs, and nobody ever filled.
            let ghost = table.name == TableName::FineTuningJobs && field.name() == "user_config";
            assert!(ghost || table.column(field.name()).is_some(), "{name}.{}", field.name());
        }
    }
}

/// A resource with every column set, to the contract's bytes and back.
fn there_and_back<R: Resource + std::fmt::Debug>() {
    let mut dict = serde_json::Map::new();
    for (at, column) in R::TABLE.columns.iter().enumerate() {
        let value = match column.affinity() {
            Affinity::Text => json!(format!("{} {at}", column.name)),
            Affinity::Integer => json!(at),
            Affinity::Real => json!(0.9),
        };
        dict.insert(column.name.to_owned(), value);
    }
    let resource = R::from_dict(&dict).unwrap();
    assert_eq!(resource.to_dict(), dict, "a dictionary loses something");

    let bytes = resource.to_protobuf().unwrap().encode_to_vec();
    let descriptor = message_descriptor(R::TABLE.message.unwrap()).unwrap();
    let back =
        R::from_message(&DynamicMessage::decode(descriptor.clone(), bytes.as_slice()).unwrap()).unwrap();
    dict.retain(|name, _| descriptor.get_field_by_name(name).is_some());
    assert_eq!(back.to_dict(), dict, "a message loses something");

    assert_eq!(R::default().to_dict(), serde_json::Map::new());
    assert_eq!(R::default().to_protobuf().unwrap().encode_to_vec(), b"", "an unset field was sent");
}

macro_rules! all_there_and_back {
    ($($module:ident: $resource:ident => $table:ident = $text:literal;)+) => {
        $(there_and_back::<studio::resources::$resource>();)+
    };
}

#[test]
fn every_resource_there_and_back() {
    for_each_resource!(all_there_and_back);
}

#[test]
fn floats_are_32_bit_on_the_wire_and_stay_what_was_written() {
    let job =
        FineTuningJob::from_dict(&row(json!({"learning_rate": 0.0002, "train_test_split": 0.9}))).unwrap();
    let message = job.to_protobuf().unwrap();
    let sent = message.get_field_by_name("train_test_split").unwrap().as_f32().unwrap();
    assert!((f64::from(sent) - 0.899_999_976_158_142_1).abs() < 1e-18);
    assert_eq!(FineTuningJob::from_message(&message).unwrap(), job);
}

#[test]
fn dictionaries_skip_null_and_name_what_does_not_fit() {
    let job = FineTuningJob::from_dict(&row(json!({"num_cpu": null, "no such column": 1}))).unwrap();
    assert_eq!(job, FineTuningJob::default());
    let error = FineTuningJob::from_dict(&row(json!({"num_cpu": "two"}))).unwrap_err();
    assert!(error.message.contains("fine-tuning job"), "{error}");
}

#[test]
fn enums_are_the_texts_of_the_contract() {
    let texts = |all: &[ConfigType]| all.iter().map(|v| v.as_str()).collect::<Vec<_>>().join(" ");
    assert_eq!(
        texts(ConfigType::ALL),
        "training_arguments bitsandbytes_config generation_config lora_config custom axolotl axolotl_dataset_formats"
    );
    assert_eq!("cml_model".parse(), Ok(ModelExportType::CmlModel));
    assert_eq!("onnx".parse(), Ok(ModelFrameworkType::Onnx));
    assert!("ONNX".parse::<ModelFrameworkType>().is_err());
}
