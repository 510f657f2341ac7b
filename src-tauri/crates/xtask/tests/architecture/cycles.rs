//! No two files of a crate need each other, directly or through others.

use std::collections::BTreeMap;

use petgraph::{algo::tarjan_scc, graph::DiGraph};

use crate::{
    arrows::LAYERS,
    modules::{Module, uses},
};

/// Tables refer to each other, so the types of their foreign keys do.
const EXEMPT: [&str; 1] = ["resources"];

fn cycles(name: &str) -> Vec<Vec<String>> {
    let uses = uses(name);
    let mut graph = DiGraph::new();
    let nodes: BTreeMap<&Module, _> = uses.keys().map(|module| (module, graph.add_node(module))).collect();
    for (module, used) in &uses {
        for other in used {
            graph.add_edge(nodes[module], nodes[other], ());
        }
    }
    let circles = tarjan_scc(&graph).into_iter().filter(|files| files.len() > 1);
    circles
        .map(|files| {
            let within = graph.edge_indices().filter_map(|edge| graph.edge_endpoints(edge));
            within
                .filter(|(from, to)| files.contains(from) && files.contains(to))
                .map(|(from, to)| format!("{name}: {} uses {}", shown(graph[from]), shown(graph[to])))
                .collect()
        })
        .collect()
}

fn shown(module: &Module) -> String {
    if module.is_empty() { "lib".to_owned() } else { module.join("::") }
}

#[test]
fn no_files_need_each_other() {
    let found: Vec<_> = LAYERS.into_iter().filter(|name| !EXEMPT.contains(name)).flat_map(cycles).collect();
    assert!(found.is_empty(), "cycles of files:\n{found:#?}");
}

#[test]
fn a_cycle_is_seen() {
    // The declarations of the resources are one.
    assert_eq!(cycles("resources").len(), 1);
    assert!(uses("store").values().map(|used| used.len()).sum::<usize>() > 50);
}
