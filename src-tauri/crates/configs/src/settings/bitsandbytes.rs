//! The settings of quantization (`transformers.BitsAndBytesConfig`).

use crate::{
    ConfigType, Setting, SettingGroup,
    SettingKind::{self, Switch},
    SettingMark, TypedSettings,
    given::Given,
};

pub(super) static BITSANDBYTES: TypedSettings = TypedSettings {
    r#type: ConfigType::BitsandbytesConfig,
    library: "transformers, bitsandbytes",
    default: r#"{"load_in_4bit": true, "bnb_4bit_quant_type": "nf4", "bnb_4bit_compute_dtype": "float16", "bnb_4bit_use_double_quant": true, "quant_method": "bitsandbytes"}"#,
    groups: &[
        SettingGroup::new("Precision", PRECISION),
        SettingGroup::new("In 4 bits", FOUR_BITS),
        SettingGroup::new("In 8 bits", EIGHT_BITS),
    ],
    together,
};

fn together(given: &Given<'_>, marks: &mut Vec<SettingMark>) {
    single(given, marks);
    match (given.on("load_in_4bit"), given.on("load_in_8bit")) {
        (true, true) => marks.push(SettingMark::wrong(
            "load_in_8bit",
            "load_in_4bit and load_in_8bit can't both be on: choose one.",
        )),
        (false, false) => marks.push(SettingMark::note(
            "load_in_4bit",
            "Nothing is quantized: neither load_in_4bit nor load_in_8bit is on.",
        )),
        (false, true) => {
            for name in given.names().filter(|name| name.starts_with("bnb_4bit_")) {
                let message = format!("{name} is ignored: the weights are loaded in 8 bits.");
                marks.push(SettingMark::note(name, message));
            }
        }
        (true, false) => {}
    }
}

/// What the constructor of `BitsAndBytesConfig` refuses of single values.
fn single(given: &Given<'_>, marks: &mut Vec<SettingMark>) {
    let name = "bnb_4bit_compute_dtype";
    if let Some(dtype) = given.text(name).filter(|dtype| !FLOATS.contains(dtype)) {
        let plain = dtype.strip_prefix("torch.").filter(|plain| FLOATS.contains(plain));
        let question = plain.map_or(String::new(), |plain| format!(" Write {plain}."));
        let message = format!("{name} must be one of {}, not {dtype:?}.{question}", FLOATS.join(", "));
        marks.push(SettingMark::wrong(name, message));
    }
    let name = "llm_int8_threshold";
    if let Some(number) = given.integer(name) {
        let message = format!("{name} must be written with a decimal point: {number}.0, not {number}.");
        marks.push(SettingMark::wrong(name, message));
    }
    let name = "llm_int8_skip_modules";
    if let Some(text) = given.text(name) {
        let example = if text == "null" { "lm_head" } else { text };
        let message = format!(
            "{name} must be a list of texts, such as [{example:?}], not {text:?}; or null for not set."
        );
        marks.push(SettingMark::wrong(name, message));
    }
}

/// The data types of PyTorch that weights can be unpacked to, by all their names.
const FLOATS: &[&str] = &["bfloat16", "float16", "float32", "float64", "half", "float", "double"];

const DTYPES: SettingKind = SettingKind::Choice { options: &["bfloat16", "float16", "float32"], open: true };

const PRECISION: &[Setting] = &[
    Setting::new(
        "load_in_4bit",
        "Load in 4 bits",
        "Keeps the model's weights in 4 bits, about a quarter of the memory of 16. Choose it where the model does not fit otherwise; answers get a little worse, and on a CPU it is very slow.",
        Switch,
        "false",
    ),
    Setting::new(
        "load_in_8bit",
        "Load in 8 bits",
        "Keeps the model's weights in 8 bits, about half the memory of 16. Choose it where 4 bits lose too much; it is slower than 16 bits.",
        Switch,
        "false",
    ),
    Setting::new(
        "quant_method",
        "Method",
        "The name by which transformers finds the quantization. Choose bitsandbytes, the only one that quantizes while a model loads here.",
        SettingKind::one_of(&["bitsandbytes"]),
        "\"bitsandbytes\"",
    )
    .advanced(),
];

const FOUR_BITS: &[Setting] = &[
    Setting::new(
        "bnb_4bit_quant_type",
        "Number format",
        "How a weight is written in 4 bits. Choose nf4, which is made for normally distributed weights, as trained ones are; fp4 is a plain 4-bit float and loses more.",
        SettingKind::one_of(&["nf4", "fp4"]),
        "\"fp4\"",
    ),
    Setting::new(
        "bnb_4bit_compute_dtype",
        "Precision of the sums",
        "What the 4-bit weights are unpacked to. Choose bfloat16 where the device has it, else float16; float32 takes twice the memory and is slower.",
        DTYPES,
        "\"float32\"",
    )
    .nullable(),
    Setting::new(
        "bnb_4bit_use_double_quant",
        "Quantize twice",
        "Quantizes the scales as well, which saves about 0.4 bits a weight. Choose it where memory is short; unpacking takes a little longer.",
        Switch,
        "false",
    ),
    Setting::new(
        "bnb_4bit_quant_storage",
        "Storage type",
        "The data type of the packed weights in memory. Choose bfloat16 for training that is sharded over devices (FSDP), which needs one type for all weights; elsewhere it changes nothing.",
        SettingKind::one_of(&["uint8", "int8", "bfloat16", "float16", "float32", "float64"]),
        "\"uint8\"",
    )
    .nullable()
    .advanced(),
];

const EIGHT_BITS: &[Setting] = &[
    Setting::new(
        "llm_int8_threshold",
        "Threshold of outliers",
        "Activations beyond this are computed in 16 bits. Choose less for a more exact result, which is slower, and 0.0 to compute all of them in 8 bits.",
        SettingKind::NOT_NEGATIVE,
        "6.0",
    ),
    Setting::new(
        "llm_int8_skip_modules",
        "Modules left as they are",
        "Layers that are not quantized, such as lm_head. Choose those that lose most by it; they take the memory of 16 bits.",
        SettingKind::TEXTS,
        "null",
    )
    .advanced(),
    Setting::new(
        "llm_int8_enable_fp32_cpu_offload",
        "Spill to main memory",
        "Leaves weights that do not fit the device in main memory, in 32 bits. Choose it to try a model that is too large; each answer waits for the transfers.",
        Switch,
        "false",
    )
    .advanced(),
    Setting::new(
        "llm_int8_has_fp16_weight",
        "Keep 16-bit weights",
        "Keeps a copy of the weights in 16 bits beside those in 8. Choose it only for libraries that train the quantized weights; it takes more memory than 16 bits alone.",
        Switch,
        "false",
    )
    .advanced(),
];
