//! Whatever a studio holds, it is the same after a journey through a file.

use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_oneof},
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};
use sqlx::{Connection as _, SqliteConnection};
use studio::{
    platform::Work,
    resources::TABLES,
    schema::{Affinity, Table, TableName},
    snapshot::{ExportFormat, ImportPolicy},
};

use crate::{
    snapshots::{export, import},
    world::World,
};

/// A value that a column can hold.
#[derive(Debug, Clone)]
enum Held {
    Null,
    Text(String),
    Integer(i64),
    Real(f64),
}

fn text() -> impl Strategy<Value = String> {
    let odd = prop_oneof![
        Just("'\"`\\;--/*".to_owned()),
        Just("a\nb\r\nc\rd\te".to_owned()),
        Just("\u{1}\u{8}\u{b}\u{1b}\u{1f}\u{7f}\u{85}\u{2028}\u{2029}\u{feff}".to_owned()),
        Just("שלום \u{202e}عربى\u{202c} 👩‍👩‍👧 e\u{301} \u{10ffff}\u{fffd}\u{fffe}".to_owned()),
        Just("{\"$blob\": \"00\"}".to_owned()),
        Just("null".to_owned()),
        Just("1e3".to_owned()),
        Just(" ".to_owned()),
    ];
    let any = any::<String>().prop_map(|text| text.replace('\0', "\u{1}"));
    prop_oneof![3 => any, 2 => odd, 1 => "[a-z]{0,40}", 1 => vec(any_text(), 0..4).prop_map(|all| all.concat())]
}

fn any_text() -> impl Strategy<Value = String> {
    "\\PC{0,200}"
}

fn integer() -> impl Strategy<Value = i64> {
    prop_oneof![any::<i64>(), Just(i64::MIN), Just(i64::MAX), Just(0), Just((1 << 53) + 1), -9..9_i64]
}

fn real() -> impl Strategy<Value = f64> {
    let edges = [
        f64::MAX,
        f64::MIN,
        f64::MIN_POSITIVE,
        5e-324,
        0.0,
        1e15,
        1e16,
        0.1,
        1.0 / 3.0,
        9_007_199_254_740_993.0,
    ];
    let anything =
        any::<u64>().prop_map(f64::from_bits).prop_filter("JSON has finite numbers", |n| n.is_finite());
    prop_oneof![3 => anything, 2 => proptest::sample::select(edges.to_vec()), 1 => -1.0..1.0_f64]
}

fn held(table: &Table, at: usize) -> proptest::strategy::BoxedStrategy<Held> {
    let column = &table.columns[at];
    let value = match column.affinity() {
        Affinity::Text => {
            // `''` in a reference is no reference, so it is not what is kept.
            let reference = matches!(column.kind, studio::schema::Kind::Reference { .. });
            text()
                .prop_map(move |text| {
                    Held::Text(if reference && text.is_empty() { "gone".into() } else { text })
                })
                .boxed()
        }
        Affinity::Integer => integer().prop_map(Held::Integer).boxed(),
        Affinity::Real => real().prop_map(Held::Real).boxed(),
    };
    if at == 0 { value } else { prop_oneof![1 => Just(Held::Null), 3 => value].boxed() }
}

fn row(table: &'static Table) -> impl Strategy<Value = Vec<Held>> {
    (0..table.columns.len()).map(|at| held(table, at)).collect::<Vec<_>>()
}

fn rows() -> impl Strategy<Value = Vec<(&'static Table, Vec<Held>)>> {
    let row = (0..TABLES.len()).prop_flat_map(|at| row(TABLES[at]).prop_map(move |row| (TABLES[at], row)));
    vec(row, 0..12)
}

async fn write(database: &mut SqliteConnection, table: &Table, number: usize, row: &[Held]) {
    let places = vec!["?"; row.len()].join(", ");
    let insert = format!("INSERT INTO {} VALUES ({places})", table.name);
    let mut insert = sqlx::query(sqlx::AssertSqlSafe(insert));
    for (at, value) in row.iter().enumerate() {
        insert = match value {
            // The number keeps the ids apart.
            Held::Text(text) if at == 0 => insert.bind(format!("{text}{number}")),
            Held::Text(text) => insert.bind(text),
            Held::Null => insert.bind(None::<String>),
            Held::Integer(number) => insert.bind(number),
            Held::Real(number) => insert.bind(number),
        };
    }
    insert.execute(&mut *database).await.unwrap();
    complete(database, table, number).await;
}

/// Gives every other dataset and training what completes its row.
async fn complete(database: &mut SqliteConnection, table: &Table, number: usize) {
    let metadata = match table.name {
        TableName::Datasets => "studio_read_options",
        TableName::FineTuningJobs => "studio_training_choices",
        _ => return,
    };
    let insert = format!(
        "INSERT INTO {metadata} SELECT '{0}', id, json_object('method', 'dpo', 'system_prompt', id, 'later', {number}) \
         FROM {0} WHERE rowid = last_insert_rowid() AND {number} % 2 = 0",
        table.name
    );
    sqlx::query(sqlx::AssertSqlSafe(insert)).execute(database).await.unwrap();
}

/// The same bytes again after a journey through JSON, and through a database.
async fn travels(world: &World) -> Result<(), String> {
    let all = export(&world.studio).await;
    for (name, format) in [("out.json", ExportFormat::Json), ("out.db", ExportFormat::Sqlite)] {
        let file = world.path(name);
        world
            .studio
            .snapshots()
            .export(&file, format, None, &Work::unwatched())
            .await
            .map_err(|e| e.to_string())?;
        let other = World::new().await;
        import(&other.studio, &file, &ImportPolicy::default()).await.map_err(|e| format!("{name}: {e}"))?;
        let again = export(&other.studio).await;
        if again != all {
            let differs = all.lines().zip(again.lines()).find(|(a, b)| a != b);
            return Err(format!("{name}: {differs:?}"));
        }
    }
    Ok(())
}

#[test]
fn every_store_travels_without_loss() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = TestRunner::new(Config {
        cases: 40,
        max_shrink_iters: 60,
        failure_persistence: None,
        ..Config::default()
    });
    let result = runner.run(&rows(), |rows| {
        let done = runtime.block_on(async {
            let world = World::new().await;
            let mut database = world.stranger().await;
            for (number, (table, row)) in rows.iter().enumerate() {
                write(&mut database, table, number, row).await;
            }
            database.close().await.unwrap();
            travels(&world).await
        });
        done.map_err(proptest::test_runner::TestCaseError::fail)
    });
    result.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn long_texts_travel() {
    let world = World::new().await;
    let mut runner = TestRunner::deterministic();
    let mut database = world.stranger().await;
    for number in 0..12 {
        let piece = text().new_tree(&mut runner).unwrap().current() + "\"\\\n";
        let prompt = piece.repeat((1 << 20) / piece.len());
        sqlx::query("INSERT INTO prompts (id, name, input_template) VALUES (?, 'long', ?)")
            .bind(format!("p{number}"))
            .bind(prompt)
            .execute(&mut database)
            .await
            .unwrap();
    }
    travels(&world).await.unwrap();
}

#[tokio::test]
async fn a_snapshot_of_the_reference_travels() {
    // As the reference writes it: other order, indented, its own schema texts.
    let world = World::new().await;
    let source = world.file(
        "reference.json",
        r#"{
  "models": {"schema": "CREATE TABLE IF NOT EXISTS models (\n\tid VARCHAR NOT NULL, \n\tPRIMARY KEY (id)\n)",
    "data": [{"id": "f1c3", "type": "huggingface", "framework": null, "name": "lab/tiny"}]},
  "fine_tuning_jobs": {"schema": "", "data": [{"id": "j", "base_model_id": "f1c3", "learning_rate": 0.0002,
    "train_test_split": 0.8999999761581421, "num_epochs": 2, "adapter_id": ""}]},
  "datasets": {"schema": "", "data": []}
}"#,
    );
    import(&world.studio, &source, &ImportPolicy::default()).await.unwrap();
    let job = world.studio.store().get(TableName::FineTuningJobs, "j").await.unwrap().row;
    assert_eq!(job["train_test_split"].as_f64(), Some(0.899_999_976_158_142_1));
    travels(&world).await.unwrap();
}
