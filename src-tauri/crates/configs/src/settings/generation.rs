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
        "The answer ends after this many tokens at the latest. Choose enough for your longest answer: a shorter limit cuts answers off, a longer one costs time where a model does not stop.",
        Integer { min: 1 },
        "null",
    ),
    setting(
        "min_new_tokens",
        "New tokens at least",
        "The answer does not end before this many tokens. Choose it where answers are empty or too short; a model that has said all goes on writing.",
        Integer { min: 0 },
        "null",
    ),
    setting(
        "max_length",
        "Length at most",
        "The tokens of prompt and answer together. Choose new tokens at most instead, which goes before it: a long prompt leaves no room for an answer here.",
        Integer { min: 1 },
        "20",
    )
    .advanced(),
    setting(
        "min_length",
        "Length at least",
        "The tokens of prompt and answer together, at least. Choose new tokens at least instead: a long prompt is as long by itself.",
        Integer { min: 0 },
        "0",
    )
    .advanced(),
    setting(
        "stop_strings",
        "Stop texts",
        "The answer ends when one of these texts appears. Choose what begins the next turn, such as a role, where a model does not stop by itself; each token takes a little longer.",
        SettingKind::TEXTS,
        "null",
    )
    .advanced(),
    setting("max_time", "Seconds at most", "The answer ends after so many seconds. Choose it where a slow device must not hold up the others; answers then depend on the speed of the machine.", SettingKind::POSITIVE, "null")
        .advanced(),
];

const CHOICE: &[Setting] = &[
    setting(
        "do_sample",
        "Sample",
        "Draws each token at random, so that answers differ. Choose it for free texts, and off for labels, facts and comparisons: then the most likely token is always chosen.",
        Switch,
        "false",
    ),
    setting(
        "temperature",
        "Temperature",
        "Below 1 the likely tokens become likelier, above 1 the rare ones do; only when sampling. Choose 0.2 to 0.7 for reliable answers, and about 1 for varied ones, which err more.",
        SettingKind::POSITIVE,
        "1.0",
    ),
    setting(
        "top_p",
        "Top p",
        "Draws only from the likeliest tokens that together have this probability; only when sampling. Choose 0.9 where answers go astray; rare words are lost.",
        SettingKind::SHARE,
        "1.0",
    ),
    setting(
        "top_k",
        "Top k",
        "Draws only from this many of the likeliest tokens, 0 for all; only when sampling. Choose 20 to 50 where answers go astray; rare words are lost.",
        Integer { min: 0 },
        "50",
    ),
    setting(
        "min_p",
        "Min p",
        "Leaves out tokens less likely than this share of the likeliest one; only when sampling. Choose 0.05 to 0.1 with a high temperature, which stays sensible then; answers vary less.",
        SettingKind::SHARE,
        "null",
    )
    .advanced(),
    setting(
        "typical_p",
        "Typical p",
        "Prefers tokens about as surprising as expected, 1 for off; only when sampling. Choose 0.9 where texts sound flat or odd; it takes a little time, and top p is the usual way.",
        SettingKind::SHARE,
        "1.0",
    )
    .advanced(),
    setting(
        "num_return_sequences",
        "Answers",
        "How many answers are made for a prompt. Choose several to see how much they differ; they take memory and time each.",
        Integer { min: 1 },
        "1",
    )
    .advanced(),
];

const REPETITION: &[Setting] = &[
    setting(
        "repetition_penalty",
        "Repetition penalty",
        "Above 1, tokens that were used before become less likely; 1 for none. Choose 1.05 to 1.2 where answers go round in circles; more keeps the model from words that it needs.",
        SettingKind::POSITIVE,
        "1.0",
    ),
    setting(
        "no_repeat_ngram_size",
        "No repeated run of",
        "No run of this many tokens appears twice, 0 for no such rule. Choose 3 or 4 where whole phrases come again; names and figures of so many tokens can't be repeated either.",
        Integer { min: 0 },
        "0",
    ),
];

const BEAMS: &[Setting] = &[
    setting(
        "num_beams",
        "Beams",
        "How many continuations are followed at once, 1 for a single one. Choose 3 to 5 for short, exact answers such as translations; time and memory grow with each.",
        Integer { min: 1 },
        "1",
    ),
    setting(
        "length_penalty",
        "Length penalty",
        "Above 0 longer answers are preferred, below 0 shorter ones; only with several beams. Choose it where answers are regularly too short or too long; better ones of another length are lost.",
        SettingKind::Number { above: None, min: None, max: None },
        "1.0",
    )
    .advanced(),
    setting(
        "early_stopping",
        "Stop early",
        "Stops as soon as there are as many finished answers as beams; never only when no better one can come. Choose it to save time with several beams; a better answer may be missed.",
        SettingKind::SwitchOr { texts: &["never"], open: false },
        "false",
    )
    .advanced(),
    setting("use_cache", "Keep past keys and values", "Keeps the keys and values of past tokens, so that they are not computed again. Choose off only where memory is very short: answers take many times longer.", Switch, "true")
        .advanced(),
];
