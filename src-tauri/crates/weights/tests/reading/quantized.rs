//! Quantized models, in each form in which it is written.

use safetensors::Dtype;
use weights::ModelFacts;

use crate::folders::{Content, folder};
use Content::{Tensors, TensorsOf, Text};

#[test]
fn the_method_is_read_from_each_form() {
    let cases = [
        (r#""quantization_config":{"quant_method":"gptq","bits":4}"#, Some("gptq")),
        (r#""quantization_config":{"quant_method":"AWQ"}"#, Some("awq")),
        (r#""quantization_config":{"load_in_8bit":true}"#, Some("bitsandbytes")),
        (r#""quantization_config":{"load_in_4bit":true,"quant_method":null}"#, Some("bitsandbytes")),
        (r#""quantization_config":{"_load_in_4bit":true,"bnb_4bit_quant_type":"nf4"}"#, Some("bitsandbytes")),
        (r#""quantization_config":{"load_in_8bit":false,"load_in_4bit":false}"#, None),
        (r#""quantization_config":{"w_bit":4,"q_group_size":128}"#, Some("awq")),
        (r#""quantization_config":{"bits":4,"desc_act":false}"#, Some("gptq")),
        (r#""quantization_config":{"bits":4}"#, Some("an unknown method")),
        (r#""quantization_config":{"quant_method":"hqq"}"#, Some("hqq")),
        (r#""quantization_config":{"quant_method":"mxfp4"}"#, Some("mxfp4")),
        (r#""quantization_config":{"quant_method":"fp8"}"#, Some("fp8")),
        (
            r#""quantization_config":{"activation_scheme":"dynamic","weight_block_size":[128,128]}"#,
            Some("fp8"),
        ),
        (r#""quantization_config":{"quant_method":"torchao","quant_type":{}}"#, Some("torchao")),
        (
            r#""quantization_config":{"quant_type":{"default":{"_type":"Int4WeightOnlyConfig"}}}"#,
            Some("torchao"),
        ),
        (r#""quantization_config":{"quant_algo":"NVFP4"}"#, Some("nvfp4")),
        (r#""quantization_config":{"config_groups":{}}"#, Some("compressed-tensors")),
        (r#""compression_config":{"format":"pack-quantized"}"#, Some("compressed-tensors")),
        (r#""compression_config":{}"#, None),
        (r#""quantization":{"bits":4,"group_size":64}"#, Some("mlx")),
        (r#""text_config":{"quantization_config":{"quant_method":"gptq"}}"#, Some("gptq")),
        (
            r#""thinker_config":{"text_config":{"quantization_config":{"load_in_4bit":true}}}"#,
            Some("bitsandbytes"),
        ),
        (r#""quantization_config":null"#, None),
        (r#""quantization_config":{}"#, None),
        (r#""quantization_config":"int4""#, None),
    ];
    for (config, expected) in cases {
        let config = format!("{{{config}}}");
        let facts = ModelFacts::from_config(&serde_json::from_str(&config).unwrap());
        assert_eq!(facts.quantization.as_deref(), expected, "{config}");
    }
}

#[test]
fn files_and_tensors_show_what_the_configuration_lacks() {
    let packed = TensorsOf(Dtype::I32, &[("model.layers.0.mlp.up_proj.qweight", &[4, 4])]);
    let cases: &[(&str, Content<'_>, Option<&str>, bool)] = &[
        ("quantize_config.json", Text(r#"{"bits":4,"desc_act":false}"#), Some("gptq"), true),
        ("quantize_config.json", Text(r#"{"quant_method":"marlin"}"#), Some("marlin"), true),
        ("quantize_config.json", Text("{"), Some("gptq"), true),
        ("quant_config.json", Text(r#"{"w_bit":4}"#), Some("awq"), true),
        ("hf_quant_config.json", Text("{}"), Some("modelopt"), true),
        ("README.md", Text(""), Some("gptq"), true),
    ];
    for (name, content, method, is_packed) in cases {
        let folder = folder(&[("config.json", Text("{}")), ("model.safetensors", packed), (name, *content)]);
        let facts = ModelFacts::read(folder.path()).unwrap();
        assert_eq!((facts.quantization.as_deref(), facts.packed), (*method, *is_packed), "{name}");
        assert_eq!(facts.parameters, Some(16), "{name}");
        assert!(facts.notes[0].contains("config.json does not say so"), "{name}: {:?}", facts.notes);
    }
}

#[test]
fn numbers_are_packed_if_one_holds_several_weights() {
    let cases: &[(&str, Content<'_>, bool)] = &[
        ("bitsandbytes", TensorsOf(Dtype::U8, &[("w", &[16, 1])]), true),
        ("gptq", TensorsOf(Dtype::I32, &[("w.qweight", &[4, 4])]), true),
        ("mxfp4", TensorsOf(Dtype::U8, &[("w_blocks", &[2, 2, 4])]), true),
        // One number for each weight.
        ("fp8", TensorsOf(Dtype::F8_E4M3, &[("w", &[4, 4])]), false),
        ("bitsandbytes", TensorsOf(Dtype::I8, &[("w", &[4, 4])]), false),
        ("torchao", TensorsOf(Dtype::I8, &[("w", &[4, 4])]), false),
        ("compressed-tensors", Tensors(&[("w", &[4, 4])]), false),
    ];
    for (method, tensors, expected) in cases {
        let config = format!(r#"{{"quantization_config":{{"quant_method":"{method}"}}}}"#);
        let folder = folder(&[("config.json", Text(&config)), ("model.safetensors", *tensors)]);
        assert_eq!(ModelFacts::read(folder.path()).unwrap().packed, *expected, "{method}");
    }
    // A mask of bytes, which GPT-2 had, is no packed number.
    let masks = TensorsOf(Dtype::U8, &[("h.0.attn.bias", &[4, 4])]);
    let folder = folder(&[("config.json", Text("{}")), ("model.safetensors", masks)]);
    assert!(!ModelFacts::read(folder.path()).unwrap().packed);
}
