//! Deleting any rows in any way and bringing them back leaves the store as it was: every value,
//! its place in the table, references, times, tags.

use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_oneof},
    test_runner::{Config, TestCaseError, TestRunner},
};
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};
use studio::{
    ErrorCode,
    resources::TABLES,
    schema::{Column, Kind, Table, TableName},
    store::{Dependents, MissingReferences, RowKey, UndeleteRequest},
};

use crate::world::World;

/// A value to write, as SQL.
fn value(column: &Column) -> impl Strategy<Value = String> {
    let reference = matches!(column.kind, Kind::Reference { .. });
    let referring = prop_oneof![4 => (0..8_u8).prop_map(|n| format!("'r{n}'")), 4 => Just("NULL".to_owned())];
    let odd = prop_oneof![
        Just("NULL".to_owned()),
        Just("''".to_owned()),
        Just("'same'".to_owned()),
        Just("' same '".to_owned()),
        Just("x'00ff10'".to_owned()),
        Just("CAST(x'61ff62' AS TEXT)".to_owned()),
        Just("CAST(x'610062' AS TEXT)".to_owned()),
        Just("9e999".to_owned()),
        Just("-0.0".to_owned()),
        Just("1.0000000000000002e-300".to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        "[a-z'é\\n]{0,12}".prop_map(|text| format!("'{}'", text.replace('\'', "''"))),
    ];
    if reference { referring.boxed() } else { odd.boxed() }
}

/// The tables whose rows are completed, and those with what completes them.
const COMPLETIONS: [(&str, &str, &str); 2] = [
    ("datasets", "studio_read_options", "options"),
    ("fine_tuning_jobs", "studio_training_choices", "choices"),
];

type Content = Vec<(&'static Table, u8, Vec<String>)>;

/// Rows with ids from `r0` to `r7` in every table, so that references often find something.
fn content() -> impl Strategy<Value = Content> {
    let row = (0..TABLES.len(), 0..8_u8).prop_flat_map(|(at, number)| {
        let values: Vec<_> = TABLES[at].columns[1..].iter().map(value).collect();
        values.prop_map(move |values| (TABLES[at], number, values))
    });
    vec(row, 1..24)
}

async fn write(database: &mut SqliteConnection, content: &Content) {
    for (table, number, values) in content {
        let insert =
            format!("INSERT OR IGNORE INTO {} VALUES ('r{number}', {})", table.name, values.join(", "));
        sqlx::query(AssertSqlSafe(insert)).execute(&mut *database).await.unwrap();
        let times = format!(
            "INSERT OR IGNORE INTO studio_times VALUES ('{}', 'r{number}', '2024-0{number}', 'then')",
            table.name
        );
        sqlx::query(AssertSqlSafe(times)).execute(&mut *database).await.unwrap();
        let tags = format!(
            "INSERT OR IGNORE INTO studio_tags VALUES ('{0}', 'r{number}', 'Good'), ('{0}', 'r{number}', 'old')",
            table.name
        );
        sqlx::query(AssertSqlSafe(tags)).execute(&mut *database).await.unwrap();
        for (name, metadata, _) in COMPLETIONS {
            let insert = format!(
                "INSERT OR IGNORE INTO {metadata} SELECT '{name}', id, json_object('n', id) FROM {name}"
            );
            sqlx::query(AssertSqlSafe(insert)).execute(&mut *database).await.unwrap();
        }
    }
}

/// Everything, exactly.
async fn all(database: &mut SqliteConnection) -> Vec<String> {
    let mut lines = Vec::new();
    let tables = TABLES.iter().map(|table| {
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|c| format!("typeof({0}) || hex({0}) || printf('%!.17g', {0})", c.name))
            .collect();
        format!(
            "SELECT '{} ' || rowid || ' ' || {} FROM {0} ORDER BY 1",
            table.name,
            columns.join(" || ' ' || ")
        )
    });
    let times = "SELECT table_name || row_id || created_at || changed_at FROM studio_times ORDER BY 1";
    let tags = "SELECT table_name || row_id || tag FROM studio_tags ORDER BY 1";
    let completions = COMPLETIONS.map(|(_, metadata, value)| {
        format!("SELECT table_name || row_id || {value} FROM {metadata} ORDER BY 1")
    });
    for query in tables.chain([times.to_owned(), tags.to_owned()]).chain(completions) {
        let found: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(&mut *database).await.unwrap();
        lines.extend(found);
    }
    lines
}

/// Undeletes a deletion: as a whole, or each row by itself with what it needs.
async fn undelete(world: &World, deletion: i64, one_by_one: bool) {
    if !one_by_one {
        world.studio.store().undelete(deletion, &UndeleteRequest::default()).await.unwrap();
        return;
    }
    while let Some(kept) = world.studio.store().deleted(0, 1).await.unwrap().deletions.first() {
        let last = kept.rows.last().unwrap();
        let rows = Some(vec![RowKey { table: last.table, id: last.id.clone() }]);
        let request = UndeleteRequest { rows, missing: MissingReferences::Undelete, names: Vec::new() };
        world.studio.store().undelete(deletion, &request).await.unwrap();
    }
}

async fn comes_back(
    content: &Content,
    wish: u8,
    dependents: Dependents,
    one_by_one: bool,
) -> Result<(), String> {
    let world = World::new().await;
    let mut database = world.stranger().await;
    write(&mut database, content).await;
    let before = all(&mut database).await;
    let table: TableName = content[0].0.name;
    let held: Vec<u8> = content.iter().filter(|row| row.0.name == table).map(|row| row.1).collect();
    let mut ids: Vec<String> =
        held.iter().filter(|n| wish >> **n & 1 == 1).map(|number| format!("r{number}")).collect();
    ids.dedup();
    let deleted = match world.studio.store().delete(table, &ids, dependents).await {
        Ok(deleted) => deleted,
        Err(_) if all(&mut database).await != before => return Err("a refusal changed it".to_owned()),
        Err(error) if ids.is_empty() || error.code == ErrorCode::InUse => return Ok(()),
        Err(error) => return Err(error.to_string()),
    };
    undelete(&world, deleted.deletion, one_by_one).await;
    let after = all(&mut database).await;
    let kept = world.studio.store().deleted(0, 1).await.unwrap().total;
    database.close().await.unwrap();
    match before.iter().zip(&after).find(|(before, after)| before != after) {
        Some(differs) => Err(format!("{differs:?}")),
        None if before.len() != after.len() => Err("rows are missing".into()),
        None if kept > 0 => Err("the deletion is still kept".into()),
        None => Ok(()),
    }
}

#[test]
fn any_deletion_comes_back_exactly() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config { cases: 60, max_shrink_iters: 80, failure_persistence: None, ..Config::default() };
    let ways = prop_oneof![Just(Dependents::Refuse), Just(Dependents::Detach), Just(Dependents::Delete)];
    let strategy = (content(), any::<u8>(), ways, any::<bool>());
    let result = TestRunner::new(config).run(&strategy, |(content, wish, dependents, one_by_one)| {
        let done = runtime.block_on(comes_back(&content, wish, dependents, one_by_one));
        done.map_err(TestCaseError::fail)
    });
    result.unwrap();
}
