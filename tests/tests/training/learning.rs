//! From a CSV file to an adapter that answers better than its base.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
};

use serde_json::{Value, json};

use crate::{
    recipe::{RECIPE, python, text},
    world::World,
};

/// Answers prompts with and without the adapter, as a program that knows nothing of the studio.
const ANSWER: &str = r#"
import json, sys
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

source, adapter, rows = sys.argv[1:]
tokenizer = AutoTokenizer.from_pretrained(source)
model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(source), adapter).eval()

def answer(prompt):
    given = tokenizer(prompt, return_tensors="pt")
    made = model.generate(**given, do_sample=False, max_new_tokens=8, pad_token_id=tokenizer.pad_token_id)
    return tokenizer.decode(made[0, given["input_ids"].shape[1]:], skip_special_tokens=True)

reported = []
for prompt in json.loads(rows):
    with model.disable_adapter():
        base = answer(prompt)
    reported.append([base, answer(prompt)])
print(json.dumps(reported))
"#;

#[test]
fn an_adapter_learns_loads_elsewhere_and_beats_its_base() {
    let world = World::new();
    let training = world.train(&world.training("ticket-labels", &json!({})));
    let losses = world.measured(&training, "loss");
    let (first, last) = (losses[0].1, losses[losses.len() - 1].1);
    assert!(last < first / 4.0, "it learned nothing: {losses:?}");

    let job = world.fts.get("fine_tuning_jobs", &training);
    let adapter = world.fts.get("adapters", job["adapter_id"].as_str().expect("an adapter"));
    assert_eq!(
        [&adapter["name"], &adapter["model_id"], &adapter["prompt_id"], &adapter["fine_tuning_job_id"]],
        ["ticket-labels", &world.model, &world.prompt, &training].map(|id| json!(id)).each_ref()
    );

    let combinations = json!([
        {"base_model_id": world.model}, {"base_model_id": world.model, "adapter_id": adapter["id"]},
    ]);
    let more = json!({"prompt_id": world.prompt, "batch_size": 16, "selected_features": ["label"]});
    let evaluation = world.evaluate(&combinations, &more);
    let [base, trained] = [0, 1].map(|combination| world.exact_match(&evaluation, combination));
    assert!(trained > 0.9 && trained > base + 0.3, "the adapter: {trained}, its base: {base}");
    assert_eq!(world.fts.count("models"), 1, "no model is registered as a side effect");

    let results = world.fts.json(&["results", &evaluation, "--rows", "1000"]);
    rows_belong_together(&world, &training, &evaluation, &results);
    answered_so_elsewhere(&results, adapter["location"].as_str().expect("a folder"));
}

/// The rows held back from the training are those that were asked, and every file of the results
/// says the same of the same row.
fn rows_belong_together(world: &World, training: &str, evaluation: &str, results: &Value) {
    let held_back = world.rows(training, "eval.jsonl");
    let asked = world.rows(evaluation, "eval.jsonl");
    let numbered = |rows: &[Value]| -> BTreeMap<u64, Value> {
        let pair = |row: &Value| (row["row"].as_u64().expect("a number"), row["prompt"].clone());
        rows.iter().map(pair).collect()
    };
    assert_eq!(numbered(&held_back), numbered(&asked));
    assert_eq!(results["total"], json!(asked.len()));

    let tickets = table(&RECIPE.join("tickets.csv"));
    for column in 0..2 {
        let folder = Path::new(results["combinations"][column]["folder"].as_str().expect("a folder"));
        let answers: HashMap<u64, Value> = fs::read_to_string(folder.join("rows.jsonl"))
            .expect("answers")
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("an answer"))
            .map(|answer| (answer["row"].as_u64().expect("a number"), answer))
            .collect();
        let written = table(&folder.join("result_evaluation.csv"));
        assert_eq!(
            written[0],
            [
                "label_$useradded$",
                "model_input",
                "expected_output",
                "outputs",
                "latency",
                "token_count",
                "rouge1/v1/score",
                "rougeLsum/v1/score",
                "rougeL/v1/score",
            ]
        );
        assert_eq!((written.len() - 1, answers.len()), (asked.len(), asked.len()));
        for (row, line) in asked.iter().zip(&written[1..]) {
            let number = row["row"].as_u64().expect("a number");
            // The header is the first line of the table.
            let ticket = &tickets[usize::try_from(number).expect("a small number")];
            assert_eq!(
                line[..3],
                [ticket[1].clone(), format!("Ticket: {}\nLabel:", ticket[0]), format!(" {}", ticket[1])]
            );
            let shown = results["rows"].as_array().expect("rows").iter().find(|shown| shown["row"] == number);
            let outputs =
                [&answers[&number]["output"], &shown.expect("the row")["answers"][column]["output"]];
            assert_eq!(outputs, [&json!(line[3]); 2], "row {number}");
        }
        let totals = table(&folder.join("aggregregated_results.csv"));
        assert_eq!(totals[0], ["metric", "score"]);
        let mut metrics: Vec<&str> = totals[1..].iter().map(|line| line[0].as_str()).collect();
        metrics.sort_unstable();
        assert_eq!(
            metrics,
            ["exact_match/v1", "latency/mean", "rouge1/v1/mean", "rougeL/v1/mean", "rougeLsum/v1/mean"]
        );
        let right = answers.values().filter(|answer| answer["exact_match"] == 1).count();
        let reported = totals.iter().find(|line| line[0] == "exact_match/v1").expect("a total");
        assert_eq!(reported[1].parse::<f64>().expect("a number"), right as f64 / asked.len() as f64);
    }
}

/// A fresh Python with PEFT loads the adapter and answers as the evaluation says.
fn answered_so_elsewhere(results: &Value, adapter: &str) {
    let rows = &results["rows"].as_array().expect("rows")[..12];
    let prompts: Vec<&Value> = rows.iter().map(|row| &row["prompt"]).collect();
    let model = text(&RECIPE.join("model"));
    let reported = python(&["-c", ANSWER, &model, adapter, &json!(prompts).to_string()]);
    let reported: Value = serde_json::from_str(&reported).expect("answers in JSON");
    let answer = |row: &Value| json!([row["answers"][0]["output"], row["answers"][1]["output"]]);
    assert_eq!(reported, rows.iter().map(answer).collect::<Value>());
}

fn table(file: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(file).expect("a table");
    let line = |line: Result<csv::StringRecord, _>| line.expect("a line").iter().map(str::to_owned).collect();
    reader.records().map(line).collect()
}
