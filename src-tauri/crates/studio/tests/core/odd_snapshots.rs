//! JSON snapshots as people have them: read where nothing is lost by it, else refused in words that
//! say what the file is and what to do.

use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_oneof},
    test_runner::{Config, TestRunner},
};
use serde_json::json;
use studio::{ErrorCode, schema::TableName, snapshot::ImportPolicy};

use crate::{
    snapshots::{counts, export, import, plan, problems, skipping},
    world::World,
};

/// Words of libraries that say nothing to a person.
const LIBRARY_WORDS: [&str; 8] = [
    "expected value",
    "expected ident",
    "invalid type",
    "EOF",
    "trailing",
    "key must be",
    "control character (\\u",
    "recursion",
];

#[tokio::test]
async fn a_snapshot_is_read_in_every_encoding() {
    let world = World::new().await;
    let text = "{\"models\": {\"schema\": \"\", \"data\": [\r\n{\"id\": \"m\", \"name\": \"Größe 😀 €\"}]},\r\n\
                \"datasets\": []}";
    let units = |text: &str| text.encode_utf16().collect::<Vec<u16>>();
    let little = |text: &str| units(text).iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<u8>>();
    let big = |text: &str| units(text).iter().flat_map(|unit| unit.to_be_bytes()).collect::<Vec<u8>>();
    let marked = format!("\u{feff}{text}");
    for (name, bytes) in [
        ("plain", text.as_bytes().to_vec()),
        ("UTF-8 with a mark", marked.clone().into_bytes()),
        ("UTF-16, low byte first", little(text)),
        ("UTF-16, low byte first, with a mark", little(&marked)),
        ("UTF-16, high byte first", big(text)),
        ("UTF-16, high byte first, with a mark", big(&marked)),
        ("blank before it", format!("\n\t {text}\n\n").into_bytes()),
    ] {
        let planned = plan(&world.studio, &world.file("source.json", bytes)).await.unwrap();
        assert_eq!(counts(&planned, TableName::Models), json!({"new": 1}), "{name}");
    }
    let source = world.file("source.json", little(&marked));
    import(&world.studio, &source, &ImportPolicy::default()).await.unwrap();
    let row = world.studio.store().get(TableName::Models, "m").await.unwrap().row;
    assert_eq!(row["name"], "Größe 😀 €");
}

#[tokio::test]
async fn what_is_no_snapshot_is_refused_in_plain_words() {
    let world = World::new().await;
    let row = |fields: &str| format!("{{\"models\": [\n{{\"id\": \"a\"}},\n{{{fields}}}\n]}}");
    for (bytes, words) in [
        (String::new(), "is empty"),
        (" \n ".to_owned(), "ends too early"),
        ("Dear reader".to_owned(), "neither a JSON snapshot nor an SQLite database"),
        ("id,name\na,b\n".to_owned(), "other text"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n".to_owned(), "Git LFS"),
        ("[{\"id\": \"a\"}]".to_owned(), "it is a list"),
        ("\"models\"".to_owned(), "an object with a key for each table"),
        ("{\"data\": [{\"text\": \"a\"}]}".to_owned(), "none of its keys is a table"),
        ("{\"models\": null}".to_owned(), "models is neither a list of rows nor an object with `data`"),
        ("{\"models\": {\"data\": \"rows\"}}".to_owned(), "the data of models is not a list of rows"),
        ("{'models': []}".to_owned(), "single quotes"),
        ("{models: []}".to_owned(), "'models' stands where a name in double quotes is needed"),
        ("{\"models\": [],}".to_owned(), "a comma has nothing behind it"),
        ("{\"models\": []} {}".to_owned(), "something follows its end"),
        ("{\"models\": []}\n\0\0\0".to_owned(), "NUL bytes"),
        ("{\"models\": [] /* all */}".to_owned(), "a comment"),
        (row("\"id\": \"b\","), "a comma has nothing behind it, in row 2 of models, at line 3"),
        (row("\"id\": \"b\" \"name\": 1"), "where a comma is needed, in row 2 of models, at line 3"),
        (row("\"id\" \"b\""), "where a colon is needed"),
        (row("\"id\": None"), "Python's None"),
        (row("\"id\": 'b'"), "single quotes"),
        (row("\"id\": nul"), "'nul' stands where a value is needed"),
        (row("\"id\": 01"), "'01' stands where a value is needed"),
        (row("\"id\": 1."), "'1.' stands where a value is needed"),
        (row("\"id\": \"a\nb\""), "line break"),
        (row("\"id\": \"a\u{1}b\""), "control character 0x01"),
        (row("\"id\": \"a\\qb\""), "the escape \\q"),
        (row("\"id\": \"\\ud83d\""), "half of a character"),
        (row("\"id\": \"\\udc00\""), "half of a character"),
        (row("\"id\": \"\\u00g0\""), "four digits"),
    ] {
        let source = world.file("source.json", &bytes);
        let error = plan(&world.studio, &source).await.map(|plan| panic!("{bytes}: {plan:?}")).unwrap_err();
        assert!(error.message.contains(words), "{bytes}: {}", error.message);
        assert!(error.message.contains("source.json") && error.hint.is_some(), "{error:?}");
        assert_eq!(error.code, ErrorCode::Invalid);
        assert!(LIBRARY_WORDS.iter().all(|word| !error.message.contains(word)), "{}", error.message);
    }
    for (bytes, words) in [
        (&b"\x1f\x8b\x08\0\0\0\0\0"[..], "gzip"),
        (b"PK\x03\x04\x14\0", "zip"),
        (b"{\"models\": [{\"id\": \"\xff\"}]}", "not UTF-8"),
        (b"\xff\xfe{\0\x22\0\0\xdc", "no UTF-16"),
    ] {
        let error = plan(&world.studio, &world.file("source.json", bytes)).await.unwrap_err();
        assert!(error.message.contains(words) && error.hint.is_some(), "{error:?}");
    }
}

#[tokio::test]
async fn a_snapshot_cut_short_says_so_and_where() {
    let world = World::new().await;
    let text = "{\"models\": {\"schema\": \"x\", \"data\": [\n{\"id\": \"a\\u00e9\", \"name\": null},\n\
                {\"id\": \"b\", \"name\": -1.5e-3}]}, \"songs\": [true, NaN, -Infinity]}";
    for end in 1..text.len() {
        let error = plan(&world.studio, &world.file("source.json", &text[..end])).await.unwrap_err();
        assert!(error.message.contains("ends too early"), "{}: {}", &text[..end], error.message);
        assert!(error.hint.is_some_and(|hint| hint.contains("last part is missing")));
    }
    // Half a unit and half a character of UTF-16, too.
    let units: Vec<u8> = "{\"models\": [{\"id\": \"😀".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for end in 4..units.len() {
        let error = plan(&world.studio, &world.file("source.json", &units[..end])).await.unwrap_err();
        assert!(error.message.contains("ends too early"), "{end}: {}", error.message);
    }
    let cut = &text[..text.find("-1.5").unwrap()];
    let error = plan(&world.studio, &world.file("source.json", cut)).await.unwrap_err();
    assert!(error.message.ends_with("ends too early, in row 2 of models, at line 3."), "{}", error.message);
}

#[tokio::test]
async fn a_table_without_rows_is_named_in_the_plan() {
    let world = World::new().await;
    let source = world.file(
        "source.json",
        r#"{"models": {"schema": "x"}, "datasets": {"schema": "x", "data": null}, "configs": {}, "prompts": []}"#,
    );
    let planned = plan(&world.studio, &source).await.unwrap();
    let skipped: Vec<_> = planned.skipped.iter().map(|s| format!("{}: {}", s.name, s.reason)).collect();
    assert_eq!(
        skipped,
        [
            "models: The file has this table without `data`, so without rows.",
            "datasets: The `data` of this table is null, so it has no rows in the file.",
            "configs: The file has this table without `data`, so without rows.",
        ]
    );
}

#[tokio::test]
async fn numbers_are_kept_as_they_are_written_or_named() {
    let world = World::new().await;
    let jobs = [
        ("i", "\"num_cpu\": 9223372036854775807, \"learning_rate\": 10000000000000000000000"),
        ("j", "\"num_cpu\": -9223372036854775808, \"learning_rate\": Infinity"),
        ("k", "\"num_cpu\": -0, \"learning_rate\": -Infinity"),
        ("l", "\"learning_rate\": 1e999"),
        ("m", "\"learning_rate\": NaN"),
        ("n", "\"num_cpu\": 12345678901234567890123"),
        ("o", "\"learning_rate\": 12345678901234567890123"),
        ("p", "\"num_cpu\": Infinity"),
        ("q", "\"adapter_name\": NaN"),
        ("r", "\"learning_rate\": 9007199254740993"),
    ];
    let rows: Vec<String> = jobs.iter().map(|(id, rest)| format!("{{\"id\": \"{id}\", {rest}}}")).collect();
    let source = world.file("source.json", format!("{{\"fine_tuning_jobs\": [{}, NaN]}}", rows.join(",")));
    let planned = plan(&world.studio, &source).await.unwrap();
    assert_eq!(counts(&planned, TableName::FineTuningJobs), json!({"new": 4, "invalid": 7}));
    assert_eq!(
        problems(&planned),
        [
            "fine_tuning_jobs 5 learning_rate: This is NaN, which a database can't hold.",
            "fine_tuning_jobs 6 num_cpu: 12345678901234567890123 is beyond what the column can hold, 64 bits.",
            "fine_tuning_jobs 7 learning_rate: 12345678901234567890123 has more digits than the column can hold.",
            "fine_tuning_jobs 8 num_cpu: This is Infinity, but must be a whole number.",
            "fine_tuning_jobs 9 adapter_name: This is NaN, but must be text.",
            "fine_tuning_jobs 10 learning_rate: 9007199254740993 has more digits than the column can hold.",
            "fine_tuning_jobs 11 -: A number is in place of a row.",
        ]
    );
    import(&world.studio, &source, &skipping()).await.unwrap();

    // The same after a journey through a snapshot.
    let all = export(&world.studio).await;
    assert!(all.contains("\"learning_rate\":9e999") && all.contains("\"learning_rate\":-9e999"), "{all}");
    assert!(all.contains("9223372036854775807") && all.contains("-9223372036854775808"), "{all}");
    let other = World::new().await;
    let file = other.file("all.json", &all);
    import(&other.studio, &file, &ImportPolicy::default()).await.unwrap();
    assert_eq!(export(&other.studio).await, all);
}

#[tokio::test]
async fn the_plan_warns_of_what_a_check_lists() {
    let world = World::new().await;
    let source = world.snapshot(&json!({
        "datasets": [
            {"id": "d", "type": "huggingface", "name": "quoted", "features": "['text', 'label']"},
            {"id": "e", "type": "huggingface", "name": "fine", "features": "[\"text\"]"},
        ],
        "models": [{"id": "m", "type": "cloud", "name": "odd"}],
        "configs": [{"id": "c", "type": "axolotl", "config": "a: [1"}, {"id": "y", "type": "axolotl", "config": "a: 1"}],
        "adapters": [{"id": "a", "type": "project", "name": "tuned", "model_id": "gone", "prompt_id": "gone too"}],
    }));
    let planned = plan(&world.studio, &source).await.unwrap();
    assert_eq!(planned.problem_count, 0);
    let places: Vec<_> = planned
        .warnings
        .iter()
        .map(|w| format!("{} {} {}", w.table, w.row.unwrap_or_default(), w.column.as_deref().unwrap_or("-")))
        .collect();
    let mut sorted = places.clone();
    sorted.sort();
    assert_eq!(
        sorted,
        [
            "adapters 1 model_id",
            "adapters 1 prompt_id",
            "configs 1 config",
            "datasets 1 features",
            "models 1 type"
        ]
    );
    assert_eq!(planned.warning_count, 5);
    let gone = planned.warnings.iter().find(|w| w.column.as_deref() == Some("model_id")).unwrap();
    assert_eq!(gone.message, "'tuned' refers to a model that does not exist (gone).");

    let report = import(&world.studio, &source, &ImportPolicy::default()).await.unwrap();
    assert_eq!((report.warnings, report.warning_count), (planned.warnings.clone(), 5));
    // A law: the plan and the check say the same of the same rows.
    let mut listed: Vec<_> = world.studio.check().await.unwrap();
    listed.retain(|finding| finding.column.as_deref() != Some("location"));
    assert_eq!(listed.len(), planned.warnings.len(), "{listed:?}");
    for warning in &planned.warnings {
        let same = listed.iter().any(|finding| finding.message.ends_with(&warning.message));
        assert!(same, "the check does not list {warning:?}");
    }
    assert_eq!(plan(&world.studio, &source).await.unwrap().problem_count, 0);
}

/// A value that a file may have in a row, valid or not.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<Option<String>>().prop_map(|text| json!(text).to_string()),
        any::<f64>().prop_map(|n| if n.is_finite() { json!(n).to_string() } else { "NaN".to_owned() }),
        any::<i64>().prop_map(|n| n.to_string()),
        "-?[1-9][0-9]{18,30}",
        Just("[1, {\"a\": [Infinity]}]".to_owned()),
        Just("true".to_owned()),
    ]
}

fn row() -> impl Strategy<Value = String> {
    let name = prop_oneof![Just("id"), Just("name"), Just("type"), Just("later"), Just("num_cpu")];
    let fields = vec((name, value()), 0..5).prop_map(|fields| {
        let fields: Vec<String> = fields.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
        format!("{{{}}}", fields.join(", "))
    });
    prop_oneof![4 => fields, 1 => value()]
}

/// Every row that is there is read or named, in whatever form.
#[test]
fn no_row_goes_missing() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let world = runtime.block_on(World::new());
    let mut runner = TestRunner::new(Config { cases: 150, failure_persistence: None, ..Config::default() });
    let tables = (vec(row(), 0..20), vec(row(), 0..20));
    runner
        .run(&tables, |(models, jobs)| {
            let text = format!(
                "{{\"models\": [{}], \"fine_tuning_jobs\": {{\"schema\": \"\", \"data\": [{}]}}}}",
                models.join(", "),
                jobs.join(", ")
            );
            let source = world.file("source.json", &text);
            let planned = runtime.block_on(plan(&world.studio, &source)).unwrap();
            for (table, rows) in [(TableName::Models, &models), (TableName::FineTuningJobs, &jobs)] {
                let found = planned.tables[&table];
                let counted = found.new + found.same + found.conflicting + found.invalid;
                assert_eq!(counted, rows.len() as u64, "{text}");
                let named: std::collections::BTreeSet<_> = planned
                    .problems
                    .iter()
                    .filter(|problem| problem.table == table.into_str())
                    .map(|problem| problem.row)
                    .collect();
                assert_eq!(named.len() as u64, found.invalid, "{text}");
            }
            Ok(())
        })
        .unwrap();
}
