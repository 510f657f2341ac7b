//! Where rows come from, what came of them, and which have problems.

use std::fs;

use crate::world::World;

#[test]
fn a_row_lists_what_it_comes_from_and_what_came_of_it() {
    let world = World::new();
    let said = world.fts.json(&["lineage", "datasets", &world.dataset]);
    let nodes: Vec<&str> =
        said["nodes"].as_array().unwrap().iter().map(|node| node["row"]["id"].as_str().unwrap()).collect();
    assert_eq!(nodes[0], world.dataset, "the row itself first");
    assert!(nodes.contains(&world.prompt.as_str()) && nodes.contains(&world.adapter.as_str()), "{said}");

    let printed = world.fts.run(&["lineage", "adapters", &world.adapter]);
    assert_eq!(printed.code, 0, "{}", printed.err);
    let line =
        printed.out.lines().find(|line| line.contains("First")).unwrap_or_else(|| panic!("{}", printed.out));
    assert!(line.contains("Intent") && line.contains("acme/tiny"), "what it was made of: {line}");
    assert_eq!(world.fts.refused(&["lineage", "adapters", "nobody"]).code, "not_found");
}

#[test]
fn rows_with_problems_are_listed_alone() {
    let world = World::new();
    let problems = |table: &str| world.fts.json(&["list", table, "--filter", "problems=yes"])["rows"].clone();
    assert_eq!(problems("datasets").as_array().unwrap().len(), 0);
    fs::remove_file(world.fts.path("tickets.csv")).unwrap();
    assert_eq!(problems("datasets")[0]["id"], world.dataset);
    assert_eq!(problems("prompts").as_array().unwrap().len(), 0);
}
