//! Every earlier name of a command does what the command under its noun does.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use regex::Regex;
use serde_json::{Value, json};
use stories::{Fts, built, fts::Answer, samples};

/// An earlier name, the command that it stands for, and arguments to run both with. Words in
/// braces stand for what [`Studio`] has.
type Pair = (&'static str, &'static str, &'static [&'static [&'static str]]);

const PAIRS: &[Pair] = &[
    (
        "import-dataset",
        "dataset import",
        &[&["tickets.csv", "--name", "Second"], &["tickets.csv", "--name", "Tickets"], &["gone.csv"]],
    ),
    ("preview-dataset", "dataset preview", &[&["{dataset}", "--rows", "3", "--offset", "2"], &["gone.csv"]]),
    ("profile-dataset", "dataset profile", &[&["{dataset}"], &["gone.csv"]]),
    ("dataset-file", "dataset status", &[&["{dataset}"], &["{dataset}", "--verify"], &["nobody"]]),
    ("relocate-dataset", "dataset relocate", &[&["{dataset}", "other.csv"], &["{dataset}", "gone.csv"]]),
    (
        "diagnose",
        "dataset validate",
        &[&["tasks.csv"], &["{dataset}", "--list", "problems.csv"], &["gone.csv"]],
    ),
    (
        "convert",
        "dataset convert",
        &[&["tasks.csv", "--to", "chat", "chat.jsonl"], &["tasks.csv", "--to", "song", "song.jsonl"]],
    ),
    ("inspect", "model inspect", &[&["model"], &["adapter"], &["gone"]]),
    ("inspect", "adapter inspect", &[&["adapter"]]),
    (
        "render-prompt",
        "prompt render",
        &[&["{prompt}", "--row", "2"], &["{prompt}", "--row", "1000"], &["nobody"]],
    ),
    ("suggest-prompt", "prompt suggest", &[&["{dataset}"], &["nobody"]]),
    ("config-presets", "config presets", &[&[], &["--type", "lora_config"], &["--type", "song"]]),
    ("set-preset", "config set-preset", &[&["{config}"], &["{config}", "--off"], &["nobody"]]),
    ("diff-configs", "config diff", &[&["{config}", "{other_config}"], &["{config}", "nobody"]]),
    ("axolotl-formats", "config axolotl-formats", &[&["{dataset}"], &["nobody"]]),
    (
        "train",
        "run train",
        &[
            &["--data", "@training.json", "--wait"],
            &["--data", "@training.json", "--dry-run"],
            &["--data", "{}"],
            &["--data", "song"],
            &["--data", "@gone.json"],
        ],
    ),
    (
        "evaluate",
        "run evaluate",
        &[
            &["--data", "@evaluation.json", "--wait"],
            &["--data", "@evaluation.json", "--dry-run"],
            &["--data", "{}"],
        ],
    ),
    ("runs", "run list", &[&[]]),
    ("show-run", "run show", &[&["{run}"], &["nobody"]]),
    ("logs", "run logs", &[&["{run}"], &["{run}", "--follow"], &["nobody"]]),
    ("stop", "run stop", &[&["{run}", "--wait"], &["nobody"]]),
    ("retry", "run retry", &[&["{run}"], &["{failed}", "--wait"], &["nobody"]]),
    ("results", "run results", &[&["{evaluation}", "--rows", "1"], &["{run}"], &["nobody"]]),
    ("queue", "run queue", &[&[], &["--pause"], &["--at-once", "2"], &["--pause", "--resume"]]),
    (
        "export",
        "snapshot export",
        &[
            &["all.json"],
            &["all.sqlite", "--tables", "models,prompts"],
            &["some.csv", "--table", "models", "--ids", "{model}"],
            &["some.csv"],
        ],
    ),
    (
        "import",
        "snapshot import",
        &[&["snapshot.json", "--dry-run"], &["snapshot.json", "--on-conflict", "replace"], &["tickets.csv"]],
    ),
    ("backup", "backup create", &[&[]]),
    ("backups", "backup list", &[&[], &["--keep-last", "3"]]),
    ("restore", "backup restore", &[&["{backup}"], &["nobody"]]),
    ("deleted", "trash list", &[&[], &["--limit", "1"]]),
    (
        "bring-back",
        "trash restore",
        &[&["{deletion}"], &["{deletion}", "--missing", "bring-back"], &["1000"], &["one"]],
    ),
    ("purge", "trash purge", &[&["{deletion}"], &["1000"]]),
    ("environment", "env", &[&[], &["use", "--managed"], &["use", "tickets.csv"], &["create"], &["remove"]]),
    ("environment", "env show", &[&[]]),
    ("hub-cache", "hub cache", &[&[]]),
    ("hub-info", "hub info", &[&["model", "acme/tiny"], &["song", "acme/tiny"]]),
];

/// The nouns of the tables, whose verbs are also commands with the table as an argument.
const TABLES: &[(&str, &str)] = &[
    ("datasets", "dataset"),
    ("models", "model"),
    ("adapters", "adapter"),
    ("prompts", "prompt"),
    ("configs", "config"),
    ("fine_tuning_jobs", "fine-tuning-job"),
    ("evaluation_jobs", "evaluation-job"),
];

/// A studio with a row of each kind, a run that succeeded, one that failed and an evaluation. Its
/// folder can be put back into this state.
struct Studio {
    fts: Fts,
    saved: tempfile::TempDir,
    names: Vec<(&'static str, String)>,
}

impl Studio {
    fn new() -> Self {
        let fts = Fts::new();
        let nothing = fts.path("nothing");
        let fts = ["PATH", "PYENV_ROOT", "HOME", "VIRTUAL_ENV", "CONDA_PREFIX"]
            .iter()
            .fold(fts, |fts, name| fts.with_variable(name, nothing.clone()))
            .with_variable("FINE_TUNING_STUDIO_WORKER", built::program("fake-worker"));
        fts.file("tasks.csv", "instruction,output\nAdd 1 and 1.,2\nAdd 2 and 2.,\n");
        fts.file("other.csv", samples::tickets_csv(20));
        samples::model(fts.path("model").as_ref());
        samples::adapter(fts.path("adapter").as_ref(), "acme/tiny");
        let dataset = fts.import(&fts.file("tickets.csv", samples::tickets_csv(30)), "Tickets");
        let location = fts.path("model");
        let model = fts.create("models", &json!({"type": "project", "name": "Tiny", "location": location}));
        let prompt = fts.create(
            "prompts",
            &json!({
                "name": "Intent", "dataset_id": dataset,
                "input_template": "Say the intent.\n{instruction}\n", "completion_template": "{intent}",
            }),
        );
        let config = |rank: u32| {
            let text = json!({"r": rank}).to_string();
            fts.create(
                "configs",
                &json!({"type": "lora_config", "description": rank.to_string(), "config": text}),
            )
        };
        let (config, other_config) = (config(4), config(8));
        let training = |name: &str, fake: Value| {
            json!({
                "adapter_name": name, "base_model_id": model, "dataset_id": dataset, "prompt_id": prompt,
                "training_arguments_config": json!({"fake": fake}).to_string(),
            })
            .to_string()
        };
        let started = |command: &str, fields: &str| -> String {
            let answer = fts.run(&["--json", command, "--wait", "--data", fields]);
            let run: Value = serde_json::from_str(&answer.out).expect("a run");
            run["id"].as_str().expect("an id").to_owned()
        };
        let run = started("train", &training("first", json!({})));
        let failed = started("train", &training("second", json!({"at": 2, "misfortune": "fail"})));
        fts.file("training.json", training("third", json!({})));
        let evaluation = json!({
            "dataset_id": dataset, "prompt_id": prompt,
            "model_adapter_combinations": [{"base_model_id": model}],
        });
        fts.file("evaluation.json", evaluation.to_string());
        let evaluation = started("evaluate", &evaluation.to_string());
        fts.json(&["export", "snapshot.json"]);
        fts.json(&["update", "prompts", &prompt, "--data", r#"{"name": "Intent 2"}"#]);
        let backup = fts.json(&["backup"])["id"].as_str().expect("an id").to_owned();
        let deletion = fts.json(&["delete", "configs", &other_config])["deletion"].to_string();
        let other_config = fts.create("configs", &json!({"type": "lora_config", "config": r#"{"r": 16}"#}));

        let names = vec![
            ("{dataset}", dataset),
            ("{model}", model),
            ("{prompt}", prompt),
            ("{config}", config),
            ("{other_config}", other_config),
            ("{run}", run),
            ("{failed}", failed),
            ("{evaluation}", evaluation),
            ("{backup}", backup),
            ("{deletion}", deletion),
        ];
        let saved = tempfile::tempdir().expect("a folder for the test");
        let studio = Self { fts, saved, names };
        copy(&studio.folder(), studio.saved.path());
        studio
    }

    fn folder(&self) -> std::path::PathBuf {
        self.fts.path("").into()
    }

    /// Runs a command on the saved state.
    fn answer(&self, command: &str, arguments: &[&str]) -> Answer {
        for entry in fs::read_dir(self.folder()).expect("the folder").flatten() {
            let removed = if entry.path().is_dir() {
                fs::remove_dir_all(entry.path())
            } else {
                fs::remove_file(entry.path())
            };
            removed.expect("the folder can be emptied");
        }
        copy(self.saved.path(), &self.folder());
        let named = |word: &&str| {
            let found = self.names.iter().find(|(name, _)| name == word);
            found.map_or_else(|| (*word).to_owned(), |(_, id)| id.clone())
        };
        let words: Vec<String> =
            command.split(' ').map(str::to_owned).chain(arguments.iter().map(named)).collect();
        self.fts.run(&words.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Both commands print the same and end in the same way.
    fn compare(&self, flat: &str, noun: &str, arguments: &[&str]) {
        for options in [&[][..], &["--json"]] {
            let arguments = [arguments, options].concat();
            let (one, other) = (self.answer(flat, &arguments), self.answer(noun, &arguments));
            let about = format!("fts {flat} {arguments:?} against fts {noun}");
            assert_eq!(one.code, other.code, "{about}: {} {}", one.err, other.err);
            assert_eq!(masked(&one.out), masked(&other.out), "{about}");
            // Wrong usage is explained with the name that was used.
            if one.code != 2 {
                assert_eq!(masked(&one.err), masked(&other.err), "{about}");
            }
        }
    }
}

/// With the times of the files, which show whether a dataset was changed.
fn copy(from: &Path, to: &Path) {
    let copied = Command::new("/bin/cp").arg("-a").arg(from.join(".")).arg(to).status();
    assert!(copied.expect("cp starts").success());
}

/// The text without what is new or measured at each run: ids, times, free memory and disk.
fn masked(text: &str) -> String {
    let forms = [
        (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID"),
        (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\dZ]*", "TIME"),
        (r"\d{8}-\d{6}-\d{3}", "BACKUP"),
        (r#""(free_bytes|memory_bytes|pid|time|bytes|peak_rss_bytes)": [\d.]+"#, "\"$1\": N"),
        (r"\(\d+ bytes\)", "(N bytes)"),
    ];
    forms.iter().fold(text.to_owned(), |text, (form, name)| {
        Regex::new(form).expect("an expression").replace_all(&text, *name).into_owned()
    })
}

#[test]
fn an_earlier_name_and_the_command_under_its_noun_answer_alike() {
    let studio = Studio::new();
    for (flat, noun, lists) in PAIRS {
        for arguments in *lists {
            studio.compare(flat, noun, arguments);
        }
    }
}

#[test]
fn every_verb_of_a_table_is_found_under_its_noun() {
    let studio = Studio::new();
    for (table, noun) in TABLES {
        studio.compare(&format!("list {table}"), &format!("{noun} list"), &["--limit", "2"]);
        studio.compare(&format!("get {table}"), &format!("{noun} get"), &["nobody"]);
        studio.compare(&format!("create {table}"), &format!("{noun} create"), &["--data", "{}"]);
        studio.compare(&format!("update {table}"), &format!("{noun} update"), &["nobody", "--data", "{}"]);
        studio.compare(&format!("delete {table}"), &format!("{noun} delete"), &["nobody"]);
    }
    studio.compare("get models", "model get", &["{model}"]);
    let fields = r#"{"huggingface_model_name": "acme/other"}"#;
    studio.compare("create models", "model create", &["--data", fields]);
    studio.compare("update models", "model update", &["{model}", "--data", r#"{"name": "Other"}"#]);
    studio.compare("delete models", "model delete", &["{model}", "--dependents", "detach"]);
}

#[test]
fn no_earlier_name_and_no_table_is_left_out_of_these_pairs() {
    let command = fts::command();
    let hidden = command.get_subcommands().filter(|command| command.is_hide_set());
    let aliases = command.get_subcommands().flat_map(clap::Command::get_all_aliases);
    let earlier: BTreeSet<&str> = hidden.map(clap::Command::get_name).chain(aliases).collect();
    // This one is shown: without a command, the noun does what it always did.
    let paired: BTreeSet<&str> =
        PAIRS.iter().map(|(flat, ..)| *flat).filter(|flat| *flat != "backup").collect();
    assert_eq!(paired, earlier);

    let list = command.find_subcommand("list").expect("a command");
    let table = list.get_arguments().find(|argument| argument.get_id() == "table").expect("an argument");
    let tables: Vec<String> =
        table.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    assert_eq!(TABLES.iter().map(|(table, _)| *table).collect::<Vec<_>>(), tables);
}
