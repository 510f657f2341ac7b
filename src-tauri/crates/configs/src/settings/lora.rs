//! The settings of a LoRA adapter (`peft.LoraConfig`).

use crate::{
    ConfigType, Setting, SettingGroup,
    SettingKind::{self, Integer, Switch},
    SettingMark, TypedSettings,
    given::Given,
};

pub(super) static LORA: TypedSettings = TypedSettings {
    r#type: ConfigType::LoraConfig,
    library: "peft",
    default: r#"{"r": 16, "lora_alpha": 32, "lora_dropout": 0.05, "target_modules": "all-linear", "bias": "none", "task_type": "CAUSAL_LM"}"#,
    groups: &[
        SettingGroup::new("Size", SIZE),
        SettingGroup::new("Where it acts", PLACES),
        SettingGroup::new("Variants", VARIANTS),
    ],
    together,
};

/// What the constructor of `LoraConfig` refuses.
fn together(given: &Given<'_>, marks: &mut Vec<SettingMark>) {
    let mut wrong = |name: &str, message: &str| marks.push(SettingMark::wrong(name, message));
    if given.on("lora_bias") && given.on("use_dora") {
        wrong("lora_bias", "lora_bias and use_dora can't both be on: choose one.");
    }
    if given.on("lora_bias") && given.is_text("init_lora_weights") {
        wrong("lora_bias", "lora_bias needs init_lora_weights to be true or false.");
    }
    for name in ["layers_to_transform", "layers_pattern"] {
        if given.is_text("target_modules") && given.has(name) {
            let message = format!("{name} can't be used while target_modules is a text: write it as a list.");
            wrong(name, &message);
        }
    }
    if given.is_truthy("layers_pattern") && !given.has("layers_to_transform") {
        wrong("layers_pattern", "layers_pattern needs layers_to_transform too.");
    }
    if given.is_text("target_parameters") {
        wrong("target_parameters", "target_parameters must be a list of texts; or null for not set.");
    }
    if given.text("init_lora_weights") == Some("loftq") && !given.is_truthy("loftq_config") {
        wrong("init_lora_weights", "init_lora_weights loftq needs loftq_config too.");
    }
    if given.on("use_dora") && given.is_truthy("megatron_config") {
        wrong("use_dora", "use_dora can't be on together with megatron_config.");
    }
    if given.is_text("modules_to_save") {
        wrong(
            "modules_to_save",
            "modules_to_save must be a list of texts, such as [\"lm_head\"]: peft reads a text letter by letter.",
        );
    }
}

const SIZE: &[Setting] = &[
    Setting::new(
        "r",
        "Rank",
        "How much the adapter can learn. Choose 8 to 64, and more for much new knowledge: twice the rank is twice the size, and learns few rows by heart sooner.",
        Integer { min: 1 },
        "8",
    ),
    Setting::new(
        "lora_alpha",
        "Alpha",
        "How strongly the adapter acts: its output is scaled by alpha divided by rank. Choose once or twice the rank; more works like a higher learning rate.",
        // peft divides it by the rank and takes 16.0 as well.
        SettingKind::POSITIVE,
        "8",
    ),
    Setting::new(
        "rank_pattern",
        "Ranks of single modules",
        "Gives the named modules another rank than the others. Choose it to spend more of the adapter where a model learns most, such as q_proj; other programs may read a single rank only.",
        SettingKind::NumberOfEach,
        "{}",
    )
    .advanced(),
    Setting::new(
        "alpha_pattern",
        "Alphas of single modules",
        "Gives the named modules another alpha than the others. Choose it with ranks of single modules, so that their scale stays the same; other programs may read a single alpha only.",
        SettingKind::NumberOfEach,
        "{}",
    )
    .advanced(),
    Setting::new(
        "lora_dropout",
        "Dropout",
        "The share of the adapter's inputs that is left out at random while training. Choose 0.05 to 0.1 where few rows are learned by heart; it takes some steps more.",
        SettingKind::Number { above: None, min: Some(0.0), max: Some(0.99) },
        "0.0",
    ),
];

const PLACES: &[Setting] = &[
    Setting::new(
        "target_modules",
        "Target modules",
        "The layers that get an adapter, such as q_proj and v_proj, or all-linear for every linear layer but the output. Choose fewer to save memory, for somewhat worse results; left out, peft chooses for the architectures that it knows, and all-linear is used for others.",
        SettingKind::List { alone: &["all-linear"] },
        "null",
    ),
    Setting::new(
        "task_type",
        "Task",
        "What the model is for. Choose CAUSAL_LM, which writes text: all methods but the reward model train such models, and that one sets SEQ_CLS by itself.",
        SettingKind::one_of(&[
            "CAUSAL_LM", "SEQ_2_SEQ_LM", "SEQ_CLS", "TOKEN_CLS", "QUESTION_ANS", "FEATURE_EXTRACTION",
        ]),
        "null",
    ),
    Setting::new(
        "bias",
        "Biases",
        "Which biases are trained as well. Choose another than none only to follow a recipe: the base model then answers differently even when the adapter is off.",
        SettingKind::one_of(&["none", "all", "lora_only"]),
        "\"none\"",
    ),
    Setting::new(
        "modules_to_save",
        "Modules trained in full",
        "Layers that are trained whole and saved with the adapter. Choose embed_tokens and lm_head where the rows use tokens that the model has never learned; it costs memory, and an adapter as large as these layers.",
        SettingKind::TEXTS,
        "null",
    )
    .advanced(),
    Setting::new(
        "exclude_modules",
        "Excluded modules",
        "Layers that get no adapter although the target modules name them. Choose routers or single layers that should stay as they are; what they would have learned is left to the others.",
        SettingKind::TEXTS,
        "null",
    )
    .advanced(),
    Setting::new(
        "fan_in_fan_out",
        "Transposed weights",
        "Tells that the target layers keep their weights transposed, as GPT-2's do. Choose it only for a model of your own with such layers: for known ones peft sets it, and others would be trained wrongly.",
        Switch,
        "false",
    )
    .advanced(),
];

const VARIANTS: &[Setting] = &[
    Setting::new(
        "use_rslora",
        "Rank-stabilized scaling",
        "Scales by alpha divided by the root of the rank. Choose it for ranks of 64 and more, which otherwise learn little; other programs may ignore it, so merge the adapter for them.",
        Switch,
        "false",
    ),
    Setting::new(
        "use_dora",
        "DoRA",
        "Learns the size and the direction of each weight apart. Choose it at low ranks, where it is often better; it is slower, and needs more memory.",
        Switch,
        "false",
    ),
    Setting::new(
        "init_lora_weights",
        "Start of the weights",
        "What the adapter's matrices begin with; true changes nothing at first. Choose pissa or olora to begin with the base's own directions, which can learn faster; the start takes longer, and rank and alpha double in what is saved.",
        SettingKind::SwitchOr { texts: &["gaussian", "orthogonal", "pissa", "pissa_niter_16", "olora"], open: true },
        "true",
    )
    .advanced(),
    Setting::new(
        "lora_bias",
        "Bias in the adapter",
        "Gives the second of the adapter's two matrices a bias of its own. Choose it for adapters that are taken out of a finished model; other programs may not read it.",
        Switch,
        "false",
    )
    .advanced(),
];
