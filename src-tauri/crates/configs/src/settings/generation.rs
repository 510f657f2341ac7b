//! The settings of text generation (`transformers.GenerationConfig`).

use crate::{
    ConfigType, Setting, SettingGroup,
    SettingKind::{self, Integer, Switch},
    SettingMark, TypedSettings,
    given::Given,
};

pub(super) static GENERATION: TypedSettings = TypedSettings {
    r#type: ConfigType::GenerationConfig,
    library: "transformers",
    default: r#"{"do_sample": true, "temperature": 0.8, "max_new_tokens": 60, "top_p": 1, "top_k": 50, "num_beams": 1, "repetition_penalty": 1.1, "max_length": null}"#,
    groups: &[
        SettingGroup::new("Length", LENGTH),
        SettingGroup::new("Choice of words", CHOICE),
        SettingGroup::new("Repetition", REPETITION),
        SettingGroup::new("Beam search", BEAMS),
    ],
    together,
};

fn together(given: &Given<'_>, marks: &mut Vec<SettingMark>) {
    if !given.on("do_sample") {
        for name in ["temperature", "top_p", "top_k", "min_p", "typical_p"] {
            if given.has(name) {
                marks.push(SettingMark::note(name, format!("{name} is ignored: do_sample is off.")));
            }
        }
    }
    let answers = given.number("num_return_sequences").unwrap_or(1.0);
    let beams = given.number("num_beams").unwrap_or(1.0);
    if answers > beams && (beams > 1.0 || !given.on("do_sample")) {
        let rest = if beams > 1.0 { "" } else { " while do_sample is off" };
        let message = format!("num_return_sequences can't be more than num_beams{rest}.");
        marks.push(SettingMark::wrong("num_return_sequences", message));
    }
    if given.has("max_new_tokens") && given.has("max_length") {
        let message = "max_length is ignored: max_new_tokens is given too.";
        marks.push(SettingMark::note("max_length", message));
    }
}

/// Every setting of a `GenerationConfig` may be null.
const fn setting(
    name: &'static str,
    label: &'static str,
    help: &'static str,
    kind: SettingKind,
    left_out: &'static str,
) -> Setting {
    Setting::new(name, label, help, kind, left_out).nullable()
}

const LENGTH: &[Setting] = &[
    setting(
        "max_new_tokens",
        "New tokens at most",
        "The answer ends after this many tokens at the latest.",
        Integer { min: 1 },
        "null",
    ),
    setting(
        "min_new_tokens",
        "New tokens at least",
        "The answer does not end before this many tokens.",
        Integer { min: 0 },
        "null",
    ),
    setting(
        "max_length",
        "Length at most",
        "Prompt and answer together, in tokens. New tokens at most goes before it.",
        Integer { min: 1 },
        "20",
    )
    .advanced(),
    setting(
        "min_length",
        "Length at least",
        "Prompt and answer together, in tokens.",
        Integer { min: 0 },
        "0",
    )
    .advanced(),
    setting(
        "stop_strings",
        "Stop texts",
        "The answer ends when one of these texts appears.",
        SettingKind::TEXTS,
        "null",
    )
    .advanced(),
    setting("max_time", "Seconds at most", "The answer ends after this time.", SettingKind::POSITIVE, "null")
        .advanced(),
];

const CHOICE: &[Setting] = &[
    setting(
        "do_sample",
        "Sample",
        "Draw each token at random, so that answers differ. Without it, the most likely token is always chosen.",
        Switch,
        "false",
    ),
    setting(
        "temperature",
        "Temperature",
        "Below 1 the likely tokens become likelier, above 1 the rare ones do. Only when sampling.",
        SettingKind::POSITIVE,
        "1.0",
    ),
    setting(
        "top_p",
        "Top p",
        "Draw only from the likeliest tokens that together have this probability. Only when sampling.",
        SettingKind::SHARE,
        "1.0",
    ),
    setting(
        "top_k",
        "Top k",
        "Draw only from this many of the likeliest tokens; 0 for all. Only when sampling.",
        Integer { min: 0 },
        "50",
    ),
    setting(
        "min_p",
        "Min p",
        "Leave out tokens less likely than this share of the likeliest one. Only when sampling.",
        SettingKind::SHARE,
        "null",
    )
    .advanced(),
    setting(
        "typical_p",
        "Typical p",
        "Prefer tokens about as surprising as expected; 1 for off. Only when sampling.",
        SettingKind::SHARE,
        "1.0",
    )
    .advanced(),
    setting(
        "num_return_sequences",
        "Answers",
        "How many answers are made for a prompt.",
        Integer { min: 1 },
        "1",
    )
    .advanced(),
];

const REPETITION: &[Setting] = &[
    setting(
        "repetition_penalty",
        "Repetition penalty",
        "Above 1, tokens that were used before become less likely; 1 for none.",
        SettingKind::POSITIVE,
        "1.0",
    ),
    setting(
        "no_repeat_ngram_size",
        "No repeated run of",
        "No run of this many tokens appears twice; 0 for no such rule.",
        Integer { min: 0 },
        "0",
    ),
];

const BEAMS: &[Setting] = &[
    setting(
        "num_beams",
        "Beams",
        "How many continuations are followed at once; 1 for a single one.",
        Integer { min: 1 },
        "1",
    ),
    setting(
        "length_penalty",
        "Length penalty",
        "Above 0 longer answers are preferred, below 0 shorter ones. Only with several beams.",
        SettingKind::Number { above: None, min: None, max: None },
        "1.0",
    )
    .advanced(),
    setting(
        "early_stopping",
        "Stop early",
        "Stop as soon as there are as many finished answers as beams; never only when no better one can come.",
        SettingKind::SwitchOr { texts: &["never"], open: false },
        "false",
    )
    .advanced(),
    setting("use_cache", "Keep past keys and values", "Much faster, for some memory.", Switch, "true")
        .advanced(),
];
