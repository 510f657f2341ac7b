//! Conversations: their rows for a training, and their tokens beside the same work in Python.

use std::{
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use fastrand::Rng;
use serde_json::json;

use super::{
    fts::Studio,
    measure::run,
    table::{Series, Table},
    tickets::made,
};
use crate::{program::find, repo, training::Training};

const SEED: u64 = 20_261_128;
/// Rows that are prepared.
const ROWS: u32 = 1_000_000;
/// How long preparing them may take with [`CHATML`], in seconds.
const LONGEST: f64 = 30.0;
/// The same with the template of Llama 3.1: 15,000 rows a second.
const LONGEST_WITH_LLAMA: f64 = 67.0;
/// The most memory it may take, in bytes.
const MOST_MEMORY: u64 = 250_000_000;
/// The size of the file whose tokens are counted, in bytes.
const COUNTED: u64 = 100_000_000;
/// How many times as long as Python the counting may take.
const MOST_OF_PYTHON: f64 = 1.0;
const COUNT_TOKENS: &str = include_str!("count_tokens.py");
const MAKE_TOKENIZER: &str = include_str!("make_tokenizer.py");

/// The form that most templates have.
const CHATML: &str = "{%- for message in messages %}
    {%- if loop.first and message['role'] != 'system' %}
        {{- '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}
    {%- endif %}
    {{- '<|im_start|>' + message['role'] + '\\n' }}
    {{- message['content'] + '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}";

/// Measures it. The program is built.
pub(super) fn measure(folder: &Path, rounds: u32) -> Result<Table> {
    let mut table = Table::new("Conversations", rounds);
    let environment = Training::new()?;
    let chatml = folder.join("chatml.jinja");
    fs::write(&chatml, CHATML)?;
    let llama = of_trl(&environment, folder, "llama3_1.jinja")?;
    let million = file(folder, &format!("conversations-{ROWS}.jsonl"), |rows, _| rows >= ROWS)?;
    let model = model(&environment, folder, &million)?;
    let name = "Preparing a million conversations of three turns";
    let prepared = preparing(folder, &million, &model, &chatml, rounds)?;
    table.alone(&format!("{name}, ChatML"), &prepared, LONGEST);
    table.memory("Memory of that", &prepared, MOST_MEMORY);
    let prepared = preparing(folder, &million, &model, &llama, rounds)?;
    table.alone(&format!("{name}, Llama 3.1's template"), &prepared, LONGEST_WITH_LLAMA);
    table.memory("Memory of that", &prepared, MOST_MEMORY);
    let counted = file(folder, "conversations-100-mb.jsonl", |_, bytes| bytes >= COUNTED)?;
    counting(
        folder,
        &counted,
        &model,
        [("ChatML", &chatml), ("Llama 3.1's template", &llama)],
        rounds,
        &mut table,
    )?;
    Ok(table)
}

/// From `fts train` to the start of its worker, which is over at once.
fn preparing(folder: &Path, file: &Path, model: &Path, template: &Path, rounds: u32) -> Result<Series> {
    let worker = find("true").context("the program `true` is missing")?;
    let mut prepared = Series::new();
    for round in 1..=rounds {
        println!("   Preparing conversations with {}, round {round} of {rounds}", template.display());
        let studio = Studio::new(&folder.join("conversations"))?;
        let (dataset, model) = (studio.import(file)?, studio.model(model)?);
        let training = json!({
            "adapter_name": "conversations", "base_model_id": model, "dataset_id": dataset,
            "chat_template": template,
        });
        let mut fts = studio.fts();
        fts.env("FINE_TUNING_STUDIO_WORKER", &worker);
        prepared.push(run(fts.args(["train", "--data", &training.to_string()]), None, None)?);
    }
    Ok(prepared)
}

/// `fts dataset tokens` beside Python's `apply_chat_template` and `encode_batch`, which uses all threads.
fn counting<const N: usize>(
    folder: &Path,
    file: &Path,
    model: &Path,
    templates: [(&str, &PathBuf); N],
    rounds: u32,
    table: &mut Table,
) -> Result<()> {
    let environment = Training::new()?;
    for (name, template) in templates {
        let [mut ours, mut theirs] = [const { Series::new() }; 2];
        for round in 1..=rounds {
            println!("   Counting tokens with {name}, round {round} of {rounds}");
            // A new one each time: lengths that were counted are kept beside the database.
            let studio = Studio::new(&folder.join("conversations"))?;
            let (dataset, model_id) = (studio.import(file)?, studio.model(model)?);
            let mut fts = studio.fts();
            fts.args(["dataset", "tokens", &dataset, "--model", &model_id, "--chat-template"]).arg(template);
            ours.push(run(&mut fts, None, Some(&studio.answer))?);
            let answer = studio.answer()?;
            let mut python = environment.python();
            python.args(["-c", COUNT_TOKENS]).arg(file).arg(model).arg(template);
            let printed = folder.join("tokens.txt");
            theirs.push(run(&mut python, None, Some(&printed))?);
            let printed = fs::read_to_string(&printed)?;
            anyhow::ensure!(
                answer["lengths"]["tokens"].as_u64() == printed.trim().parse().ok(),
                "the counts differ: {} and {printed}",
                answer["lengths"]["tokens"]
            );
        }
        table.pair(
            &format!("Token lengths of 100 MB of conversations, {name}"),
            &ours,
            "Python",
            &theirs,
            MOST_OF_PYTHON,
        );
    }
    Ok(())
}

/// A template that TRL brings.
fn of_trl(environment: &Training, folder: &Path, name: &str) -> Result<PathBuf> {
    let place = folder.join("place.txt");
    let find = "import importlib.util; print(importlib.util.find_spec('trl').submodule_search_locations[0])";
    run(environment.python().args(["-c", find]), None, Some(&place))?;
    let template = Path::new(fs::read_to_string(place)?.trim()).join("chat_templates").join(name);
    anyhow::ensure!(template.is_file(), "TRL has no template {name}");
    Ok(template)
}

/// A tiny model whose tokenizer has as many tokens as those in use, learned from the conversations.
fn model(environment: &Training, folder: &Path, conversations: &Path) -> Result<PathBuf> {
    let model = folder.join("conversation-model");
    if !model.exists() {
        let recipe = folder.join("recipe");
        if !recipe.exists() {
            let make = repo::root().join("src-tauri/worker/tests/recipe/make.py");
            run(environment.python().env("HF_HUB_OFFLINE", "1").arg(make).arg(&recipe), None, None)?;
        }
        let part = folder.join("conversation-model.part");
        let mut python = environment.python();
        python.args(["-c", MAKE_TOKENIZER]).arg(recipe.join("model")).arg(conversations).arg(&part);
        run(&mut python, None, None)?;
        fs::rename(part, &model)?;
    }
    Ok(model)
}

/// A file of conversations until there are enough, by rows and bytes.
fn file(folder: &Path, name: &str, enough: impl Fn(u32, u64) -> bool) -> Result<PathBuf> {
    made(folder.join(name), |part| {
        let mut rng = Rng::with_seed(SEED);
        let words: Vec<String> = (0..30_000).map(|_| word(&mut rng)).collect();
        let file = File::create(part).with_context(|| format!("{} can't be written", part.display()))?;
        let mut to = BufWriter::with_capacity(1 << 20, file);
        let mut written = 0;
        for row in 1.. {
            let [asked, answered] = [10..60, 20..120].map(|length| text(&mut rng, &words, length));
            let line = json!({"messages": [
                {"role": "system", "content": "You answer the customers of a shop, briefly and kindly."},
                {"role": "user", "content": asked},
                {"role": "assistant", "content": answered},
            ]});
            let line = format!("{line}\n");
            to.write_all(line.as_bytes())?;
            written += line.len() as u64;
            if enough(row, written) {
                break;
            }
        }
        Ok(to.flush()?)
    })
}

/// A word of one to four syllables.
fn word(rng: &mut Rng) -> String {
    let sound = |rng: &mut Rng, of: &[char]| of[rng.usize(..of.len())];
    let vowels = ['a', 'e', 'i', 'o', 'u', 'é'];
    let consonants: Vec<char> = "bcdfghjklmnprstvwz".chars().collect();
    let syllables = rng.usize(1..5);
    (0..syllables).flat_map(|_| [sound(rng, &consonants), sound(rng, &vowels)]).collect()
}

/// So many words, the first ones of the list more often, with marks of a sentence.
fn text(rng: &mut Rng, words: &[String], length: std::ops::Range<usize>) -> String {
    let mut text = String::new();
    for at in 0..rng.usize(length) {
        let often = rng.usize(..words.len()).min(rng.usize(..words.len())).min(rng.usize(..words.len()));
        let end = if at % 9 == 8 { ". " } else { " " };
        text.push_str(&words[often]);
        text.push_str(end);
    }
    text.trim_end().to_owned()
}
