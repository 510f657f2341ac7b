//! A check reads each row and each place once. What it finds is what looking at row after row finds.

use std::{collections::BTreeSet, path::Path};

use serde_json::{Value, json};
use studio::{
    WeightsSource,
    resources::TABLES,
    schema::{Kind, TableName},
    store::ListQuery,
};

use crate::world::World;

type Found = BTreeSet<(Option<TableName>, Option<String>, Option<String>, String)>;

/// Row after row: its marks, the places it names, and its folder.
async fn slowly(world: &World) -> Found {
    let mut found = Found::new();
    for table in TABLES {
        let query = ListQuery { limit: 1_000, ..ListQuery::default() };
        for listed in world.studio.store().list(table.name, &query).await.unwrap().rows {
            let id = listed.row["id"].as_str().unwrap().to_owned();
            let mut add = |column: &str, message: &str| {
                let message = format!("'{}': {message}", listed.label);
                found.insert((Some(table.name), Some(id.clone()), Some(column.to_owned()), message));
            };
            let dangling =
                |column: &str| listed.links.iter().any(|link| link.column == column && link.label.is_none());
            for mark in listed.marks.iter().filter(|mark| !dangling(&mark.column)) {
                add(&mark.column, &mark.message);
            }
            for column in table.columns {
                let Some(place) = listed.row.get(column.name).and_then(Value::as_str) else { continue };
                match column.kind {
                    Kind::File if !Path::new(place).exists() => {
                        add(column.name, &format!("The file {place} does not exist."));
                    }
                    Kind::Folder if !Path::new(place).is_dir() => {
                        add(column.name, &format!("The folder {place} does not exist."));
                    }
                    _ => {}
                }
            }
            let source = WeightsSource::Id(id.clone());
            let (place, said, misfits) = match table.name {
                TableName::Models => {
                    let report = world.studio.inspector().model(&source).await.unwrap();
                    let said = report.facts.map(|facts| [facts.problems, facts.notes].concat());
                    (report.place, said, Vec::new())
                }
                TableName::Adapters => {
                    let report = world.studio.inspector().adapter(&source, None).await.unwrap();
                    let said = report.facts.map(|facts| [facts.problems, facts.notes].concat());
                    (report.place, said, report.misfits)
                }
                _ => continue,
            };
            if place.state == studio::weights::PlaceState::Incomplete {
                add("location", &place.message);
            }
            for sentence in said.unwrap_or_default() {
                add("location", &sentence);
            }
            for misfit in misfits {
                add("model_id", &misfit);
            }
        }
    }
    found
}

#[tokio::test]
async fn a_check_finds_what_looking_at_row_after_row_finds() {
    let world = World::new().await;
    let dataset = world.dataset().await;
    world.prompt(&dataset).await;
    let mut database = world.stranger().await;
    std::fs::create_dir(world.path("folder")).unwrap();
    std::fs::write(world.path("folder/config.json"), "{").unwrap();
    std::fs::create_dir(world.path("adapter")).unwrap();
    std::fs::write(world.path("adapter/adapter_config.json"), r#"{"target_modules": []}"#).unwrap();
    let places = [
        json!("/no/such/a"),
        json!("/no/such/b"),
        json!(world.path("folder")),
        json!(world.path("rows.csv")),
        json!(world.path("adapter")),
    ];
    for (at, place) in places.iter().enumerate() {
        let place = place.as_str().unwrap();
        for insert in [
            format!(
                "INSERT INTO datasets (id, type, name, location) VALUES ('d{at}', 'project_csv', 'd{at}', '{place}')"
            ),
            format!(
                "INSERT INTO models (id, type, name, location) VALUES ('m{at}', 'project', 'm{at}', '{place}')"
            ),
            format!(
                "INSERT INTO adapters (id, type, name, location, model_id) VALUES ('a{at}', 'odd', 'a{at}', '{place}', 'm{}')",
                (at + 1) % (places.len() + 1)
            ),
            format!(
                "INSERT INTO configs (id, type, config, is_default) VALUES ('c{at}', 'x', 'a: [', 'no number')"
            ),
        ] {
            sqlx::query(sqlx::AssertSqlSafe(insert)).execute(&mut database).await.unwrap();
        }
    }
    let expected = slowly(&world).await;
    assert!(expected.len() > 12, "{expected:#?}");
    let found = world.studio.check().await.unwrap();
    let (configs, others): (Vec<_>, Vec<_>) =
        found.iter().partition(|finding| finding.column.as_deref() == Some("config"));
    assert_eq!(configs.len(), places.len(), "a text that is no config is found");
    let (dangling, others): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|finding| finding.message.contains("refers to a"));
    assert_eq!(dangling.len(), 1);
    let others: Found =
        others.into_iter().map(|f| (f.table, f.id.clone(), f.column.clone(), f.message.clone())).collect();
    assert_eq!(others, expected);
}
