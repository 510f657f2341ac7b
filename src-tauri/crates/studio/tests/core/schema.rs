//! The declarations against the database they describe, both ways.

use std::collections::BTreeSet;

use sqlx::Row as _;
use studio::{
    resources::{Described as _, TABLES},
    schema::{Affinity, Kind},
};

use crate::world::World;

/// SQLite's rules for a declared type (<https://sqlite.org/datatype3.html>, section 3.1).
fn affinity(declared: &str) -> Affinity {
    let declared = declared.to_uppercase();
    if declared.contains("INT") {
        Affinity::Integer
    } else if ["CHAR", "CLOB", "TEXT"].iter().any(|text| declared.contains(text)) {
        Affinity::Text
    } else {
        assert!(["REAL", "FLOA", "DOUB"].iter().any(|real| declared.contains(real)), "{declared}");
        Affinity::Real
    }
}

#[tokio::test]
async fn declarations_and_database_say_the_same() {
    let world = World::new().await;
    let mut database = world.stranger().await;
    for table in TABLES {
        let live = sqlx::query("SELECT name, type, \"notnull\", pk FROM pragma_table_info(?)")
            .bind(table.name.into_str())
            .fetch_all(&mut database)
            .await
            .unwrap();
        let live: BTreeSet<_> = live
            .iter()
            .map(|c| {
                (
                    c.get::<String, _>(0),
                    affinity(&c.get::<String, _>(1)) as u8,
                    c.get::<bool, _>(2),
                    c.get::<bool, _>(3),
                )
            })
            .collect();
        let declared: BTreeSet<_> = table
            .columns
            .iter()
            .map(|c| (c.name.to_owned(), c.affinity() as u8, c.kind == Kind::Id, c.kind == Kind::Id))
            .collect();
        assert_eq!(live, declared, "{}", table.name);

        let live = sqlx::query("SELECT \"from\", \"table\", \"to\" FROM pragma_foreign_key_list(?)")
            .bind(table.name.into_str())
            .fetch_all(&mut database)
            .await
            .unwrap();
        let live: BTreeSet<[String; 3]> =
            live.iter().map(|key| [key.get(0), key.get(1), key.get(2)]).collect();
        let declared: BTreeSet<[String; 3]> = table
            .columns
            .iter()
            .filter_map(|column| match column.kind {
                Kind::Reference { table } => Some([column.name.into(), table.to_string(), "id".into()]),
                _ => None,
            })
            .collect();
        assert_eq!(live, declared, "{}", table.name);
    }
}

#[tokio::test]
async fn what_is_ours_alone_has_names_of_its_own() {
    let world = World::new().await;
    let names: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
            .fetch_all(&mut world.stranger().await)
            .await
            .unwrap();
    for name in names {
        let theirs = TABLES.iter().any(|table| table.name.into_str() == name);
        assert!(theirs || name.starts_with("studio_"), "{name}");
    }
}

#[test]
fn declarations_hold_together() {
    for table in TABLES {
        assert_eq!(table.columns[0].name, "id");
        let types: Vec<&str> = match table.column("type").map(|column| column.kind) {
            Some(Kind::Choice { options }) => options.iter().map(|option| option.value).collect(),
            _ => Vec::new(),
        };
        for label in table.label {
            assert!(table.column(label).is_some(), "{} has no column {label}", table.name);
        }
        for name in table.label_references.iter().copied().flatten() {
            let target = match table.column(name).map(|column| column.kind) {
                Some(Kind::Reference { table }) => table.table(),
                other => panic!("{}.{name} is no reference: {other:?}", table.name),
            };
            assert!(!target.label.is_empty(), "{}.{name} refers to rows without a name", table.name);
        }
        for column in table.columns {
            let place = format!("{}.{}", table.name, column.name);
            assert!(column.when.iter().all(|when| types.contains(when)), "{place} is for types there aren't");
            if let Kind::Choice { options } = column.kind {
                let known = |value: &&str| options.iter().any(|option| option.value == *value);
                assert!(column.offered.iter().all(known) && column.default.iter().all(known), "{place}");
            }
        }
    }
}
