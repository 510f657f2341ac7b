//! Files that work, to begin with.

/// A file: what its name ends in, and what is in it.
#[derive(Clone)]
pub(crate) struct Input {
    pub(crate) kind: &'static str,
    pub(crate) bytes: Vec<u8>,
}

fn inputs(kind: &'static str, texts: &[&str]) -> Vec<Input> {
    texts.iter().map(|text| Input { kind, bytes: text.as_bytes().to_vec() }).collect()
}

/// Snapshots in all their forms.
pub(crate) fn snapshots() -> Vec<Input> {
    inputs(
        "json",
        &[
            r#"{"models": {"schema": "CREATE TABLE IF NOT EXISTS models (id)", "data": [{"id": "a", "name": "x\u00e9\n"}, {"id": "b"}]}}"#,
            r#"{"adapters": [{"id": "a", "model_id": "gone", "prompt_id": ""}], "configs": [{"id": "k", "is_default": 1, "config": "{}"}]}"#,
            r#"{"fine_tuning_jobs": [{"id": "j", "learning_rate": 2e-4, "num_cpu": -3, "train_test_split": 0.9, "later": null}]}"#,
            r#"{"models": [{"id": "a"}, {"id": "a"}, {"id": "a", "name": "y"}, 5, [1], null, "t", true], "songs": [], "books": [{}]}"#,
            r#"{"studio_times": [{"table_name": "models", "row_id": "a", "created_at": "2024", "changed_at": "2025"}], "alembic_version": [{}]}"#,
            "{}",
        ],
    )
}

/// Dataset files in all their forms.
pub(crate) fn datasets() -> Vec<Input> {
    let csv = [
        "a,b\n1,2\n",
        "question,answer\r\n\"a \"\"b\"\"\nc\",x\r\n,\r\n",
        "\u{feff}a;b\n1;2\n",
        "a\n\n1\n",
        "a,a,\n1,2,3,4\n",
    ];
    let json = [
        "[{\"a\": 1, \"b\": \"x\"}, {\"a\": null}]",
        "[]",
        "[{\"a\": {\"b\": [1, {}]}}]",
        "[1, \"a\", {\"a\": 1e3}]",
    ];
    let lines = ["{\"a\": 1}\n{\"a\": \"\\ud83d\\ude00\"}\n", "\n\n{\"b\": []}", "{\"a\": {}}\r\n{}\r\n"];
    [inputs("csv", &csv), inputs("json", &json), inputs("jsonl", &lines)].concat()
}
